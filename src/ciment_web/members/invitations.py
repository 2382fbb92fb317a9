"""Invite, show, accept, revoke: how somebody becomes a member without anybody else knowing the passphrase.

An invitation is sealed under its own code, which the database never holds: a changed row opens nothing, and the code
gives no more than was invited. What an administrator may invite is not the safeguard: a signatory answers for the
result (docs/decisions/0030).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import IntegrityError, transaction
from django.utils import timezone

from ciment.canon import CimentError, HybridPublicKey, JsonObject, b64, decode_object, derive, encode, unb64
from ciment.vault import PassphraseError, generate_passphrase, open_blob, plain_passphrase, seal
from ciment_web.institutions.models import Institution
from ciment_web.members import throttle
from ciment_web.members.actions import NewMember, new_actor, save_member
from ciment_web.members.actor import Actor
from ciment_web.members.models import Invitation, Member, Role, Title
from ciment_web.members.permissions import can_manage_members
from ciment_web.members.pin import Pin, open_pin
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record

LIFETIME = timedelta(days=7)
# Eleven bits a word: 132 bits, which nobody guesses even with a copy of the database.
CODE_WORDS = 12
_FIELDS = frozenset(
    {"v", "login", "name", "function", "mail", "roles", "title", "by", "expires", "log", "register_key"}
)
Reason = Literal["unknown", "used", "revoked", "expired", "login", "waiting"]


class InvitationRefused(CimentError):  # noqa: N818 - the class names the refusal
    """An invitation that cannot be made or used; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"invitation refused: {reason}")
        self.reason = reason


@dataclass(frozen=True)
class Invited:
    """What an invitation says, opened by its code."""

    row: Invitation
    newcomer: NewMember
    by: str
    pin: Pin


def invite(actor: Actor, newcomer: NewMember) -> tuple[Invitation, str]:
    """Invite somebody, and return the invitation with its code, which is never shown again.

    Raises:
        InvitationRefused: `login` if a member has that login, `waiting` if an invitation for it still waits.
    """
    require(can_manage_members(actor))
    if Member.objects.filter(institution=actor.institution, login=newcomer.login).exists():
        raise InvitationRefused("login")
    code = generate_passphrase(CODE_WORDS)
    digest, key = _keys_of(code)
    now = timezone.now()
    row = Invitation(
        id=uuid.uuid4(),
        institution=actor.institution,
        code_digest=digest,
        login=newcomer.login,
        name=newcomer.name,
        invited_by=actor.member,
        invited_at=now,
        expires_at=now + LIFETIME,
    )
    row.sealed = seal(key, encode(_statement(actor, newcomer, row)), _context(row))
    try:
        with transaction.atomic():
            past = Invitation.objects.filter(institution=actor.institution, login=newcomer.login, expires_at__lte=now)
            past.filter(ended="").update(ended=Invitation.End.REVOKED, sealed=b"")
            row.save(force_insert=True)
            told = {"invitation": str(row.id), "roles": sorted(newcomer.roles), "title": str(newcomer.title)}
            record(actor, "member.invited", told)
    except IntegrityError as error:
        raise InvitationRefused("waiting") from error
    return row, code


def open_invitation(institution: Institution, code: str, address: str) -> Invited:
    """Return what the invitation of `code` says.

    Raises:
        TooManyAttempts: when this network address gave too many refused codes.
        InvitationRefused: for a code that is unknown here, used, revoked or expired.
        BlobError: if the invitation was changed after it was made.
    """
    # A stranger cannot guess a code; the limit keeps the server from being worn out by trying.
    names = {f"invitation/{institution.id}/{address}": 10, f"sign-in/{address}": 50}
    throttle.require_allowed(names)
    try:
        return _open(institution, code)
    except InvitationRefused:
        throttle.count_failure(names)
        raise


