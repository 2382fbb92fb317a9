"""Prepare a release: compose the letter, freeze the decision, and take it back when it is refused or lapses."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ciment.canon import Json
from ciment.disclosure.states import Act, Lane, State, advance
from ciment.law import label
from ciment_web.decisions.actions.copies import NegativeWords, add_negative, copies_in_preparation, describe
from ciment_web.decisions.actions.freeze import Recipient, Terms, choose_recipient, freeze_decision
from ciment_web.decisions.models import Decision, ReleaseCopy
from ciment_web.decisions.subjects import Subject
from ciment_web.inquiries.actions.open import Opened
from ciment_web.inquiries.actions.qualify import latest_qualification
from ciment_web.inquiries.documents import keep_document, letterhead_of, put_seal, subject_line, today
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Inquiry, Qualification
from ciment_web.inquiries.notices import tell_signatories
from ciment_web.inquiries.permissions import can_prepare, is_recused, must_state_recusal
from ciment_web.letters import NegativeReply, ReplyItem, ReplyLetter, render_negative, render_reply
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Title
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
        locked = Inquiry.objects.select_for_update().get(pk=inquiry.pk, institution=actor.institution)
        require(can_prepare(actor, locked))
        qualification = latest_qualification(locked)
        if qualification is None:
            raise NotAllowed("a request is qualified before anything is prepared")
        letter = compose_reply(opened, qualification, copies_in_preparation(subject, locked.institution_id), recipient)
        decision = freeze_decision(actor, subject, terms_of(locked, qualification, letter, recipient))
        locked.state = advance(State(locked.state), Act.PREPARE, Lane(locked.lane))
        locked.decision = decision
        locked.save(update_fields=["state", "decision"])
        tell_signatories(locked)
    return decision


def compose_reply(
    opened: Opened, qualification: Qualification, copies: Sequence[ReleaseCopy], recipient: Recipient
) -> bytes:
    """Return the unsigned letter that goes with the packet; its digest stands in the decision."""
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
                    extent="document entier" if copy.whole else "extrait",
                )
                for copy in copies
            ),
            recipient_fingerprint=recipient.fingerprint,
            opening=(),
        )
    )


def add_nothing_held(actor: Actor, opened: Opened, category: str, allowed: frozenset[str]) -> ReleaseCopy:
    """Prepare the answer that nothing is held in `category`."""
    word = label("category", category, opened.inquiry.institution.language)
    words = NegativeWords(
        name="aucun-renseignement.txt",
        description=_("Aucun renseignement détenu"),
        content=_("Aucun renseignement détenu : %(category)s.") % {"category": word} + "\n",
    )
    return add_negative(actor, subject_of(opened.inquiry, opened.key), category, words, allowed)


def _letter_head(opened: Opened, qualification: Qualification, copies: Sequence[ReleaseCopy]) -> dict[str, Any]:
    inquiry = opened.inquiry
    institution = inquiry.institution
    signatory = _leading_signatory(inquiry)
    kind = label("requester", inquiry.requester, institution.language)
    return {
        "letterhead": letterhead_of(institution),
        "reference": inquiry.reference,
        "date": today(institution),
        "place": institution.place,
        "addressee": opened.content.addressee() or (kind,),
        "subject": subject_line(inquiry.reference),
        "legal_basis": legal_basis(qualification, {copy.category for copy in copies}),
        "signatory_name": signatory.name,
        "signatory_title": signatory.function,
    }


def legal_basis(qualification: Qualification, categories: set[str]) -> tuple[str, ...]:
    """Return the reference under which each category leaves: the first source of its verdict, each once."""
    verdicts: dict[str, Any] = qualification.answer["verdicts"]
    refs = [verdicts[category]["sources"][0]["ref"] for category in sorted(categories)]
    return tuple(dict.fromkeys(refs))


def terms_of(inquiry: Inquiry, qualification: Qualification, letter: bytes, recipient: Recipient) -> Terms:
    """Return what the decision freezes of the law's answer: facts, pack, and each category's verdict."""
    answer: dict[str, Any] = qualification.answer
    silenced = set(qualification.silenced)
    verdicts: dict[str, Json] = {
        category: {
            "verdict": "silence" if category in silenced else verdict["verdict"],
            "decided_by": "signatory" if category in silenced else verdict["decided_by"],
            "rules": verdict["rules"],
        }
        for category, verdict in answer["verdicts"].items()
    }
    return Terms(
        facts=qualification.facts,
        pack={name: answer[name] for name in ("pack", "digest", "on", "known")},
        verdicts=verdicts,
        letter=letter,
        recipient=recipient,
        expires_at=expiry_of(inquiry),
    )


def expiry_of(inquiry: Inquiry) -> datetime:
    """Return until when a decision prepared now may be approved."""
    return timezone.now() + timedelta(days=inquiry.institution.decision_days)


class InquirySubjects:
    """What inquiries do for the decisions about them."""

    def open_subject(self, actor: Actor, decision: Decision) -> Subject:
        """Return the inquiry as a subject, for a reader who answered the recusal question and is not recused."""
        inquiry = _inquiry_of(actor, decision)
        require(not must_state_recusal(actor, inquiry) and not is_recused(actor, inquiry))
        return subject_of(inquiry, open_key(actor, inquiry))

    def is_recused(self, actor: Actor, decision: Decision) -> bool:
        """Whether the actor is tied to the matter, or has not said yet: not having said counts as a tie."""
        inquiry = _inquiry_of(actor, decision)
        return must_state_recusal(actor, inquiry) or is_recused(actor, inquiry)

    def seal_letter(self, decision: Decision, letter: bytes) -> bytes:
        """Return the letter under the institution's seal."""
        return put_seal(decision.institution, letter, "Réponse de l’institution")

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
    return Inquiry.objects.get(decision=decision, institution=actor.institution)


def _leading_signatory(inquiry: Inquiry) -> Member:
    # The reply is signed in the name of the director general, or of the president where there is none.
    signatories = Member.objects.filter(institution=inquiry.institution, active=True)
    for title in (Title.DIRECTOR_GENERAL, Title.PRESIDENT):
        found = signatories.filter(title=title).order_by("login").first()
        if found is not None:
            return found
    raise NotAllowed("no director general or president is enrolled")
