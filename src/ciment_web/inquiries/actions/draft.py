"""A message read before the record is saved: sealed to the member who records, taken over or forgotten within a day."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ciment.canon import CimentError, JsonObject, decode
from ciment.vault import open_blob, seal
from ciment_web.blobs import store
from ciment_web.blobs.sealing import SealedFile, open_file, seal_file
from ciment_web.blobs.uploads import SealedUpload
from ciment_web.inquiries.actions.record import NamedFile, describe_file
from ciment_web.inquiries.incoming import IncomingMessage, join_pages, read_message
from ciment_web.inquiries.models import Draft
from ciment_web.inquiries.permissions import can_record
from ciment_web.institutions.holds import is_erasure_held
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace

_LIFE = timedelta(days=1)


class DraftGone(CimentError):  # noqa: N818 - the class names the refusal
    """A message that was read, and is no longer kept."""


def keep_draft(actor: Actor, *uploads: SealedUpload) -> tuple[Draft, IncomingMessage]:
    """Read a message, or the pages of a letter in their order, and keep it sealed to the actor until it is recorded.

    Raises:
        UnreadableMessage: with the reason; nothing is kept then.
    """
    require(can_record(actor) and bool(uploads))
    # Every page is read before any is kept: one that cannot be read is told while all of them can still be chosen anew.
    messages = [read_message(upload.read_all(), upload.name or "message") for upload in uploads]
    drafts = [_draft(actor, upload, position) for position, upload in enumerate(uploads)]
    for draft in drafts[1:]:
        draft.first = drafts[0]
    with transaction.atomic():
        _forget_old(actor)
        for draft in drafts:
            draft.save(force_insert=True)
        leave_trace(actor, "draft.kept", {"draft": str(drafts[0].id)})
    return drafts[0], join_pages(messages)


def _draft(actor: Actor, upload: SealedUpload, position: int) -> Draft:
    draft = Draft(institution=actor.institution, member=actor.member, made_at=timezone.now(), position=position)
    sealed = upload.keep()
    draft.blob = sealed.blob
    described = describe_file(NamedFile(upload.name or "message", sealed))
    draft.sealed_name = seal(actor.keys.derive("draft"), described, _context(draft))
    return draft


def take_draft(actor: Actor, draft_id: uuid.UUID) -> list[NamedFile]:
    """Return the files of a draft: each page as it came, followed by what it carries, sealed anew.

    The draft stays until `forget_draft`: if the record fails, nothing is lost.

    Raises:
        DraftGone: if it is older than a day or was used before: the message must be given again, not dropped.
    """
    mine = Draft.objects.filter(institution=actor.institution, member=actor.member)
    first = mine.filter(id=draft_id, first=None).first()
    if first is None:
        raise DraftGone("the message that was read is no longer kept")
    return [file for draft in (first, *mine.filter(first=first).order_by("position")) for file in _take(actor, draft)]


def _take(actor: Actor, draft: Draft) -> list[NamedFile]:
    fields = decode(open_blob(actor.keys.derive("draft"), bytes(draft.sealed_name), _context(draft)))
    if not isinstance(fields, dict):
        raise CimentError("not a draft")
    name, identifier, key = str(fields["name"]), str(fields["id"]), bytes.fromhex(str(fields["key"]))
    content = b"".join(open_file(key, draft.blob, identifier))
    files = [NamedFile(name, seal_file([content]))]
    files += [NamedFile(part.name, seal_file([part.data])) for part in read_message(content, name).attachments]
    return files


def forget_draft(actor: Actor, draft_id: uuid.UUID) -> None:
    """Remove a draft whose files the record has taken over."""
    mine = Draft.objects.filter(institution=actor.institution, member=actor.member)
    for draft in [*mine.filter(first=draft_id), *mine.filter(id=draft_id)]:
        _drop(draft)


def discard(files: list[NamedFile]) -> None:
    """Remove sealed files that no row came to name."""
    for file in files:
        store.remove(file.sealed.blob)


def keep_upload(upload: SealedUpload) -> list[NamedFile]:
    """Return a message joined to the record without having been read first."""
    sealed: SealedFile = upload.keep()
    return [NamedFile(upload.name or "message", sealed)]


def _forget_old(actor: Actor) -> None:
    # A search or seizure holds back what would go by itself; what a record took over is not lost.
    if is_erasure_held(actor.institution):
        return
    # Pages before the one they follow, which would take their rows with it and leave their files.
    old = Draft.objects.filter(institution=actor.institution, made_at__lt=timezone.now() - _LIFE)
    for draft in old.order_by("-position"):
        _drop(draft)


def _drop(draft: Draft) -> None:
    blob = draft.blob
    draft.delete()
    transaction.on_commit(lambda: store.remove(blob))


def _context(draft: Draft) -> JsonObject:
    return {
        "use": "draft",
        "institution": str(draft.institution_id),
        "draft": str(draft.id),
        "position": draft.position,
    }
