"""Stay silent on what the law says must be answered: the director general alone, at a risk that is on record."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from ciment_web.inquiries.actions.open import Opened, lock_inquiry
from ciment_web.inquiries.actions.qualify import (
    Stated,
    keep_qualification,
    latest_qualification,
    read_note,
    require_lawful,
    silenceable_duties,
)
from ciment_web.inquiries.models import Qualification
from ciment_web.inquiries.permissions import can_override
from ciment_web.institutions.languages import writing_for
from ciment_web.members.actions import confirm_passphrase
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import NotAllowed, require


@dataclass(frozen=True)
class Override:
    """The duties that are silenced, and the risk as the director general states it."""

    categories: frozenset[str]
    risk: str = field(repr=False)


def silence_duty(actor: Actor, opened: Opened, override: Override, passphrase: str) -> Qualification:
    """Keep the referent's facts and the law's answer, silence some of its duties, and seal the risk with them.

    The pack is never overridden towards speech: this adds to what is silenced and takes nothing from it.

    Raises:
        WrongPassphrase, TooManyAttempts: from the passphrase.
        NotAllowed: for anybody but the director general, for no duty of this request, or without a stated risk.
        LawChanged, PackUntrusted: as `require_lawful`.
    """
    inquiry = opened.inquiry
    require(can_override(actor, inquiry))
    confirm_passphrase(actor, passphrase)
    qualification = latest_qualification(inquiry)
    if qualification is None:
        raise NotAllowed("a request is qualified before a duty of it is silenced")
    note = _with_risk(actor, read_note(inquiry, opened.key, qualification), override.risk)
    stated = Stated(
        qualification.facts, qualification.answer, frozenset(qualification.silenced) | override.categories, note
    )
    with transaction.atomic():
        locked = lock_inquiry(actor, inquiry)
        # The risk was stated on this qualification: a newer one is read first.
        require(can_override(actor, locked) and latest_qualification(locked) == qualification)
        require_lawful(locked, opened.key, qualification)
        require(bool(override.categories and override.risk.strip()))
        require(override.categories <= silenceable_duties(qualification))
        return keep_qualification(actor, locked, stated, "inquiry.duty_silenced")


def _with_risk(actor: Actor, note: str, risk: str) -> str:
    with writing_for(actor.institution):
        said = _("Silence malgré une obligation, décidé par %(name)s, %(function)s. Risque assumé : %(risk)s") % {
            "name": actor.member.name,
            "function": actor.member.function,
            "risk": risk.strip(),
        }
    return f"{note}\n\n{said}" if note else said
