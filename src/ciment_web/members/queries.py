"""Reads about members, always within one institution."""

import hashlib

from ciment.canon import InvalidEncoding
from ciment.vault import MemberPublic
from ciment.vault.enrolment import Enrolment
from ciment_web.institutions.models import Institution
from ciment_web.members.answering import parsed_enrolment
from ciment_web.members.models import Invitation, Member, Role


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


def enrolment_fingerprint(enrolment: bytes) -> str:
    """Return the beginning of the digest of a signed enrolment – keys, roles and title – as five groups to compare.

    Eighty bits: nobody makes another enrolment that begins so.
    """
    digest = enrolment_digest(enrolment)
    return " ".join(digest[place : place + 4] for place in range(0, 20, 4))


def enrolment_digest(enrolment: bytes) -> str:
    """Return the SHA-256 of a signed enrolment in hexadecimal: names exactly what somebody looked at."""
    return hashlib.sha256(enrolment).hexdigest()


def members_of(institution: Institution) -> list[Member]:
    """Return every member of `institution`, those who left included, by login; their roles come along."""
    return list(Member.objects.filter(institution=institution).order_by("login").prefetch_related("held_roles"))


def open_invitations(institution: Institution) -> list[Invitation]:
    """Return the invitations that wait, with who made them, the oldest first; those that expired too."""
    waiting = Invitation.objects.filter(institution=institution, ended="").select_related("invited_by")
    return list(waiting.order_by("invited_at"))
