import base64
import json
from hashlib import sha256

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_contract import HashReaderContract
from register_samples import read_cases, vectors_folder

from ciment.canon import InvalidEncoding
from ciment.register import (
    Frontier,
    HashReader,
    MemoryHashes,
    ProofRefused,
    Tile,
    TileHashes,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from ciment.register.tree import EMPTY_ROOT, complete_root, root_at

# The one published case we refuse: roots of 12 bytes, said to be equal. A hash is 32 bytes here.
SHORT_ROOTS = "merkle-rfc6962/consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"

sizes = st.integers(1, 600)


def make_leaves(size: int) -> list[bytes]:
    return [sha256(b"%d" % number).digest() for number in range(size)]


def in_memory(leaves: list[bytes]) -> MemoryHashes:
    hashes = MemoryHashes()
    for leaf in leaves:
        hashes.append(leaf)
    return hashes


class TestMemoryHashes(HashReaderContract):
    def make_reader(self, leaves: list[bytes]) -> HashReader:
        return in_memory(leaves)


class TestTileHashes(HashReaderContract):
    def make_reader(self, leaves: list[bytes]) -> HashReader:
        def read_tile(tile: Tile) -> bytes:
            span = 256**tile.level
            first = tile.index * 256
            nodes = (root_of(leaves[i * span : (i + 1) * span]) for i in range(first, first + tile.width))
            return b"".join(nodes)

        return TileHashes(read_tile, len(leaves))

    def test_each_tile_is_read_once(self) -> None:
        leaves = make_leaves(600)
        read: list[Tile] = []
        plain = self.make_reader(leaves)
        assert isinstance(plain, TileHashes)

        def counting(tile: Tile) -> bytes:
            read.append(tile)
            return plain._read_tile(tile)

        inclusion_proof(300, 600, TileHashes(counting, 600))
        assert len(read) == len(set(read)) <= 3


def test_published_known_answers() -> None:
    known = json.loads((vectors_folder() / "known-answers" / "rfc6962.json").read_text(encoding="utf-8"))
    primitives = known["primitives"]
    assert EMPTY_ROOT.hex() == primitives["empty_root"]
    assert leaf_hash(b"").hex() == primitives["leaf_empty"]
    assert leaf_hash(b"L123456").hex() == primitives["leaf_L123456"]
    assert node_hash(b"N123", b"N456").hex() == primitives["node_N123_N456"]
    leaves = [leaf_hash(bytes.fromhex(item)) for item in known["leaf_inputs_hex"]]
    assert [root_of(leaves[:size]).hex() for size in range(9)] == known["root_by_size_hex"]


def test_published_inclusion_cases() -> None:
    wrong = []
    for name, case in read_cases("inclusion"):
        hashes = [base64.b64decode(item) for item in [case["leafHash"], case["root"], *(case["proof"] or [])]]
        try:
            verify_inclusion(case["leafIdx"], case["treeSize"], hashes[0], hashes[2:], hashes[1])
            refused = False
        except ProofRefused:
            refused = True
        if refused != case["wantErr"]:
            wrong.append(name)
    assert wrong == []


def test_published_consistency_cases() -> None:
    wrong = []
    for name, case in read_cases("consistency"):
        hashes = [base64.b64decode(item or "") for item in [case["root1"], case["root2"], *(case["proof"] or [])]]
        try:
            verify_consistency(case["size1"], case["size2"], hashes[0], hashes[1], hashes[2:])
            refused = False
        except ProofRefused:
            refused = True
        if refused != case["wantErr"]:
            wrong.append(name)
    assert wrong == [SHORT_ROOTS]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=70), st.data())
def test_pymerkle_agrees_on_roots_and_proofs(entries: list[bytes], data: st.DataObject) -> None:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in entries:
        tree.append_entry(entry)
    leaves = [leaf_hash(entry) for entry in entries]
    root = root_of(leaves)
    assert root == tree.get_root()
    hashes = in_memory(leaves)
    index = data.draw(st.integers(0, len(entries) - 1))
    proof = tree.prove_inclusion(index + 1, len(entries))
    ours = inclusion_proof(index, len(entries), hashes)
    pymerkle.verify_inclusion(leaves[index], root, proof)
    verify_inclusion(index, len(entries), leaves[index], ours, root)
    assert set(ours) <= {bytes.fromhex(item) for item in proof.serialize()["path"]}


@settings(max_examples=60, deadline=None)
@given(sizes, st.data())
def test_a_frontier_grows_as_its_tree(size: int, data: st.DataObject) -> None:
    leaves = make_leaves(size)
    cut = data.draw(st.integers(0, size))
    frontier = Frontier().extend(leaves[:cut])
    assert frontier.root() == root_of(leaves[:cut])
    for leaf in leaves[cut:]:
        frontier = frontier.append(leaf)
    assert frontier == Frontier().extend(leaves)
    assert frontier.root() == in_memory(leaves).root() == root_at(size, in_memory(leaves))
    assert Frontier.parse(frontier.encode()) == frontier


