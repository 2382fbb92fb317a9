"""The published form of a register: tiles and entry bundles (C2SP tlog-tiles), as paths and contents."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ciment.canon import InvalidEncoding
from ciment.register.checkpoint import Checkpoint
from ciment.register.errors import LogRefused
from ciment.register.tree import EMPTY_ROOT, HASH_SIZE, Frontier, complete_root, join_peaks, leaf_row

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
TILE_SIZE = TILE_WIDTH * HASH_SIZE
# Entries stand in bundles behind a length of two bytes.
MAX_ENTRY = 0xFFFF
MAX_BUNDLE = TILE_WIDTH * (2 + MAX_ENTRY)
CHECKPOINT_PATH = "checkpoint"


@dataclass(frozen=True, slots=True)
class Tile:
    """`width` (1 to 256) consecutive hashes: the nodes of height 8·`level` from number 256·`index` on."""

    level: int
    index: int
    width: int = TILE_WIDTH

    @classmethod
    def at(cls, level: int, index: int, size: int) -> "Tile":
        """Return the tile at this place in the tree of `size` entries, as wide as that tree makes it."""
        return cls(level, index, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - index * TILE_WIDTH))

    @property
    def path(self) -> str:
        """Where the hashes are published."""
        return f"tile/{self.level}/{self._place}"

    @property
    def bundle_path(self) -> str:
        """Where the entries themselves are published (of a tile of level 0)."""
        return f"tile/entries/{self._place}"

    @property
    def whole(self) -> "Tile":
        """The full tile at the same place."""
        return Tile(self.level, self.index)

    @property
    def _place(self) -> str:
        digits = str(self.index)
        digits = digits.zfill((len(digits) + 2) // 3 * 3)
        parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        place = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        return place if self.width == TILE_WIDTH else f"{place}.p/{self.width}"


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Yield, level by level, the tiles of the tree of `size` entries that the tree of `since` entries did not have."""
    level = 0
    while count := size >> TILE_HEIGHT * level:
        known = since >> TILE_HEIGHT * level
        if known < count:
            yield from (Tile.at(level, at, size) for at in range(known // TILE_WIDTH, -(-count // TILE_WIDTH)))
        level += 1


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the bundle of `entries` (at most 256): each behind its length in two big-endian bytes.

    Raises:
        InvalidEncoding: for an entry of more than 65,535 bytes.
    """
    if any(len(entry) > MAX_ENTRY for entry in entries):
        raise InvalidEncoding("entry too long for a bundle")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def split_bundle(data: bytes, width: int) -> tuple[list[bytes], int]:
    """Return the entries that can be read from `data`, at most `width`, and how many bytes they take."""
    entries: list[bytes] = []
    at, end = 0, len(data)
    for _ in range(width):
        if at + 2 > end or (stop := at + 2 + (data[at] << 8 | data[at + 1])) > end:
            break
        entries.append(data[at + 2 : stop])
        at = stop
    return entries, at


def parse_bundle(data: bytes, width: int) -> list[bytes]:
    """Return the `width` entries of the bundle `data`.

    Raises:
        InvalidEncoding: when it holds more, fewer, or a truncated one.
    """
    entries, read = split_bundle(data, width)
    if len(entries) != width or read != len(data):
        raise InvalidEncoding("not an entry bundle of this width")
    return entries


def split_row(row: bytes) -> list[bytes]:
    """Return the hashes concatenated in `row`."""
    return [row[at : at + HASH_SIZE] for at in range(0, len(row), HASH_SIZE)]


def join_rows(rows: Sequence[bytes]) -> bytes:
    """Return the root of the tree whose unfinished tiles are `rows`: at each level from 0 up, fewer than 256 hashes."""
    root: bytes | None = None
    for row in rows:
        peaks = Frontier().extend(split_row(row)).peaks
        below = () if root is None else (root,)
        if peaks or below:
            root = join_peaks((*peaks, *below))
    return EMPTY_ROOT if root is None else root


def export_tiles(entries: Iterable[bytes], checkpoint: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (path, content) for the tree of `entries` in constant memory, the signed `checkpoint` last.

    Raises:
        LogRefused: `root_differs` instead of yielding a checkpoint that these entries do not lead to.
        NoteRefused: for bytes that are no checkpoint (its signature is not verified here).
    """
    claimed = Checkpoint.read(checkpoint)
    rows = [bytearray()]
    size = 0
    source = iter(entries)
    while bundle := list(islice(source, TILE_WIDTH)):
        tile = Tile(0, size // TILE_WIDTH, len(bundle))
        yield tile.bundle_path, encode_bundle(bundle)
        rows[0] += leaf_row(bundle)
        size += len(bundle)
        yield from _finish_tiles(rows, size)
    for level, row in enumerate(rows):
        if row:
            yield Tile.at(level, size >> TILE_HEIGHT * (level + 1), size).path, bytes(row)
    # Published last: a reader who sees a checkpoint finds everything it speaks of.
    if (claimed.size, claimed.root) != (size, join_rows([bytes(row) for row in rows])):
        raise LogRefused("root_differs")
    yield CHECKPOINT_PATH, checkpoint


def _finish_tiles(rows: list[bytearray], size: int) -> Iterator[tuple[str, bytes]]:
    level = 0
    while len(rows[level]) == TILE_SIZE:
        row = bytes(rows[level])
        rows[level].clear()
        yield Tile(level, (size >> TILE_HEIGHT * (level + 1)) - 1).path, row
        level += 1
        if level == len(rows):
            rows.append(bytearray())
        rows[level] += complete_root(row)
