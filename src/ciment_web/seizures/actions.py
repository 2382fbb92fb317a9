"""Open a search or seizure, note a fact, read, lift the hold on erasure: sealed, in the register."""

import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciment.canon import CimentError
from ciment_web.blobs import store
from ciment_web.blobs.sealing import open_file
from ciment_web.inquiries.notices import tell
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace
from ciment_web.quorum.trust import require_trusted, trusted_members, trusted_roster
from ciment_web.seizures.models import Fact, Seizure
from ciment_web.seizures.permissions import can_lift, can_note
from ciment_web.seizures.sealing import Words, open_key, open_words, seal_words, wrap_to


class NotOverYet(CimentError):  # noqa: N818 - the class names the refusal
    """A hold on erasure that nobody may lift: the end of the search or seizure was not noted."""


@dataclass(frozen=True)
class Told:
    """A fact with its words opened."""

    row: Fact
    words: Words = field(repr=False)


def open_seizure(actor: Actor) -> Seizure:
    """Say that somebody is at the door: the signatories are told, and nothing is erased from this minute on.

    Raises:
        NotAllowed: if nobody answers for the actor.
        NoQuorum: before the institution's ceremony: there is nobody to seal it to.
    """
    require(can_note(actor))
    roster = trusted_roster(actor).roster
    readers = {member.id: (member, public) for member, public in trusted_members(actor, Role.REFERENT, Role.SIGNATORY)}
    if actor.member.id not in readers:
        readers[actor.member.id] = (actor.member, require_trusted(actor.member, roster))
    with transaction.atomic():
        seizure = Seizure.objects.create(
            id=uuid.uuid4(), institution=actor.institution, opened_by=actor.member, opened_at=timezone.now()
        )
        wrap_to(seizure, secrets.token_bytes(32), readers.values())
        leave_trace(actor, "seizure.opened", {"seizure": str(seizure.id)})
        address = reverse("seizure", kwargs={"slug": seizure.institution.slug, "seizure_id": seizure.id})
        tell(seizure.institution, Role.SIGNATORY, _("Ciment : on vous attend à l’accueil, maintenant"), address)
    return seizure


def add_fact(actor: Actor, seizure: Seizure, words: Words) -> Fact:
    """Note what is known now, with its minute; what was noted before stays as it was.

    The photo, where there is one, is already sealed in the store, and is removed if the act fails.

    Raises:
        NotReader: if the seizure's key was never wrapped to the actor.
        NotAllowed: if nobody answers for the actor.
    """
    require(can_note(actor))
    key = open_key(actor, seizure)
    names = [words.photo.blob] if words.photo else []
    with transaction.atomic(), store.discarding(*names):
        fact = append_fact(actor, lock_seizure(actor, seizure), key, words)
        leave_trace(actor, "seizure.noted", {"seizure": str(seizure.id)})
    return fact


def lock_seizure(actor: Actor, seizure: Seizure) -> Seizure:
    """Lock a seizure until the end of the transaction, and return it as it is now."""
    return Seizure.objects.select_for_update().get(pk=seizure.pk, institution=actor.institution)


def append_fact(actor: Actor, locked: Seizure, key: bytes, words: Words) -> Fact:
    """Store the next fact of a locked seizure; the caller leaves the trace."""
    last = locked.facts.aggregate(last=Max("position"))["last"]
    fact = Fact(
        institution=actor.institution,
        seizure=locked,
        position=(last or 0) + 1,
        blob=words.photo.blob if words.photo else "",
        noted_by=actor.member,
        noted_at=timezone.now(),
    )
    fact.sealed_words = seal_words(fact, key, words)
    fact.save(force_insert=True)
    return fact


def read_seizure(actor: Actor, seizure: Seizure) -> Sequence[Told]:
    """Open every fact of a seizure, in order; the reading is in the register before they are shown.

    Raises:
        NotReader: if the seizure's key was never wrapped to the actor.
        BlobError: if a row was changed behind the application's back.
    """
    key = open_key(actor, seizure)
    with transaction.atomic():
        opened = open_facts(seizure, key)
        leave_trace(actor, "seizure.read", {"seizure": str(seizure.id)})
    return opened


def open_facts(seizure: Seizure, key: bytes) -> list[Told]:
    """Return every fact of a seizure, opened, in order; raises BlobError as `read_seizure`."""
    rows = seizure.facts.select_related("seizure", "noted_by").order_by("position")
    return [Told(row, open_words(row, key)) for row in rows]


def read_photo(actor: Actor, fact: Fact) -> tuple[str, Iterator[bytes]]:
    """Return the name and the bytes of the photo of a fact; the reading is in the register before.

    Raises:
        NotReader, BlobError: as `read_seizure`; BlobError also while the bytes are read.
    """
    photo = open_words(fact, open_key(actor, fact.seizure)).photo
    if photo is None:
        raise CimentError("this fact has no photo")
    with transaction.atomic():
        leave_trace(actor, "seizure.photo_read", {"seizure": str(fact.seizure_id)})
    return photo.name, open_file(photo.key, photo.blob, photo.id)


def lift_hold(actor: Actor, seizure: Seizure, reason: str) -> None:
    """Let erasure begin again after a seizure is over; who did, when and why stays among its facts.

    Raises:
        NotAllowed: for anybody but a signatory.
        NotOverYet: until its end was noted; lifted once, it stays so.
    """
    require(can_lift(actor))
    key = open_key(actor, seizure)
    with transaction.atomic():
        locked = lock_seizure(actor, seizure)
        if locked.lifted_at is not None or not any(each.words.kind == "end" for each in open_facts(locked, key)):
            raise NotOverYet("the end of this seizure was not noted, or its hold was lifted")
        fact = append_fact(actor, locked, key, Words("lifted", {"reason": reason}))
        locked.lifted_at = fact.noted_at
        locked.save(update_fields=["lifted_at"])
        leave_trace(actor, "seizure.hold_lifted", {"seizure": str(seizure.id)})
