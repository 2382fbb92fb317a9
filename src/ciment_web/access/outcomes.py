"""What became of an inquiry, and what may be told of it: from its sealed documents, never from its state."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from ciment.disclosure.states import State
from ciment.law import label
from ciment_web.access.tellings import DEFER, TELL, Told, standing
from ciment_web.decisions.copies import describe
from ciment_web.decisions.models import ReleaseCopy
from ciment_web.inquiries.actions.prepare import legal_basis, subject_of
from ciment_web.inquiries.actions.qualify import latest_qualification, read_note
from ciment_web.inquiries.content import open_content
from ciment_web.inquiries.documents import open_document
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor


class Outcome(Enum):
    """What became of a request for information."""

    PENDING = "pending"
    REFUSED = "refused"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class Telling(Enum):
    """Whether the person may be told of it."""

    TOLD = "told"
    DEFERRED = "deferred"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Communicated:
    """What left: to whom, on which legal basis, item by item."""

    recipient: str
    basis: tuple[str, ...]
    items: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Account:
    """What the person can be told of one request."""

    inquiry: Inquiry
    outcome: Outcome
    requester: str
    form: str
    categories: tuple[str, ...]
    answered_at: datetime | None
    communicated: Communicated | None


def outcome_of(inquiry: Inquiry, key: bytes) -> Outcome:
    """Return what became of an inquiry: a letter that opens under its key says it, its row does not.

    Raises:
        BlobError: if a stored letter was changed.
    """
    documents = {document.kind: document for document in inquiry.documents.select_related("inquiry")}
    if "reply" in documents:
        open_document(documents["reply"], key)
        return Outcome.RELEASED
    if "refusal" in documents:
        open_document(documents["refusal"], key)
        return Outcome.REFUSED
    return Outcome.WITHDRAWN if inquiry.state == State.WITHDRAWN else Outcome.PENDING


def may_be_told(outcome: Outcome, told: Told | None) -> Telling:
    """Return whether the person may be told. A refusal says nothing: it is told unless somebody put it off.

    Everything else waits until a referent decided, so that no row in clear discloses it by itself.
    """
    if told is not None and told.choice == DEFER:
        return Telling.DEFERRED
    if outcome is Outcome.REFUSED or (told is not None and told.choice == TELL):
        return Telling.TOLD
    return Telling.UNDECIDED


def telling_of(actor: Actor, inquiry: Inquiry) -> tuple[Outcome, Telling, Told | None]:
    """Return what became of an inquiry that the actor may read, and whether the person may be told."""
    outcome = outcome_of(inquiry, open_key(actor, inquiry))
    told = standing(actor, inquiry)
    return outcome, may_be_told(outcome, told), told


def account_of(actor: Actor, inquiry: Inquiry) -> Account:
    """Return what can be told of an inquiry that the actor may read."""
    key = open_key(actor, inquiry)
    outcome = outcome_of(inquiry, key)
    lang = inquiry.institution.language
    return Account(
        inquiry=inquiry,
        outcome=outcome,
        requester=label("requester", inquiry.requester, lang),
        form=label("form", inquiry.form, lang),
        categories=tuple(label("category", value, lang) for value in inquiry.categories),
        answered_at=inquiry.answered_at or inquiry.decided_at,
        communicated=_communicated(inquiry, key) if outcome is Outcome.RELEASED else None,
    )


def _communicated(inquiry: Inquiry, key: bytes) -> Communicated:
    content = open_content(inquiry, key)
    subject = subject_of(inquiry, key)
    lang = inquiry.institution.language
    copies = list(ReleaseCopy.objects.filter(institution=inquiry.institution, decision=inquiry.decision_id))
    qualification = latest_qualification(inquiry)
    basis: tuple[str, ...] = ()
    if qualification is not None:
        read_note(inquiry, key, qualification)
        basis = legal_basis(qualification, {copy.category for copy in copies})
    return Communicated(
        # By name: whether recipients or their categories are told is not the controller's to choose.
        recipient=content.name or label("requester", inquiry.requester, lang),
        basis=basis,
        items=tuple(f"{label('category', each.category, lang)} : {describe(each, subject).text}" for each in copies),
    )
