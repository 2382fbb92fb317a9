"""The roster: pinned, recomputed from its commitments, signed; anything else is refused."""

from dataclasses import replace

import pytest
from quorum_cases import Person, World, make_world

from ciment.canon import HybridPublicKey, InvalidEncoding
from ciment.quorum.approve import can_act_for
from ciment.quorum.errors import RosterRefused
from ciment.quorum.group import multiply_base, number_scalar
from ciment.quorum.roster import (
    Roster,
    SignedRoster,
    derive_kappa,
    fingerprint,
    format_fingerprint,
    parse_fingerprint,
    parse_roster,
    parse_signed_roster,
    sign_roster,
    verify_roster,
    verify_signatures,
)

WORLD = make_world()
ROSTER = WORLD.roster
OTHER_POINT = multiply_base(number_scalar(7))


def sign(world: World, roster: Roster) -> SignedRoster:
    return SignedRoster(roster, {person.id: sign_roster(roster, person.sign) for person in world.people})


def test_rosters_round_trip() -> None:
    assert parse_roster(ROSTER.encode()) == ROSTER
    assert parse_signed_roster(WORLD.signed.encode()) == WORLD.signed
    verify_roster(parse_signed_roster(WORLD.signed.encode()), fingerprint(ROSTER))


def test_another_fingerprint_is_refused() -> None:
    other = make_world(name="autre")
    with pytest.raises(RosterRefused, match="pinned"):
        verify_roster(other.signed, fingerprint(ROSTER))


def test_fingerprint_is_typed_from_paper() -> None:
    text = format_fingerprint(fingerprint(WORLD.signed))
    assert len(text.split(" ")) == 16
    assert parse_fingerprint(text.upper().replace(" ", "\n ")) == fingerprint(ROSTER)
    for wrong in ("", text[:-1], text.replace(text[0], "g"), text + " 00"):
        with pytest.raises(InvalidEncoding):
            parse_fingerprint(wrong)


@pytest.mark.parametrize(
    "roster",
    [
        replace(ROSTER, public=OTHER_POINT, kappa=derive_kappa(ROSTER.institution, OTHER_POINT)),
        replace(ROSTER, kappa=bytes(32)),
        replace(ROSTER, institution="autre"),
        replace(ROSTER, seats=(replace(ROSTER.seats[0], public=OTHER_POINT), *ROSTER.seats[1:])),
        replace(ROSTER, seats=(*ROSTER.seats[:2], replace(ROSTER.seats[2], number=4))),
        replace(
            ROSTER, commitments=(replace(ROSTER.commitments[0], points=(OTHER_POINT,) * 2), *ROSTER.commitments[1:])
        ),
    ],
)
def test_points_that_do_not_follow_from_the_commitments_are_refused(roster: Roster) -> None:
    with pytest.raises(RosterRefused):
        verify_roster(sign(WORLD, roster), fingerprint(roster))


def test_a_later_generation_is_refused_until_its_chain_can_be_checked() -> None:
    later = replace(ROSTER, generation=2)
    with pytest.raises(RosterRefused, match="ceremony"):
        verify_roster(sign(WORLD, later), fingerprint(later))


def test_a_contributor_who_does_not_hold_the_seat_is_refused() -> None:
    commitment = replace(ROSTER.commitments[0], member_id=WORLD.people[1].id)
    roster = replace(ROSTER, commitments=(commitment, *ROSTER.commitments[1:]))
    with pytest.raises(RosterRefused, match="seat 1"):
        verify_signatures(sign(WORLD, roster))


def test_a_seat_without_signature_is_refused_though_all_contributors_signed() -> None:
    # A roster of which the third seat dealt nothing: its holder must sign all the same.
    roster = replace(ROSTER, commitments=ROSTER.commitments[:2])
    signed = sign(WORLD, roster)
    verify_signatures(signed)
    partly = {k: v for k, v in signed.signatures.items() if k != WORLD.people[2].id}
    with pytest.raises(RosterRefused, match="seat 3"):
        verify_signatures(SignedRoster(roster, partly))


def test_a_signature_of_another_purpose_is_refused() -> None:
    signatures = {**WORLD.signed.signatures, WORLD.people[0].id: WORLD.people[0].sign(ROSTER.encode())}
    with pytest.raises(RosterRefused):
        verify_roster(SignedRoster(ROSTER, signatures), fingerprint(ROSTER))


def test_rules_of_a_roster() -> None:
    for broken in (
        {"commitments": ROSTER.commitments[::-1]},
        {"commitments": ROSTER.commitments[:1]},
        {"commitments": (replace(ROSTER.commitments[0], points=()), *ROSTER.commitments[1:])},
        {"threshold": 1},
        {"seats": ROSTER.seats[:1]},
        {"institution": "x" * 65},
    ):
        with pytest.raises(InvalidEncoding):
            replace(ROSTER, **broken)


def test_keys_of_low_order_are_refused_when_read() -> None:
    holder = ROSTER.seats[0].holders[0]
    low = (1).to_bytes(32, "little").hex().encode()
    with pytest.raises(InvalidEncoding):
        parse_roster(ROSTER.encode().replace(holder.ed25519.hex().encode(), low))
    with pytest.raises(InvalidEncoding):
        parse_roster(ROSTER.encode().replace(ROSTER.public.hex().encode(), low))
    with pytest.raises(InvalidEncoding):
        HybridPublicKey.parse(ROSTER.hybrid.encoded[:1184] + bytes(32))


def test_who_may_act_for_a_seat() -> None:
    person, deputy, other = WORLD.people[0], WORLD.deputies[0], WORLD.people[1]
    assert can_act_for(ROSTER, 1, person.id, person.holder.ed25519)
    assert can_act_for(ROSTER, 1, deputy.id, deputy.holder.ed25519)
    assert not can_act_for(ROSTER, 1, person.id, deputy.holder.ed25519)
    assert not can_act_for(ROSTER, 2, person.id, person.holder.ed25519)
    assert not can_act_for(ROSTER, 9, person.id, person.holder.ed25519)
    assert not can_act_for(ROSTER, 1, other.id, other.holder.ed25519)
    assert ROSTER.find_seat_of(Person("inconnue").id) is None
