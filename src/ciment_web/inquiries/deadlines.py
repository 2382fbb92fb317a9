"""A duty to answer whose decision is about to lapse: the signatories are called, and nothing leaves by itself."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciment.canon import InvalidEncoding
from ciment_web.decisions.circumstances import delta_of
from ciment_web.decisions.models import Decision
from ciment_web.inquiries.models import Inquiry
from ciment_web.inquiries.notices import tell
from ciment_web.inquiries.queries import open_to
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role

NEARING = timedelta(days=2)


def is_duty(decision: Decision) -> bool:
    """Tell whether the law says that something of this decision must be answered; a row that does not hold says no."""
    try:
        verdicts = delta_of(decision).verdicts
    except InvalidEncoding:
        return False
    given = verdicts.values() if isinstance(verdicts, dict) else ()
    return any(isinstance(verdict, dict) and verdict.get("verdict") == "must" for verdict in given)


def duties_nearing(actor: Actor, now: datetime) -> list[Inquiry]:
    """Return the actor's requests whose open decision is a duty and lapses soon, or should have by now."""
    nearing = open_to(actor).filter(decision__state=Decision.State.OPEN, decision__expires_at__lte=now + NEARING)
    rows = nearing.select_related("decision", "institution").order_by("decision__expires_at")[:20]
    return [inquiry for inquiry in rows if inquiry.decision is not None and is_duty(inquiry.decision)]


def remind(institution: Institution, now: datetime) -> int:
    """Tell the signatories of an institution of each duty that lapses soon; return how many there are."""
    nearing = Decision.objects.filter(
        institution=institution, state=Decision.State.OPEN, expires_at__lte=now + NEARING
    ).order_by("expires_at")
    duties = [decision for decision in nearing if is_duty(decision)]
    for decision in duties:
        address = reverse("decision", kwargs={"slug": institution.slug, "decision_id": decision.id})
        tell(institution, Role.SIGNATORY, _("Ciment : une obligation de répondre arrive à son terme"), address)
    return len(duties)
