"""Append, prove and verify, against pymerkle in memory and against the same hashlib calls."""

import json
import os
from collections.abc import Callable, Iterator
from hashlib import sha256

import pymerkle

from ciment.register import (
    Checkpoint,
    Entry,
    LogReport,
    MemoryHashes,
    MemoryStore,
    NoteSigner,
    NoteVerifier,
    export_tiles,
    inclusion_proof,
    leaf_hash,
    root_of,
    sign_checkpoint,
    verify_log,
    verify_tree,
)
from ciment.register.log import place_bytes
from harness import Row, Size

ORIGIN = "bench.example/log"


def rows(size: Size) -> Iterator[Row]:
    count = 5_000 if size.quick else 1_000_000 if size.full else 100_000
    entries = [
        Entry("received", 1_700_000_000_000 + n, {"form": ("oral",), "requester": ("police",)}, os.urandom(32)).encode()
        for n in range(count)
    ]
    # pymerkle keeps an object for each node: a million of them would measure the memory of the machine.
    yield from _growing(entries[:100_000])
    yield from _verifying(entries)


def _growing(entries: list[bytes]) -> Iterator[Row]:
    count = len(entries)
    yield Row(
        f"append {count:,} entries", "pymerkle in memory", lambda: _store(entries), lambda: _pymerkle(entries),
        5, 1, "speed", note="entries, every node and the head kept, as pymerkle keeps them",
    )  # fmt: skip
    yield Row(
        f"hash {count:,} entries into the tree", "pymerkle in memory",
        lambda: _hashes(entries), lambda: _pymerkle(entries), None, 1, "speed", note="every node kept; entries are not",
    )  # fmt: skip
    hashes, rival = _hashes(entries), _pymerkle(entries)
    assert rival.get_state() == hashes.root()
    places = [int.from_bytes(os.urandom(4), "big") % count for _ in range(200)]

    def prove() -> None:
        for place in places:
            inclusion_proof(place, count, hashes)

    def prove_rival() -> None:
        for place in places:
            rival.prove_inclusion(place + 1, count)

    yield Row(f"200 inclusion proofs of {count:,}", "pymerkle in memory", prove, prove_rival, 5, 1, "speed")


def _verifying(entries: list[bytes]) -> Iterator[Row]:
    count = len(entries)
    signer = NoteSigner.from_seed(ORIGIN, bytes(32))
    checkpoint = Checkpoint(ORIGIN, count, root_of(map(leaf_hash, entries)))
    files = dict(export_tiles(iter(entries), sign_checkpoint(checkpoint, signer)))
    verifier = NoteVerifier.parse(signer.vkey)
    assert _bare_root(entries) == checkpoint.root
    yield Row(
        f"verify {count:,} entries: hashes, tiles, root", "the same hashlib calls",
        lambda: verify_tree(files.__getitem__, checkpoint, _look_away), lambda: _bare_root(entries), 1.5,
        note="reading of the entries apart, below",
    )  # fmt: skip
    yield Row(
        f"read {count:,} entries, every rule checked", "json.loads alone",
        _each(Entry.parse, entries), _each(json.loads, entries),
    )  # fmt: skip

    def verify() -> LogReport:
        return verify_log(files.__getitem__, verifier)

    def verify_bare() -> None:
        _bare_root(entries)
        _each(json.loads, entries)()

    yield Row(f"verify {count:,} entries, whole", "the same hashlib calls and json.loads", verify, verify_bare)


def _store(entries: list[bytes]) -> MemoryStore:
    store = MemoryStore()
    for entry in entries:
        store.save(place_bytes(store.lock_head(), entry))
    return store


def _hashes(entries: list[bytes]) -> MemoryHashes:
    hashes = MemoryHashes()
    for entry in entries:
        hashes.append(leaf_hash(entry))
    return hashes


def _pymerkle(entries: list[bytes]) -> pymerkle.InmemoryTree:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in entries:
        tree.append_entry(entry)
    return tree


def _bare_root(entries: list[bytes]) -> bytes:
    level = [sha256(b"\0" + entry).digest() for entry in entries]
    while len(level) > 1:
        pairs = [sha256(b"\1" + level[n] + level[n + 1]).digest() for n in range(0, len(level) - 1, 2)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def _each(read: Callable[[bytes], object], entries: list[bytes]) -> Callable[[], None]:
    def run() -> None:
        for entry in entries:
            read(entry)

    return run


def _look_away(start: int, entries: list[bytes]) -> None:
    """Do nothing with the entries of a bundle."""
