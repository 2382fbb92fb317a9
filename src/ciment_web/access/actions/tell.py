"""Decide whether the person is told of what was asked about them: a letter now, or later on a named restriction."""

import hashlib
from datetime import timedelta

from django.db import transaction

from ciment.register import Opening
from ciment.vault import open_blob, seal
from ciment_web.access.grounds import all_grounds
from ciment_web.access.letters import PersonAddress, compose_notice
from ciment_web.access.models import Telling
from ciment_web.access.outcomes import Outcome, account_of, outcome_of
from ciment_web.access.permissions import can_tell
from ciment_web.access.tellings import DEFER, TELL, Choice, Told, add_telling, history, telling_context, telling_key
from ciment_web.inquiries.actions.open import lock_inquiry
from ciment_web.inquiries.documents import put_seal, subject_of, today
from ciment_web.inquiries.keys import NotReader, open_key
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor
from ciment_web.members.pin import pinned_log
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace
from ciment_web.register.queries import Entered, prove

LONGEST_REVIEW = timedelta(days=366)
"""A deferral is looked at again within a year: nothing is put off for good by forgetting it."""


def read_tellings(actor: Actor, inquiry: Inquiry) -> tuple[Outcome, list[Told]]:
    """Open what was decided about telling the person; the reading is in the register before it is shown.

    Raises:
        NotReader: if the inquiry, or what was decided, is not the actor's to read.
        NotAllowed: for anybody but a referent with no tie.
    """
    key = open_key(actor, inquiry)
    require(can_tell(actor, inquiry))
    with transaction.atomic():
        outcome, said = outcome_of(inquiry, key), history(actor, inquiry)
        leave_trace(actor, "telling.read", {"inquiry": str(inquiry.id)})
    return outcome, said


def tell_person(actor: Actor, inquiry: Inquiry, to: PersonAddress | None, reason: str = "") -> Telling:
    """Decide that the person is told: from now on statements say it; with `to`, write to the person too.

    A deferral ends by this, with its reason. Told is told: it is not put off afterwards.

    Raises:
        NotReader, NotAllowed: as for reading; also while nothing is decided on the request itself.
    """
    key = open_key(actor, inquiry)
    require(can_tell(actor, inquiry) and outcome_of(inquiry, key) is not Outcome.PENDING)
    pdf = b""
    if to is not None:
        drawn = compose_notice(account_of(actor, inquiry), to, actor.member, today(actor.institution))
        pdf = put_seal(actor.institution, drawn, "Information de la personne concernée")
    with transaction.atomic():
        row = _decide(actor, inquiry, Choice(TELL, reason))
        documents = [subject_of("reply", hashlib.sha256(pdf).digest())] if pdf else []
        recorded = leave_trace(actor, "telling.told", {"inquiry": str(inquiry.id)}, documents=documents)
        if pdf:
            own = telling_key(actor, inquiry)
            row.sealed_pdf = seal(own, pdf, telling_context(inquiry, f"pdf/{row.position}"))
            opening = recorded.opening.encode()
            row.sealed_opening = seal(own, opening, telling_context(inquiry, f"opening/{row.position}"))
            row.sha256, row.leaf_index = hashlib.sha256(pdf).digest(), recorded.index
            row.save(update_fields=["sealed_pdf", "sealed_opening", "sha256", "leaf_index"])
    return row


def defer_telling(actor: Actor, inquiry: Inquiry, choice: Choice) -> Telling:
    """Put telling off, or prolong it, on a named restriction with a reason, until a day it comes back by itself.

    Raises:
        NotReader, NotAllowed: as for reading; also for an unknown restriction, no reason, a day that is past or more
            than a year ahead, or once the person was told.
    """
    open_key(actor, inquiry)
    day = today(actor.institution)
    require(can_tell(actor, inquiry))
    require(choice.choice == DEFER and choice.ground in all_grounds() and bool(choice.reason.strip()))
    require(choice.review_on is not None and day < choice.review_on <= day + LONGEST_REVIEW)
    with transaction.atomic():
        row = _decide(actor, inquiry, choice)
        leave_trace(actor, "telling.deferred", {"inquiry": str(inquiry.id), "ground": choice.ground})
    return row


def open_notice(actor: Actor, inquiry: Inquiry, row: Telling) -> bytes:
    """Return the letter to the person; the reading is in the register before it leaves."""
    require(can_tell(actor, inquiry))
    pdf = _open_part(actor, inquiry, row, "pdf")
    with transaction.atomic():
        leave_trace(actor, "telling.read", {"inquiry": str(inquiry.id), "part": "letter"})
    return pdf


def prove_notice(actor: Actor, inquiry: Inquiry, row: Telling) -> bytes | None:
    """Return the offline proof of the letter; None until its entry is published."""
    require(can_tell(actor, inquiry))
    opening = Opening.parse(_open_part(actor, inquiry, row, "opening"))
    if row.leaf_index is None:
        raise NotReader
    entered = Entered(subject_of("reply", bytes(row.sha256)), opening, row.leaf_index)
    return prove(actor.institution, entered, pinned_log(actor))


def _open_part(actor: Actor, inquiry: Inquiry, row: Telling, part: str) -> bytes:
    sealed = bytes(row.sealed_pdf if part == "pdf" else row.sealed_opening)
    return open_blob(telling_key(actor, inquiry), sealed, telling_context(inquiry, f"{part}/{row.position}"))


def _decide(actor: Actor, inquiry: Inquiry, choice: Choice) -> Telling:
    locked = lock_inquiry(actor, inquiry)
    require(can_tell(actor, locked))
    before = history(actor, locked)
    require(not before or before[-1].choice == DEFER or choice.choice == TELL)
    key = telling_key(actor, locked)
    row = add_telling(actor, locked, key, choice, len(before) + 1)
    row.save(force_insert=True)
    # What was put off is decided anew: the older day has no reason to come back.
    Telling.objects.filter(inquiry=locked, position__lt=row.position).update(review_on=None)
    return row
