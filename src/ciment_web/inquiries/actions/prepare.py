"""Prepare a release: compose the letter, freeze the decision, and take it back when it is refused or lapses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ciment.canon import Json
from ciment.disclosure.states import Act, Lane, State, advance
from ciment.law import label
from ciment_web.decisions.actions.copies import NegativeWords, add_negative
from ciment_web.decisions.actions.freeze import Recipient, Terms, choose_recipient, freeze_decision
from ciment_web.decisions.circumstances import delta_of
from ciment_web.decisions.copies import copies_in_preparation, describe
from ciment_web.decisions.models import Decision, ReleaseCopy
from ciment_web.decisions.refusals import CopyRefused
from ciment_web.decisions.subjects import Subject, digest_of
from ciment_web.governance.letterhead import head_of
from ciment_web.governance.rhythm import end_of_working_day, rhythm_of
from ciment_web.inquiries.actions.open import Opened, lock_inquiry
from ciment_web.inquiries.actions.qualify import latest_qualification, read_note, releasable_categories, require_lawful
from ciment_web.inquiries.documents import keep_document, letterhead_of, put_seal, subject_line, today
from ciment_web.inquiries.keys import NotReader, open_key
from ciment_web.inquiries.models import Inquiry, Qualification
from ciment_web.inquiries.notices import tell_signatories
from ciment_web.inquiries.permissions import can_prepare, is_fit
from ciment_web.inquiries.recusals import recused_members, tied_members
from ciment_web.institutions.languages import writing_for
from ciment_web.letters import NegativeReply, ReplyItem, ReplyLetter, render_negative, render_reply
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import NotAllowed, require
from ciment_web.members.tracing import Recorded


def subject_of(inquiry: Inquiry, key: bytes) -> Subject:
    """Return the inquiry as decisions know it."""
    return Subject(str(inquiry.id), inquiry.reference, key)


def prepare_decision(actor: Actor, opened: Opened, recipient_key: str) -> Decision:
    """Freeze what was prepared into a decision for the signatories.

    Raises:
        NotAllowed: unless the actor is a referent, not recused, in the lane of release.
        InvalidRecipient, CopyRefused: for a key that is none, or when nothing was prepared.
    """
    inquiry = opened.inquiry
    subject = subject_of(inquiry, opened.key)
    recipient = choose_recipient(recipient_key)
    with transaction.atomic():
        locked = lock_inquiry(actor, inquiry)
        require(can_prepare(actor, locked))
        qualification = latest_qualification(locked)
        if qualification is None:
            raise NotAllowed("a request is qualified before anything is prepared")
        require_lawful(locked, opened.key, qualification)
        copies = copies_in_preparation(subject, locked.institution_id)
        categories = frozenset(copy.category for copy in copies)
        if not categories <= releasable_categories(qualification):
            raise CopyRefused("silenced")
        letter = compose_reply(opened, qualification, copies, recipient)
        terms = terms_of(locked, qualification, categories, letter, recipient)
        decision = freeze_decision(actor, subject, terms, copies)
        locked.state = advance(State(locked.state), Act.PREPARE, Lane(locked.lane))
        locked.decision = decision
        locked.save(update_fields=["state", "decision"])
        tell_signatories(locked)
    return decision


def compose_reply(
    opened: Opened, qualification: Qualification, copies: Sequence[ReleaseCopy], recipient: Recipient
) -> bytes:
    """Return the unsigned letter that goes with the packet; its digest stands in the decision."""
    with writing_for(opened.inquiry.institution):
        return _render_reply(opened, qualification, copies, recipient)


def _render_reply(
    opened: Opened, qualification: Qualification, copies: Sequence[ReleaseCopy], recipient: Recipient
) -> bytes:
    inquiry = opened.inquiry
    lang = inquiry.institution.language
    subject = subject_of(inquiry, opened.key)
    head = _letter_head(opened, qualification, copies)
    if all(copy.negative for copy in copies):
        return render_negative(NegativeReply(**head))
    return render_reply(
        ReplyLetter(
            **head,
            items=tuple(
                ReplyItem(
                    description=describe(copy, subject).text,
                    category=label("category", copy.category, lang),
                    extent=_("document entier") if copy.whole else _("extrait"),
                )
                for copy in copies
            ),
            recipient_fingerprint=recipient.fingerprint,
            opening=(),
        )
    )


def add_nothing_held(actor: Actor, opened: Opened, category: str) -> ReleaseCopy:
    """Prepare the answer that nothing is held in `category`."""
    word = label("category", category, opened.inquiry.institution.language)
    with writing_for(opened.inquiry.institution):
        words = NegativeWords(
            name="aucun-renseignement.txt",
            description=_("Aucun renseignement détenu"),
            content=_("Aucun renseignement détenu : %(category)s.") % {"category": word} + "\n",
        )
    return add_negative(actor, subject_of(opened.inquiry, opened.key), category, words)


def _letter_head(opened: Opened, qualification: Qualification, copies: Sequence[ReleaseCopy]) -> dict[str, Any]:
    inquiry = opened.inquiry
    institution = inquiry.institution
    kind = label("requester", inquiry.requester, institution.language)
    return {
        "letterhead": letterhead_of(institution),
        "reference": inquiry.reference,
        "date": today(institution),
        "place": head_of(institution).place,
        "addressee": opened.content.addressee() or (kind,),
        "subject": subject_line(inquiry.reference),
        "legal_basis": legal_basis(qualification, {copy.category for copy in copies}),
        # Who will agree is not known yet, and who refuses must not seem to sign: the signatories sign together.
        "signatory_name": _("Les signataires habilités de l’institution"),
        "signatory_title": _("décision prise ensemble, inscrite au registre"),
    }


def legal_basis(qualification: Qualification, categories: set[str]) -> tuple[str, ...]:
    """Return the reference under which each category leaves: the first source of its verdict, each once."""
    verdicts: dict[str, Any] = qualification.answer["verdicts"]
    refs = [verdicts[category]["sources"][0]["ref"] for category in sorted(categories)]
    return tuple(dict.fromkeys(refs))


def terms_of(
    inquiry: Inquiry, qualification: Qualification, categories: frozenset[str], letter: bytes, recipient: Recipient
) -> Terms:
    """Return what the decision freezes of the law's answer, on `categories` alone.

    What was asked beside and stays silent is nobody's business: the recipient of the packet reads the decision.
    """
    answer: dict[str, Any] = qualification.answer
    named = sorted(categories)
    verdicts: dict[str, Json] = {
        category: {name: answer["verdicts"][category][name] for name in ("verdict", "decided_by", "rules")}
        for category in named
    }
    return Terms(
        facts={**qualification.facts, "category": named},
        pack={name: answer[name] for name in ("pack", "digest", "on", "known")},
        verdicts=verdicts,
        letter=letter,
        recipient=recipient,
        expires_at=expiry_of(inquiry),
    )


def expiry_of(inquiry: Inquiry) -> datetime:
    """Return until when a decision prepared now may be approved: the end of a working day of the institution."""
    institution = inquiry.institution
    return end_of_working_day(timezone.now(), rhythm_of(institution).decision_days, institution.timezone)


class InquirySubjects:
    """What inquiries do for the decisions about them."""

    def open_subject(self, actor: Actor, decision: Decision) -> Subject:
        """Return the inquiry as a subject, for a reader who answered the recusal question and has no tie."""
        inquiry = _inquiry_of(actor, decision)
        key = open_key(actor, inquiry)
        require(is_fit(actor, inquiry))
        return subject_of(inquiry, key)

    def lock_preparation(self, actor: Actor, subject: Subject) -> frozenset[str]:
        """Lock the inquiry; return the categories that its qualification lets leave."""
        inquiry = Inquiry.objects.select_for_update().get(pk=subject.id, institution=actor.institution)
        qualification = latest_qualification(inquiry)
        require(can_prepare(actor, inquiry))
        if qualification is None:
            raise NotAllowed("a request is qualified before anything is prepared")
        read_note(inquiry, subject.key, qualification)
        return releasable_categories(qualification)

    def recused(self, actor: Actor, subject: Subject) -> frozenset[str]:
        """Return the members who declared a tie."""
        return recused_members(actor, Inquiry.objects.get(pk=subject.id, institution=actor.institution))

    def tied(self, actor: Actor, subject: Subject) -> frozenset[str]:
        """Return the members who are not shown to be untied."""
        return tied_members(actor, Inquiry.objects.get(pk=subject.id, institution=actor.institution))

    def seal_letter(self, decision: Decision, letter: bytes) -> bytes:
        """Return the letter under the institution's seal."""
        return put_seal(decision.institution, letter, _lazy("Réponse de l’institution"))

    def verify_matter(self, actor: Actor, decision: Decision, letter: bytes) -> None:
        """Require nothing more: the letter of a request follows from what Δ names."""

    def tell_matter(self, decision: Decision, letter: bytes) -> Sequence[tuple[str, str]]:
        """Return nothing: the copies are what leaves."""
        del decision, letter
        return ()

    def released(self, actor: Actor, decision: Decision, letter: bytes, recorded: Recorded) -> None:
        """Keep the reply and move the inquiry on."""
        inquiry = _inquiry_of(actor, decision)
        keep_document(inquiry, open_key(actor, inquiry), "reply", letter, recorded)
        inquiry.state = advance(State(inquiry.state), Act.RELEASE)
        inquiry.decided_at = timezone.now()
        inquiry.save(update_fields=["state", "decided_at"])

    def undecided(self, actor: Actor, decision: Decision, *, declined: bool) -> None:
        """Take the matter back: a refusal to qualification, a lapse to a new decision number."""
        inquiry = _inquiry_of(actor, decision)
        inquiry.state = advance(State(inquiry.state), Act.DECLINE if declined else Act.LAPSE)
        inquiry.decision = None
        inquiry.save(update_fields=["state", "decision"])


def _inquiry_of(actor: Actor, decision: Decision) -> Inquiry:
    # Found by what Δ names, which stays when the decision is over; nobody without a key learns that it exists.
    named = delta_of(decision).inquiry
    if named is None or digest_of(named) != bytes(decision.subject_digest):
        raise NotReader
    inquiry = Inquiry.objects.filter(pk=named, institution=actor.institution).first()
    if inquiry is None:
        raise NotReader
    return inquiry
