"""Handing over under constraint: a member exports what that member can read anyway, item by item, with its trace.

Nothing here opens a release copy: those stay closed under the quorum's key, whoever stands at the door.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from ciment_web.blobs.sealing import open_file
from ciment_web.inquiries.actions.open import Opened
from ciment_web.inquiries.actions.record import open_attachment
from ciment_web.inquiries.content import open_content
from ciment_web.inquiries.documents import open_document
from ciment_web.inquiries.keys import open_key as open_inquiry_key
from ciment_web.inquiries.models import Inquiry
from ciment_web.inquiries.permissions import may_hand_over
from ciment_web.institutions.languages import writing_for
from ciment_web.law import word_for
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace
from ciment_web.seizures.actions import append_fact, lock_seizure
from ciment_web.seizures.models import Seizure
from ciment_web.seizures.permissions import can_note
from ciment_web.seizures.sealing import Words, open_key

_STEMS = {"certificate": "attestation", "refusal": "reponse", "reply": "communication"}


@dataclass(frozen=True)
class Piece:
    """Something of a request that its reader may take along: how a form names it, and how people do."""

    part: str
    title: str


@dataclass(frozen=True)
class Objection:
    """What was said against handing over: one of the words of the form, and other words where there were any."""

    kind: str
    words: str = field(default="", repr=False)

    def answers(self) -> dict[str, str]:
        """Return it as a line of the inventory keeps it."""
        return {"objection": self.kind, **({"objection_words": self.words} if self.words else {})}


@dataclass(frozen=True)
class Exported:
    """What leaves with the member: a file, and the name it is saved under."""

    name: str
    content: bytes = field(repr=False)


def list_pieces(actor: Actor, inquiry: Inquiry) -> list[Piece]:
    """Return what the actor can read of a request: its words, its documents, what came with it.

    Raises:
        NotReader: if the request's key was never wrapped to the actor.
        NotAllowed: before the actor said whether a tie exists, or after a recusal.
    """
    open_inquiry_key(actor, inquiry)
    require(may_hand_over(actor, inquiry))
    titles = {
        "certificate": _("Attestation de relais"),
        "refusal": _("Lettre de réponse"),
        "reply": _("Lettre de communication"),
    }
    pieces = [Piece("words", _("Les mots de la demande"))]
    pieces += [
        Piece(f"document-{kind}", titles[kind])
        for kind in inquiry.documents.order_by("made_at").values_list("kind", flat=True)
    ]
    # By number: the name a file came under may name somebody, and the inventory is read aloud.
    pieces += [
        Piece(f"attachment-{position}", _("Pièce reçue no %(number)s") % {"number": position + 1})
        for position in inquiry.attachments.values_list("position", flat=True)
    ]
    return pieces


def hand_over(actor: Actor, seizure: Seizure, inquiry: Inquiry, parts: Sequence[str], objection: Objection) -> Exported:
    """Return what was demanded, after a line of the inventory and an entry of the register for each item.

    No accord is asked and nothing waits: the title obliges. It is no communication by the institution.

    Raises:
        NotReader: without the key of the seizure, or of the request.
        NotAllowed: as `list_pieces`; also for a part that the request does not have.
    """
    require(can_note(actor))
    key = open_key(actor, seizure)
    with writing_for(actor.institution):
        pieces = [piece for piece in list_pieces(actor, inquiry) if piece.part in parts]
        require(bool(pieces) and len(pieces) == len(set(parts)))
        files = [_export(actor, inquiry, piece) for piece in pieces]
        lines = [_describe(inquiry, piece) for piece in pieces]
    with transaction.atomic():
        locked = lock_seizure(actor, seizure)
        for piece, line in zip(pieces, lines, strict=True):
            answers = {"what": line, "done": "constraint", **objection.answers()}
            append_fact(actor, locked, key, Words("item", answers))
            told = {"seizure": str(seizure.id), "inquiry": str(inquiry.id), "part": piece.part}
            leave_trace(actor, "seizure.handed_over", told)
    return files[0] if len(files) == 1 else _pack(inquiry, files)


def _describe(inquiry: Inquiry, piece: Piece) -> str:
    return _("Demande %(reference)s : %(piece)s (exporté de Ciment)") % {
        "reference": inquiry.reference,
        "piece": piece.title,
    }


def _export(actor: Actor, inquiry: Inquiry, piece: Piece) -> Exported:
    kind, _dash, which = piece.part.partition("-")
    key = open_inquiry_key(actor, inquiry)
    if kind == "document":
        document = inquiry.documents.select_related("inquiry__institution").get(kind=which)
        return Exported(f"{_STEMS[which]}-{inquiry.reference}.pdf", open_document(document, key))
    if kind == "attachment":
        attachment = inquiry.attachments.select_related("inquiry").get(position=int(which))
        name, identifier, file_key = open_attachment(actor, attachment)
        content = b"".join(open_file(file_key, attachment.blob, identifier))
        return Exported(f"{inquiry.reference}-{int(which) + 1}-{_safe(name)}", content)
    opened = Opened(inquiry, open_content(inquiry, key), key)
    return Exported(f"demande-{inquiry.reference}.txt", "\r\n".join(_words(opened)).encode())


def _words(opened: Opened) -> Iterator[str]:
    content, inquiry = opened.content, opened.inquiry
    yield _("Demande %(reference)s") % {"reference": inquiry.reference}
    yield from (
        f"{title} : {text}"
        for title, text in (
            (_("Genre d’auteur"), word_for("requester", inquiry.requester)),
            (_("Auteur de la demande"), content.name),
            (_("Pour lui répondre"), content.reach),
            (_("Au sujet de"), content.about),
        )
        if text
    )
    if content.text:
        yield ""
        yield content.text


def _safe(name: str) -> str:
    # A name inside an archive must lead nowhere else.
    return "".join(char if char.isalnum() or char in "-_." else "_" for char in name).lstrip(".")[-80:] or "fichier"


def _pack(inquiry: Inquiry, files: Sequence[Exported]) -> Exported:
    # In memory, never on disk in clear; a request's files came in one message of ten megabytes at most.
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.name, file.content)
    return Exported(f"remise-{inquiry.reference}.zip", packed.getvalue())
