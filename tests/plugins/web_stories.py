"""Ways to bring an inquiry where a test needs it, through the very actions that the pages call."""

from dataclasses import dataclass, replace
from typing import Any

from ciment.vault import AgeIdentity
from ciment_web.blobs.sealing import seal_file
from ciment_web.blobs.uploads import SealedUpload
from ciment_web.decisions.actions.approve import approve_decision
from ciment_web.decisions.actions.copies import NewCopy, add_copy
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.decisions.models import Decision, Packet
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.prepare import prepare_decision, subject_of
from ciment_web.inquiries.actions.qualify import Assessment, qualify_inquiry
from ciment_web.inquiries.actions.record import NewInquiry, record_inquiry
from ciment_web.inquiries.content import Content
from ciment_web.inquiries.models import Inquiry
from ciment_web.project.demonstration import Demonstration

PASSPHRASE = "abandon-bambou-cactus-dauphin-ecureuil-fabuleux-gallium"
CONTENT = Content("Alex Témoin", "Rue de l’Exemple 1\n0000 Valbrume", "Camille Exemple", "Camille est-elle connue ?")
DUTY: dict[str, Any] = {
    "form": "written_reasoned",
    "authenticated": "yes",
    "ground": "terrorism_administrative_data",
    "offence": "terrorism",
    "category": ["identity", "household"],
}


def uploaded(content: bytes, name: str = "document.txt") -> SealedUpload:
    """Return a file as a request brings it: sealed already."""
    return SealedUpload(seal_file([content]), name=name, content_type="text/plain", size=len(content))


def record(demonstration: Demonstration, **changes: Any) -> Inquiry:
    """Record a request by the worker; `changes` replace its answers."""
    asked = NewInquiry("police", "oral", ("existence", "address"), CONTENT)
    return record_inquiry(demonstration.people["travailleur"], replace(asked, **changes))


def qualify(demonstration: Demonstration, inquiry: Inquiry, facts: dict[str, Any]) -> Inquiry:
    """Let the referent answer the recusal question and qualify."""
    referent = demonstration.people["referent"]
    state_recusal(referent, inquiry, recused=False)
    qualify_inquiry(referent, inquiry, Assessment(facts))
    return inquiry


def silenced(demonstration: Demonstration, **changes: Any) -> Inquiry:
    """Return a request that waits for the signature of its refusal."""
    inquiry = record(demonstration, **changes)
    return qualify(demonstration, inquiry, {"form": inquiry.form, "category": list(inquiry.categories)})


@dataclass
class Prepared:
    """A decision that waits for accords, and the key its packet is for."""

    inquiry: Inquiry
    decision: Decision
    recipient: AgeIdentity

    def release(self, demonstration: Demonstration) -> Packet:
        """Give two accords and execute."""
        for login in ("dg", "president"):
            approve_decision(demonstration.people[login], self.decision, demonstration.passphrase)
        return execute_decision(demonstration.people["dg"], self.decision, demonstration.passphrase)


def prepare_release(demonstration: Demonstration, content: bytes, *, reading: bool = False) -> Prepared:
    """Return a prosecutor's request, qualified as a duty, with one copy frozen into a decision to sign."""
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity", "household"))
    qualify(demonstration, inquiry, DUTY)
    referent = demonstration.people["referent"]
    opened = read_inquiry(referent, inquiry)
    add_copy(
        referent,
        subject_of(inquiry, opened.key),
        uploaded(content),
        NewCopy("identity", "Fiche d’identité", reading=reading),
    )
    recipient = AgeIdentity.generate()
    decision = prepare_decision(referent, opened, recipient.recipient.text)
    for login in ("dg", "president", "adjoint"):
        state_recusal(demonstration.people[login], inquiry, recused=False)
    return Prepared(inquiry, decision, recipient)
