"""The inventory: what was noted, printed as it stands, under the institution's seal and in its register."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciment.canon import CimentError
from ciment.register import Document, Opening
from ciment.vault import open_blob, seal
from ciment_web.inquiries.documents import letterhead_of, local_time, put_seal
from ciment_web.institutions.languages import writing_for
from ciment_web.institutions.models import Institution
from ciment_web.letters import InventoryFact, InventoryItem, SeizureInventory, Verification, render_inventory
from ciment_web.members.actor import Actor
from ciment_web.members.pin import pinned_log
from ciment_web.members.refusals import require
from ciment_web.members.tracing import Recorded
from ciment_web.members.tracing import record as leave_trace
from ciment_web.register import actions as register
from ciment_web.register.queries import Entered, prove
from ciment_web.register.signer import origin_of, signer_of
from ciment_web.seizures.actions import Told, lock_seizure, open_facts
from ciment_web.seizures.models import Inventory, Seizure
from ciment_web.seizures.permissions import can_note
from ciment_web.seizures.sealing import open_key, sealed_context
from ciment_web.seizures.steps import answers_of, heading_of, objection_of, of_kind, word_of


@dataclass(frozen=True)
class _Printing:
    seizure: Seizure
    facts: list[Told]
    at: datetime
    entry_index: int


class ChangedInventory(CimentError):  # noqa: N818 - the class names the refusal
    """A stored inventory whose digest is not that of its bytes."""


def make_inventory(actor: Actor, seizure: Seizure) -> Inventory:
    """Print what was noted so far; every printing is kept, sealed by the institution and provable.

    Raises:
        NotReader: if the seizure's key was never wrapped to the actor.
        UnprintableLetter, SealUnusable: if the document cannot be made; nothing is kept then.
    """
    require(can_note(actor))
    key = open_key(actor, seizure)
    with transaction.atomic():
        locked = lock_seizure(actor, seizure)
        # Two printings at once would take one number: the seizure's row is the lock.
        last = locked.inventories.aggregate(last=Max("number"))["last"]
        number, now = (last or 0) + 1, timezone.now()
        printing = _Printing(locked, open_facts(locked, key), now, register.reserve(actor.institution))
        pdf = put_seal(actor.institution, _compose(printing), gettext_lazy("Inventaire de perquisition ou de saisie"))
        digest = hashlib.sha256(pdf).digest()
        details = {"seizure": str(seizure.id)}
        recorded = leave_trace(actor, "seizure.printed", details, documents=[Document("inventory", digest)])
        return _keep(actor, locked, key, _Printed(number, now, pdf, digest, recorded))


def open_inventory(actor: Actor, inventory: Inventory) -> bytes:
    """Return the PDF; the reading is in the register before it leaves.

    Raises:
        NotReader, BlobError: as reading the seizure.
        ChangedInventory: if its digest was changed.
    """
    key = open_key(actor, inventory.seizure)
    pdf = open_blob(key, bytes(inventory.sealed_pdf), sealed_context(inventory.seizure, _part(inventory, "pdf")))
    if hashlib.sha256(pdf).digest() != bytes(inventory.sha256):
        raise ChangedInventory("an inventory is not the one that was kept")
    with transaction.atomic():
        leave_trace(actor, "seizure.read", {"seizure": str(inventory.seizure_id)})
    return pdf


def prove_inventory(actor: Actor, inventory: Inventory) -> bytes | None:
    """Return the offline proof of an inventory, under the log key that the actor pinned; None until it is published."""
    key = open_key(actor, inventory.seizure)
    context = sealed_context(inventory.seizure, _part(inventory, "opening"))
    opening = Opening.parse(open_blob(key, bytes(inventory.sealed_opening), context))
    subject = Document("inventory", bytes(inventory.sha256))
    return prove(inventory.institution, Entered(subject, opening, inventory.leaf_index), pinned_log(actor))


@dataclass(frozen=True)
class _Printed:
    number: int
    at: datetime
    pdf: bytes
    digest: bytes
    recorded: Recorded


def _keep(actor: Actor, seizure: Seizure, key: bytes, printed: _Printed) -> Inventory:
    row = Inventory(
        institution=actor.institution,
        seizure=seizure,
        number=printed.number,
        sha256=printed.digest,
        leaf_index=printed.recorded.index,
        made_by=actor.member,
        made_at=printed.at,
    )
    row.sealed_pdf = seal(key, printed.pdf, sealed_context(seizure, _part(row, "pdf")))
    row.sealed_opening = seal(key, printed.recorded.opening.encode(), sealed_context(seizure, _part(row, "opening")))
    row.save(force_insert=True)
    return row


def _part(inventory: Inventory, part: str) -> str:
    return f"inventory/{inventory.number}/{part}"


def _compose(printing: _Printing) -> bytes:
    # Written for those who sign it, in the institution's language, whoever holds the telephone.
    with writing_for(printing.seizure.institution):
        return render_inventory(_values(printing))


def _values(printing: _Printing) -> SeizureInventory:
    institution, facts = printing.seizure.institution, printing.facts
    opener = printing.seizure.opened_by
    items = of_kind(facts, "item")
    return SeizureInventory(
        letterhead=letterhead_of(institution),
        reference=printing.seizure.reference,
        made_at=local_time(institution, printing.at).replace(microsecond=0),
        opened_at=local_time(institution, printing.seizure.opened_at).replace(microsecond=0),
        opened_by=f"{opener.name}, {opener.function}",
        facts=tuple(_fact(each, institution) for each in facts if each.words.kind != "item"),
        items=tuple(_item(each, institution) for each in items),
        verification=Verification(
            url=f"{'https' if settings.CIMENT_SECURE else 'http'}://{origin_of(institution)}/verifier/",
            log_origin=origin_of(institution),
            entry_index=printing.entry_index,
            key_fingerprint=hashlib.sha256(signer_of(institution).verifier.vkey.encode()).hexdigest()[:16],
            proof_name=f"inventaire-{printing.seizure.reference}.tlog-proof",
        ),
    )


def _fact(told: Told, institution: Institution) -> InventoryFact:
    return InventoryFact(
        heading=str(heading_of(told)),
        minute=_minute(told, institution),
        answers=tuple((asked, " ; ".join(answer.splitlines())) for asked, answer in answers_of(told)),
    )


def _item(told: Told, institution: Institution) -> InventoryItem:
    given = told.words.answers
    place = given.get("place", "")
    what = given.get("what", "")
    return InventoryItem(
        minute=_minute(told, institution),
        what=f"{what} ({place})" if place else what,
        done=word_of("done", given.get("done", "")),
        copy=word_of("copy", given.get("copy", "")),
        objection=objection_of(told) or _("Aucune objection notée."),
    )


def _minute(told: Told, institution: Institution) -> str:
    return f"{local_time(institution, told.row.noted_at):%H:%M}, {told.row.noted_by.name}"
