from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_contract import LogStoreContract
from register_samples import ORIGIN, SIGNER, make_entry, make_log, reader, sign_log

from ciment.canon import InvalidEncoding
from ciment.register import (
    Checkpoint,
    Head,
    LogRefused,
    LogStore,
    MemoryStore,
    NoteRefused,
    Tile,
    TileHashes,
    export_tiles,
    inclusion_proof,
    leaf_hash,
    place,
    root_of,
    sign_checkpoint,
    tiles_of,
)
from ciment.register.tiles import encode_bundle, join_rows, parse_bundle


class TestMemoryStore(LogStoreContract):
    def make_store(self) -> LogStore:
        return MemoryStore()


def test_the_next_head_is_a_value() -> None:
    head = Head()
    appended = place(head, make_entry(0))
    assert head == Head()
    assert appended.index == 0
    assert appended.head.size == 1
    assert appended.nodes == (appended.leaf,)
    assert appended.tile_hashes == ()


def test_tile_hashes_are_those_of_finished_tiles() -> None:
    head = Head()
    leaves: list[bytes] = []
    kept: dict[tuple[int, int], bytes] = {}
    for number in range(600):
        appended = place(head, make_entry(number))
        head = appended.head
        leaves.append(appended.leaf)
        kept.update({(level, index): node for level, index, node in appended.tile_hashes})
    assert kept == {(1, 0): root_of(leaves[:256]), (1, 1): root_of(leaves[256:512])}

    def read_tile(tile: Tile) -> bytes:
        numbers = range(tile.index * 256, tile.index * 256 + tile.width)
        return b"".join(leaves[n] if not tile.level else kept[tile.level, n] for n in numbers)

    hashes = TileHashes(read_tile, 600)
    assert inclusion_proof(513, 600, hashes) == make_log(600).prove_inclusion(513, 600)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(1, 999), "tile/1/999"),
        (Tile(1, 1000), "tile/1/x001/000"),
        (Tile(2, 1234067), "tile/2/x001/x234/067"),
        (Tile(0, 273, 112), "tile/0/273.p/112"),
    ],
)
def test_paths_are_those_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tile.bundle_path == "tile/entries" + path[6:]


def test_the_tiles_of_the_specification_s_example() -> None:
    tiles = list(tiles_of(70_000))
    assert [(t.level, t.width) for t in tiles if t.width < 256] == [(0, 112), (1, 17), (2, 1)]
    assert [sum(t.level == level and t.width == 256 for t in tiles) for level in range(3)] == [273, 1, 0]
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 200_000), st.integers(0, 70_000))
def test_new_tiles_are_those_that_were_not_there(since: int, more: int) -> None:
    assert set(tiles_of(since + more, since)) == set(tiles_of(since + more)) - set(tiles_of(since))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 700))
def test_the_export_has_every_tile_and_bundle_then_the_checkpoint(size: int) -> None:
    log = make_log(size)
    published = list(log.export(sign_log(log)))
    paths = [path for path, _ in published]
    tiles = list(tiles_of(size))
    assert sorted(paths[:-1]) == sorted([t.path for t in tiles] + [t.bundle_path for t in tiles if t.level == 0])
    assert paths[-1] == "checkpoint"
    files = dict(published)
    for tile in tiles:
        assert len(files[tile.path]) == tile.width * 32
        if tile.level == 0:
            entries = parse_bundle(files[tile.bundle_path], tile.width)
            assert b"".join(map(leaf_hash, entries)) == reader(files)(tile.path)


def test_nothing_signs_for_other_entries() -> None:
    entries = [make_entry(number).encode() for number in range(3)]
    for checkpoint in [
        Checkpoint(ORIGIN, 3, sha256(b"other").digest()),
        Checkpoint(ORIGIN, 4, root_of(map(leaf_hash, entries))),
    ]:
        published = export_tiles(entries, sign_checkpoint(checkpoint, SIGNER))
        with pytest.raises(LogRefused, match="root_differs"):
            dict(published)
    with pytest.raises(NoteRefused):
        dict(export_tiles(entries, b"nothing"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_round_trip(entries: list[bytes]) -> None:
    data = encode_bundle(entries)
    assert parse_bundle(data, len(entries)) == entries
    for broken in [data + b"\0", data[:-1] if data else b"\0\0", data + b"\0\1"]:
        with pytest.raises(InvalidEncoding):
            parse_bundle(broken, len(entries))


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    assert parse_bundle(encode_bundle([bytes(65_535)]), 1) == [bytes(65_535)]
    with pytest.raises(InvalidEncoding):
        encode_bundle([bytes(65_536)])


def test_rows_join_to_the_root() -> None:
    leaves = [sha256(b"%d" % number).digest() for number in range(517)]
    rows = [b"".join(leaves[512:]), root_of(leaves[:256]) + root_of(leaves[256:512])]
    assert join_rows(rows) == root_of(leaves)
    assert join_rows([b"", rows[1]]) == root_of(leaves[:512])
    assert join_rows([]) == root_of([])
