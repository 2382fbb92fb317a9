"""Make, describe and remove the copies that may leave; each is sealed under its own key, wrapped to the quorum."""

import io
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import chain

from django.db import transaction
from django.utils import timezone
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from ciment.canon import CimentError, Json, JsonObject, decode, encode
from ciment.quorum.wrap import Label, wrap
from ciment.vault import MemberPublic, open_blob, seal, unwrap_key, wrap_key
from ciment_web.blobs import store
from ciment_web.blobs.media import sniff
from ciment_web.blobs.sealing import SealedFile, open_file, seal_file
from ciment_web.blobs.uploads import SealedUpload
from ciment_web.decisions.models import ReadingKey, ReleaseCopy
from ciment_web.decisions.subjects import Subject
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.members.refusals import NotAllowed, require
from ciment_web.members.tracing import record
from ciment_web.quorum.trust import trusted_members, trusted_roster

ACCEPTED = frozenset({"application/pdf", "image/png", "image/jpeg", "text/plain"})
_PAGES = re.compile(r"\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?")


class CopyRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A file that cannot become a release copy; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"copy refused: {code}")
        self.code = code


@dataclass(frozen=True)
class NewCopy:
    """What the referent says of a copy. `pages` (of a PDF) are those kept; `reasons`, one per thing left out."""

    category: str
    description: str = field(repr=False)
    pages: str = ""
    reasons: tuple[str, ...] = field(repr=False, default=())
    reading: bool = False


@dataclass(frozen=True)
class NegativeWords:
    """The words of a copy that says nothing is held: its file name, its description and its text."""

    name: str
    description: str
    content: str


@dataclass(frozen=True)
class Description:
    """The sealed words about a copy."""

    name: str = field(repr=False)
    text: str = field(repr=False)
    reasons: tuple[str, ...] = field(repr=False, default=())


def add_copy(
    actor: Actor, subject: Subject, upload: SealedUpload, new: NewCopy, allowed: frozenset[str]
) -> ReleaseCopy:
    """Turn an upload into a release copy, whole or smaller, and wrap its key to the quorum.

    Raises:
        NotAllowed: for a member who does not prepare, or a category that the qualification keeps silent.
        CopyRefused: `not_supported`, `broken_pdf`, `pages`, `empty`, or `reason` (left out without a why).
    """
    require(actor.holds(Role.REFERENT) and new.category in allowed)
    if (new.pages.strip() != "") != bool(new.reasons):
        raise CopyRefused("reason")
    media_type = _media_type(upload)
    content = None
    if new.pages.strip():
        content = keep_pages(upload.read_all(), new.pages)
        sealed, size = seal_file([content]), len(content)
    else:
        sealed, size = upload.keep(), int(upload.size or 0)
    reading = seal_file([content if content is not None else upload.read_all()]) if new.reading else None
    try:
        with transaction.atomic():
            copy = _save_copy(actor, subject, new, _Sealed(sealed, size, media_type, upload.name or "document"))
            if reading is not None:
                _give_reading(actor, copy, reading)
            record(actor, "copy.added", {"subject": subject.id, "copy": str(copy.id), "reading": reading is not None})
    except BaseException:
        for file in (sealed, reading):
            if file is not None:
                store.remove(file.blob)
        raise
    return copy


def add_negative(
    actor: Actor, subject: Subject, category: str, words: NegativeWords, allowed: frozenset[str]
) -> ReleaseCopy:
    """Make the copy that says nothing is held in `category`: it needs the same accords as a document.

    Raises:
        NotAllowed: for a member who does not prepare, or a category that the qualification keeps silent.
    """
    require(actor.holds(Role.REFERENT) and category in allowed)
    content = words.content.encode()
    file = seal_file([content])
    try:
        with transaction.atomic():
            sealed = _Sealed(file, len(content), "text/plain", words.name)
            copy = _save_copy(actor, subject, NewCopy(category, words.description), sealed, negative=True)
            record(actor, "copy.added", {"subject": subject.id, "copy": str(copy.id), "negative": True})
    except BaseException:
        store.remove(file.blob)
        raise
    return copy


def remove_copy(actor: Actor, subject: Subject, copy: ReleaseCopy) -> None:
    """Remove a copy that no open decision names."""
    require(actor.holds(Role.REFERENT) and copy.decision_id is None and bytes(copy.subject_digest) == subject.digest)
    with transaction.atomic():
        copy.delete()
        record(actor, "copy.removed", {"subject": subject.id, "copy": str(copy.id)})
        for name in filter(None, (copy.blob, copy.reading_blob)):
            transaction.on_commit(partial(store.remove, name))


def copies_in_preparation(subject: Subject, institution_id: uuid.UUID) -> list[ReleaseCopy]:
    """Return the copies that no decision has taken yet, in order."""
    return list(ReleaseCopy.objects.filter(institution_id=institution_id, subject_digest=subject.digest, decision=None))


def describe(copy: ReleaseCopy, subject: Subject) -> Description:
    """Return the words about a copy; raises BlobError if they were changed or moved."""
    fields = decode(open_blob(subject.key, bytes(copy.sealed_description), subject.context(f"copy/{copy.id}")))
    if not isinstance(fields, dict):
        raise CopyRefused("description")
    reasons = fields["reasons"]
    return Description(
        str(fields["name"]), str(fields["text"]), tuple(map(str, reasons)) if isinstance(reasons, list) else ()
    )