@settings(max_examples=60, deadline=None)
@given(sizes)
def test_a_leaf_completes_the_nodes_it_should(size: int) -> None:
    leaves = make_leaves(size)
    _, nodes = Frontier().extend(leaves[:-1]).merge(leaves[-1])
    for height, node in enumerate(nodes):
        assert node == root_of(leaves[size - (1 << height) :])
    assert size % (1 << len(nodes)) != 0


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_a_frontier_has_one_encoding(data: bytes) -> None:
    try:
        frontier = Frontier.parse(data)
    except InvalidEncoding:
        return
    assert frontier.encode() == data


@pytest.mark.parametrize("data", [b"", bytes(7), bytes(9), b"\0" * 7 + b"\1", b"\0" * 7 + b"\1" + bytes(31)])
def test_a_frontier_with_other_peaks_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidEncoding):
        Frontier.parse(data)


def test_empty_trees() -> None:
    assert Frontier().root() == root_of([]) == MemoryHashes().root() == root_at(0, MemoryHashes()) == EMPTY_ROOT
    assert len(MemoryHashes()) == 0
    assert complete_root(EMPTY_ROOT) == EMPTY_ROOT


def corrupt(proof: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """Return one copy of `proof` for each way it can be wrong."""
    junk = sha256(b"junk").digest()
    broken = [(*proof, junk), (junk, *proof), (*proof, *proof, junk)]
    for at, item in enumerate(proof):
        flipped = bytes([item[0] ^ 1]) + item[1:]
        broken += [
            (*proof[:at], flipped, *proof[at + 1 :]),
            (*proof[:at], *proof[at + 1 :]),
            (*proof[:at], item[:31], *proof[at + 1 :]),
            (*proof[:at], item + b"\0", *proof[at + 1 :]),
        ]
    if len(set(proof)) > 1:
        broken.append(proof[::-1])
    return broken


@settings(max_examples=60, deadline=None)
@given(sizes, st.data())
def test_a_corrupted_proof_of_inclusion_is_refused(size: int, data: st.DataObject) -> None:
    leaves = make_leaves(size)
    hashes = in_memory(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, hashes)
    verify_inclusion(index, size, leaves[index], proof, hashes.root())
    for broken in corrupt(proof):
        with pytest.raises(ProofRefused):
            verify_inclusion(index, size, leaves[index], broken, hashes.root())
    wrong_root = sha256(hashes.root()).digest()
    for args in [
        (index + size, size, leaves[index], proof, hashes.root()),
        (-1, size, leaves[index], proof, hashes.root()),
        (index, size, wrong_root, proof, hashes.root()),
        (index, size, leaves[index], proof, wrong_root),
        (index, size, leaves[index], proof, b""),
    ]:
        with pytest.raises(ProofRefused):
            verify_inclusion(*args)
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        with pytest.raises(ProofRefused):
            verify_inclusion(other, size, leaves[index], proof, hashes.root())


@settings(max_examples=60, deadline=None)
@given(sizes, st.data())
def test_a_corrupted_proof_of_consistency_is_refused(size: int, data: st.DataObject) -> None:
    leaves = make_leaves(size)
    hashes = in_memory(leaves)
    old = data.draw(st.integers(1, size))
    root, old_root = hashes.root(), root_of(leaves[:old])
    proof = consistency_proof(old, size, hashes)
    verify_consistency(old, size, old_root, root, proof)
    for broken in corrupt(proof):
        with pytest.raises(ProofRefused):
            verify_consistency(old, size, old_root, root, broken)
    wrong_root = sha256(root).digest()
    for args in [
        (old, size, wrong_root, root, proof),
        (old, size, old_root, wrong_root, proof),
        (size + 1, size, old_root, root, proof),
        (0, size, EMPTY_ROOT, root, ()),
        (0, size, EMPTY_ROOT, root, proof),
    ]:
        with pytest.raises(ProofRefused):
            verify_consistency(*args)


def test_a_proof_left_empty_is_refused() -> None:
    hashes = in_memory(make_leaves(7))
    for old in (3, 4):
        with pytest.raises(ProofRefused):
            verify_consistency(old, 7, root_of(make_leaves(old)), hashes.root(), ())


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_inclusion_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ProofRefused):
        inclusion_proof(index, size, in_memory(make_leaves(3)))


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3), (-1, 3)])
def test_no_consistency_between_such_sizes(old: int, size: int) -> None:
    with pytest.raises(ProofRefused):
        consistency_proof(old, size, in_memory(make_leaves(4)))
