"""Readers of tree nodes: a tree in memory, and a tree of which only tiles are kept."""

from collections.abc import Callable, Sequence
from hashlib import sha256

from ciment.register.tiles import TILE_HEIGHT, TILE_WIDTH, Tile
from ciment.register.tree import EMPTY_ROOT, HASH_SIZE, NODE_PREFIX, Node, complete_root, join_peaks


class MemoryHashes:
    """Every complete node of a growing tree, in memory."""

    def __init__(self) -> None:
        self._rows: list[list[bytes]] = [[]]

    def __len__(self) -> int:
        return len(self._rows[0])

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        row = self._rows[0]
        row.append(leaf)
        node = leaf
        index = len(row)
        height = 0
        while not index & 1:
            node = sha256(NODE_PREFIX + row[-2] + node).digest()
            index >>= 1
            height += 1
            if index == 1:
                self._rows.append([])
            row = self._rows[height]
            row.append(node)

    def root(self) -> bytes:
        """Return the root of every leaf added so far."""
        size = len(self)
        peaks = [self._rows[height][-1] for height in reversed(range(len(self._rows))) if size >> height & 1]
        return join_peaks(peaks) if peaks else EMPTY_ROOT

    def read_nodes(self, nodes: Sequence[Node]) -> Sequence[bytes]:
        """Return the hash of each (height, index)."""
        rows = self._rows
        return [rows[height][index] for height, index in nodes]


class TileHashes:
    """The nodes of a tree of `size` entries, of which `read_tile` returns the tiles (32 bytes for each hash)."""

    def __init__(self, read_tile: Callable[[Tile], bytes], size: int) -> None:
        self._read_tile = read_tile
        self._size = size

    def read_nodes(self, nodes: Sequence[Node]) -> Sequence[bytes]:
        """Return the hash of each (height, index), each tile being read once."""
        tiles: dict[tuple[int, int], bytes] = {}
        found = []
        for height, index in nodes:
            level, above = divmod(height, TILE_HEIGHT)
            tile, first = divmod(index << above, TILE_WIDTH)
            if (level, tile) not in tiles:
                tiles[level, tile] = self._read_tile(Tile.at(level, tile, self._size))
            start = first * HASH_SIZE
            found.append(complete_root(tiles[level, tile][start : start + (HASH_SIZE << above)]))
        return found
