"""Found an institution: its row, its key files on this host, the empty log, and the key that opens its details."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Literal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ciment.canon import CimentError
from ciment.disclosure.packnote import PackUntrusted
from ciment_web.institutions.keyfiles import discard_keys, write_key
from ciment_web.institutions.models import Institution
from ciment_web.law import pin_demonstration_key, pin_keys
from ciment_web.letters import DEMO_NAME, SELF_SIGNED_NAME, make_seal
from ciment_web.members.actions import NewMember, enrol
from ciment_web.members.actor import Actor
from ciment_web.members.invitations import invite_first
from ciment_web.members.models import Invitation, Member
from ciment_web.members.pin import Pin
from ciment_web.members.register_key import key_from
from ciment_web.members.tracing import record_founding
from ciment_web.register import actions as register
from ciment_web.register.models import Leaf, LogHead, Node, PublishedCheckpoint
from ciment_web.register.signer import discard_memory, make_signer

# It stands in every address, and in the name of the register for good.
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
Reason = Literal["slug", "exists", "keys", "law"]


class FoundingRefused(CimentError):  # noqa: N818 - the class names the refusal
    """An institution that cannot be founded; `reason` says why. Nothing of it is left."""

    def __init__(self, reason: Reason, why: str = "") -> None:
        super().__init__(f"founding refused: {reason}{': ' if why else ''}{why}")
        self.reason = reason
        self.why = why


@dataclass(frozen=True)
class Founding:
    """A founded institution and what its first members are enrolled with."""

    institution: Institution
    pin: Pin
    register_seed: bytes = field(repr=False)

    def enrol(self, newcomer: NewMember, passphrase: str) -> Actor:
        """Enrol a first member; an auditor receives the key that opens the details of the register."""
        return enrol(self.institution, newcomer, passphrase, self.pin, self.register_seed)


def found_institution(institution: Institution) -> Founding:
    """Save a new institution with its log, its keys and a self-signed seal, which says so; no law is pinned yet.

    Raises:
        FoundingRefused: if its key files cannot be written, or its short name is another institution's. No row and no
            file is left then.
    """
    seed = secrets.token_bytes(32)
    try:
        with transaction.atomic():
            institution.created_at = timezone.now()
            institution.save(force_insert=True)
            register.found(institution)
            signer = make_signer(institution)
            seal = make_seal(
                institution.name, timezone.now(), SELF_SIGNED_NAME if settings.CIMENT_SECURE else DEMO_NAME
            )
            for name, pem in zip(("seal.key.pem", "seal.cert.pem"), seal, strict=True):
                write_key(institution, name, pem)
    except (OSError, IntegrityError) as error:
        discard(institution)
        raise _refusal_of(error) from error
    return Founding(institution, Pin(key_from(seed).public, signer.verifier.vkey), seed)


def found_by_host(institution: Institution, founder: NewMember, law_keys: bytes = b"", *, again: bool = False) -> str:
    """Found an institution from the host, and return the founding code of its first member, which is shown once.

    `law_keys` is a file of public keys that vouch for the law; without one the law gives no answer, except in a
    demonstration, which trusts its own. With `again`, an institution of that name where nobody ever enrolled makes
    place first: its code was lost, or ran out.

    Raises:
        FoundingRefused: for a short name that is malformed or taken, key files that cannot be written, keys of the law
            that this server would not believe. Nothing of the institution is left.
    """
    if not _SLUG.fullmatch(institution.slug):
        raise FoundingRefused("slug")
    before = Institution.objects.filter(slug=institution.slug).first()
    if before is not None and (not again or Member.objects.filter(institution=before).exists()):
        raise FoundingRefused("exists")
    gone: Institution | None = None
    try:
        with transaction.atomic():
            if before is not None:
                gone = Institution(id=before.id)
                _forget(before)
            founding = found_institution(institution)
            _pin_law(institution, law_keys)
            code = invite_first(institution, founder, founding.pin, founding.register_seed)
            record_founding(institution, founding.pin.register_key)
    except BaseException as error:
        # The rows are gone with the transaction; the files are not.
        discard(institution)
        if isinstance(error, PackUntrusted):
            raise FoundingRefused("law", str(error)) from error
        if isinstance(error, OSError):
            raise _refusal_of(error) from error
        raise
    if gone is not None:
        discard(gone)
    return code


def discard(institution: Institution) -> None:
    """Remove what a founding that failed wrote on this host."""
    discard_keys(institution)
    discard_memory(institution)


def _forget(institution: Institution) -> None:
    # Nobody ever pinned this register or its keys: nothing that anybody holds speaks of them.
    for model in (Invitation, PublishedCheckpoint, Leaf, Node, LogHead):
        model._default_manager.filter(institution=institution).delete()  # noqa: SLF001 - Django's documented model API
    institution.delete()


def _pin_law(institution: Institution, law_keys: bytes) -> None:
    if law_keys:
        pin_keys(institution, law_keys)
    elif settings.CIMENT_DEMO:
        pin_demonstration_key(institution)


def _refusal_of(error: OSError | IntegrityError) -> FoundingRefused:
    if isinstance(error, IntegrityError):
        return FoundingRefused("exists")
    return FoundingRefused("keys", error.strerror or "refused")
