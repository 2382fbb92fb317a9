"""Growing a register: the next head from the present one and an entry, over a store that keeps them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from ciment.register.checkpoint import Checkpoint
from ciment.register.entry import Entry
from ciment.register.hashes import MemoryHashes
from ciment.register.tiles import TILE_HEIGHT, export_tiles
from ciment.register.tree import (
    Frontier,
    HashReader,
    Node,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_at,
)


@dataclass(frozen=True)
class Head:
    """The state of a register: everything needed to append to it."""

    frontier: Frontier = field(default_factory=Frontier)

    @property
    def size(self) -> int:
        """How many entries it holds."""
        return self.frontier.size

    def checkpoint(self, origin: str) -> Checkpoint:
        """Return the checkpoint of this state, to be signed under `origin`."""
        return Checkpoint(origin, self.size, self.frontier.root())


@dataclass(frozen=True)
class Appended:
    """An entry that has its place: what a store must save, all of it or nothing."""

    index: int
    entry: bytes
    leaf: bytes
    nodes: tuple[bytes, ...]
    """The hashes this entry completes: at place h the node (h, index >> h); `nodes[0]` is the leaf hash."""
    head: Head

    @property
    def tile_hashes(self) -> tuple[tuple[int, int, bytes], ...]:
        """The (level, index, hash) among the nodes that stand in tiles above level 0."""
        heights = range(TILE_HEIGHT, len(self.nodes), TILE_HEIGHT)
        return tuple((height // TILE_HEIGHT, self.index >> height, self.nodes[height]) for height in heights)


class LogStore(HashReader, Protocol):
    """Where one register is kept (`read_nodes` included)."""

    def lock_head(self) -> Head:
        """Return the head, which nobody else can lock until the present transaction ends."""

    def save(self, appended: Appended) -> None:
        """Keep the entry, its nodes and the new head in the present transaction."""

    def read_entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes of the entries [start, stop), in order."""


def place(head: Head, entry: Entry) -> Appended:
    """Return `entry` as the next one after `head`."""
    return place_bytes(head, entry.encode())


def place_bytes(head: Head, data: bytes) -> Appended:
    """Return the entry of canonical bytes `data` as the next one after `head`."""
    leaf = leaf_hash(data)
    frontier, nodes = head.frontier.merge(leaf)
    return Appended(head.size, data, leaf, nodes, Head(frontier))


@dataclass(frozen=True)
class AppendLog:
    """A register over its store."""

    store: LogStore

    def append(self, entry: Entry) -> Appended:
        """Append `entry`: the last statement of the transaction in which its act commits, so that no act goes without.

        The index comes from the locked head: order of commit is order of the log, without gaps.
        """
        appended = place(self.store.lock_head(), entry)
        self.store.save(appended)
        return appended

    def prove_inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """Return the proof that entry `index` is in the register of `size` entries."""
        return inclusion_proof(index, size, self.store)

    def prove_consistency(self, old_size: int, size: int) -> tuple[bytes, ...]:
        """Return the proof that the register only grew from `old_size` to `size`."""
        return consistency_proof(old_size, size, self.store)

    def checkpoint_at(self, origin: str, size: int) -> Checkpoint:
        """Return the checkpoint of the first `size` entries."""
        return Checkpoint(origin, size, root_at(size, self.store))

    def export(self, checkpoint: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield (path, content) of everything the signed `checkpoint` publishes, itself last."""
        size = Checkpoint.read(checkpoint).size
        return export_tiles(self.store.read_entries(0, size), checkpoint)


class MemoryStore:
    """A register in memory."""

    def __init__(self) -> None:
        self._head = Head()
        self._entries: list[bytes] = []
        self._hashes = MemoryHashes()

    def lock_head(self) -> Head:
        """Return the head; memory has one writer."""
        return self._head

    def save(self, appended: Appended) -> None:
        """Keep the entry and the new head."""
        self._entries.append(appended.entry)
        self._hashes.append(appended.leaf)
        self._head = appended.head

    def read_entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the entries [start, stop)."""
        return islice(self._entries, start, stop)

    def read_nodes(self, nodes: Sequence[Node]) -> Sequence[bytes]:
        """Return the hash of each (height, index)."""
        return self._hashes.read_nodes(nodes)
