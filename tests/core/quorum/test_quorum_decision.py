"""Decisions: one canonical form, and only the items and targets their purpose allows."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from quorum_cases import AGE, EXPIRY, Person, fake_id, make_case, make_decision, make_world

from ciment.canon import InvalidEncoding, Json, b64
from ciment.quorum.decision import Decision, Item, Target, parse_decision, require_current, require_wraps, verify_items
from ciment.quorum.errors import DecisionRefused, WrapRefused
from ciment.quorum.group import H

WORLD = make_world()
CASES = [make_case(WORLD, name) for name in ("un", "deux", "trois")]
DECISION = make_decision(WORLD, CASES)
MEMBER = Target("member", b64(Person("membre").private.public.encoded))
COPY = DECISION.items[0]
DOSSIER = Item(replace(COPY.label, kind="dossier", blob_sha256=b""), bytes(32))


def test_decisions_round_trip() -> None:
    for decision in (
        DECISION,
        replace(DECISION, target=Target("passphrase", "ab" * 64)),
        replace(DECISION, inquiry=None, letter=None),
        replace(DECISION, purpose="regrant", items=(DOSSIER,), target=MEMBER),
        replace(DECISION, purpose="reopen", items=(DOSSIER,), target=MEMBER),
        replace(DECISION, purpose="reopen", items=(), target=None),
        replace(DECISION, purpose="flow", items=(), target=None),
        replace(DECISION, purpose="gap", items=(), target=None),
    ):
        assert parse_decision(decision.encode()) == decision
        assert decision.digest == H("decision", decision.encode())


def test_a_value_changed_later_changes_no_decision() -> None:
    facts: dict[str, Json] = {"ground": "46bis1"}
    decision = replace(DECISION, facts=facts)
    facts["ground"] = "autre"
    assert decision.encode() == DECISION.encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda d: replace(d, purpose="regrant"),
        lambda d: replace(d, purpose="reopen"),
        lambda d: replace(d, purpose="flow"),
        lambda d: replace(d, purpose="gap"),
        lambda d: replace(d, purpose="flow", target=None),
        lambda d: replace(d, purpose="master"),
        lambda d: replace(d, items=()),
        lambda d: replace(d, items=(), target=None),
        lambda d: replace(d, items=(DOSSIER,)),
        lambda d: replace(d, items=(COPY, COPY)),
        lambda d: replace(d, items=(COPY, replace(COPY, wrap_sha256=bytes(32)))),
        lambda d: replace(d, items=(COPY, replace(DOSSIER, label=COPY.label))),
        lambda d: replace(d, items=(COPY, replace(DECISION.items[1], wrap_sha256=COPY.wrap_sha256))),
        lambda d: replace(d, items=(replace(COPY, label=replace(COPY.label, kappa=bytes(32))),)),
        lambda d: replace(d, items=(replace(COPY, wrap_sha256=b""),)),
        lambda d: replace(d, items=(COPY,) * 1001),
        lambda d: replace(d, target=None),
        lambda d: replace(d, target=MEMBER),
        lambda d: replace(d, purpose="regrant", items=(DOSSIER,)),
        lambda d: replace(d, purpose="reopen", items=(), target=MEMBER),
        lambda d: replace(d, kappa=b""),
        lambda d: replace(d, generation=0),
        lambda d: replace(d, id="1"),
        lambda d: replace(d, inquiry="1"),
        lambda d: replace(d, letter=b""),
        lambda d: replace(d, expiry=0),
        lambda d: replace(d, facts=1.5),
    ],
)
def test_what_a_purpose_does_not_allow_is_refused(change: Callable[[Decision], Decision]) -> None:
    with pytest.raises(InvalidEncoding):
        change(DECISION)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("age", ""),
        ("age", "age1" + "b" * 58),
        ("age", AGE.upper()),
        ("age", AGE + "\n"),
        ("passphrase", "ab" * 31),
        ("passphrase", "AB" * 32),
        ("passphrase", "ab" * 129),
        ("member", b64(bytes(1216))),
        ("member", b64(b"x")),
        ("everybody", AGE),
    ],
)
def test_targets_are_checked(kind: str, value: str) -> None:
    with pytest.raises(InvalidEncoding):
        Target(kind, value)  # type: ignore[arg-type]  # a foreign kind is the point of one case


@pytest.mark.parametrize("target", ['{"age":1}', "[]", "{}", '{"age":"","member":""}', '"age"'])
def test_shapes_of_a_target_are_refused(target: str) -> None:
    data = DECISION.encode().replace(b'{"age":"' + AGE.encode() + b'"}', target.encode())
    assert data != DECISION.encode()
    with pytest.raises(InvalidEncoding):
        parse_decision(data)


def test_a_decision_dies_at_its_expiry() -> None:
    assert not DECISION.has_expired(EXPIRY - 1)
    assert DECISION.has_expired(EXPIRY)


def test_a_decision_is_of_one_roster() -> None:
    require_current(DECISION, WORLD.roster)
    with pytest.raises(DecisionRefused):
        require_current(DECISION, make_world(name="autre").roster)
    with pytest.raises(DecisionRefused):
        require_current(replace(DECISION, generation=2), WORLD.roster)


def test_items_are_the_decision_s_own() -> None:
    pairs = [(case.label, case.copy.wrap) for case in CASES]
    key = WORLD.roster.key
    verify_items(DECISION, pairs, key)
    for wrong in (pairs[:2], pairs[::-1], [*pairs, pairs[0]], [pairs[1], *pairs[1:]]):
        with pytest.raises(DecisionRefused):
            verify_items(DECISION, wrong, key)
    neighbour = replace(pairs[0][0], version=2)
    with pytest.raises(DecisionRefused, match="item 0: not the label"):
        verify_items(DECISION, [(neighbour, pairs[0][1]), *pairs[1:]], key)
    relabelled = replace(DECISION, items=(replace(COPY, label=neighbour), *DECISION.items[1:]))
    with pytest.raises(WrapRefused):
        verify_items(relabelled, [(neighbour, pairs[0][1]), *pairs[1:]], key)


def test_wraps_are_compared_by_digest() -> None:
    wraps = [case.copy.wrap for case in CASES]
    require_wraps(DECISION, wraps)
    with pytest.raises(DecisionRefused, match="item 1"):
        require_wraps(DECISION, [wraps[0], wraps[2], wraps[1]])


def test_identifiers_enter_the_digest() -> None:
    assert replace(DECISION, id=fake_id("autre")).digest != DECISION.digest