def read_reading_copy(actor: Actor, subject: Subject, copy: ReleaseCopy) -> bytes:
    """Open a reading copy; the reading is in the register before it is shown."""
    row = ReadingKey.objects.filter(copy=copy, member=actor.member, institution=actor.institution).first()
    if row is None:
        raise NotAllowed("no reading copy for this member")
    key = unwrap_key(bytes(row.wrapped), actor.keys.hpke, _reading_context(copy, actor.member))
    with transaction.atomic():
        content = b"".join(open_file(key, copy.reading_blob, str(copy.reading_id)))
        record(actor, "copy.read", {"subject": subject.id, "copy": str(copy.id)})
    return content


def label_of(copy: ReleaseCopy, kappa: bytes, blob_sha256: bytes, commitment: bytes) -> Label:
    """Return the label of a copy: digest and commitment are given by whoever read the stored blob, never by its row."""
    return Label(
        kappa=kappa,
        kind="copy",
        ids=(str(copy.institution_id), str(copy.id)),
        epoch=0,
        version=1,
        category=copy.category,
        blob_sha256=blob_sha256,
        com=commitment,
    )


def keep_pages(pdf: bytes, pages: str) -> bytes:
    """Return a PDF of only the pages named ("1-2, 4"), rebuilt so that nothing of the others stays behind.

    Raises:
        CopyRefused: `broken_pdf`, or `pages` when the list is empty, malformed or names a page that is not there.
    """
    try:
        reader = PdfReader(io.BytesIO(pdf), strict=False)
        writer = PdfWriter()
        for number in _page_numbers(pages, len(reader.pages)):
            writer.add_page(reader.pages[number - 1])
        writer.metadata = None
        writer.compress_identical_objects(remove_orphans=True)
        out = io.BytesIO()
        writer.write(out)
    except (PyPdfError, ValueError, KeyError, OSError, RecursionError) as error:
        raise CopyRefused("broken_pdf") from error
    return out.getvalue()


def _page_numbers(text: str, last: int) -> Sequence[int]:
    ranges = []
    for part in text.split(","):
        found = _PAGES.fullmatch(part)
        if not found:
            raise CopyRefused("pages")
        first, end = int(found[1]), int(found[2] or found[1])
        if not 1 <= first <= end <= last:
            raise CopyRefused("pages")
        ranges.append(range(first, end + 1))
    return sorted(set(chain.from_iterable(ranges)))


def _media_type(upload: SealedUpload) -> str:
    if not upload.size:
        raise CopyRefused("empty")
    media_type = sniff(next(open_file(upload.sealed.key, upload.sealed.blob, upload.sealed.id), b"")[:4096])
    if media_type not in ACCEPTED:
        raise CopyRefused("not_supported")
    return media_type


@dataclass(frozen=True)
class _Sealed:
    file: SealedFile
    size: int
    media_type: str
    name: str = field(repr=False)


def _save_copy(actor: Actor, subject: Subject, new: NewCopy, sealed: _Sealed, *, negative: bool = False) -> ReleaseCopy:
    roster = trusted_roster(actor).roster
    file = sealed.file
    copy = ReleaseCopy(
        id=uuid.UUID(file.id),
        institution=actor.institution,
        subject_digest=subject.digest,
        position=len(copies_in_preparation(subject, actor.institution.id)) + 1,
        category=new.category,
        media_type=sealed.media_type,
        size=sealed.size,
        blob=file.blob,
        blob_sha256=file.sha256,
        commitment=file.commitment,
        whole=not new.reasons,
        negative=negative,
        added_by=actor.member,
        added_at=timezone.now(),
    )
    wrapped = wrap(file.key, label_of(copy, roster.kappa, file.sha256, file.commitment), roster)
    copy.wrap, copy.sealed_p = wrapped.wrap.encode(), wrapped.p_ct
    reasons: list[Json] = list(new.reasons)
    words: JsonObject = {"name": sealed.name, "text": new.description, "reasons": reasons}
    copy.sealed_description = seal(subject.key, encode(words), subject.context(f"copy/{copy.id}"))
    copy.save(force_insert=True)
    return copy


def _give_reading(actor: Actor, copy: ReleaseCopy, reading: SealedFile) -> None:
    signatories: list[tuple[Member, MemberPublic]] = trusted_members(actor, Role.SIGNATORY)
    copy.reading_blob, copy.reading_id = reading.blob, uuid.UUID(reading.id)
    copy.save(update_fields=["reading_blob", "reading_id"])
    ReadingKey.objects.bulk_create(
        ReadingKey(
            institution=copy.institution,
            copy=copy,
            member=member,
            wrapped=wrap_key(reading.key, public.hpke, _reading_context(copy, member)),
        )
        for member, public in signatories
    )


def _reading_context(copy: ReleaseCopy, member: Member) -> JsonObject:
    return {"use": "reading-copy", "copy": str(copy.id), "file": str(copy.reading_id), "member": str(member.id)}


def read_stored(copy: ReleaseCopy) -> tuple[bytes, bytes]:
    """Return SHA-256 and first bytes of the stored blob, read now from the store."""
    digest, head = sha256(), b""
    for chunk in store.read(copy.blob):
        digest.update(chunk)
        head = head or chunk
    return digest.digest(), head
