"""Enrol, sign in, sign out, leave."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ciment.canon import CimentError
from ciment.vault import (
    SIGNATORY,
    WORKER,
    KdfParameters,
    MemberKeys,
    PassphraseError,
    WrongPassphrase,
    new_cookie_secret,
    new_seed,
    open_seed,
    require_strong,
    seal_seed,
    seal_session,
    session_id,
)
from ciment.vault.enrolment import Enrolment, sign_enrolment
from ciment_web.institutions.models import Institution
from ciment_web.members import throttle
from ciment_web.members.actor import Actor
from ciment_web.members.answering import NotThisMember, is_admitted, roles_of
from ciment_web.members.models import Member, MemberRole, MemberSession, Role, Title
from ciment_web.members.permissions import can_put_out_of_service
from ciment_web.members.pin import Pin, seal_pin
from ciment_web.members.refusals import require
from ciment_web.members.register_key import give_register_key
from ciment_web.members.tracing import record

SESSION_LENGTH = timedelta(hours=1)
# Prolonged while it is used, never beyond a working day.
SESSION_LIMIT = timedelta(hours=10)


class SignInRefused(CimentError):  # noqa: N818 - the class names the refusal
    """An account and a passphrase that do not go together; which of the two is wrong is not said."""


class AccountFrozen(CimentError):  # noqa: N818 - the class names the refusal
    """A member whose access somebody competent has frozen: only the quorum reopens it."""


@dataclass(frozen=True)
class NewMember:
    """What is known of somebody before the keys exist."""

    login: str
    name: str
    function: str
    roles: tuple[Role, ...]
    title: Title = Title.NONE
    mail: str = ""


def enrol(
    institution: Institution, newcomer: NewMember, passphrase: str, pin: Pin, register_seed: bytes = b""
) -> Actor:
    """Create the member with fresh keys sealed under `passphrase`, and sign the enrolment with them.

    An auditor is also given the register's key when `register_seed` is at hand.

    Raises:
        WeakPassphrase: if the passphrase could be guessed.
    """
    actor = new_actor(institution, newcomer, passphrase, pin)
    with transaction.atomic():
        save_member(actor)
        if actor.holds(Role.DPO) and register_seed:
            give_register_key(actor, register_seed)
        record(actor, "member.enrolled", {"member": actor.id})
    return actor


def new_actor(institution: Institution, newcomer: NewMember, passphrase: str, pin: Pin) -> Actor:
    """Return the newcomer with fresh keys sealed under `passphrase` and a signed enrolment; nothing is saved yet.

    Raises:
        WeakPassphrase: if the passphrase could be guessed.
    """
    require_strong(passphrase)
    seed = new_seed()
    keys = MemberKeys.from_seed(seed)
    roles = tuple(sorted(newcomer.roles))
    member = Member(
        id=uuid.uuid4(),
        institution=institution,
        login=newcomer.login,
        name=newcomer.name,
        function=newcomer.function,
        title=newcomer.title,
        mail=newcomer.mail,
        public_key=keys.public.encode(),
    )
    at = int(timezone.now().timestamp() * 1000)
    statement = Enrolment(str(institution.id), str(member.id), keys.public, roles, newcomer.title, at)
    member.enrolment = sign_enrolment(statement, keys)
    with throttle.HASHING:
        member.sealed_seed = seal_seed(seed, passphrase, settings.CIMENT_PEPPER, _cost(roles), str(member.id))
    member.sealed_pin = seal_pin(pin, member, keys)
    return Actor(member, frozenset(roles), keys)


def save_member(actor: Actor) -> None:
    """Save a new member with the roles of the enrolment; call it in the transaction that leaves the trace."""
    actor.member.save(force_insert=True)
    MemberRole.objects.bulk_create(
        MemberRole(institution=actor.institution, member=actor.member, role=role) for role in sorted(actor.roles)
    )


def put_out_of_service(actor: Actor, member: Member) -> None:
    """End a member's service: no more sign-in, no open session, no key wrapped to that member from now on."""
    require(can_put_out_of_service(actor, member))
    with transaction.atomic():
        member.active = False
        member.save(update_fields=["active"])
        MemberSession.objects.filter(member=member).delete()
        record(actor, "member.left", {"member": str(member.id)})


