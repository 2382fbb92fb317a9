"""Acts on the register beside appending: publish what waits, open the details of an entry."""

from dataclasses import dataclass, field
from enum import Enum

from django.db import transaction

from ciment.canon import CimentError, HybridPrivateKey, InvalidEncoding, JsonObject, OpeningFailed
from ciment.register import Entry, Opening, document_opening, verify_opening
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.register_key import open_register_key
from ciment_web.members.tracing import record
from ciment_web.register.actions import details_context
from ciment_web.register.models import Leaf, LogHead
from ciment_web.register.publisher import publish
from ciment_web.register.queries import latest_checkpoint
from ciment_web.register.signer import ForkRefused
from ciment_web.transparency.queries import documents_at


class Trouble(Enum):
    """Why nothing more is published."""

    NONE = ""
    FORK = "fork"
    UNSIGNED = "unsigned"


@dataclass(frozen=True)
class Publication:
    """How far publication is: `waiting` entries are committed but under no checkpoint yet."""

    waiting: int
    trouble: Trouble


class Agreement(Enum):
    """Whether opened details are those that the register committed to."""

    HOLDS = "holds"
    DIFFERS = "differs"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Details:
    """The details of one entry, opened for an auditor."""

    agreement: Agreement
    told: JsonObject = field(repr=False)


def publish_waiting(institution: Institution) -> Publication:
    """Publish what is committed and not yet published; a failure is an answer, since reading must go on."""
    if not _count_waiting(institution):
        return Publication(0, Trouble.NONE)
    trouble = Trouble.NONE
    try:
        publish(institution)
    except (ForkRefused, LookupError):
        # A node that is gone (LookupError) is a log that does not continue what was signed either.
        trouble = Trouble.FORK
    except (CimentError, OSError):
        trouble = Trouble.UNSIGNED
    return Publication(_count_waiting(institution), trouble)


def open_details(actor: Actor, leaf: Leaf) -> Details:
    """Open the details of an entry and hold them against its commitment; the reading is an act and leaves its trace.

    Raises:
        NotAllowed: for anyone but an auditor who was given the key of the register.
    """
    key = open_register_key(actor)
    with transaction.atomic():
        details = _open(key, leaf)
        record(actor, "register.details_read", {"index": leaf.index})
    return details


def _open(key: HybridPrivateKey, leaf: Leaf) -> Details:
    try:
        opening = Opening.parse(key.open(bytes(leaf.sealed_details), details_context(leaf.institution)))
        entry = Entry.parse(bytes(leaf.entry))
    except (OpeningFailed, InvalidEncoding):
        return Details(Agreement.UNREADABLE, {})
    documents = documents_at(leaf.institution, leaf.index)
    # The details of an entry that names documents stand under a commitment of their own, see `document_opening`.
    public = document_opening(opening.salt, opening.details, documents) if documents else opening
    try:
        verify_opening(entry, public)
    except InvalidEncoding:
        return Details(Agreement.DIFFERS, opening.details)
    return Details(Agreement.HOLDS, opening.details)


def _count_waiting(institution: Institution) -> int:
    published = latest_checkpoint(institution)
    size: int = LogHead.objects.get(institution=institution).size
    return size - (published.size if published else 0)
