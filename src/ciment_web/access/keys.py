"""The keys of a person's request: one for its words, one for what was found, one for what the auditors are asked."""

from collections.abc import Iterable

from ciment.canon import JsonObject
from ciment.vault import MemberPublic, unwrap_key, wrap_key
from ciment_web.access.models import PersonKey, PersonRequest
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member

Reader = tuple[Member, MemberPublic]


def wrap_to(request: PersonRequest, part: str, key: bytes, readers: Iterable[Reader]) -> None:
    """Store `key` of one part wrapped to each of `readers`, each once."""
    once = {member.id: (member, public) for member, public in readers}
    PersonKey.objects.bulk_create(
        PersonKey(
            institution=request.institution,
            request=request,
            member=member,
            part=part,
            wrapped=wrap_key(key, public.hpke, _context(request, part, member)),
        )
        for member, public in once.values()
    )


def open_key(actor: Actor, request: PersonRequest, part: str) -> bytes:
    """Return the key of one part.

    Raises:
        NotReader: if it was never wrapped to the actor.
        BlobError: if the stored wrap was changed or moved.
    """
    row = request.keys.filter(member=actor.member, part=part, institution=actor.institution).first()
    if row is None:
        raise NotReader
    return unwrap_key(bytes(row.wrapped), actor.keys.hpke, _context(request, part, actor.member))


def has_key(actor: Actor, request: PersonRequest, part: str) -> bool:
    """Tell whether the key of one part was wrapped to the actor."""
    return request.keys.filter(member=actor.member, part=part).exists()


def sealed_context(request: PersonRequest, part: str) -> JsonObject:
    """Return what a sealed part is bound to: moved to another row or part, it does not open."""
    return {"use": "person", "institution": str(request.institution_id), "request": str(request.id), "part": part}


def _context(request: PersonRequest, part: str, member: Member) -> JsonObject:
    return {**sealed_context(request, f"key/{part}"), "member": str(member.id)}
