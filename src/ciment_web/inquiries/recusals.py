"""Ties to a matter, as each member stated and signed them. What is missing or does not hold counts as a tie."""

import uuid

from ciment.canon import CimentError, JsonObject, encode, lp
from ciment.vault import MemberPublic
from ciment_web.inquiries.models import Inquiry, RecusalStatement
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member
from ciment_web.members.queries import public_of

_SIGNED = b"ciment/recusal/v1/statement"


def sign_statement(actor: Actor, inquiry: Inquiry, *, recused: bool) -> bytes:
    """Return the actor's signature of being tied to a matter, or not."""
    return actor.keys.sign(_statement(inquiry, actor.member, recused=recused))


def is_untied(inquiry: Inquiry, member: Member, public: MemberPublic) -> bool:
    """Tell whether the member stated, under a signature that holds, to have no tie."""
    row = inquiry.recusals.filter(member=member).first()
    return row is not None and not row.recused and _holds(row, inquiry, member, public)


def has_stated(inquiry: Inquiry, member: Member) -> bool:
    """Tell whether the member answered the question; a false answer is a tie all the same."""
    return inquiry.recusals.filter(member=member).exists()


def untied_inquiries(actor: Actor) -> frozenset[uuid.UUID]:
    """Return the inquiries to which the actor stated, under a signature that holds, to have no tie: in one query."""
    rows = RecusalStatement.objects.filter(member=actor.member, institution=actor.institution, recused=False)
    public = actor.keys.public
    return frozenset(
        row.inquiry_id for row in rows.select_related("inquiry") if _holds(row, row.inquiry, actor.member, public)
    )


def tied_members(inquiry: Inquiry) -> frozenset[str]:
    """Return every member of the institution who is not shown to be untied."""
    members = Member.objects.filter(institution=inquiry.institution_id)
    return frozenset(str(member.id) for member in members if not _untied(inquiry, member))


def recused_members(inquiry: Inquiry) -> frozenset[str]:
    """Return the members who declared a tie, or whose statement does not hold; not those who have yet to speak."""
    spoken = Member.objects.filter(id__in=inquiry.recusals.values("member"))
    return frozenset(str(member.id) for member in spoken if not _untied(inquiry, member))


def _untied(inquiry: Inquiry, member: Member) -> bool:
    try:
        return is_untied(inquiry, member, public_of(member))
    except CimentError:
        return False


def _holds(row: RecusalStatement, inquiry: Inquiry, member: Member, public: MemberPublic) -> bool:
    try:
        public.verify(_statement(inquiry, member, recused=row.recused), bytes(row.signature))
    except CimentError:
        return False
    return True


def _statement(inquiry: Inquiry, member: Member, *, recused: bool) -> bytes:
    said: JsonObject = {"inquiry": str(inquiry.id), "member": str(member.id), "recused": recused}
    return _SIGNED + lp(encode(said))
