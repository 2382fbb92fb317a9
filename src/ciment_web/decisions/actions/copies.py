"""Make and remove the copies that may leave; each is sealed under its own key, wrapped to the quorum."""

import uuid
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ciment.canon import Json, JsonObject, encode
from ciment.quorum.wrap import wrap
from ciment.vault import seal
from ciment_web.blobs import store
from ciment_web.blobs.media import sniff
from ciment_web.blobs.sealing import SealedFile, open_file, seal_file
from ciment_web.blobs.uploads import SealedUpload
from ciment_web.decisions.actions.reading import give_reading
from ciment_web.decisions.copies import label_of
from ciment_web.decisions.models import ReleaseCopy
from ciment_web.decisions.redaction import keep_pages
from ciment_web.decisions.refusals import CopyRefused
from ciment_web.decisions.subjects import Subject, handler_for
from ciment_web.institutions.holds import require_erasure_free
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record
from ciment_web.quorum.trust import trusted_roster

ACCEPTED = frozenset({"application/pdf", "image/png", "image/jpeg", "text/plain"})


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
class _Sealed:
    file: SealedFile
    size: int
    media_type: str
    name: str = field(repr=False)


def add_copy(actor: Actor, subject: Subject, upload: SealedUpload, new: NewCopy) -> ReleaseCopy:
    """Turn an upload into a release copy, whole or smaller, and wrap its key to the quorum.

    Raises:
        NotAllowed: unless the actor prepares this subject now, and the law opens the category.
        CopyRefused: `not_supported`, `broken_pdf`, `pages`, `empty`, or `reason` (left out without a why).
    """
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
    made = [sealed.blob, *([reading.blob] if reading else [])]
    with transaction.atomic(), store.discarding(*made):
        require(new.category in handler_for(subject).lock_preparation(actor, subject))
        copy = _save_copy(actor, subject, new, _Sealed(sealed, size, media_type, upload.name or "document"))
        if reading is not None:
            give_reading(actor, subject, copy, reading)
        record(actor, "copy.added", {"subject": subject.id, "copy": str(copy.id), "reading": reading is not None})
    return copy


def add_negative(actor: Actor, subject: Subject, category: str, words: NegativeWords) -> ReleaseCopy:
    """Make the copy that says nothing is held in `category`: it needs the same accords as a document.

    Raises:
        NotAllowed: unless the actor prepares this subject now, and the law opens the category.
    """
    content = words.content.encode()
    file = seal_file([content])
    with transaction.atomic(), store.discarding(file.blob):
        require(category in handler_for(subject).lock_preparation(actor, subject))
        sealed = _Sealed(file, len(content), "text/plain", words.name)
        copy = _save_copy(actor, subject, NewCopy(category, words.description), sealed, negative=True)
        record(actor, "copy.added", {"subject": subject.id, "copy": str(copy.id), "negative": True})
    return copy


def remove_copy(actor: Actor, subject: Subject, copy: ReleaseCopy) -> None:
    """Remove a copy that no decision names.

    Raises:
        NotAllowed: unless the actor prepares this subject now.
        ErasureHeld: while a search or seizure forbids erasing.
        CopyRefused: `gone`, if a decision took it in the meantime, or somebody removed it.
    """
    with transaction.atomic():
        handler_for(subject).lock_preparation(actor, subject)
        require_erasure_free(actor.institution)
        mine = ReleaseCopy.objects.filter(
            pk=copy.pk, institution=actor.institution, subject_digest=subject.digest, decision=None
        )
        removed = {label for label, count in mine.delete()[1].items() if count}
        if ReleaseCopy._meta.label not in removed:  # noqa: SLF001 - Django's documented model API
            raise CopyRefused("gone")
        record(actor, "copy.removed", {"subject": subject.id, "copy": str(copy.id)})
        for name in filter(None, (copy.blob, copy.reading_blob)):
            transaction.on_commit(partial(store.remove, name))


def _media_type(upload: SealedUpload) -> str:
    if not upload.size:
        raise CopyRefused("empty")
    media_type = sniff(next(open_file(upload.sealed.key, upload.sealed.blob, upload.sealed.id), b"")[:4096])
    if media_type not in ACCEPTED:
        raise CopyRefused("not_supported")
    return media_type


def _save_copy(actor: Actor, subject: Subject, new: NewCopy, sealed: _Sealed, *, negative: bool = False) -> ReleaseCopy:
    roster = trusted_roster(actor).roster
    file = sealed.file
    mine = ReleaseCopy.objects.filter(institution=actor.institution, subject_digest=subject.digest)
    copy = ReleaseCopy(
        id=uuid.UUID(file.id),
        institution=actor.institution,
        subject_digest=subject.digest,
        position=(mine.aggregate(last=Max("position"))["last"] or 0) + 1,
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
