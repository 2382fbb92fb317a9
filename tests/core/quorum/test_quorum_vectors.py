"""The published vectors: read as a stranger would, from the files alone."""

import json
from typing import Any

import pytest
from nacl.signing import SigningKey
from quorum_vectors import FOLDER, consume, group_vectors

from ciment.canon import HybridPrivateKey, encode, unb64
from ciment.quorum.approve import Approver, make_approval, parse_approval
from ciment.quorum.contribution import parse_contribution
from ciment.quorum.deal import accept, contribute
from ciment.quorum.decision import Decision, parse_decision
from ciment.quorum.errors import InvalidElement, WrapRefused
from ciment.quorum.execute import combine, open_partials, require_quorum, verify_partials
from ciment.quorum.group import parse_point, parse_scalar
from ciment.quorum.partial import encode_partials
from ciment.quorum.plan import SignedPlan, parse_signed_plan
from ciment.quorum.roster import (
    QuorumKey,
    SignedRoster,
    derive_kappa,
    fingerprint,
    format_fingerprint,
    parse_signed_roster,
    verify_roster,
)
from ciment.quorum.share import encode_share, hybrid_key, parse_share
from ciment.quorum.wrap import SealedCopy, check, open_layer, parse_label, parse_wrap, recompute


def load(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / f"quorum-{name}.json").read_text(encoding="utf-8"))
    return document


WRAPS, ROSTER, DECISION = load("wrap"), load("roster"), load("decision")
MEMBERS = {
    each["member"]: (
        SigningKey(bytes.fromhex(each["signing_seed"])),
        HybridPrivateKey.from_secret(bytes.fromhex(each["hybrid_secret"])),
    )
    for each in ROSTER["members"]
}


def sign_as(member: str, message: bytes) -> bytes:
    return MEMBERS[member][0].sign(message).signature


def read_roster() -> SignedRoster:
    return parse_signed_roster(ROSTER["signed_roster"].encode())


def read_plan() -> SignedPlan:
    return parse_signed_plan(ROSTER["signed_plan"].encode())


def test_group_constants() -> None:
    assert WRAPS["group"] == group_vectors()
    for point in WRAPS["group"]["refused_points"].values():
        with pytest.raises(InvalidElement):
            parse_point(bytes.fromhex(point))
    for scalar in WRAPS["group"]["refused_scalars"].values():
        with pytest.raises(InvalidElement):
            parse_scalar(bytes.fromhex(scalar))


def read_key() -> QuorumKey:
    return QuorumKey(bytes.fromhex(WRAPS["kappa"]), parse_point(bytes.fromhex(WRAPS["public"])))


def test_wraps() -> None:
    key = read_key()
    assert derive_kappa(WRAPS["institution"], key.public) == key.kappa
    hybrid = hybrid_key(bytes.fromhex(WRAPS["hybrid_seed"]))
    for each in WRAPS["wraps"]:
        label, secret, p = parse_label(each["label"]), bytes.fromhex(each["key"]), bytes.fromhex(each["p"])
        assert label.encode() == each["label_bytes"].encode() == encode(each["label"])
        assert recompute(secret, label, p, key).encode() == bytes.fromhex(each["wrap"])
        check(label, parse_wrap(bytes.fromhex(each["wrap"])), key)
        assert open_layer(unb64(each["p_ct"]), label, hybrid) == p


@pytest.mark.parametrize("refused", WRAPS["check_refuses"], ids=lambda each: each["why"])
def test_check_refuses(refused: dict[str, Any]) -> None:
    with pytest.raises(WrapRefused):
        check(parse_label(refused["label"]), parse_wrap(bytes.fromhex(refused["wrap"])), read_key())


def test_ceremony() -> None:
    plan = read_plan()
    parts = [parse_contribution(each["contribution"].encode()) for each in ROSTER["contributions"]]
    for share in ROSTER["shares"]:
        record = parse_share(share.encode())
        for holder in plan.plan.seats[record.seat - 1].holders:
            acceptance = accept(plan, parts, holder.member_id, MEMBERS[holder.member_id][1])
            assert encode_share(acceptance.share) == share.encode()
            assert acceptance.roster == read_roster().roster


def test_contributions_follow_from_their_randomness() -> None:
    for each in ROSTER["contributions"]:
        part = parse_contribution(each["contribution"].encode())

        def sign(message: bytes, member: str = part.member_id) -> bytes:
            return sign_as(member, message)

        again = contribute(read_plan(), part.member_id, sign, consume(bytes.fromhex(each["randomness"])))
        assert (again.points, again.proof) == (part.points, part.proof)
        assert (again.hybrid and again.hybrid.public) == (part.hybrid and part.hybrid.public)


def test_roster() -> None:
    signed = read_roster()
    pinned = bytes.fromhex(ROSTER["fingerprint"])
    verify_roster(signed, pinned)
    assert fingerprint(signed) == pinned
    assert format_fingerprint(pinned) == ROSTER["fingerprint_on_paper"]
    assert signed.encode() == ROSTER["signed_roster"].encode()


def read_copies(decision: Decision) -> list[SealedCopy]:
    assert len(decision.items) == len(DECISION["wraps"])
    return [SealedCopy(parse_wrap(bytes.fromhex(e["wrap"])), unb64(e["p_ct"])) for e in DECISION["wraps"]]


def test_decision_to_keys() -> None:
    decision, roster = parse_decision(DECISION["decision"].encode()), read_roster().roster
    assert decision.digest.hex() == DECISION["digest"]
    copies = read_copies(decision)
    approvals = [parse_approval(each["approval"].encode()) for each in DECISION["approvals"]]
    require_quorum(decision, approvals, roster, DECISION["reader"], needs_dg_or_president=True)
    shares = []
    for each, approval in zip(DECISION["approvals"], approvals, strict=True):
        opened = open_partials(approval, DECISION["reader"], MEMBERS[DECISION["reader"]][1])
        assert encode_partials(opened.partials).hex() == each["partials"]
        shares.append(verify_partials(decision, roster, [copy.wrap for copy in copies], opened))
    pairs = [(item.label, copy) for item, copy in zip(decision.items, copies, strict=True)]
    keys = combine(decision, roster, pairs, bytes.fromhex(WRAPS["hybrid_seed"]), shares)
    assert [key.hex() for key in keys] == DECISION["keys"]


def test_approvals_follow_from_their_randomness() -> None:
    decision, roster = parse_decision(DECISION["decision"].encode()), read_roster().roster
    items = [(item.label, copy.wrap) for item, copy in zip(decision.items, read_copies(decision), strict=True)]
    for each in DECISION["approvals"]:
        expected = parse_approval(each["approval"].encode())

        def sign(message: bytes, member: str = expected.member_id) -> bytes:
            return sign_as(member, message)

        share = parse_share(each["share"].encode())
        approver = Approver(expected.member_id, share, sign, consume(bytes.fromhex(each["randomness"])))
        again = make_approval(decision, roster, items, expected.checkpoint, approver)
        assert (again.partials_digest, again.signature) == (expected.partials_digest, expected.signature)
