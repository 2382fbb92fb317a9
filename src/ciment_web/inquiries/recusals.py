"""Ties to a matter, as each member stated and signed them. What is missing or does not hold counts as a tie."""

import uuid

from ciment.canon import CimentError, JsonObject, encode, lp
from ciment.vault import MemberPublic
from ciment_web.governance.recusals import recusals_of
from ciment_web.inquiries.models import Inquiry, RecusalStatement
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member
from ciment_web.members.queries import public_of
from ciment_web.quorum.queries import holders_out
from ciment_web.quorum.trust import trusted_roster

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
    public, by_setting = actor.keys.public, recusals_of(actor)
    return frozenset(
        row.inquiry_id
        for row in rows.select_related("inquiry")
        if not by_setting.covers(actor.id, row.inquiry.requester) and _holds(row, row.inquiry, actor.member, public)
    )


def tied_members(actor: Actor, inquiry: Inquiry) -> frozenset[str]:
    """Return every member of the institution who is not shown to be untied, or is recused by setting."""
    by_setting = recusals_of(actor)
    members = Member.objects.filter(institution=inquiry.institution_id)
    return frozenset(
        str(member.id)
        for member in members
        if by_setting.covers(str(member.id), inquiry.requester) or not _untied(inquiry, member)
    )


def recused_members(actor: Actor, inquiry: Inquiry) -> frozenset[str]:
    """Return the members recused by setting, who declared a tie, or whose statement does not hold.

    Not those who have yet to speak.
    """
    by_setting = recusals_of(actor)
    spoken = set(inquiry.recusals.values_list("member", flat=True))
    return frozenset(
        str(member.id)
        for member in Member.objects.filter(institution=inquiry.institution_id)
        if by_setting.covers(str(member.id), inquiry.requester)
        or (member.id in spoken and not _untied(inquiry, member))
    )


def is_recused_by_setting(actor: Actor, inquiry: Inquiry) -> bool:
    """Tell whether the actor takes no part in requests of this kind of requester."""
    return recusals_of(actor).covers(actor.id, inquiry.requester)


def seats_out(actor: Actor, inquiry: Inquiry) -> list[Member]:
    """Return the recused holders of seats, where too few others remain for the accords; nobody otherwise."""
    try:
        roster = trusted_roster(actor).roster
    except CimentError:
        return []
    return holders_out(roster, recused_members(actor, inquiry), inquiry.institution_id)


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
