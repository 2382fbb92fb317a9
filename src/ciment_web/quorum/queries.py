"""Who waits to be answered for, as the rows and their signatures tell it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.http import Http404

from ciment.canon import CimentError
from ciment.quorum.roster import Roster
from ciment.vault.enrolment import Enrolment
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.members.queries import enrolment_digest, enrolment_fingerprint, enrolment_of, members_of
from ciment_web.quorum.models import RosterRecord
from ciment_web.quorum.trust import trusted_roster


@dataclass(frozen=True)
class Waiting:
    """A member nobody answers for yet; without an `enrolment` where row and signature disagree."""

    member: Member
    enrolment: Enrolment | None

    @property
    def fingerprint(self) -> str:
        """What is compared in person."""
        return enrolment_fingerprint(bytes(self.member.enrolment))

    @property
    def digest(self) -> str:
        """Names the enrolment that a page shows, whole."""
        return enrolment_digest(bytes(self.member.enrolment))


def has_accords(institution: Institution) -> bool:
    """Tell whether the ceremony of an institution is over, as its rows say."""
    return RosterRecord.objects.filter(institution=institution).exists()


def waiting_members(actor: Actor) -> list[Waiting]:
    """Return the active members nobody answers for yet, by login.

    Raises:
        NoQuorum: before the ceremony: until then nobody needs an answer.
    """
    roster = trusted_roster(actor).roster
    found = [member for member in members_of(actor.institution) if member.active and not _is_answered(member, roster)]
    return [Waiting(member, _checked(member)) for member in found]


def get_waiting(actor: Actor, member_id: uuid.UUID) -> Waiting:
    """Return one of them whose row and signature agree; raises Http404 for anybody else."""
    for waiting in waiting_members(actor):
        if waiting.member.id == member_id and waiting.enrolment is not None:
            return waiting
    raise Http404


def holders_out(roster: Roster, recused: Collection[str], institution: uuid.UUID) -> list[Member]:
    """Return the `recused` holders of seats, by login, where the seats of the others are too few; nobody otherwise."""
    left = [seat for seat in roster.seats if any(holder.member_id not in recused for holder in seat.holders)]
    if len(left) >= roster.threshold:
        return []
    held = [holder.member_id for holder in roster.holders if holder.member_id in recused]
    return list(Member.objects.filter(institution=institution, id__in=held).order_by("login"))


def _is_answered(member: Member, roster: Roster) -> bool:
    if member.countersigned_by_id is not None:
        return True
    # The roster itself answers for whoever holds a seat and is a signatory only.
    held = {role.role for role in member.held_roles.all()}
    return roster.find_seat_of(str(member.id)) is not None and held <= {Role.SIGNATORY}


def _checked(member: Member) -> Enrolment | None:
    try:
        return enrolment_of(member)
    except CimentError:
        return None
