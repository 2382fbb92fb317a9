"""Reading copies: for signatories who cannot decide without reading. They end with the decision."""

import uuid
from collections.abc import Sequence
from functools import partial

from django.db import transaction

from ciment.canon import JsonObject
from ciment.disclosure import ActRefused
from ciment.vault import unwrap_key, wrap_key
from ciment_web.blobs import store
from ciment_web.blobs.sealing import SealedFile, open_file
from ciment_web.decisions.copies import read_stored
from ciment_web.decisions.models import Decision, ReadingKey, ReleaseCopy
from ciment_web.decisions.subjects import Subject, handler_for
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.members.refusals import NotAllowed
from ciment_web.members.tracing import record
from ciment_web.quorum.trust import trusted_members


def give_reading(actor: Actor, subject: Subject, copy: ReleaseCopy, reading: SealedFile) -> None:
    """Wrap the key of a reading copy to the signatories who have not declared a tie."""
    copy.reading_blob, copy.reading_id = reading.blob, uuid.UUID(reading.id)
    copy.save(update_fields=["reading_blob", "reading_id"])
    recused = handler_for(subject).recused(actor, subject)
    ReadingKey.objects.bulk_create(
        ReadingKey(
            institution=copy.institution,
            copy=copy,
            member=member,
            wrapped=wrap_key(reading.key, public.hpke, _context(copy, member)),
        )
        for member, public in trusted_members(actor, Role.SIGNATORY)
        if str(member.id) not in recused
    )


def read_reading_copy(actor: Actor, subject: Subject, copy: ReleaseCopy, stated: bytes) -> bytes:
    """Open a reading copy; the reading is in the register before it is shown.

    Raises:
        NotAllowed: for a member it was not wrapped to.
        ActRefused: if the stored file is not the one of digest `stated`, which Δ names.
    """
    row = ReadingKey.objects.filter(copy=copy, member=actor.member, institution=actor.institution).first()
    if row is None:
        raise NotAllowed("no reading copy for this member")
    if read_stored(copy.reading_blob)[0] != stated:
        raise ActRefused("not_executable")
    key = unwrap_key(bytes(row.wrapped), actor.keys.hpke, _context(copy, actor.member))
    with transaction.atomic():
        content = b"".join(open_file(key, copy.reading_blob, str(copy.reading_id)))
        record(actor, "copy.read", {"subject": subject.id, "copy": str(copy.id)})
    return content


def trace_reading(actor: Actor, decision: Decision, part: str) -> None:
    """Put the reading of a decision in the register, before it is shown."""
    with transaction.atomic():
        record(actor, "decision.read", {"decision": str(decision.id), "part": part})


def end_reading(copies: Sequence[ReleaseCopy]) -> None:
    """Remove the reading copies of an executed decision: they have served."""
    for copy in copies:
        if copy.reading_blob:
            transaction.on_commit(partial(store.remove, copy.reading_blob))
            ReadingKey.objects.filter(copy=copy).delete()


def _context(copy: ReleaseCopy, member: Member) -> JsonObject:
    return {"use": "reading-copy", "copy": str(copy.id), "file": str(copy.reading_id), "member": str(member.id)}
