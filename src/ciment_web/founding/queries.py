"""Where a new centre stands, from rows and signatures alone: nothing says "done" by itself."""

from dataclasses import dataclass

from ciment.canon import CimentError
from ciment.disclosure.packnote import PackUntrusted
from ciment.quorum.roster import Roster, fingerprint, format_fingerprint, parse_signed_roster
from ciment_web.inquiries.models import Inquiry
from ciment_web.institutions.models import Institution
from ciment_web.law import pack_of
from ciment_web.members.actor import Actor
from ciment_web.members.models import Invitation, Member, Role
from ciment_web.members.pin import open_pin
from ciment_web.members.queries import enrolment_of, members_of, members_with, open_invitations
from ciment_web.members.register_key import holders_of_register_key, waits_for_register_key
from ciment_web.quorum.actions import messages_missing
from ciment_web.quorum.models import Ceremony, CeremonyMessage, RosterRecord
from ciment_web.quorum.trust import require_trusted, verified_roster


@dataclass(frozen=True)
class Ground:
    """What is there: the law that is applied, the people, the keys, the ceremony, the first request."""

    law: str
    people: list[tuple[Member, frozenset[str]]]
    invitations: list[Invitation]
    key_holders: list[Member]
    key_waits: list[Member]
    signatories: list[Member]
    round: str
    missing: list[Member]
    roster: Roster | None
    unanswered: list[Member]
    trusted: bool
    worked: bool


def look_around(actor: Actor) -> Ground:
    """Return where the actor's institution stands."""
    institution = actor.institution
    active = [member for member in members_of(institution) if member.active]
    mark, roster = _roster_of(institution)
    round_name, missing = ("", []) if roster else _ceremony_of(institution, active)
    return Ground(
        law=law_of(institution),
        people=_enrolled(active),
        invitations=open_invitations(institution),
        key_holders=[each for each in holders_of_register_key(institution) if _audits(each)],
        key_waits=waits_for_register_key(institution),
        signatories=members_with(institution, Role.SIGNATORY),
        round=round_name,
        missing=missing,
        roster=roster,
        unanswered=[each for each in active if roster is not None and not _is_answered(each, roster)],
        trusted=bool(mark) and open_pin(actor.member, actor.keys).trusted == mark,
        worked=Inquiry.objects.filter(institution=institution).exists(),
    )


def enrolled_roles(institution: Institution) -> list[frozenset[str]]:
    """Return the roles of every active member, as signed; a row that disagrees with its signature has none."""
    return [roles for _, roles in _enrolled([each for each in members_of(institution) if each.active])]


def printable_fingerprint(actor: Actor) -> tuple[str, list[str]]:
    """Return the fingerprint of the ceremony as the actor trusts it, with who holds the seats; empty for anybody else.

    Whoever has yet to compare it is not shown what to copy.
    """
    mark, roster = _roster_of(actor.institution)
    if roster is None or open_pin(actor.member, actor.keys).trusted != mark:
        return "", []
    names = {str(member.id): member for member in members_of(actor.institution)}
    holders = [names[holder.member_id] for holder in roster.holders if holder.member_id in names]
    return format_fingerprint(mark), [f"{holder.name}, {holder.function}" for holder in holders]


def law_of(institution: Institution) -> str:
    """Return the name of the law pack that the institution applies, empty while no key it trusts vouches for one."""
    try:
        return pack_of(institution).name
    except PackUntrusted:
        return ""


def _enrolled(active: list[Member]) -> list[tuple[Member, frozenset[str]]]:
    return [(member, _signed_roles(member)) for member in active]


def _signed_roles(member: Member) -> frozenset[str]:
    try:
        return frozenset(enrolment_of(member).roles)
    except CimentError:
        return frozenset()


def _audits(member: Member) -> bool:
    return Role.DPO in _signed_roles(member)


def _roster_of(institution: Institution) -> tuple[bytes, Roster | None]:
    stored = RosterRecord.objects.filter(institution=institution).order_by("-generation").first()
    if stored is None:
        return b"", None
    # Shown, never relied on: whoever acts trusts the fingerprint on paper alone.
    mark = fingerprint(parse_signed_roster(bytes(stored.signed)))
    return mark, verified_roster(bytes(stored.signed), mark, str(institution.id)).roster


def _is_answered(member: Member, roster: Roster) -> bool:
    try:
        require_trusted(member, roster)
    except CimentError:
        return False
    return True


def _ceremony_of(institution: Institution, active: list[Member]) -> tuple[str, list[Member]]:
    # The round that is open, and who has yet to pass in it.
    ceremony = Ceremony.objects.filter(institution=institution).order_by("-generation").first()
    if ceremony is None:
        return "", []
    names = {str(member.id): member for member in active}
    for name in CeremonyMessage.ROUNDS:
        if missing := messages_missing(ceremony, name):
            return name, [names[each] for each in missing if each in names]
    return "", []
