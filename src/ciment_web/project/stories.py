"""The three stories of the demonstration, played through the very actions that the pages call."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from ciment_web.blobs.uploads import SealedUpload, SealingUpload
from ciment_web.decisions.actions.approve import approve_decision
from ciment_web.decisions.actions.copies import NewCopy, add_copy
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.decisions.models import Packet
from ciment_web.inquiries.actions.draft import forget_draft, keep_draft, take_draft
from ciment_web.inquiries.actions.open import Opened, read_inquiry, state_recusal
from ciment_web.inquiries.actions.prepare import prepare_decision, subject_of
from ciment_web.inquiries.actions.qualify import Assessment, qualify_inquiry
from ciment_web.inquiries.actions.record import NewInquiry, record_inquiry
from ciment_web.inquiries.actions.refuse import refuse_inquiry
from ciment_web.inquiries.content import Content
from ciment_web.inquiries.incoming import suggest
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor
from ciment_web.project.demonstration import Demonstration

Say = Callable[[str], None]


@dataclass(frozen=True)
class Stories:
    """What plays the stories: the people, the folder of messages, and where each step is said."""

    demonstration: Demonstration
    examples: Path
    say: Say

    def person(self, login: str) -> Actor:
        """Return one of the people."""
        return self.demonstration.people[login]

    def police_asks(self) -> Inquiry:
        """A police officer asks at the counter; the worker notes it."""
        noted = json.loads((self.examples / "1-police-oral.json").read_text(encoding="utf-8"))
        content = Content(noted["name"], noted["reach"], noted["about"], noted["text"])
        asked = NewInquiry(noted["requester"], noted["form"], tuple(noted["wanted"]), content)
        inquiry = record_inquiry(self.person("travailleur"), asked)
        self.say(
            f"Un policier demande au guichet. Le travailleur note la demande no {inquiry.reference} et reçoit son attestation."
        )
        return inquiry

    def message_arrives(self, name: str) -> Inquiry:
        """A message arrives; it is read, the six fields are prefilled, the worker saves them."""
        worker = self.person("travailleur")
        draft, message = keep_draft(worker, upload(self.examples / name))
        found = suggest(message)
        content = Content(found.name, found.reach, found.about or "", found.text)
        asked = NewInquiry(found.requester or "relative", found.form, found.wanted or ("existence",), content)
        inquiry = record_inquiry(worker, asked, take_draft(worker, draft.id))
        forget_draft(worker, draft.id)
        self.say(f"Le message {name} est lu et prérempli ; la demande no {inquiry.reference} est enregistrée, scellée.")
        return inquiry

    def refused(self, inquiry: Inquiry, signatory: str) -> Inquiry:
        """The referent qualifies: silence; one signatory signs the letter, without any file."""
        self.qualified(inquiry, {"form": inquiry.form, "category": list(inquiry.categories)})
        opened = self.opened(inquiry, signatory)
        refuse_inquiry(self.person(signatory), opened)
        inquiry.refresh_from_db()
        self.say(
            f"Le droit dit : se taire. Une signature suffit ; la lettre no {inquiry.reference} part sans qu’aucun dossier soit ouvert."
        )
        return inquiry

    def qualified(self, inquiry: Inquiry, facts: dict[str, Any]) -> Opened:
        """The referent answers the recusal question, reads, and states the facts."""
        opened = self.opened(inquiry, "referent")
        qualify_inquiry(self.person("referent"), inquiry, Assessment(facts))
        return opened

    def opened(self, inquiry: Inquiry, login: str) -> Opened:
        """Somebody says not to be tied to the matter, and reads."""
        actor = self.person(login)
        state_recusal(actor, inquiry, recused=False)
        return read_inquiry(actor, inquiry)

    def prepared(self, inquiry: Inquiry, recipient: str) -> None:
        """The referent qualifies the prosecutor's request, adds two copies, one of them smaller, and submits them."""
        facts = {
            "form": "written_reasoned",
            "authenticated": "yes",
            "ground": "terrorism_administrative_data",
            "offence": "terrorism",
            "category": list(inquiry.categories),
        }
        opened = self.qualified(inquiry, facts)
        subject, referent = subject_of(inquiry, opened.key), self.person("referent")
        self.say("Le droit dit : obligation pour l’identité, l’adresse et la composition du ménage.")
        identity = NewCopy("identity", "Fiche d’identité, adresse comprise", reading=True)
        household = NewCopy(
            "household", "Composition de ménage", "1", ("Page 2 : confidences, couvertes par le secret",)
        )
        add_copy(referent, subject, upload(self.examples / "2-fiche-identite.pdf"), identity)
        add_copy(referent, subject, upload(self.examples / "2-composition-de-menage.pdf"), household)
        prepare_decision(referent, opened, recipient)
        inquiry.refresh_from_db()
        self.say("Deux copies sont préparées, dont un extrait motivé ; la décision est figée et inscrite au registre.")

    def approved(self, inquiry: Inquiry, login: str) -> None:
        """One signatory gives the accord with the passphrase."""
        if inquiry.decision is None:
            raise AssertionError("the inquiry has a decision")
        state_recusal(self.person(login), inquiry, recused=False)
        approve_decision(self.person(login), inquiry.decision, self.demonstration.passphrase)
        self.say(
            f"Accord de {self.person(login).member.name} ({self.person(login).member.function}), sur exactement ces copies."
        )

    def executed(self, inquiry: Inquiry, login: str) -> Packet:
        """A signatory executes the decision: the packet is made, once."""
        if inquiry.decision is None:
            raise AssertionError("the inquiry has a decision")
        packet = execute_decision(self.person(login), inquiry.decision, self.demonstration.passphrase)
        inquiry.refresh_from_db()
        self.say("Deux accords sur trois : le pli est scellé à la clé du destinataire, et à personne d’autre.")
        return packet


def upload(path: Path) -> SealedUpload:
    """Return a file as it arrives in a request: through the same handler, sealed piece by piece."""
    handler: FileUploadHandler = SealingUpload()
    handler.new_file("file", path.name, "application/octet-stream", path.stat().st_size)
    position = 0
    with io.BytesIO(path.read_bytes()) as file:
        while chunk := file.read(64 * 1024):
            handler.receive_data_chunk(chunk, position)
            position += len(chunk)
    sealed = handler.file_complete(position)
    if not isinstance(sealed, SealedUpload):
        raise TypeError("the handler seals every file")
    return sealed
