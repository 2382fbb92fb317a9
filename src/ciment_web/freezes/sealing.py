"""The key of a freeze, and the reason sealed under it."""

from collections.abc import Iterable

from ciment.canon import JsonObject
from ciment.vault import MemberPublic, open_blob, seal, unwrap_key, wrap_key
from ciment_web.decisions.subjects import Subject
from ciment_web.freezes.models import Freeze, FreezeKey
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member


def subject_of(freeze: Freeze, key: bytes) -> Subject:
    """Return the freeze as decisions know it."""
    return Subject(str(freeze.id), str(freeze.id)[:8], key, "reopen")


def wrap_to(freeze: Freeze, key: bytes, readers: Iterable[tuple[Member, MemberPublic]]) -> None:
    """Store `key` wrapped to each of `readers`."""
    FreezeKey.objects.bulk_create(
        FreezeKey(
            institution=freeze.institution,
            freeze=freeze,
            member=member,
            wrapped=wrap_key(key, public.hpke, {**_context(freeze, "key"), "member": str(member.id)}),
        )
        for member, public in readers
    )


def open_key(actor: Actor, freeze: Freeze) -> bytes:
    """Return the freeze's key.

    Raises:
        NotReader: if it was never wrapped to the actor.
        BlobError: if the stored wrap was changed or moved.
    """
    row = FreezeKey.objects.filter(freeze=freeze, member=actor.member, institution=actor.institution).first()
    if row is None:
        raise NotReader
    return unwrap_key(bytes(row.wrapped), actor.keys.hpke, {**_context(freeze, "key"), "member": actor.id})


def seal_reason(freeze: Freeze, key: bytes, reason: str) -> bytes:
    """Return why it was frozen, sealed and bound to what, by whom and since when."""
    return seal(key, reason.encode(), _bound(freeze))


def open_reason(freeze: Freeze, key: bytes) -> str:
    """Return why it was frozen; raises BlobError if that, or what it is bound to, was changed."""
    return open_blob(key, bytes(freeze.sealed_reason), _bound(freeze)).decode()


def _bound(freeze: Freeze) -> JsonObject:
    return {
        **_context(freeze, "reason"),
        "scope": freeze.scope,
        "target": str(freeze.target),
        "by": str(freeze.frozen_by_id),
        "at": int(freeze.frozen_at.timestamp() * 1000),
    }


def _context(freeze: Freeze, part: str) -> JsonObject:
    return {"institution": str(freeze.institution_id), "freeze": str(freeze.id), "part": part}
