"""What is decided about a person is signed by whoever decides: a wrap names no sender, and rows are not believed."""

from hashlib import sha256

from ciment.canon import CimentError, JsonObject, decode, encode, lp
from ciment_web.access.content import Content, encode_content
from ciment_web.access.models import PersonCheck, PersonRequest
from ciment_web.members.actor import Actor
from ciment_web.members.answering import parsed_enrolment
from ciment_web.members.models import Member, Role
from ciment_web.quorum.trust import require_trusted, trusted_roster

# The purposes are part of what is signed, so that no signature can pass for another.
_STATED = b"ciment/person/v1/stated"
_CHECKED = b"ciment/person/v1/checked"


class NotSigned(CimentError):  # noqa: N818 - the class names the refusal
    """A sealed statement that nobody entitled signed: it was not written by the application, and counts for nothing."""


def sign(actor: Actor, said: JsonObject) -> bytes:
    """Return the bytes of `said`, its author named, with the author's signature."""
    told: JsonObject = {**said, "by": actor.id}
    return encode({"said": told, "signature": actor.keys.sign(_STATED + lp(encode(told))).hex()})


def verify(actor: Actor, signed: bytes, role: Role) -> tuple[JsonObject, Member]:
    """Return what was said, and by whom, if a member who holds `role` signed it.

    Raises:
        NotSigned: for any other bytes, author or signature.
    """
    fields = decode(signed)
    told = fields.get("said") if isinstance(fields, dict) else None
    if not isinstance(fields, dict) or not isinstance(told, dict):
        raise NotSigned("not a signed statement")
    author = Member.objects.filter(pk=str(told.get("by")), institution=actor.institution).first()
    if author is None:
        raise NotSigned("a statement of nobody here")
    try:
        public = require_trusted(author, trusted_roster(actor).roster)
        public.verify(_STATED + lp(encode(told)), bytes.fromhex(str(fields.get("signature"))))
    except (CimentError, ValueError) as error:
        raise NotSigned("a statement whose author did not sign it") from error
    if role not in parsed_enrolment(bytes(author.enrolment)).roles:
        raise NotSigned("a statement of somebody not entitled to it")
    return told, author


def sign_check(actor: Actor, request: PersonRequest, content: Content) -> bytes:
    """Return the actor's signature of having checked identity and mandate of exactly this request."""
    return actor.keys.sign(_check(request, content, actor.member))


def checked_by(actor: Actor, request: PersonRequest, content: Content) -> frozenset[str]:
    """Return the members whose check of exactly this content holds."""
    roster = trusted_roster(actor).roster

    def holds(row: PersonCheck) -> bool:
        try:
            public = require_trusted(row.member, roster)
            public.verify(_check(request, content, row.member), bytes(row.signature))
        except CimentError:
            return False
        return True

    return frozenset(str(row.member_id) for row in request.checks.select_related("member") if holds(row))


def _check(request: PersonRequest, content: Content, member: Member) -> bytes:
    said: JsonObject = {
        "request": str(request.id),
        "kind": request.kind,
        "received": request.received_on.isoformat(),
        "content": sha256(encode_content(content)).hexdigest(),
        "member": str(member.id),
    }
    return _CHECKED + lp(encode(said))
