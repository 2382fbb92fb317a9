"""Who may do what with members."""

from collections.abc import Iterable

from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role


def can_read_register_details(actor: Actor) -> bool:
    """Only the data protection officer opens the details of entries."""
    return actor.holds(Role.DPO)


def can_manage_members(actor: Actor) -> bool:
    """An administrator invites people and puts members out of service; it opens nothing and answers for nobody."""
    return actor.holds(Role.ADMINISTRATOR)


def can_renew(actor: Actor, member: Member) -> bool:
    """An administrator lets somebody enrol anew under the same login, unless another member has it now."""
    others = Member.objects.filter(institution=member.institution, login=member.login, active=True).exclude(
        pk=member.pk
    )
    return can_manage_members(actor) and member.institution_id == actor.institution.id and not others.exists()


def can_put_out_of_service(actor: Actor, member: Member) -> bool:
    """An administrator ends the service of another active member of the same institution."""
    return (
        can_manage_members(actor)
        and member.active
        and member.institution_id == actor.institution.id
        and member.id != actor.member.id
    )


def can_be_held_together(roles: Iterable[str]) -> bool:
    """Who advises is kept apart from who decides: the data protection officer neither prepares nor signs."""
    held = set(roles)
    return Role.DPO not in held or held.isdisjoint({Role.SIGNATORY, Role.REFERENT})


def can_countersign(actor: Actor, member: Member) -> bool:
    """A signatory answers for the enrolment of another active member of the same institution."""
    return (
        actor.holds(Role.SIGNATORY)
        and member.active
        and member.institution_id == actor.institution.id
        and member.id != actor.member.id
    )
