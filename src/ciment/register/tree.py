"""The Merkle tree of RFC 6962 § 2.1 (and RFC 9162 § 2.1): hashes, roots, proofs and their verification.

A *node* (height h, index i) is the hash of the complete subtree over the leaves [i·2^h, (i+1)·2^h). Every hash is 32
bytes of SHA-256; every index counts from 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from struct import unpack
from typing import Protocol

from ciment.canon import InvalidEncoding, u64be
from ciment.register.errors import ProofRefused

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
# RFC 6962 separates leaves from nodes by one byte, so that no node can be presented as an entry.
LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"

Node = tuple[int, int]


class HashReader(Protocol):
    """Where the nodes of a tree are kept."""

    def read_nodes(self, nodes: Sequence[Node]) -> Sequence[bytes]:
        """Return the hash of each (height, index) of `nodes`, all of them complete, in the same order."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the leaf hash of `entry`."""
    return sha256(LEAF_PREFIX + entry).digest()


def leaf_row(entries: Iterable[bytes]) -> bytes:
    """Return the leaf hashes of `entries`, concatenated."""
    return b"".join([sha256(LEAF_PREFIX + entry).digest() for entry in entries])


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above `left` and `right`."""
    return sha256(NODE_PREFIX + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """What must be remembered of a tree to grow it: its size, and the roots of its complete subtrees, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def merge(self, leaf: bytes) -> tuple["Frontier", tuple[bytes, ...]]:
        """Return the frontier after the hash `leaf`, and the nodes it completes: at place h, the node of height h."""
        peaks = self.peaks
        completed = [leaf]
        node = leaf
        rest = self.size
        keep = len(peaks)
        while rest & 1:
            keep -= 1
            node = sha256(NODE_PREFIX + peaks[keep] + node).digest()
            completed.append(node)
            rest >>= 1
        return Frontier(self.size + 1, (*peaks[:keep], node)), tuple(completed)

    def append(self, leaf: bytes) -> "Frontier":
        """Return the frontier after the hash `leaf`."""
        return self.merge(leaf)[0]

    def extend(self, leaves: Iterable[bytes]) -> "Frontier":
        """Return the frontier after every hash of `leaves`."""
        peaks = list(self.peaks)
        size = self.size
        for leaf in leaves:
            node = leaf
            rest = size
            while rest & 1:
                node = sha256(NODE_PREFIX + peaks.pop() + node).digest()
                rest >>= 1
            peaks.append(node)
            size += 1
        return Frontier(size, tuple(peaks))

    def root(self) -> bytes:
        """Return the root of the tree."""
        return join_peaks(self.peaks) if self.peaks else EMPTY_ROOT

    def encode(self) -> bytes:
        """Return u64be(size) followed by the peaks."""
        return u64be(self.size) + b"".join(self.peaks)

    @classmethod
    def parse(cls, data: bytes) -> "Frontier":
        """Return the frontier encoded as `data`.

        Raises:
            InvalidEncoding: unless there is exactly one peak per bit of the size.
        """
        size = int.from_bytes(data[:8], "big")
        if len(data) != 8 + HASH_SIZE * size.bit_count():
            raise InvalidEncoding("not a frontier")
        return cls(size, tuple(data[at : at + HASH_SIZE] for at in range(8, len(data), HASH_SIZE)))


