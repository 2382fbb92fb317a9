"""Approvals: made only by a seat's holder for items that pass CHECK, and only for one decision."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quorum_cases import CHECKPOINT, Person, approve, draws, fake_id, flip, make_case, make_decision, make_world

from ciment.canon import InvalidEncoding
from ciment.quorum.approve import Approval, Approver, make_approval, parse_approval, verify_approval
from ciment.quorum.errors import ApprovalRefused, DecisionRefused, QuorumError, WrapRefused
from ciment.quorum.group import number_scalar
from ciment.quorum.partial import (
    can_prove_partial,
    digest_partials,
    encode_partials,
    make_context,
    make_partial,
    parse_partials,
)

WORLD = make_world()
CASES = [make_case(WORLD, name) for name in ("un", "deux")]
DECISION = make_decision(WORLD, CASES)
ITEMS = [(case.label, case.copy.wrap) for case in CASES]
APPROVAL = approve(WORLD, DECISION, CASES, 1)


def make(approver: Approver) -> Approval:
    return make_approval(DECISION, WORLD.roster, ITEMS, CHECKPOINT, approver)


def test_approvals_round_trip() -> None:
    assert parse_approval(APPROVAL.encode()) == APPROVAL
    verify_approval(parse_approval(APPROVAL.encode()), WORLD.roster, DECISION)
    assert set(APPROVAL.boxes) == {person.id for person in (*WORLD.people, *WORLD.deputies)}


def test_a_deputy_approves_for_the_seat() -> None:
    deputy = WORLD.deputies[0]
    approval = make(Approver(deputy.id, WORLD.acceptances[0].share, deputy.sign))
    verify_approval(approval, WORLD.roster, DECISION)
    assert approval.seat == 1


def test_decisions_without_items_are_approved_too() -> None:
    decision = replace(DECISION, purpose="flow", items=(), target=None)
    approval = make_approval(decision, WORLD.roster, [], CHECKPOINT, WORLD.approver(2))
    verify_approval(approval, WORLD.roster, decision)


def test_only_the_seat_s_holder_with_the_seat_s_share_approves() -> None:
    first, second = WORLD.approver(1), WORLD.approver(2)
    stranger = Person("inconnue")
    with pytest.raises(ApprovalRefused, match="does not hold"):
        make(replace(first, member_id=stranger.id))
    with pytest.raises(ApprovalRefused, match="does not hold"):
        make(replace(first, share=second.share))
    with pytest.raises(ApprovalRefused, match="not the seat's"):
        make(replace(first, share=replace(first.share, secret=number_scalar(5))))
    with pytest.raises(ApprovalRefused, match="not the seat's"):
        make(replace(first, share=replace(first.share, fingerprint=bytes(32))))
    with pytest.raises(ApprovalRefused, match="signature"):
        make(replace(first, sign=stranger.sign))


def test_nothing_is_approved_that_the_decision_does_not_name() -> None:
    for items in (ITEMS[:1], ITEMS[::-1], [(replace(ITEMS[0][0], category="sante"), ITEMS[0][1]), ITEMS[1]]):
        with pytest.raises(DecisionRefused):
            make_approval(DECISION, WORLD.roster, items, CHECKPOINT, WORLD.approver(1))
    with pytest.raises(DecisionRefused):
        make_approval(DECISION, make_world(name="autre").roster, ITEMS, CHECKPOINT, WORLD.approver(1))
    stale = replace(DECISION, generation=2)
    with pytest.raises(DecisionRefused):
        make_approval(stale, WORLD.roster, ITEMS, CHECKPOINT, WORLD.approver(1))


def test_a_wrap_that_fails_check_is_not_approved_though_the_decision_names_it() -> None:
    bad = replace(ITEMS[0][1], response=number_scalar(5))
    item = replace(DECISION.items[0], wrap_sha256=bad.digest)
    decision = replace(DECISION, items=(item, DECISION.items[1]))
    with pytest.raises(WrapRefused):
        make_approval(decision, WORLD.roster, [(ITEMS[0][0], bad), ITEMS[1]], CHECKPOINT, WORLD.approver(1))


def test_a_replayed_approval_is_refused() -> None:
    for other in (
        replace(DECISION, id=fake_id("autre")),
        replace(DECISION, letter=bytes(32)),
        replace(DECISION, items=DECISION.items[:1]),
        replace(DECISION, expiry=DECISION.expiry + 1),
    ):
        with pytest.raises(ApprovalRefused, match="another decision"):
            verify_approval(APPROVAL, WORLD.roster, other)
        with pytest.raises(ApprovalRefused, match="signature"):
            verify_approval(replace(APPROVAL, decision=other.digest), WORLD.roster, other)


def test_every_signed_part_counts() -> None:
    for changed in (
        replace(APPROVAL, checkpoint=b"autre"),
        replace(APPROVAL, partials_digest=bytes(64)),
        replace(APPROVAL, signature=bytes(64)),
        replace(APPROVAL, member_id=WORLD.deputies[0].id),
        replace(APPROVAL, seat=2),
        replace(APPROVAL, seat=9),
        replace(APPROVAL, generation=2),
        replace(APPROVAL, member_id=WORLD.people[1].id),
        replace(APPROVAL, seat=2, member_id=WORLD.people[1].id),
        replace(APPROVAL, boxes={}),
        replace(APPROVAL, boxes={**APPROVAL.boxes, Person("inconnue").id: b"x"}),
    ):
        with pytest.raises(ApprovalRefused):
            verify_approval(changed, WORLD.roster, DECISION)


def test_secrets_of_an_approver_print_redacted() -> None:
    approver = WORLD.approver(1)
    assert repr(bytes(approver.share.secret)) not in repr(approver)
    wrapped = CASES[0].copy.wrap
    partial = make_partial(approver.share.secret, WORLD.roster.seats[0].public, b"ctx", wrapped)
    assert repr(bytes(partial.point)) not in repr(partial)


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=80), st.binary(max_size=80))
def test_a_partial_s_proof_holds_in_its_context_only(context: bytes, other: bytes) -> None:
    secret, public, wrapped = WORLD.acceptances[0].share.secret, WORLD.roster.seats[0].public, CASES[0].copy.wrap
    partial = make_partial(secret, public, context, wrapped, draws("n"))
    assert can_prove_partial(partial, public, context, wrapped)
    assert can_prove_partial(partial, public, other, wrapped) == (other == context)
    assert not can_prove_partial(partial, WORLD.roster.seats[1].public, context, wrapped)
    assert not can_prove_partial(partial, public, context, CASES[1].copy.wrap)


def test_contexts_of_items_seats_and_decisions_differ() -> None:
    wraps = [case.copy.wrap for case in CASES]
    other = replace(DECISION, id=fake_id("autre"))
    contexts = {make_context(d, seat, m, wraps[m]) for d in (DECISION, other) for seat in (1, 2) for m in (0, 1)}
    assert len(contexts) == 8


def test_a_failing_source_of_randomness_repeats_no_nonce_across_contexts() -> None:
    secret, public, wrapped = WORLD.acceptances[0].share.secret, WORLD.roster.seats[0].public, CASES[0].copy.wrap
    first, second = (make_partial(secret, public, ctx, wrapped, bytes) for ctx in (b"a", b"b"))
    assert first.point == second.point
    assert first.challenge != second.challenge


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3), st.integers(0, 10**6), st.integers(1, 255))
def test_partials_have_one_form(count: int, place: int, mask: int) -> None:
    secret, public, wrapped = WORLD.acceptances[0].share.secret, WORLD.roster.seats[0].public, CASES[0].copy.wrap
    partials = tuple(make_partial(secret, public, bytes([n]), wrapped, draws("p")) for n in range(count))
    data = encode_partials(partials)
    assert parse_partials(data) == partials
    for wrong in (data[:-1], data + b"\0", data + bytes(104), b""):
        with pytest.raises(InvalidEncoding):
            parse_partials(wrong)
    try:
        changed = parse_partials(flip(data, place, mask))
    except InvalidEncoding:
        return
    # What still parses is another list, which the signature over H("P", P) does not cover.
    assert digest_partials(changed) != digest_partials(partials)


def test_errors_of_the_quorum_are_one_family() -> None:
    assert issubclass(ApprovalRefused, QuorumError)