def accept_invitation(invited: Invited, passphrase: str) -> Actor:
    """Make the invited person a member, with keys that this passphrase alone opens. The invitation is used up.

    Raises:
        WeakPassphrase: if the passphrase could be guessed.
        InvitationRefused: if the invitation ended meanwhile, or its login is taken.
    """
    row, newcomer = invited.row, invited.newcomer
    actor = new_actor(row.institution, newcomer, passphrase, invited.pin)
    with transaction.atomic():
        # The row itself says who comes first: of two people with one code, one becomes a member.
        if not _end(row, Invitation.End.USED):
            raise InvitationRefused("used")
        if Member.objects.filter(institution=row.institution, login=newcomer.login).exists():
            raise InvitationRefused("login")
        save_member(actor)
        record(actor, "member.enrolled", {"member": actor.id, "invitation": str(row.id)})
    return actor


def revoke_invitation(actor: Actor, row: Invitation) -> None:
    """Take an invitation back: its code opens nothing any more.

    Raises:
        InvitationRefused: if it was used or revoked already.
    """
    require(can_manage_members(actor) and row.institution_id == actor.institution.id)
    with transaction.atomic():
        if not _end(row, Invitation.End.REVOKED):
            raise InvitationRefused("used")
        record(actor, "invitation.revoked", {"invitation": str(row.id)})


def _open(institution: Institution, code: str) -> Invited:
    try:
        digest, key = _keys_of(code)
    except PassphraseError as error:
        raise InvitationRefused("unknown") from error
    found = Invitation.objects.select_related("institution").filter(institution=institution, code_digest=digest)
    row = found.first()
    if row is None:
        raise InvitationRefused("unknown")
    if row.ended:
        raise InvitationRefused("used" if row.ended == Invitation.End.USED else "revoked")
    fields = decode_object(open_blob(key, bytes(row.sealed), _context(row)), _FIELDS)
    # The sealed end counts, not the column: a row changed in the database prolongs nothing.
    if not isinstance(fields["expires"], int) or fields["expires"] <= _milliseconds(timezone.now()):
        raise InvitationRefused("expired")
    return Invited(row, _newcomer(fields), str(fields["by"]), _pin(fields))


def _end(row: Invitation, how: Invitation.End) -> bool:
    return Invitation.objects.filter(pk=row.pk, ended="").update(ended=how, sealed=b"") == 1


def _statement(actor: Actor, newcomer: NewMember, row: Invitation) -> JsonObject:
    # The newcomer trusts what the inviting member trusts of the register; the roster is typed from paper.
    pin = open_pin(actor.member, actor.keys)
    return {
        "v": 1,
        "login": newcomer.login,
        "name": newcomer.name,
        "function": newcomer.function,
        "mail": newcomer.mail,
        "roles": [str(role) for role in sorted(newcomer.roles)],
        "title": str(newcomer.title),
        "by": f"{actor.member.name}, {actor.member.function}",
        "expires": _milliseconds(row.expires_at),
        "log": pin.log,
        "register_key": b64(pin.register_key.encoded),
    }


def _newcomer(fields: JsonObject) -> NewMember:
    roles = fields["roles"] if isinstance(fields["roles"], list) else []
    return NewMember(
        str(fields["login"]),
        str(fields["name"]),
        str(fields["function"]),
        tuple(Role(str(role)) for role in roles),
        Title(str(fields["title"])),
        str(fields["mail"]),
    )


def _pin(fields: JsonObject) -> Pin:
    return Pin(HybridPublicKey.parse(unb64(fields["register_key"])), str(fields["log"]))


def _keys_of(code: str) -> tuple[str, bytes]:
    # One secret, two labels: what the server searches by says nothing of what opens the seal.
    secret = plain_passphrase(code).encode()
    return derive(secret, "ciment/member/invitation/id/v1").hex(), derive(secret, "ciment/member/invitation/key/v1")


def _context(row: Invitation) -> JsonObject:
    return {"use": "invitation", "institution": str(row.institution_id), "invitation": str(row.id)}


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
