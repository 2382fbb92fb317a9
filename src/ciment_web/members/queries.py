"""Reads about members, always within one institution."""

from ciment.canon import InvalidEncoding
from ciment.vault import MemberPublic
from ciment.vault.enrolment import Enrolment
from ciment_web.institutions.models import Institution
from ciment_web.members.answering import parsed_enrolment
from ciment_web.members.models import Member, Role


def members_with(institution: Institution, *roles: Role) -> list[Member]:
    """Return the active members of `institution` who hold one of `roles`, by login."""
    found = Member.objects.filter(institution=institution, active=True, held_roles__role__in=roles)
    return list(found.distinct().order_by("login"))


def enrolment_of(member: Member) -> Enrolment:
    """Return the member's enrolment, checked against the row that carries it.

    Raises:
        InvalidEncoding: if the statement is malformed or speaks of another member, key, role or title.
        BadSignature: if the named key did not sign it.
    """
    enrolment = parsed_enrolment(bytes(member.enrolment))
    roles = tuple(sorted(member.held_roles.values_list("role", flat=True)))
    stated = (enrolment.institution, enrolment.member, enrolment.public.encode(), enrolment.roles, enrolment.title)
    if stated != (str(member.institution_id), str(member.id), bytes(member.public_key), roles, member.title):
        raise InvalidEncoding("a member's row does not agree with its signed enrolment")
    return enrolment


def public_of(member: Member) -> MemberPublic:
    """Return the public keys of a checked enrolment; raises as `enrolment_of`."""
    return enrolment_of(member).public
