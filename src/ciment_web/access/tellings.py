"""What was decided about telling the person of one inquiry: sealed to referents, signed by whoever decided."""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.utils import timezone

from ciment.canon import JsonObject
from ciment.vault import open_blob, seal, unwrap_key, wrap_key
from ciment_web.access.models import Telling, TellingKey
from ciment_web.access.signing import NotSigned, sign, verify
from ciment_web.inquiries.keys import NotReader
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.quorum.trust import trusted_members

TELL, DEFER = "tell", "defer"


@dataclass(frozen=True)
class Told:
    """One decision about telling: what, under which restriction until when, why, by whom and when."""

    row: Telling
    choice: str
    ground: str
    reason: str = field(repr=False)
    review_on: date | None
    by: str
    at: datetime


@dataclass(frozen=True)
class Choice:
    """What a referent decides now: tell, or defer on a named restriction until a day it is looked at again."""

    choice: str
    reason: str = field(default="", repr=False)
    ground: str = ""
    review_on: date | None = None


def history(actor: Actor, inquiry: Inquiry) -> list[Told]:
    """Return what was decided, the latest last; nothing where nobody decided yet.

    Raises:
        NotReader: if something was decided, and its key was never wrapped to the actor.
        NotSigned, BlobError: if a row was changed, moved, or not signed by a referent.
    """
    rows = list(Telling.objects.filter(inquiry=inquiry, institution=actor.institution))
    if [row.position for row in rows] != list(range(1, len(rows) + 1)):
        raise NotSigned("a decision was taken away")
    if not rows:
        # A key without a decision: what was put off is gone, and silence here would tell it.
        if TellingKey.objects.filter(inquiry=inquiry, institution=actor.institution).exists():
            raise NotSigned("a decision was taken away")
        return []
    key = telling_key(actor, inquiry)
    return [_open(actor, inquiry, key, row) for row in rows]


def standing(actor: Actor, inquiry: Inquiry) -> Told | None:
    """Return what holds now: the latest decision."""
    return next(iter(reversed(history(actor, inquiry))), None)


def add_telling(actor: Actor, inquiry: Inquiry, key: bytes, choice: Choice, position: int) -> Telling:
    """Seal and sign a decision as the next row; the caller holds the inquiry's lock, and saves the row."""
    said: JsonObject = {
        "inquiry": str(inquiry.id),
        "position": position,
        "choice": choice.choice,
        "ground": choice.ground,
        "reason": choice.reason,
        "review_on": choice.review_on.isoformat() if choice.review_on else "",
        "at": timezone.now().astimezone(UTC).isoformat(timespec="milliseconds"),
    }
    return Telling(
        id=uuid.uuid4(),
        institution=actor.institution,
        inquiry=inquiry,
        position=position,
        sealed=seal(key, sign(actor, said), telling_context(inquiry, f"said/{position}")),
        review_on=choice.review_on,
    )


def telling_key(actor: Actor, inquiry: Inquiry) -> bytes:
    """Return the key of what is decided about telling; the first decision makes it, for the referents alone.

    Raises:
        NotReader: if it was never wrapped to the actor.
    """
    rows = TellingKey.objects.filter(inquiry=inquiry, institution=actor.institution)
    mine = rows.filter(member=actor.member).first()
    if mine is not None:
        return unwrap_key(bytes(mine.wrapped), actor.keys.hpke, _key_context(inquiry, actor.member))
    if rows.exists():
        raise NotReader
    return _make_key(actor, inquiry)


def telling_context(inquiry: Inquiry, part: str) -> JsonObject:
    """Return what a sealed part is bound to."""
    return {"use": "telling", "institution": str(inquiry.institution_id), "inquiry": str(inquiry.id), "part": part}


def _make_key(actor: Actor, inquiry: Inquiry) -> bytes:
    key = secrets.token_bytes(32)
    # Whoever noted or signed the request is not among them: that something is put off is for the referents to know.
    TellingKey.objects.bulk_create(
        TellingKey(
            institution=actor.institution,
            inquiry=inquiry,
            member=member,
            wrapped=wrap_key(key, public.hpke, _key_context(inquiry, member)),
        )
        for member, public in trusted_members(actor, Role.REFERENT)
    )
    return key


def _key_context(inquiry: Inquiry, member: Member) -> JsonObject:
    return {**telling_context(inquiry, "key"), "member": str(member.id)}


def _open(actor: Actor, inquiry: Inquiry, key: bytes, row: Telling) -> Told:
    signed = open_blob(key, bytes(row.sealed), telling_context(inquiry, f"said/{row.position}"))
    said, author = verify(actor, signed, Role.REFERENT)
    if (said.get("inquiry"), said.get("position")) != (str(inquiry.id), row.position):
        raise NotSigned("a decision on something else")
    review = str(said["review_on"])
    return Told(
        row=row,
        choice=str(said["choice"]),
        ground=str(said["ground"]),
        reason=str(said["reason"]),
        review_on=date.fromisoformat(review) if review else None,
        by=author.name,
        at=datetime.fromisoformat(str(said["at"])),
    )
