from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transparency_house import House, fill

from ciment.canon import InvalidEncoding
from ciment.register import LogRefused, NoteVerifier, PathMissing, Tile, tiles_of, verify_log
from ciment_web.institutions.models import Institution
from ciment_web.register.models import Leaf, Node
from ciment_web.register.publisher import publish
from ciment_web.register.queries import latest_checkpoint
from ciment_web.register.signer import signer_of
from ciment_web.transparency.published import export_register, parse_path, read_published

TILES = st.builds(Tile, st.integers(0, 63), st.integers(0, 10**18 - 1), st.one_of(st.just(256), st.integers(1, 255)))


@given(TILES)
def test_the_path_of_a_tile_names_it(tile: Tile) -> None:
    assert parse_path(tile.path) == (tile, False)


@given(TILES)
def test_the_path_of_a_bundle_names_it(tile: Tile) -> None:
    assert parse_path(tile.bundle_path) == (Tile(0, tile.index, tile.width), True)


@given(st.one_of(st.text(), st.from_regex(r"tile/(entries|[0-9]{1,3})/(x?[0-9]{3}/)*[0-9]{1,4}(\.p/[0-9]{1,3})?")))
def test_a_path_is_refused_or_is_the_only_one_of_its_tile(path: str) -> None:
    try:
        tile, bundle = parse_path(path)
    except InvalidEncoding:
        return
    assert path == (tile.bundle_path if bundle else tile.path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/1234",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/001",
        "tile/0/x00/001",
        "tile/0/001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/1/",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/0/../checkpoint",
        "tile/data/000",
        "tile/entries/0",
        "/tile/0/000",
        "checkpoint/",
        "Checkpoint",
    ],
)
def test_no_other_path_names_a_tile(path: str) -> None:
    with pytest.raises(InvalidEncoding):
        parse_path(path)


def verifier_of(institution: Institution) -> NoteVerifier:
    return signer_of(institution).verifier


def test_before_the_first_checkpoint_nothing_is_published(house: House) -> None:
    for path in ("checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"):
        with pytest.raises(PathMissing):
            read_published(house.institution, path)


def test_what_is_published_is_exactly_the_tiles_of_the_signed_tree(house: House) -> None:
    fill(house.institution, 298)
    publish(house.institution)
    checkpoint = latest_checkpoint(house.institution)
    assert checkpoint is not None
    assert checkpoint.size == 300
    exported = dict(export_register(house.institution, checkpoint))
    assert {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44", "checkpoint"} <= set(exported)
    for path, content in exported.items():
        assert read_published(house.institution, path) == content
    report = verify_log(partial(read_published, house.institution), verifier_of(house.institution))
    assert report.checkpoint.size == 300


def test_every_narrower_tile_is_served_and_no_wider_one(house: House) -> None:
    fill(house.institution, 3)
    publish(house.institution)
    for width in range(1, 6):
        row = read_published(house.institution, f"tile/0/000.p/{width}")
        assert len(row) == 32 * width
    for path in ("tile/0/000.p/6", "tile/entries/000.p/6", "tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"):
        with pytest.raises(PathMissing):
            read_published(house.institution, path)
    with pytest.raises(PathMissing):
        read_published(house.institution, "tile/63/x999/x999/x999/x999/x999/999.p/1")


def test_what_waits_for_its_checkpoint_is_not_public(house: House) -> None:
    publish(house.institution)
    fill(house.institution, 1)
    assert all(read_published(house.institution, tile.path) for tile in tiles_of(2))
    with pytest.raises(PathMissing):
        read_published(house.institution, "tile/entries/000.p/3")


def test_two_institutions_publish_two_registers(house: House, neighbour: House) -> None:
    for each in (house, neighbour):
        publish(each.institution)
        verify_log(partial(read_published, each.institution), verifier_of(each.institution))
    with pytest.raises(LogRefused, match="checkpoint_refused"):
        verify_log(partial(read_published, house.institution), verifier_of(neighbour.institution))


@pytest.mark.parametrize("index", [0, 2, 4])
def test_an_altered_row_is_named(house: House, index: int) -> None:
    fill(house.institution, 3)
    publish(house.institution)
    leaf = Leaf.objects.get(institution=house.institution, index=index)
    altered = bytes(leaf.entry).replace(b'"commitment":"', b'"commitment":"0', 1)
    Leaf.objects.filter(pk=leaf.pk).update(entry=altered)
    with pytest.raises(LogRefused) as refused:
        verify_log(partial(read_published, house.institution), verifier_of(house.institution))
    assert refused.value.index == index


def test_a_removed_row_leaves_no_shorter_tile(house: House) -> None:
    fill(house.institution, 298)
    publish(house.institution)
    Leaf.objects.filter(institution=house.institution, index=7).delete()
    Node.objects.filter(institution=house.institution, level=8).delete()
    for path in ("tile/0/000", "tile/entries/000", "tile/1/000.p/1"):
        with pytest.raises(PathMissing):
            read_published(house.institution, path)


def test_an_export_never_ends_with_a_checkpoint_that_its_entries_do_not_lead_to(house: House) -> None:
    publish(house.institution)
    checkpoint = latest_checkpoint(house.institution)
    assert checkpoint is not None
    Leaf.objects.filter(institution=house.institution, index=1).delete()
    with pytest.raises(LogRefused, match="root_differs"):
        list(export_register(house.institution, checkpoint))
