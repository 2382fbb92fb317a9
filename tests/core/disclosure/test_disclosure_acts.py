"""APPROVE and EXECUTE: each step broken alone gives its own refusal, and nothing is opened."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from disclosure_world import FACTS, LETTER, NOW, PACK, World, resealed

from ciment.canon import CimentError, Json, new_id
from ciment.disclosure import (
    SECRET_CATEGORY,
    ActRefused,
    Circumstances,
    Execution,
    Published,
    approve,
    execute,
    hash_passphrase,
    preparer_of,
    require_target,
    verify_law,
)
from ciment.disclosure.execution import needs_leading_title
from ciment.quorum.approve import Approver
from ciment.quorum.decision import Item, Target
from ciment.quorum.errors import (
    ApprovalRefused,
    DecisionRefused,
    QuorumRefused,
    RosterRefused,
    ShareRefused,
    WrapRefused,
)
from ciment.quorum.wrap import wrap
from ciment.register import NoteSigner, NoteVerifier
from ciment.vault import Passphrase, open_packet, open_stream, seal


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def names(_position: int) -> str:
    return "fiche.txt"


def test_two_accords_open_the_item_for_the_recipient(world: World) -> None:
    approvals = [world.approval(0), world.approval(1)]
    packet = execute(world.circumstances(), world.execution(approvals), names, {"lettre.pdf": LETTER})
    assert open_packet(packet, world.recipient) == {"fiche.txt": b"la fiche", "lettre.pdf": LETTER}


Break = Callable[[World, Circumstances], Circumstances]
OTHER_LOG = NoteVerifier.parse(NoteSigner.from_seed("example.org/log", bytes(32)).vkey)
BREAKS: dict[str, tuple[Break, type[CimentError], str]] = {
    "another roster is pinned": (lambda _, c: replace(c, pinned=bytes(32)), RosterRefused, ""),
    "access is frozen": (lambda _, c: replace(c, frozen=True), ActRefused, "frozen"),
    "the decision is over": (lambda w, c: replace(c, now_ms=w.decision.expiry), ActRefused, "expired"),
    "the signer has a tie": (lambda _, c: replace(c, recused=True), ActRefused, "recused"),
    "a witness is asked for": (lambda w, c: other(w, c, witness_policy="2 of a,b"), ActRefused, "witness"),
    "another letter is shown": (lambda _, c: replace(c, letter=b"autre"), ActRefused, "letter"),
    "the copies are described otherwise": (
        lambda w, c: replace(c, copies={**w.copies(), "list": []}), ActRefused, "not_executable",
    ),
    "the log is another": (
        lambda _, c: replace(c, published=Published(c.published.proof, OTHER_LOG)), ActRefused, "not_published",
    ),
    "the proof is of another decision": (
        lambda w, c: replace(c, published=Published(w.prove(w.make_decision()), c.published.verifier)),
        ActRefused, "not_published",
    ),
    "the entry names a letter of these bytes": (
        lambda w, c: replace(c, published=Published(w.prove(w.decision, "letter"), c.published.verifier)),
        ActRefused, "not_published",
    ),
    "the proof is none": (
        lambda _, c: replace(c, published=Published(b"", c.published.verifier)), ActRefused, "not_published",
    ),
    "the label is another": (
        lambda w, c: replace(c, items=[(replace(w.label, category="household"), w.sealed.wrap)]), DecisionRefused, "",
    ),
    "the pack is another": (
        lambda _, c: replace(c, pack=replace(PACK, rules=PACK.rules[1:])), ActRefused, "law",
    ),
    "the verdict does not follow": (
        lambda w, c: other(w, c, facts={**FACTS, "form": "oral"}), ActRefused, "law",
    ),
    "the verdict is milder than the law's": (
        lambda w, c: other(w, c, verdicts={"identity": {"verdict": "must", "decided_by": "signatories", "rules": []}}),
        ActRefused, "law",
    ),
    "the category is silenced": (
        lambda w, c: other(w, c, verdicts={"identity": {"verdict": "silence", "decided_by": "signatory", "rules": []}}),
        ActRefused, "law",
    ),
    "no verdict is stated": (lambda w, c: other(w, c, verdicts={}), ActRefused, "law"),
    "the law is no object": (lambda w, c: other(w, c, pack=[]), ActRefused, "law"),
    "the day is none": (
        lambda w, c: other(w, c, pack={**_pack(w), "on": "jamais"}), ActRefused, "law",
    ),
}  # fmt: skip


def other(world: World, given: Circumstances, **changes: Any) -> Circumstances:
    """Return the circumstances of a decision that differs, properly entered in the register."""
    decision = world.make_decision(**changes)
    return replace(given, decision=decision, published=Published(world.prove(decision), given.published.verifier))


def _pack(world: World) -> dict[str, Any]:
    pack: Any = world.decision.pack
    return dict(pack)


@pytest.mark.parametrize("name", BREAKS)
def test_each_step_of_approve_refuses_alone(world: World, name: str) -> None:
    change, error, reason = BREAKS[name]
    with pytest.raises(error) as refused:
        world.approval(0, change(world, world.circumstances()))
    if isinstance(refused.value, ActRefused):
        assert refused.value.reason == reason


def test_a_wrap_that_is_not_the_decisions_is_refused(world: World) -> None:
    key = secrets.token_bytes(32)
    label = world.label_of(key, world.blob, (world.institution, world.item_id), "identity")
    given = world.circumstances(items=[(world.label, wrap(key, label, world.roster.roster).wrap)])
    with pytest.raises((DecisionRefused, WrapRefused)):
        world.approval(0, given)


def test_reopening_is_what_a_freeze_lets_through(world: World) -> None:
    given = other(world, world.circumstances(), purpose="reopen", items=(), target=None)
    frozen = replace(given, items=[], frozen=True)
    assert approve(frozen, Approver(world.members[0], world.shares[0], world.keys[0].sign)).seat == 1


@pytest.mark.parametrize(
    ("changes", "reason"), [({"declined": True}, "declined"), ({"executed": True}, "not_executable")]
)
def test_a_decision_that_is_over_is_not_executed(world: World, changes: dict[str, bool], reason: str) -> None:
    approvals = [world.approval(0), world.approval(1)]
    with pytest.raises(ActRefused) as refused:
        execute(world.circumstances(), world.execution(approvals, **changes), names, {})
    assert refused.value.reason == reason


def test_execution_goes_through_the_steps_of_approval_again(world: World) -> None:
    approvals = [world.approval(0), world.approval(1)]
    for name in ("the signer has a tie", "another letter is shown", "the decision is over"):
        change, error, _ = BREAKS[name]
        with pytest.raises(error):
            execute(change(world, world.circumstances()), world.execution(approvals), names, {})


def test_too_few_accords_open_nothing(world: World) -> None:
    for approvals in ([], [world.approval(0)], [world.approval(0), world.approval(0)]):
        with pytest.raises(QuorumRefused):
            execute(world.circumstances(), world.execution(approvals), names, {})


Bring = Callable[[World, Execution], Execution]


def bitten(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def with_first(execution: Execution, **changes: Any) -> Execution:
    first, *others = execution.approvals
    return replace(execution, approvals=[replace(first, **changes), *others])


# What the executing holder brings, one thing wrong at a time; an item read from the wrong file is its reader's to find.
BROUGHT: dict[str, tuple[Bring, type[CimentError]]] = {
    "a signature is not the holder's": (
        lambda _, e: with_first(e, signature=bitten(e.approvals[0].signature)), ApprovalRefused,
    ),
    "an accord is another member's": (lambda w, e: with_first(e, member_id=w.members[2]), ApprovalRefused),
    "an accord is another seat's": (lambda _, e: with_first(e, seat=3), ApprovalRefused),
    "an accord saw another checkpoint": (lambda _, e: with_first(e, checkpoint=b"autre"), ApprovalRefused),
    "an accord is of another generation": (lambda _, e: with_first(e, generation=2), ApprovalRefused),
    "a box is missing": (
        lambda _, e: with_first(e, boxes=dict(list(e.approvals[0].boxes.items())[1:])), ApprovalRefused,
    ),
    "a box was changed": (
        lambda _, e: with_first(e, boxes={who: bitten(box) for who, box in e.approvals[0].boxes.items()}), ShareRefused,
    ),
    "a box holds another seat's part": (lambda _, e: with_first(e, boxes=e.approvals[1].boxes), ShareRefused),
    "the key is another holder's": (lambda w, e: replace(e, hpke=w.keys[1].hpke), ShareRefused),
    "the member is a stranger": (lambda _, e: replace(e, member=new_id()), ShareRefused),
    "a layer was changed": (lambda _, e: replace(e, layers=[bitten(e.layers[0])]), WrapRefused),
    "the layer is of another wrap": (
        lambda w, e: replace(e, layers=[resealed(w, w.item_key, w.label).p_ct]), WrapRefused,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROUGHT)
def test_each_part_of_execute_refuses_alone(world: World, name: str) -> None:
    change, error = BROUGHT[name]
    read: list[int] = []

    def open_item(position: int, key: bytes) -> list[bytes]:
        del key
        read.append(position)
        return []

    execution = replace(world.execution([world.approval(0), world.approval(1)]), open_item=open_item)
    with pytest.raises(error):
        execute(world.circumstances(), change(world, execution), names, {})
    assert read == []


def test_a_file_that_was_changed_makes_no_packet(world: World) -> None:
    execution = world.execution([world.approval(0), world.approval(1)])
    changed = replace(execution, open_item=lambda _, key: open_stream(key, [bitten(world.blob)], {"id": world.item_id}))
    with pytest.raises(CimentError):
        execute(world.circumstances(), changed, names, {})


def test_whoever_prepared_is_not_the_only_one_to_agree(world: World) -> None:
    # Two seats are two members, so the preparer may be one of them, and never alone.
    mine = {**world.copies(), "preparer": world.members[0]}
    given = replace(other(world, world.circumstances(), copies=mine), copies=mine)
    alone, both = [world.approval(0, given)], [world.approval(0, given), world.approval(1, given)]
    with pytest.raises(QuorumRefused, match="only approver"):
        execute(given, world.execution(alone), names, {})
    assert execute(given, world.execution(both), names, {})


def test_a_duty_needs_the_director_general_or_the_president() -> None:
    world = World(titles=("director_general", "other", "other"))
    verdicts: Any = world.decision.verdicts
    assert verdicts["identity"]["decided_by"] == "dg_or_president"
    for without, leading in (((1, 2), (1, 0)), ((2, 1), (0, 2))):
        with pytest.raises(QuorumRefused, match="director general"):
            execute(world.circumstances(), world.execution([world.approval(seat) for seat in without]), names, {})
        execute(world.circumstances(), world.execution([world.approval(seat) for seat in leading]), names, {})


def test_what_no_verdict_explains_needs_the_leading_title(world: World) -> None:
    # Unreadable is read the stricter way.
    unclear: tuple[Json, ...] = (None, [], {"identity": "must"}, {"identity": {"decided_by": "dg_or_president"}})
    for verdicts in unclear:
        assert needs_leading_title(world.make_decision(verdicts=verdicts))
    assert not needs_leading_title(world.make_decision(verdicts={"identity": {"decided_by": "signatories"}}))


def test_the_preparer_is_who_the_decision_names(world: World) -> None:
    assert preparer_of(world.decision) == world.preparer
    wrong: tuple[Any, ...] = ([], {"list": []}, {"preparer": 1})
    for copies in wrong:
        with pytest.raises(ActRefused):
            preparer_of(world.make_decision(copies=copies))


def test_accords_on_one_decision_do_not_serve_its_neighbour(world: World) -> None:
    approvals = [world.approval(0), world.approval(1)]
    neighbour = other(world, world.circumstances())
    with pytest.raises(CimentError):
        execute(neighbour, world.execution(approvals), names, {})


class Secretive(World):
    """A world whose packet a passphrase opens."""

    passphrase = "abandon-bambou-cactus-dauphin-ecureuil-fabuleux-gallium"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.decision_id = new_id()
        self.secret_key = secrets.token_bytes(32)
        self.secret_blob = seal(self.secret_key, b"-", {"id": "x"})
        ids = (self.institution, self.decision_id)
        self.secret_label = self.label_of(self.secret_key, self.secret_blob, ids, SECRET_CATEGORY)
        self.secret = wrap(self.secret_key, self.secret_label, self.roster.roster)
        items = (Item(self.label, self.sealed.wrap.digest), Item(self.secret_label, self.secret.wrap.digest))
        target = Target("passphrase", hash_passphrase(self.passphrase))
        self.decision = self.make_decision(id=self.decision_id, items=items, target=target)

    def circumstances(self, decision: Any = None, **changes: Any) -> Circumstances:
        items = [(self.label, self.sealed.wrap), (self.secret_label, self.secret.wrap)]
        return super().circumstances(decision, **{"items": items, **changes})


@pytest.mark.slow
def test_a_passphrase_is_opened_by_the_same_accords() -> None:
    world = Secretive()
    approvals = [world.approval(0), world.approval(1)]
    seen: list[bytes] = []

    def open_secret(key: bytes) -> str:
        seen.append(key)
        return world.passphrase

    layers = [world.sealed.p_ct, world.secret.p_ct]
    execution = world.execution(approvals, layers=layers, open_secret=open_secret)
    packet = execute(world.circumstances(), execution, names, {})
    assert seen == [world.secret_key]
    assert open_packet(packet, Passphrase(world.passphrase)) == {"fiche.txt": b"la fiche"}
    wrong = replace(execution, open_secret=lambda _key: "un-autre-mot")
    with pytest.raises(ActRefused) as refused:
        execute(world.circumstances(), wrong, names, {})
    assert refused.value.reason == "target"


def test_the_passphrase_stands_last_and_belongs_to_its_decision() -> None:
    world = Secretive()
    first = Item(world.secret_label, world.secret.wrap.digest)
    item = Item(world.label, world.sealed.wrap.digest)
    passphrase, age = world.decision.target, Target("age", world.recipient.recipient.text)
    for changes in (
        {"id": world.decision_id, "items": (first, item), "target": passphrase},
        {"id": world.decision_id, "items": (item,), "target": passphrase},
        {"id": new_id(), "items": (item, first), "target": passphrase},
        {"id": world.decision_id, "items": (item, first), "target": age},
    ):
        with pytest.raises(ActRefused):
            verify_law(world.make_decision(**changes), PACK)


def test_the_target_is_exactly_what_was_fixed(world: World) -> None:
    words = "abandon-bambou-cactus-dauphin-ecureuil-fabuleux-gallium"
    assert hash_passphrase(words, bytes(16)) == hash_passphrase(words, bytes(16))
    assert hash_passphrase(words) != hash_passphrase(words)
    assert require_target(world.decision, None) == world.recipient.recipient
    decision = Secretive().decision
    for given in (None, "autre", ""):
        with pytest.raises(ActRefused) as refused:
            require_target(decision, given)
        assert refused.value.reason == "target"
    assert require_target(decision, words) == Passphrase(words)
    assert decision.expiry > NOW
