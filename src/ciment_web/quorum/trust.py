"""Whom a member may trust: the pinned roster, and the enrolments that a holder of a seat countersigned.

Nothing is read from the database that these signatures do not cover: a row changed there attracts no key.
"""

from dataclasses import replace
from functools import lru_cache

from ciment.canon import CimentError, InvalidEncoding
from ciment.quorum.errors import RosterRefused
from ciment.quorum.roster import Roster, SignedRoster, parse_signed_roster, verify_roster
from ciment.vault import BadSignature, MemberKeys, MemberPublic
from ciment.vault.enrolment import Enrolment, verify_countersignature
from ciment_web.members.actor import Actor
from ciment_web.members.answering import parsed_enrolment
from ciment_web.members.models import Member, Role
from ciment_web.members.pin import Pin, keep_pin, open_pin
from ciment_web.members.queries import enrolment_of, members_with
from ciment_web.quorum.models import RosterRecord


class NoQuorum(CimentError):  # noqa: N818 - the class names the refusal
    """An institution whose ceremony is not finished, or a member who has not pinned its roster yet."""


class Untrusted(CimentError):  # noqa: N818 - the class names the refusal
    """A member whose enrolment no holder of a seat answers for."""


def trusted_roster(actor: Actor) -> SignedRoster:
    """Return the roster that the actor pinned, every signature verified.

    Raises:
        NoQuorum: before the ceremony, or before the actor pinned it.
        RosterRefused: if the stored roster is not the pinned one.
    """
    return _pinned_roster(actor.member, open_pin(actor.member, actor.keys), _record_of(actor.member))


def hold_to_roster(actor: Actor) -> None:
    """Pin for good the roster that the actor accepted in the ceremony: no other ever takes its place.

    Call it in the transaction of an act done under that roster.

    Raises:
        NoQuorum, RosterRefused: as `trusted_roster`.
    """
    trusted_roster(actor)
    pin = open_pin(actor.member, actor.keys)
    if not pin.roster:
        keep_pin(replace(pin, roster=pin.accepted), actor.member, actor.keys)


def answers_for(member: Member, keys: MemberKeys) -> frozenset[str]:
    """Return the roles for which the roster that the member pinned, or a holder of it, answers.

    Before the institution has a roster nothing is there to open: a self-signed enrolment is enough for the ceremony.
    Whoever pinned one knows better: a roster that is gone was taken away.
    """
    record = _record_of(member)
    try:
        pin = open_pin(member, keys)
        if record is None:
            return frozenset() if pin.roster else frozenset(parsed_enrolment(bytes(member.enrolment)).roles)
        return answered_roles(member, _pinned_roster(member, pin, record).roster)
    except CimentError:
        return frozenset()


def _record_of(member: Member) -> RosterRecord | None:
    return RosterRecord.objects.filter(institution=member.institution_id).order_by("-generation").first()


def _pinned_roster(member: Member, pin: Pin, record: RosterRecord | None) -> SignedRoster:
    if record is None or not pin.trusted:
        raise NoQuorum("no roster is in force for this member")
    return verified_roster(bytes(record.signed), pin.trusted, str(member.institution_id))


@lru_cache(maxsize=64)
def verified_roster(signed: bytes, pinned: bytes, institution: str) -> SignedRoster:
    """Return the roster of `signed` bytes under a pinned fingerprint: the same bytes always verify alike.

    Raises:
        RosterRefused: if it is not that roster, or another institution's.
    """
    roster = parse_signed_roster(signed)
    verify_roster(roster, pinned)
    if roster.roster.institution != institution:
        raise RosterRefused("the roster of another institution")
    return roster


def require_trusted(member: Member, roster: Roster) -> MemberPublic:
    """Return the public keys of `member`: the row agrees with its enrolment, and the roster answers for it.

    Raises:
        Untrusted: if the row says something else than the enrolment, or nobody of the roster answers for exactly it.
    """
    try:
        enrolment_of(member)
        return require_answered(member, roster)
    except (InvalidEncoding, BadSignature) as error:
        raise Untrusted("a member's row does not hold together") from error


def _trusted_holder(member: Member, roster: Roster) -> tuple[MemberPublic, frozenset[str]]:
    # A holder nobody has answered for: the keys, and the roles that the roster answers for by itself.
    try:
        return enrolment_of(member).public, answered_roles(member, roster)
    except (InvalidEncoding, BadSignature) as error:
        raise Untrusted("a member's row does not hold together") from error


def answered_roles(member: Member, roster: Roster) -> frozenset[str]:
    """Return the roles of an enrolment for which the roster itself, or a holder's countersignature, answers.

    Whoever holds a seat is a signatory before anybody answers for the further roles: where every signatory holds
    several, somebody must be able to begin.

    Raises:
        Untrusted: if nobody of the roster answers for any role of exactly this enrolment.
    """
    enrolment = parsed_enrolment(bytes(member.enrolment))
    try:
        require_answered(member, roster)
    except (Untrusted, BadSignature):
        if Role.SIGNATORY in enrolment.roles and _is_held(member, enrolment, roster):
            return frozenset({Role.SIGNATORY})
        raise
    return frozenset(enrolment.roles)


def require_answered(member: Member, roster: Roster) -> MemberPublic:
    """Return the public keys of an enrolment that the roster itself, or a holder's countersignature, answers for.

    A holder is answered for by the roster as a signatory and nothing else: any other role of anybody needs the
    countersignature of another holder.

    Raises:
        Untrusted: if nobody of the roster answers for exactly this enrolment, whole.
    """
    enrolment = parsed_enrolment(bytes(member.enrolment))
    public = enrolment.public
    if _is_held(member, enrolment, roster) and set(enrolment.roles) <= {Role.SIGNATORY}:
        return public
    holders = {holder.member_id: holder for holder in roster.holders}
    answering = holders.get(str(member.countersigned_by_id))
    if answering is None or answering.member_id == enrolment.member:
        raise Untrusted("no signatory has countersigned this enrolment")
    # The key is the roster's: the countersigner's own row is not asked.
    key = MemberPublic(answering.hpke, answering.ed25519)
    verify_countersignature(bytes(member.enrolment), bytes(member.countersignature), key)
    return public


def _is_held(member: Member, enrolment: Enrolment, roster: Roster) -> bool:
    # Whether the member holds a seat, with exactly the keys that the roster names.
    if (enrolment.member, enrolment.institution) != (str(member.id), roster.institution):
        raise Untrusted("an enrolment of somebody else")
    own = next((holder for holder in roster.holders if holder.member_id == enrolment.member), None)
    if own is not None and (own.ed25519, own.hpke.encoded) != (
        enrolment.public.ed25519,
        enrolment.public.hpke.encoded,
    ):
        raise Untrusted("a member's keys are not those of the roster")
    return own is not None


def trusted_members(actor: Actor, *roles: Role) -> list[tuple[Member, MemberPublic]]:
    """Return the members who hold one of `roles`, with keys that the actor may wrap to."""
    roster = trusted_roster(actor).roster
    held = {holder.member_id for holder in roster.holders}
    trusted = []
    for member in members_with(actor.institution, *roles):
        # Somebody nobody has answered for yet receives no key, and keeps nobody from working; a wrong answer stops the
        # act. A holder nobody has answered for is a signatory all the same.
        if member.countersigned_by_id is not None:
            trusted.append((member, require_trusted(member, roster)))
        elif str(member.id) in held:
            public, answered = _trusted_holder(member, roster)
            trusted += [(member, public)] if not answered.isdisjoint(roles) else []
    return trusted