def sign_in(institution: Institution, login: str, passphrase: str, address: str) -> tuple[Actor, bytes]:
    """Open a session and return the actor with the secret that goes into the cookie.

    Raises:
        TooManyAttempts: when this account or network address failed too often.
        SignInRefused: for a wrong account or passphrase, without saying which.
        AccountFrozen: for a member who is frozen.
    """
    # An account is slowed for the address that fails, and only far later for everybody: a stranger who guesses must
    # not shut the member out. An address is counted generously, since a whole centre may stand behind one.
    account = {f"sign-in/{institution.id}/{login}/{address}": 5, f"sign-in/{institution.id}/{login}": 50}
    names = {**account, f"sign-in/{address}": 50}
    throttle.require_allowed(names)
    member = Member.objects.filter(institution=institution, login=login, active=True).first()
    try:
        seed = _open_seed_of(member, passphrase)
    except (WrongPassphrase, PassphraseError, SignInRefused) as error:
        throttle.count_failure(names)
        raise SignInRefused("account and passphrase do not go together") from error
    if member is None:
        raise SignInRefused("account and passphrase do not go together")
    # Said only to whoever has the passphrase: nobody else learns who is frozen.
    if not is_admitted(member):
        raise AccountFrozen("this member is frozen")
    # The address keeps its count: whoever has one account would otherwise guess at the others without end.
    throttle.forget_failures(account)
    secret = new_cookie_secret()
    actor = actor_of(member, MemberKeys.from_seed(seed))
    with transaction.atomic():
        MemberSession.objects.filter(expires_at__lte=timezone.now()).delete()
        MemberSession.objects.create(
            id=session_id(secret),
            member=member,
            sealed_seed=seal_session(seed, secret),
            opened_at=timezone.now(),
            expires_at=timezone.now() + SESSION_LENGTH,
        )
        record(actor, "session.opened", {})
    return actor, secret


def confirm_passphrase(actor: Actor, passphrase: str) -> MemberKeys:
    """Return the actor's keys, opened anew by the passphrase: approving asks for it again.

    Raises:
        TooManyAttempts: when this account failed too often.
        WrongPassphrase: if it is not the member's passphrase.
    """
    # A count of its own, reachable only with an open session: failures at the door never keep anybody from approving.
    name = {f"confirm/{actor.id}": 5}
    throttle.require_allowed(name)
    try:
        seed = _open_seed_of(actor.member, passphrase)
    except PassphraseError as error:
        throttle.count_failure(name)
        raise WrongPassphrase("not the member's passphrase") from error
    keys = MemberKeys.from_seed(seed)
    if keys.public.encode() != actor.keys.public.encode():
        raise NotThisMember("the seal of another member")
    return keys


def sign_out(actor: Actor, secret: bytes) -> None:
    """Close the session that `secret` opens."""
    with transaction.atomic():
        MemberSession.objects.filter(id=session_id(secret), member=actor.member).delete()
        record(actor, "session.closed", {})


def actor_of(member: Member, keys: MemberKeys) -> Actor:
    """Return the member as an actor, under the roles that somebody answers for; raises NotThisMember."""
    return Actor(member, roles_of(member, keys), keys)


def _open_seed_of(member: Member | None, passphrase: str) -> bytes:
    with throttle.HASHING:
        if member is None:
            # The same work for an unknown account: time must not tell who has one.
            seal_seed(bytes(32), passphrase or "-", settings.CIMENT_PEPPER, WORKER, "nobody")
            raise SignInRefused("no such account")
        return open_seed(bytes(member.sealed_seed), passphrase, settings.CIMENT_PEPPER, str(member.id))


def _cost(roles: Iterable[str]) -> KdfParameters:
    if settings.CIMENT_CHEAP_HASHING:
        return KdfParameters(8 * 1024)
    return SIGNATORY if Role.SIGNATORY in roles else WORKER
