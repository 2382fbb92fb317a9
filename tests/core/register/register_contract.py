"""What every store of a register must do; inherit and return the store in `make_store`."""

from hashlib import sha256
from itertools import pairwise

import pytest
from register_samples import ORIGIN, make_entry, sign_log

from ciment.register import (
    AppendLog,
    Frontier,
    HashReader,
    LogStore,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

SIZES = (1, 2, 3, 7, 8, 200, 256, 257, 300)


class HashReaderContract:
    def make_reader(self, leaves: list[bytes]) -> HashReader:
        raise NotImplementedError

    @pytest.mark.parametrize("size", SIZES)
    def test_every_proof_of_inclusion_leads_to_the_root(self, size: int) -> None:
        leaves = [sha256(b"%d" % number).digest() for number in range(size)]
        reader = self.make_reader(leaves)
        for index in range(0, size, 1 + size // 40):
            verify_inclusion(index, size, leaves[index], inclusion_proof(index, size, reader), root_of(leaves))

    @pytest.mark.parametrize("size", SIZES)
    def test_every_proof_of_consistency_holds(self, size: int) -> None:
        leaves = [sha256(b"%d" % number).digest() for number in range(size)]
        reader = self.make_reader(leaves)
        for old in range(1, size + 1, 1 + size // 40):
            proof = consistency_proof(old, size, reader)
            verify_consistency(old, size, root_of(leaves[:old]), root_of(leaves), proof)

    def test_nodes_come_in_the_order_asked_for(self) -> None:
        leaves = [sha256(b"%d" % number).digest() for number in range(300)]
        asked = [(0, 299), (8, 0), (0, 0), (1, 149), (5, 3)]
        read = list(self.make_reader(leaves).read_nodes(asked))
        assert read == [root_of(leaves[i << h : (i + 1) << h]) for h, i in asked]
        assert list(self.make_reader(leaves).read_nodes([])) == []


class LogStoreContract:
    def make_store(self) -> LogStore:
        raise NotImplementedError

    def test_an_empty_store_has_an_empty_head(self) -> None:
        assert self.make_store().lock_head().frontier == Frontier()

    def test_indices_follow_without_gaps_and_entries_are_kept(self) -> None:
        store = self.make_store()
        appended = [AppendLog(store).append(make_entry(number)) for number in range(20)]
        assert [item.index for item in appended] == list(range(20))
        assert list(store.read_entries(0, 20)) == [make_entry(number).encode() for number in range(20)]
        assert list(store.read_entries(5, 7)) == [item.entry for item in appended[5:7]]
        assert store.lock_head() == appended[-1].head

    def test_the_head_is_the_root_of_what_is_kept(self) -> None:
        log = AppendLog(self.make_store())
        heads = [log.append(make_entry(number)).head for number in range(20)]
        entries = list(log.store.read_entries(0, 20))
        assert heads[-1].checkpoint(ORIGIN).root == root_of(map(leaf_hash, entries))
        for old, new in pairwise(heads):
            proof = log.prove_consistency(old.size, new.size)
            verify_consistency(old.size, new.size, old.frontier.root(), new.frontier.root(), proof)
            assert log.checkpoint_at(ORIGIN, old.size) == old.checkpoint(ORIGIN)

    def test_every_entry_is_provable(self) -> None:
        log = AppendLog(self.make_store())
        leaves = [log.append(make_entry(number)).leaf for number in range(20)]
        for index in range(20):
            verify_inclusion(index, 20, leaves[index], log.prove_inclusion(index, 20), root_of(leaves))

    def test_what_is_kept_can_be_published(self) -> None:
        log = AppendLog(self.make_store())
        for number in range(20):
            log.append(make_entry(number))
        paths = [path for path, _ in log.export(sign_log(log))]
        assert paths == ["tile/entries/000.p/20", "tile/0/000.p/20", "checkpoint"]
