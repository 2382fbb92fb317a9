"""Every parser: one accepted form, and the package's own error for any other bytes."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quorum_cases import approve, draws, flip, make_case, make_decision, make_world

from ciment.canon import InvalidEncoding, Json, encode
from ciment.quorum.approve import Approval, parse_approval, verify_approval
from ciment.quorum.contribution import Contribution, parse_contribution
from ciment.quorum.deal import contribute
from ciment.quorum.decision import Decision, parse_decision
from ciment.quorum.errors import ApprovalRefused, QuorumError, RosterRefused
from ciment.quorum.plan import CeremonyPlan, SignedPlan, parse_plan, parse_signed_plan, verify_plan
from ciment.quorum.roster import (
    Roster,
    SignedRoster,
    fingerprint,
    parse_roster,
    parse_signed_roster,
    verify_roster,
)
from ciment.quorum.share import ShareRecord, encode_share, parse_share
from ciment.quorum.wrap import Wrap, parse_wrap

Value = Wrap | CeremonyPlan | SignedPlan | Contribution | Roster | SignedRoster | Decision | Approval | ShareRecord
WORLD = make_world()
CASES = [make_case(WORLD, "un")]
DECISION = make_decision(WORLD, CASES)


@dataclass(frozen=True)
class Format:
    name: str
    parse: Callable[[bytes], Value]
    data: bytes


def make_contribution() -> bytes:
    person = WORLD.people[0]
    return contribute(WORLD.plan, person.id, person.sign, draws("formes")).encode()


DOCUMENTS = [
    Format("plan", parse_plan, WORLD.plan.plan.encode()),
    Format("signed plan", parse_signed_plan, WORLD.plan.encode()),
    Format("contribution", parse_contribution, make_contribution()),
    Format("roster", parse_roster, WORLD.roster.encode()),
    Format("signed roster", parse_signed_roster, WORLD.signed.encode()),
    Format("share", parse_share, encode_share(WORLD.acceptances[0].share)),
    Format("decision", parse_decision, DECISION.encode()),
    Format("approval", parse_approval, approve(WORLD, DECISION, CASES, 1).encode()),
]
FORMATS = [Format("wrap", parse_wrap, CASES[0].copy.wrap.encode()), *DOCUMENTS]


def to_bytes(value: Value) -> bytes:
    return encode_share(value) if isinstance(value, ShareRecord) else value.encode()


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_the_accepted_form_round_trips(form: Format) -> None:
    assert to_bytes(form.parse(form.data)) == form.data


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 10**6), mask=st.integers(1, 255))
def test_a_changed_byte_is_refused_or_is_another_value(form: Format, place: int, mask: int) -> None:
    changed = flip(form.data, place, mask)
    try:
        value = form.parse(changed)
    except InvalidEncoding:
        return
    assert value != form.parse(form.data)
    assert to_bytes(value) == changed


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@settings(max_examples=20, deadline=None)
@given(noise=st.binary(max_size=300))
def test_foreign_bytes_are_refused(form: Format, noise: bytes) -> None:
    for data in (noise, form.data + noise[:1] + b" ", form.data[: len(noise)], b" " + form.data):
        with pytest.raises(InvalidEncoding):
            form.parse(data)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_another_document_is_refused(form: Format) -> None:
    for other in FORMATS:
        if other.name != form.name:
            with pytest.raises(InvalidEncoding):
                form.parse(other.data)


def replacements(value: Json) -> list[Json]:
    others: tuple[Json, ...] = (None, True, 0, -1, 2**53 - 1, "", "x", [], [[]], {}, {"x": "x"})
    return [other for other in others if other != value]


@pytest.mark.parametrize("form", DOCUMENTS, ids=lambda form: form.name)
def test_values_of_another_shape_are_refused_or_kept_as_they_are(form: Format) -> None:
    """Every key removed, every value at every depth replaced by one of each other type."""
    document = json.loads(form.data)

    def visit(node: Json) -> None:
        for key in list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
            kept = node[key]  # type: ignore[index]  # a key of an object or an index of a list
            for other in replacements(kept):
                node[key] = other  # type: ignore[index]  # as above
                refuse_or_keep(form, encode(document))
            node[key] = kept  # type: ignore[index]  # as above
            visit(kept)
        if isinstance(node, dict):
            for key in list(node):
                kept = node.pop(key)
                refuse_or_keep(form, encode(document))
                node[key] = kept

    visit(document)


def refuse_or_keep(form: Format, data: bytes) -> None:
    try:
        value = form.parse(data)
    except InvalidEncoding:
        return
    assert to_bytes(value) == data


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 10**6), mask=st.integers(1, 255))
def test_a_changed_byte_of_a_signed_plan_or_roster_is_refused(place: int, mask: int) -> None:
    with pytest.raises((InvalidEncoding, QuorumError)):
        verify_plan(parse_signed_plan(flip(WORLD.plan.encode(), place, mask)))
    pinned = fingerprint(WORLD.roster)
    with pytest.raises((InvalidEncoding, RosterRefused)):
        verify_roster(parse_signed_roster(flip(WORLD.signed.encode(), place, mask)), pinned)


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 10**6), mask=st.integers(1, 255))
def test_a_changed_byte_of_an_approval_is_refused_or_breaks_one_box(place: int, mask: int) -> None:
    approval = parse_approval(DOCUMENTS[-1].data)
    try:
        changed = parse_approval(flip(DOCUMENTS[-1].data, place, mask))
        verify_approval(changed, WORLD.roster, DECISION)
    except (InvalidEncoding, ApprovalRefused):
        return
    assert changed.statement == approval.statement
    assert changed.boxes != approval.boxes