def join_peaks(peaks: Sequence[bytes]) -> bytes:
    """Return the root above `peaks` (at least one), which stand from the largest to the smallest."""
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def complete_root(row: bytes) -> bytes:
    """Return the root above the 2^k hashes concatenated in `row`."""
    while len(row) > HASH_SIZE:
        pairs = unpack("64s" * (len(row) // 64), row)
        row = b"".join([sha256(NODE_PREFIX + pair).digest() for pair in pairs])
    return row


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root of the tree over `leaf_hashes`."""
    return Frontier().extend(leaf_hashes).root()


def root_at(size: int, hashes: HashReader) -> bytes:
    """Return the root of the first `size` entries of the tree kept in `hashes`."""
    return join_peaks(hashes.read_nodes(_cover(0, size))) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, hashes: HashReader) -> tuple[bytes, ...]:
    """Return the proof that entry `index` is in the tree of `size` entries (RFC 6962 § 2.1.1), from leaf to root.

    Raises:
        ProofRefused: unless 0 ≤ index < size.
    """
    if not 0 <= index < size:
        raise ProofRefused("no such entry in a tree of this size")
    return tuple(_read_path(0, index, size, hashes))


def consistency_proof(old_size: int, size: int, hashes: HashReader) -> tuple[bytes, ...]:
    """Return the proof that the tree of `old_size` entries is the start of the one of `size` (RFC 6962 § 2.1.2).

    Raises:
        ProofRefused: unless 0 < old_size ≤ size.
    """
    if not 0 < old_size <= size:
        raise ProofRefused("no consistency between trees of these sizes")
    if old_size == size:
        return ()
    height = (old_size & -old_size).bit_length() - 1
    index = (old_size >> height) - 1
    path = _read_path(height, index, size, hashes)
    # When the old tree is one complete subtree, its root is known to the verifier and left out.
    return (*hashes.read_nodes([(height, index)]), *path) if index else tuple(path)


def _read_path(height: int, index: int, size: int, hashes: HashReader) -> Sequence[bytes]:
    """Return the sibling hashes from the node (height, index) up to the root of the tree of `size` entries."""
    # Below the point where the ways of this node and of the last leaf part, every sibling is complete. There, the
    # sibling is on the right and may be incomplete; above, only siblings on the left remain, all complete.
    parting = (index ^ ((size - 1) >> height)).bit_length()
    nodes = [(height + above, (index >> above) ^ 1) for above in range(parting - 1)]
    below = len(nodes)
    border = _cover(((index >> below) + 1) << (height + below), size) if parting else []
    nodes += border
    nodes += [(height + up, (index >> up) - 1) for up in range(parting, index.bit_length()) if index >> up & 1]
    # One read for the whole proof: a database answers it with one query.
    read = hashes.read_nodes(nodes)
    if len(border) < 2:
        return read
    after = below + len(border)
    return [*read[:below], join_peaks(read[below:after]), *read[after:]]


def _cover(start: int, end: int) -> list[Node]:
    """Return the complete subtrees over the leaves [start, end), largest first; `start` is aligned to the largest."""
    nodes = []
    while start < end:
        height = (end - start).bit_length() - 1
        nodes.append((height, start >> height))
        start += 1 << height
    return nodes


def inclusion_root(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Return the root of `size` entries which `proof` leads to from the hash `leaf` (RFC 9162 § 2.1.3.2).

    Raises:
        ProofRefused: when the proof is not made for this index and size, or a hash is not 32 bytes.
    """
    _require_hashes(leaf, *proof)
    if not 0 <= index < size:
        raise ProofRefused("no such entry in a tree of this size")
    node, last = index, size - 1
    root = leaf
    for sibling in proof:
        if not last:
            raise ProofRefused("inclusion proof too long")
        if node & 1 or node == last:
            root = node_hash(sibling, root)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            root = node_hash(root, sibling)
        node >>= 1
        last >>= 1
    if last:
        raise ProofRefused("inclusion proof too short")
    return root


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Require that the entry hashed to `leaf` is number `index` of the tree of `size` entries with this `root`.

    Raises:
        ProofRefused: otherwise.
    """
    _require_hashes(root)
    if inclusion_root(index, size, leaf, proof) != root:
        raise ProofRefused("the entry is not in the tree with this root")


def verify_consistency(old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Require that the tree of `old_size` entries is the start of the tree of `size` (RFC 9162 § 2.1.4.2).

    An old size of 0 is refused: an empty tree is the start of every tree and proves nothing.

    Raises:
        ProofRefused: otherwise.
    """
    _require_hashes(old_root, root, *proof)
    if not 0 < old_size <= size:
        raise ProofRefused("no consistency between trees of these sizes")
    if old_size == size:
        if proof or old_root != root:
            raise ProofRefused("two trees of one size with different roots")
        return
    if _consistency_roots(old_size, size, old_root, proof) != (old_root, root):
        raise ProofRefused("the older tree is not the start of the newer one")


def _consistency_roots(old_size: int, size: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    nodes = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not nodes:
        raise ProofRefused("consistency proof too short")
    node, last = old_size - 1, size - 1
    while node & 1:
        node >>= 1
        last >>= 1
    old = new = nodes[0]
    for sibling in nodes[1:]:
        if not last:
            raise ProofRefused("consistency proof too long")
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        node >>= 1
        last >>= 1
    if last:
        raise ProofRefused("consistency proof too short")
    return old, new


def _require_hashes(*hashes: bytes) -> None:
    if any(len(item) != HASH_SIZE for item in hashes):
        raise ProofRefused("a hash is 32 bytes")
