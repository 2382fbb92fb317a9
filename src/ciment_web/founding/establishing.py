"""Found an institution: its row, its key files on this host, the empty log, and the key that opens its details."""

import secrets
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from ciment_web.institutions.keyfiles import write_key
from ciment_web.institutions.models import Institution
from ciment_web.law import pin_demonstration_key
from ciment_web.letters import make_seal
from ciment_web.members.actions import NewMember, enrol
from ciment_web.members.actor import Actor
from ciment_web.members.pin import Pin
from ciment_web.members.register_key import key_from
from ciment_web.register import actions as register
from ciment_web.register.signer import make_signer


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
    """Save a new institution with its log, seal and keys.

    The seal and the key that vouches for the law are the demonstration's, until real ones replace their files.
    """
    seed = secrets.token_bytes(32)
    with transaction.atomic():
        institution.created_at = timezone.now()
        institution.save(force_insert=True)
        register.found(institution)
        signer = make_signer(institution)
        key_pem, cert_pem = make_seal(institution.name, timezone.now())
        write_key(institution, "seal.key.pem", key_pem)
        write_key(institution, "seal.cert.pem", cert_pem)
        pin_demonstration_key(institution)
    pin = Pin(key_from(seed).public, signer.verifier.vkey)
    return Founding(institution, pin, seed)
