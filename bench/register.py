"""Append, prove and verify, against pymerkle in memory and against the same hashlib calls."""

import hashlib
import os
from collections.abc import Iterator

import pymerkle

from ciment.register import (
    Checkpoint,
    Entry,
    Frontier,
    MemoryHashes,
    NoteSigner,
    NoteVerifier,
    export_tiles,
    inclusion_proof,
    leaf_hash,
    root_of,
    sign_checkpoint,
    verify_log,
)
from harness import Row


def rows(quick: bool) -> Iterator[Row]:
    count = 5_000 if quick else 100_000
    yield from _tree(count)
    yield from _verification(count)


def _tree(count: int) -> Iterator[Row]:
    data = [os.urandom(64) for _ in range(count)]

    def append() -> bytes:
        frontier = Frontier()
        for entry in data:
            frontier, _ = frontier.merge(leaf_hash(entry))
        return frontier.root()

    def append_pymerkle() -> pymerkle.InmemoryTree:
        tree = pymerkle.InmemoryTree(algorithm="sha256")
        for entry in data:
            tree.append_entry(entry)
        return tree

    yield Row(f"append {count} entries", "pymerkle in memory", append, append_pymerkle, "≥ 5", reads="speed")
    hashes, rival = MemoryHashes(), append_pymerkle()
    for entry in data:
        hashes.append(leaf_hash(entry))
    places = [int.from_bytes(os.urandom(4), "big") % count for _ in range(200)]

    def prove() -> None:
        for place in places:
            inclusion_proof(place, count, hashes)

    def prove_pymerkle() -> None:
        for place in places:
            rival.prove_inclusion(place + 1, count)

    yield Row("200 inclusion proofs", "pymerkle in memory", prove, prove_pymerkle, "≥ 5", reads="speed")


def _verification(count: int) -> Iterator[Row]:
    entries = [Entry("act", 1_700_000_000_000 + n, {}, os.urandom(32)).encode() for n in range(count)]
    signer = NoteSigner.from_seed("bench.example/log", bytes(32))
    note = sign_checkpoint(Checkpoint("bench.example/log", count, root_of(map(leaf_hash, entries))), signer)
    files = dict(export_tiles(iter(entries), note))
    verifier = NoteVerifier.parse(signer.vkey)

    def verify() -> object:
        return verify_log(files.__getitem__, verifier)

    def bare() -> bytes:
        level = [hashlib.sha256(b"\0" + entry).digest() for entry in entries]
        while len(level) > 1:
            pairs = [hashlib.sha256(b"\1" + level[n] + level[n + 1]).digest() for n in range(0, len(level) - 1, 2)]
            level = pairs + ([level[-1]] if len(level) % 2 else [])
        return level[0]

    def parse() -> None:
        for entry in entries:
            Entry.parse(entry)

    def bare_and_parse() -> None:
        bare()
        parse()

    against = "the same hashlib calls, and the parsing of entries"
    yield Row(f"verify {count} entries", against, verify, bare_and_parse, "≤ 1.5", note="parsing alone: next row")
    yield Row(f"parse {count} entries", "the hashlib calls of a verification", parse, bare, "reported")
