from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_samples import (
    ORIGIN,
    OTHER,
    RECEIVED,
    SIGNER,
    START_MS,
    VERIFIER,
    WITNESS,
    WITNESS_VERIFIER,
    make_entry,
    publish,
    reader,
)

from ciment.canon import InvalidEncoding
from ciment.register import (
    COSIGNATURE,
    Checkpoint,
    Entry,
    LogRefused,
    NoteSigner,
    NoteVerifier,
    PathMissing,
    export_tiles,
    leaf_hash,
    root_of,
    sign_checkpoint,
    verify_log,
    verify_tree,
)
from ciment.register.tiles import encode_bundle, parse_bundle

Files = dict[str, bytes]


def refuse(files: Files) -> LogRefused:
    with pytest.raises(LogRefused) as refused:
        verify_log(reader(files), VERIFIER)
    assert refused.value.reason in LogRefused.REASONS
    return refused.value


def sign_entries(entries: list[bytes]) -> Files:
    checkpoint = Checkpoint(ORIGIN, len(entries), root_of(map(leaf_hash, entries)))
    return dict(export_tiles(entries, sign_checkpoint(checkpoint, SIGNER)))


def alter_entry(files: Files, path: str, width: int, place: int, data: bytes) -> None:
    entries = parse_bundle(files[path], width)
    entries[place] = data
    files[path] = encode_bundle(entries)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 600])
def test_a_register_that_holds(size: int) -> None:
    report = verify_log(reader(publish(size)), VERIFIER, ORIGIN, [WITNESS_VERIFIER])
    assert report.checkpoint.size == size
    assert report.cosigned_s == (1_795_529_000,)
    assert report.set_back is None


def test_a_register_of_three_levels_holds() -> None:
    entries = [make_entry(number).encode() for number in range(256)] * 258
    files = sign_entries(entries[: 65_536 + 256 + 3])
    seen = 0

    def visit(start: int, found: list[bytes]) -> None:
        nonlocal seen
        assert start == seen
        seen += len(found)

    checkpoint = Checkpoint.read(files["checkpoint"])
    verify_tree(reader(files), checkpoint, visit)
    assert seen == 65_536 + 256 + 3
    broken = dict(files)
    broken["tile/2/000.p/1"] = bytes(32)
    with pytest.raises(LogRefused) as refused:
        verify_tree(reader(broken), checkpoint, visit_nothing)
    assert (refused.value.reason, refused.value.index) == ("tile_altered", 0)


def visit_nothing(start: int, entries: list[bytes]) -> None:
    del start, entries


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 599))
def test_the_first_altered_entry_is_named(index: int) -> None:
    files = publish(600)
    path, width = (f"tile/entries/00{index // 256}", 256) if index < 512 else ("tile/entries/002.p/88", 88)
    alter_entry(files, path, width, index % 256, make_entry(10_000 + index).encode())
    fault = refuse(files)
    assert (fault.reason, fault.index) == ("entry_altered", index)
    later = publish(600)["tile/entries/002.p/88"]
    files["tile/entries/002.p/88"] = later[:-1] if index < 512 else files["tile/entries/002.p/88"]
    assert refuse(files).index == index


def test_an_entry_altered_with_its_hash_is_placed_in_its_tile() -> None:
    files = publish(600)
    forged = make_entry(10_000).encode()
    alter_entry(files, "tile/entries/001", 256, 7, forged)
    row = files["tile/0/001"]
    files["tile/0/001"] = row[: 7 * 32] + leaf_hash(forged) + row[8 * 32 :]
    fault = refuse(files)
    assert (fault.reason, fault.index, fault.where) == ("tile_altered", 256, "tile/1/000.p/2")


def test_a_register_rewritten_up_to_its_root_does_not_match_the_checkpoint() -> None:
    files = sign_entries([make_entry(number + 1).encode() for number in range(600)])
    files["checkpoint"] = publish(600)["checkpoint"]
    assert (refuse(files).reason, refuse(files).index) == ("root_differs", None)


