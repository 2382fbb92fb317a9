"""Who answers for a member's keys and roles: the folder of the quorum says so; this one only asks.

A row is not believed. The roles of an actor are those of the signed enrolment, and only if a holder of a seat answers
for it; before an institution has a quorum, a self-signed enrolment is enough, because nothing can be opened yet.
"""

from collections.abc import Callable
from functools import lru_cache

from ciment.canon import CimentError
from ciment.vault import MemberKeys
from ciment.vault.enrolment import Enrolment, parse_enrolment
from ciment_web.members.models import Member

Door = Callable[[Member], bool]
Answer = Callable[[Member, MemberKeys], frozenset[str]]

_ANSWERS: list[Answer] = []
_DOORS: list[Door] = []


class NotThisMember(CimentError):  # noqa: N818 - the class names the refusal
    """Keys that are not those of the member's row: a session or a seal moved to somebody else."""


def register_answer(answer: Answer) -> None:
    """Name the one function that says for which of a member's roles somebody answers."""
    _ANSWERS[:] = [answer]


def register_door(door: Door) -> None:
    """Name the one function that says whether a member may come in at all."""
    _DOORS[:] = [door]


def is_admitted(member: Member) -> bool:
    """Tell whether a member in service may sign in and keep a session; a freeze says no."""
    return all(door(member) for door in _DOORS)


def roles_of(member: Member, keys: MemberKeys) -> frozenset[str]:
    """Return the roles that the member may act under; none until somebody answers for them.

    Raises:
        NotThisMember: if `keys` are not the member's.
    """
    if keys.public.encode() != bytes(member.public_key):
        raise NotThisMember("these keys are not this member's")
    try:
        enrolment = parsed_enrolment(bytes(member.enrolment))
        answered = [answer(member, keys) for answer in _ANSWERS]
    except CimentError:
        # A row that does not hold together gives no role: the member may sign in, and do nothing.
        return frozenset()
    mine = enrolment.member == str(member.id) and enrolment.public.encode() == keys.public.encode()
    return frozenset(enrolment.roles).intersection(*answered) if answered and mine else frozenset()


def own_enrolment(member: Member, keys: MemberKeys) -> bytes:
    """Return the member's signed enrolment, checked to be the one that `keys` signed.

    What the newcomer shows a signatory must come from the newcomer's own keys: a row exchanged while the two compare
    would otherwise have the signatory answer for somebody else's.

    Raises:
        NotThisMember: if the row carries another enrolment.
    """
    signed = bytes(member.enrolment)
    try:
        enrolment = parsed_enrolment(signed)
    except CimentError as error:
        raise NotThisMember("an enrolment that does not hold together") from error
    if (enrolment.member, enrolment.public.encode()) != (str(member.id), keys.public.encode()):
        raise NotThisMember("an enrolment that these keys did not sign")
    return signed


@lru_cache(maxsize=4096)
def parsed_enrolment(signed: bytes) -> Enrolment:
    """Return `parse_enrolment(signed)`: the same bytes always verify alike."""
    return parse_enrolment(signed)
