"""Open the institution to arrivals, close it, and open what arrived."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ciment.canon import HybridPrivateKey, JsonObject
from ciment.vault import unwrap_key, wrap_key
from ciment_web.arrivals.models import ArrivalKey, ArrivalShare
from ciment_web.arrivals.opening import CHANNELS, Opening, private_of, sign_opening
from ciment_web.arrivals.permissions import can_close_arrivals, can_open_arrivals
from ciment_web.arrivals.trust import PIN
from ciment_web.institutions.keyfiles import remove_key, replace_key
from ciment_web.institutions.models import Institution
from ciment_web.members.actions import confirm_passphrase
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.members.pin import open_pin
from ciment_web.members.refusals import NotAllowed, require
from ciment_web.members.tracing import record as leave_trace
from ciment_web.quorum.trust import trusted_members, trusted_roster


def open_arrivals(actor: Actor, channels: Sequence[str], passphrase: str) -> ArrivalKey:
    """Make a fresh key, wrap it to the referents and signatories the roster answers for, and put it in force.

    The key before it is in force no more; who held it still opens what came under it.

    Raises:
        NotAllowed: unless the actor is a signatory who holds a seat, or for no channel or an unknown one.
        WrongPassphrase, TooManyAttempts: from the passphrase.
        NoQuorum: before the ceremony: there is nobody to seal to.
    """
    require(can_open_arrivals(actor) and bool(channels) and set(channels) <= set(CHANNELS))
    keys = confirm_passphrase(actor, passphrase)
    signed_roster = trusted_roster(actor)
    if signed_roster.roster.find_seat_of(actor.id) is None:
        raise NotAllowed("only a holder of a seat opens the institution to arrivals")
    readers = trusted_members(actor, Role.REFERENT, Role.SIGNATORY)
    seed = secrets.token_bytes(32)
    pin = open_pin(actor.member, actor.keys)
    row = ArrivalKey(id=uuid.uuid4(), institution=actor.institution, opened_by=actor.member, opened_at=timezone.now())
    opening = Opening(
        institution=str(actor.institution.id),
        key=str(row.id),
        public=private_of(seed).public,
        channels=tuple(sorted(set(channels))),
        register_key=pin.register_key,
        log=pin.log,
        roster=pin.trusted,
        by=actor.id,
        at_ms=int(row.opened_at.timestamp() * 1000),
    )
    row.statement = sign_opening(opening, keys)
    digest = hashlib.sha256(row.statement).digest()
    with transaction.atomic():
        _end(actor.institution, row.opened_at)
        row.save(force_insert=True)
        ArrivalShare.objects.bulk_create(
            ArrivalShare(
                institution=actor.institution,
                key=row,
                member=member,
                wrapped=wrap_key(seed, public.hpke, _share_context(row, member)),
            )
            for member, public in readers
        )
        # Before the commit: if the commit fails the pin names nothing, and nothing can be filed until somebody opens.
        replace_key(actor.institution, PIN, digest)
        details: JsonObject = {"opening": digest.hex(), "channels": list(opening.channels)}
        leave_trace(actor, "arrivals.opened", details)
    return row


def close_arrivals(actor: Actor) -> None:
    """Close the institution to everything that arrives; what arrived is still read. Closing twice is no error."""
    require(can_close_arrivals(actor))
    with transaction.atomic():
        # Without the host's pin no row opens it again, whatever a database says.
        remove_key(actor.institution, PIN)
        _end(actor.institution, timezone.now())
        leave_trace(actor, "arrivals.closed", {})


def open_private(actor: Actor, key: ArrivalKey) -> HybridPrivateKey:
    """Return the private key that opens what arrived under `key`.

    Raises:
        NotAllowed: if its seed was never wrapped to the actor.
        BlobError: if the stored wrap was changed or moved.
    """
    share = ArrivalShare.objects.filter(key=key, member=actor.member, institution=actor.institution).first()
    if share is None:
        raise NotAllowed("the key of these arrivals was never wrapped to this member")
    return private_of(unwrap_key(bytes(share.wrapped), actor.keys.hpke, _share_context(key, actor.member)))


def _end(institution: Institution, at: datetime) -> None:
    ArrivalKey.objects.filter(institution=institution, closed_at=None).update(closed_at=at)


def _share_context(key: ArrivalKey, member: Member) -> JsonObject:
    return {
        "use": "arrival-share",
        "institution": str(key.institution_id),
        "key": str(key.id),
        "member": str(member.id),
    }
