"""Invite, show, accept, revoke: how somebody becomes a member, or renews an enrolment, with a passphrase of their own.

An invitation is sealed under its own code, which the database never holds: a changed row opens nothing, and the code
gives no more than was invited. What an administrator may invite is not the safeguard: a signatory answers for the
result (docs/decisions/0030). The first of an institution is made by whoever holds the host (docs/decisions/0032).
"""

import uuid
from dataclasses import dataclass, field
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
from ciment_web.members.models import Invitation, Member, MemberSession, Role, Title
from ciment_web.members.permissions import can_be_held_together, can_manage_members
from ciment_web.members.pin import Pin, open_pin
from ciment_web.members.refusals import require
from ciment_web.members.register_key import give_register_key
from ciment_web.members.tracing import record

LIFETIME = timedelta(days=7)
# Eleven bits a word: 132 bits, which nobody guesses even with a copy of the database.
CODE_WORDS = 12
_TOLD = {"v", "login", "name", "function", "mail", "roles", "title", "by", "expires", "log", "register_key"}
_FIELDS = frozenset({*_TOLD, "renews", "register_seed"})
Reason = Literal["unknown", "used", "revoked", "expired", "login", "waiting", "cumul"]


class InvitationRefused(CimentError):  # noqa: N818 - the class names the refusal
    """An invitation that cannot be made or used; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"invitation refused: {reason}")
        self.reason = reason


@dataclass(frozen=True)
class Invited:
    """What an invitation says, opened by its code.

    `renews` names the account that ends when this one begins, empty for a newcomer; `register_seed` opens the details
    of the register, and comes with the very first invitation of an institution alone.
    """

    row: Invitation
    newcomer: NewMember
    by: str
    pin: Pin
    renews: str = ""
    register_seed: bytes = field(default=b"", repr=False)


def invite(actor: Actor, newcomer: NewMember, renews: Member | None = None) -> tuple[Invitation, str]:
    """Invite somebody, and return the invitation with its code, which is never shown again.

    With `renews`, the newcomer takes that member's login and place: other roles, another title or function, or a
    passphrase that is lost. The account before is out of service once the invitation is accepted, not earlier.

    Raises:
        InvitationRefused: `login` if another member has or had that login, `waiting` if an invitation for it still
            waits, `cumul` for roles that nobody holds together.
    """
    require(can_manage_members(actor) and (renews is None or renews.institution_id == actor.institution.id))
    if not can_be_held_together(newcomer.roles):
        raise InvitationRefused("cumul")
    if renews is not None and renews.login != newcomer.login:
        raise InvitationRefused("login")
    if _is_taken(actor.institution, newcomer.login, renews):
        raise InvitationRefused("login")
    row, code, key = _new_row(actor.institution, newcomer)
    row.invited_by = actor.member
    # The newcomer trusts what the inviting member trusts of the register; the roster is typed from paper.
    trusted = open_pin(actor.member, actor.keys)
    by = f"{actor.member.name}, {actor.member.function}"
    told = Invited(row, newcomer, by, Pin(trusted.register_key, trusted.log), str(renews.id) if renews else "")
    row.sealed = seal(key, encode(_statement(told)), _context(row))
    traced = {"invitation": str(row.id), "roles": sorted(newcomer.roles), "title": str(newcomer.title)}
    try:
        with transaction.atomic():
            past = Invitation.objects.filter(institution=actor.institution, login=newcomer.login, ended="")
            past.filter(expires_at__lte=row.invited_at).update(ended=Invitation.End.REVOKED, sealed=b"")
            row.save(force_insert=True)
            record(actor, "member.invited", {**traced, "renews": told.renews})
    except IntegrityError as error:
        raise InvitationRefused("waiting") from error
    return row, code


def invite_first(institution: Institution, newcomer: NewMember, pin: Pin, register_seed: bytes) -> str:
    """Return the code by which the first member of a new institution enrols; call it in the founding's transaction.

    The seed that opens the details of the register travels under that code, since nobody is there to hold it.
    """
    row, code, key = _new_row(institution, newcomer)
    told = Invited(row, newcomer, "", pin, register_seed=register_seed)
    row.sealed = seal(key, encode(_statement(told)), _context(row))
    row.save(force_insert=True)
    return code


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
        InvitationRefused: if the invitation ended meanwhile, or its login is taken by another than whom it renews.
    """
    row, newcomer = invited.row, invited.newcomer
    actor = new_actor(row.institution, newcomer, passphrase, invited.pin)
    with transaction.atomic():
        # The row itself says who comes first: of two people with one code, one becomes a member.
        if not _end(row, Invitation.End.USED):
            raise InvitationRefused("used")
        _end_service(invited)
        if Member.objects.filter(institution=row.institution, login=newcomer.login, active=True).exists():
            raise InvitationRefused("login")
        save_member(actor)
        if invited.register_seed:
            give_register_key(actor, invited.register_seed)
        record(actor, "member.enrolled", {"member": actor.id, "invitation": str(row.id), "renews": invited.renews})
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
    return Invited(
        row, _newcomer(fields), str(fields["by"]), _pin(fields), str(fields["renews"]), unb64(fields["register_seed"])
    )


def _new_row(institution: Institution, newcomer: NewMember) -> tuple[Invitation, str, bytes]:
    code = generate_passphrase(CODE_WORDS)
    digest, key = _keys_of(code)
    now = timezone.now()
    row = Invitation(
        id=uuid.uuid4(),
        institution=institution,
        code_digest=digest,
        login=newcomer.login,
        name=newcomer.name,
        invited_at=now,
        expires_at=now + LIFETIME,
    )
    return row, code, key


def _is_taken(institution: Institution, login: str, renews: Member | None) -> bool:
    # A login that somebody had is that person's, unless the page says whose account is renewed.
    holders = Member.objects.filter(institution=institution, login=login)
    return holders.exists() if renews is None else holders.filter(active=True).exclude(pk=renews.pk).exists()


def _end_service(invited: Invited) -> None:
    # As the seal says, not as a row could: the account before ends in the transaction that begins the new one.
    if invited.renews:
        before = Member.objects.filter(institution=invited.row.institution, id=invited.renews)
        MemberSession.objects.filter(member__in=before).delete()
        before.update(active=False)


def _end(row: Invitation, how: Invitation.End) -> bool:
    return Invitation.objects.filter(pk=row.pk, ended="").update(ended=how, sealed=b"") == 1


def _statement(told: Invited) -> JsonObject:
    newcomer = told.newcomer
    return {
        "v": 1,
        "login": newcomer.login,
        "name": newcomer.name,
        "function": newcomer.function,
        "mail": newcomer.mail,
        "roles": [str(role) for role in sorted(newcomer.roles)],
        "title": str(newcomer.title),
        "by": told.by,
        "expires": _milliseconds(told.row.expires_at),
        "log": told.pin.log,
        "register_key": b64(told.pin.register_key.encoded),
        "renews": told.renews,
        "register_seed": b64(told.register_seed),
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
