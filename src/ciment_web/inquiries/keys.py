"""The key of an inquiry: wrapped to those who may read it, opened by one of them."""

from collections.abc import Iterable

from ciment.canon import JsonObject
from ciment.vault import MemberPublic, unwrap_key, wrap_key
from ciment_web.inquiries.models import Inquiry, InquiryKey
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member


class NotReader(Exception):  # noqa: N818 - the class names the refusal
    """The actor has no key to this inquiry; the page answers as if it did not exist."""


def wrap_to(inquiry: Inquiry, key: bytes, readers: Iterable[tuple[Member, MemberPublic]]) -> None:
    """Store `key` wrapped to each of `readers`."""
    InquiryKey.objects.bulk_create(
        InquiryKey(
            institution=inquiry.institution,
            inquiry=inquiry,
            member=member,
            wrapped=wrap_key(key, public.hpke, _context(inquiry, member)),
        )
        for member, public in readers
    )


def open_key(actor: Actor, inquiry: Inquiry) -> bytes:
    """Return the inquiry's key.

    Raises:
        NotReader: if it was never wrapped to the actor.
        BlobError: if the stored wrap was changed or moved.
    """
    row = InquiryKey.objects.filter(inquiry=inquiry, member=actor.member, institution=actor.institution).first()
    if row is None:
        raise NotReader
    return unwrap_key(bytes(row.wrapped), actor.keys.hpke, _context(inquiry, actor.member))


def sealed_context(inquiry: Inquiry, part: str) -> JsonObject:
    """Return what the sealed `part` of an inquiry is bound to: moved to another row or part, it does not open."""
    return {"institution": str(inquiry.institution_id), "inquiry": str(inquiry.id), "part": part}


def _context(inquiry: Inquiry, member: Member) -> JsonObject:
    return {**sealed_context(inquiry, "key"), "member": str(member.id)}
