"""The published form of a register (C2SP tlog-tiles), read from the database path by path."""

import re
from collections.abc import Iterator
from itertools import islice

from ciment.canon import InvalidEncoding
from ciment.register import PathMissing, Tile, export_tiles
from ciment.register.tiles import CHECKPOINT_PATH, TILE_HEIGHT, TILE_WIDTH, encode_bundle
from ciment_web.institutions.models import Institution
from ciment_web.register.models import Leaf, Node, PublishedCheckpoint
from ciment_web.register.queries import entries, latest_checkpoint

# tlog-tiles § 3: level 0 to 63 or "entries", the index in groups of three digits, the width of a partial tile.
_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_MAX_LEVEL = 63


def parse_path(path: str) -> tuple[Tile, bool]:
    """Return the tile that `path` names, and whether it asks for its entries rather than its hashes.

    Raises:
        InvalidEncoding: for anything but the one accepted path of a tile.
    """
    found = _PATH.fullmatch(path)
    if not found:
        raise InvalidEncoding("not the path of a tile")
    level, place, width = found.groups()
    bundle = level == "entries"
    index = int(place.replace("x", "").replace("/", ""))
    tile = Tile(0 if bundle else int(level), index, int(width) if width else TILE_WIDTH)
    # One path for one tile: leading zeros, or a partial tile as wide as a full one, would be other names of it.
    if tile.level > _MAX_LEVEL or path != (tile.bundle_path if bundle else tile.path):
        raise InvalidEncoding("not the path of a tile")
    return tile, bundle


def read_published(institution: Institution, path: str) -> bytes:
    """Return what is published at `path`: nothing beyond the latest published checkpoint.

    Raises:
        PathMissing: when there is nothing.
    """
    checkpoint = latest_checkpoint(institution)
    if checkpoint is None:
        raise PathMissing(path)
    if path == CHECKPOINT_PATH:
        return bytes(checkpoint.note)
    try:
        tile, bundle = parse_path(path)
    except InvalidEncoding as error:
        raise PathMissing(path) from error
    start = tile.index * TILE_WIDTH
    # Covered is what the signed tree has completed: an entry that waits for its checkpoint is not public yet.
    if start + tile.width > checkpoint.size >> TILE_HEIGHT * tile.level:
        raise PathMissing(path)
    rows = _read_entries(institution, start, tile.width) if bundle else _read_hashes(institution, tile)
    if len(rows) != tile.width:
        # A row is gone: better nothing than a tile that seems whole.
        raise PathMissing(path)
    return encode_bundle(rows) if bundle else b"".join(rows)


def export_register(institution: Institution, checkpoint: PublishedCheckpoint) -> Iterator[tuple[str, bytes]]:
    """Yield (path, content) of everything that `checkpoint` covers, itself last.

    Raises:
        LogRefused: `root_differs` instead of yielding a checkpoint that the stored entries do not lead to.
    """
    return export_tiles(islice(entries(institution), checkpoint.size), bytes(checkpoint.note))


def _read_entries(institution: Institution, start: int, width: int) -> list[bytes]:
    rows = Leaf.objects.filter(institution=institution, index__gte=start, index__lt=start + width).order_by("index")
    return [bytes(entry) for entry in rows.values_list("entry", flat=True)]


def _read_hashes(institution: Institution, tile: Tile) -> list[bytes]:
    start = tile.index * TILE_WIDTH
    if tile.level == 0:
        leaves = Leaf.objects.filter(institution=institution, index__gte=start, index__lt=start + tile.width)
        return [bytes(found) for found in leaves.order_by("index").values_list("leaf_hash", flat=True)]
    nodes = Node.objects.filter(
        institution=institution, level=tile.level * TILE_HEIGHT, index__gte=start, index__lt=start + tile.width
    )
    return [bytes(found) for found in nodes.order_by("index").values_list("node_hash", flat=True)]