@pytest.mark.parametrize(
    ("path", "change", "reason", "index"),
    [
        ("tile/0/000", lambda data: data[:-1], "tile_malformed", 0),
        ("tile/1/000.p/2", lambda data: data + bytes(32), "tile_malformed", 0),
        ("tile/1/000.p/2", lambda data: data[:32] + bytes(32), "tile_altered", 256),
        ("tile/0/002.p/88", lambda data: data[:-32] + bytes(32), "entry_altered", 599),
        ("tile/entries/000", lambda data: data + b"\0", "bundle_malformed", 256),
        ("tile/entries/001", lambda data: data[:-1], "bundle_malformed", 511),
        ("tile/entries/002.p/88", lambda data: data + b"\0\0", "bundle_malformed", 600),
        ("tile/entries/002.p/88", lambda _: b"", "bundle_malformed", 512),
    ],
)
def test_each_broken_file_is_named(path: str, change: Callable[[bytes], bytes], reason: str, index: int) -> None:
    files = publish(600)
    files[path] = change(files[path])
    fault = refuse(files)
    assert (fault.reason, fault.index) == (reason, index)


@pytest.mark.parametrize(
    ("path", "index"),
    [("tile/0/001", 256), ("tile/entries/001", 256), ("tile/1/000.p/2", 0), ("tile/entries/002.p/88", 512)],
)
def test_each_missing_file_is_named(path: str, index: int) -> None:
    files = publish(600)
    del files[path]
    fault = refuse(files)
    assert (fault.reason, fault.index, fault.where) == ("missing", index, path)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_changed_byte_is_refused(data: st.DataObject) -> None:
    files = publish(300)
    path = data.draw(st.sampled_from(sorted(files)))
    broken = bytearray(files[path])
    # The witness's own line is for whoever asks for that witness.
    end = broken.index("— temoin".encode()) if path == "checkpoint" else len(broken)
    broken[data.draw(st.integers(0, end - 1))] ^= data.draw(st.integers(1, 255))
    files[path] = bytes(broken)
    refuse(files)


def test_a_partial_tile_may_have_given_way_to_the_full_one() -> None:
    smaller, larger = publish(300), publish(512)
    for path in ("tile/0/001.p/44", "tile/entries/001.p/44"):
        del smaller[path]
        smaller[path.removesuffix(".p/44")] = larger[path.removesuffix(".p/44")]
    assert verify_log(reader(smaller), VERIFIER).checkpoint.size == 300


def test_keys_come_from_outside() -> None:
    read = reader(publish(3))
    with pytest.raises(LogRefused, match="checkpoint_refused"):
        verify_log(read, NoteVerifier.parse(OTHER.vkey))
    with pytest.raises(LogRefused, match="checkpoint_refused"):
        verify_log(read, VERIFIER, "other.example/log")
    stranger = NoteSigner.from_seed(WITNESS.verifier.name, bytes(32), COSIGNATURE).verifier
    with pytest.raises(LogRefused, match="witness_missing"):
        verify_log(read, VERIFIER, ORIGIN, [WITNESS_VERIFIER, stranger])
    with pytest.raises(PathMissing):
        verify_log(reader({}), VERIFIER)


def test_an_entry_that_is_none_is_named_even_when_signed() -> None:
    entries = [make_entry(number).encode() for number in range(300)]
    entries[270] = b'{"name":"x"}'
    fault = refuse(sign_entries(entries))
    assert (fault.reason, fault.index) == ("entry_malformed", 270)
    files = sign_entries(entries)
    alter_entry(files, "tile/entries/001.p/44", 44, 43, make_entry(9).encode())
    assert (refuse(files).reason, refuse(files).index) == ("entry_malformed", 270)


def test_a_clock_set_back_is_a_remark() -> None:
    times = [START_MS, START_MS + 5, START_MS + 4, START_MS + 9, START_MS]
    entries = [Entry("received", time, RECEIVED, sha256(b"").digest()).encode() for time in times]
    assert verify_log(reader(sign_entries(entries)), VERIFIER).set_back == 2


def test_the_refusals_say_where() -> None:
    assert str(LogRefused("missing", 3, "tile/0/000")) == "missing at entry 3 (tile/0/000)"
    assert str(LogRefused("root_differs")) == "root_differs"
    with pytest.raises(InvalidEncoding):
        parse_bundle(b"\0", 1)
