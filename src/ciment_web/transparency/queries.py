"""Reads of the register for its pages, always within one institution."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.db.models import BinaryField, QuerySet, Value
from django.db.models.functions import Length, Substr

from ciment.canon import CimentError, InvalidEncoding
from ciment.register import (
    Document,
    Entry,
    NoteVerifier,
    inclusion_proof,
    leaf_hash,
    verify_checkpoint,
    verify_inclusion,
)
from ciment_web.decisions.models import Decision, Packet
from ciment_web.inquiries.documents import subject_of
from ciment_web.inquiries.models import Document as InquiryDocument
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.pin import open_pin
from ciment_web.register.models import Leaf
from ciment_web.register.queries import StoredHashes, latest_checkpoint
from ciment_web.seizures.models import Inventory

PAGE_LENGTH = 25
# An entry ends in …,"kind":"…","time":1700000000000,"v":1} with a time of 13 digits from 2001 to 2286.
_TIME_LENGTH = 13
_TIME_FROM_END = _TIME_LENGTH + len(b',"v":1}')


@dataclass(frozen=True)
class Filter:
    """Which entries are wanted: of one public kind, of one day where the institution is, below one index."""

    kind: str = ""
    day: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class Shown:
    """An entry as the pages show it; `entry` is None when its stored bytes are no entry any more."""

    index: int
    entry: Entry | None
    leaf_hash: bytes

    @property
    def at(self) -> datetime | None:
        """When it was made."""
        return None if self.entry is None else datetime.fromtimestamp(self.entry.time_ms / 1000, UTC)


@dataclass(frozen=True)
class Trusted:
    """The published checkpoint that the key pinned by the member has signed."""

    size: int
    root: bytes
    published_at: datetime


def trusted_key(actor: Actor) -> str:
    """Return the register's key (vkey) that the member trusts, whatever the database or this host says today."""
    return open_pin(actor.member, actor.keys).log


def trusted_checkpoint(institution: Institution, vkey: str) -> Trusted | None:
    """Return the newest published checkpoint, None before the first.

    Raises:
        NoteRefused: if the key `vkey` did not sign it.
    """
    published = latest_checkpoint(institution)
    if published is None:
        return None
    checkpoint = verify_checkpoint(bytes(published.note), [NoteVerifier.parse(vkey)])
    return Trusted(checkpoint.size, checkpoint.root, published.published_at)


def list_entries(institution: Institution, wanted: Filter) -> tuple[list[Shown], bool]:
    """Return one page of entries, newest first, and whether older ones follow, in one query."""
    page = list(_filtered(institution, wanted).order_by("-index").values_list("index", "entry")[: PAGE_LENGTH + 1])
    return [show_entry(index, bytes(data)) for index, data in page[:PAGE_LENGTH]], len(page) > PAGE_LENGTH


def find_leaf(institution: Institution, index: int) -> Leaf | None:
    """Return the row of entry `index`."""
    return Leaf.objects.filter(institution=institution, index=index).first()


def show_entry(index: int, data: bytes) -> Shown:
    """Return what is public of entry `index`, its hash recomputed from its bytes `data`."""
    try:
        entry = Entry.parse(data)
    except InvalidEncoding:
        entry = None
    return Shown(index, entry, leaf_hash(data))


def is_covered(institution: Institution, shown: Shown, trusted: Trusted) -> bool:
    """Whether the entry is proved to stand under the trusted checkpoint."""
    if shown.index >= trusted.size:
        return False
    try:
        proof = inclusion_proof(shown.index, trusted.size, StoredHashes(institution))
        verify_inclusion(shown.index, trusted.size, shown.leaf_hash, proof, trusted.root)
    except (CimentError, LookupError):
        return False
    return True


def documents_at(institution: Institution, index: int) -> list[Document]:
    """Return the documents that entry `index` names, in its order, as far as the institution still keeps them."""
    here = {"institution": institution, "leaf_index": index}
    packets = [Document("packet", bytes(row.sha256)) for row in Packet.objects.filter(**here)]
    papers = [subject_of(row.kind, bytes(row.sha256)) for row in InquiryDocument.objects.filter(**here)]
    inventories = [Document("inventory", bytes(row.sha256)) for row in Inventory.objects.filter(**here)]
    decisions = [Document("decision", sha256(bytes(row.delta)).digest()) for row in Decision.objects.filter(**here)]
    return [*packets, *papers, *inventories, *decisions]


def _filtered(institution: Institution, wanted: Filter) -> QuerySet[Leaf]:
    rows = Leaf.objects.filter(institution=institution)
    if wanted.before is not None:
        rows = rows.filter(index__lt=wanted.before)
    if wanted.day is not None:
        start, end = (str(int(moment.timestamp() * 1000)).encode() for moment in _bounds(institution, wanted.day))
        written = Substr("entry", Length("entry") + 1 - _TIME_FROM_END, _TIME_LENGTH, output_field=BinaryField())
        rows = rows.alias(time=written).filter(time__gte=start, time__lt=end)
    if wanted.kind:
        text = f'"kind":"{wanted.kind}","time":'.encode()
        written = Substr(
            "entry", Length("entry") + 1 - _TIME_FROM_END - len(text), len(text), output_field=BinaryField()
        )
        rows = rows.alias(kind=written).filter(kind=Value(text, output_field=BinaryField()))
    return rows


def _bounds(institution: Institution, day: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(institution.timezone)
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)
