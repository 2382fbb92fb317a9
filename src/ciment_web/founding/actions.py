"""What the administrator settles before the ceremony: letterhead, rhythm, team. Each leaves its entry."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise

from ciment.canon import CimentError
from ciment_web.founding.permissions import can_set_up
from ciment_web.founding.queries import enrolled_roles
from ciment_web.founding.team import what_is_refused
from ciment_web.institutions.models import Institution
from ciment_web.members.actions import NewMember
from ciment_web.members.actor import Actor
from ciment_web.members.invitations import invite
from ciment_web.members.models import Invitation
from ciment_web.members.queries import open_invitations
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record


class TeamRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A team that cannot work; `reasons` say why, in words."""

    def __init__(self, reasons: Sequence[str | Promise]) -> None:
        super().__init__("a team that cannot work")
        self.reasons = reasons


@dataclass(frozen=True)
class LetterheadWords:
    """What heads the letters of the institution."""

    name: str
    address: str
    contact: str
    place: str


def set_letterhead(actor: Actor, words: LetterheadWords) -> None:
    """Change what heads every letter from now on.

    Raises:
        NotAllowed: unless the actor is an administrator, before the ceremony is over.
    """
    with transaction.atomic():
        institution = _lock(actor)
        institution.name, institution.address = words.name, words.address
        institution.contact, institution.place = words.contact, words.place
        institution.save(update_fields=["name", "address", "contact", "place"])
        record(actor, "institution.letterhead", {"name": words.name, "place": words.place})


def set_rhythm(actor: Actor, delay_hours: int, decision_days: int) -> None:
    """Change after how long every reply leaves, and how many working days a decision may take; raises NotAllowed."""
    with transaction.atomic():
        institution = _lock(actor)
        institution.reply_delay_hours, institution.decision_days = delay_hours, decision_days
        institution.save(update_fields=["reply_delay_hours", "decision_days"])
        record(actor, "institution.rhythm", {"delay_hours": delay_hours, "decision_days": decision_days})


def invite_team(actor: Actor, newcomers: Sequence[NewMember]) -> list[tuple[Invitation, str]]:
    """Invite several people at once, all or none; return each invitation with its code, never shown again.

    Raises:
        TeamRefused: if these people, with those who are members already, could not work together. While earlier
            invitations wait nobody knows what they offer, and the checklist says later what lacks.
        InvitationRefused: as `invite`.
    """
    with transaction.atomic():
        _lock(actor)
        waiting = open_invitations(actor.institution)
        people = [*enrolled_roles(actor.institution), *(newcomer.roles for newcomer in newcomers)]
        if not waiting and (reasons := what_is_refused(people)):
            raise TeamRefused(reasons)
        return [invite(actor, newcomer) for newcomer in newcomers]


def _lock(actor: Actor) -> Institution:
    # Asked under the lock: two changes at once follow one another.
    institution = Institution.objects.select_for_update().get(pk=actor.institution.pk)
    require(can_set_up(actor))
    return institution
