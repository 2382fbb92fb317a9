"""What is known of a release copy: its label, its sealed words, its stored bytes, and how Δ describes it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from ciment.canon import Json, decode
from ciment.quorum.wrap import Label
from ciment.vault import open_blob
from ciment_web.blobs import store
from ciment_web.decisions.models import ReleaseCopy
from ciment_web.decisions.refusals import CopyRefused
from ciment_web.decisions.subjects import Subject


@dataclass(frozen=True)
class Description:
    """The sealed words about a copy."""

    name: str = field(repr=False)
    text: str = field(repr=False)
    reasons: tuple[str, ...] = field(repr=False, default=())


def copies_in_preparation(subject: Subject, institution_id: uuid.UUID) -> list[ReleaseCopy]:
    """Return the copies that no decision has taken yet, in order."""
    return list(ReleaseCopy.objects.filter(institution_id=institution_id, subject_digest=subject.digest, decision=None))


def describe(copy: ReleaseCopy, subject: Subject) -> Description:
    """Return the words about a copy; raises BlobError if they were changed or moved."""
    fields = decode(open_blob(subject.key, bytes(copy.sealed_description), subject.context(f"copy/{copy.id}")))
    if not isinstance(fields, dict):
        raise CopyRefused("gone")
    reasons = fields["reasons"]
    return Description(
        str(fields["name"]), str(fields["text"]), tuple(map(str, reasons)) if isinstance(reasons, list) else ()
    )


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


def read_stored(blob: str) -> tuple[bytes, bytes]:
    """Return SHA-256 and first bytes of a stored file, read now from the store."""
    digest, head = sha256(), b""
    for chunk in store.read(blob):
        digest.update(chunk)
        head = head or chunk
    return digest.digest(), head


def describe_copies(copies: Sequence[ReleaseCopy], preparer: str) -> Json:
    """Return what Δ says of the copies and of who prepared them, from the rows and the stored files.

    The words about a copy stay sealed: Δ names them by digest. It is computed when a decision is frozen, and again
    whenever somebody approves or executes: nothing about a copy can be exchanged in between.
    """
    return {
        "preparer": preparer,
        "list": [
            {
                "id": str(copy.id),
                "category": copy.category,
                "media_type": copy.media_type,
                "size": copy.size,
                "whole": copy.whole,
                "negative": copy.negative,
                "description": sha256(bytes(copy.sealed_description)).hexdigest(),
                "reading": _reading(copy),
            }
            for copy in copies
        ],
    }


def _reading(copy: ReleaseCopy) -> Json:
    if not copy.reading_blob:
        return None
    return {"id": str(copy.reading_id), "sha256": read_stored(copy.reading_blob)[0].hex()}
