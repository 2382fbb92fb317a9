"""What comes back by itself: last days and days to look again, on the home page and once by e-mail without content."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciment_web.access.clock import REMIND_DAYS
from ciment_web.access.models import PersonRequest, Telling
from ciment_web.access.notices import tell_holders, tell_referents
from ciment_web.access.queries import asked_of, due_reviews, visible
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.reminders import Reminder
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor

State = PersonRequest.State


def remind(actor: Actor) -> Sequence[Reminder]:
    """Return what of persons' requests waits for the actor, the nearest last day first, at most 50 of each."""
    day = today(actor.institution)
    slug = actor.institution.slug
    reminders = []
    open_ones = visible(actor).filter(keys__member=actor.member, keys__part="request").exclude(state=State.DONE)
    for each in open_ones.order_by("due_on")[:50]:
        left = (each.due_on - day).days
        address = reverse("person", kwargs={"slug": slug, "request_id": each.id})
        reminders.append(Reminder(_title(each.kind), _left(left), address, urgent=left <= REMIND_DAYS))
    for asked in asked_of(actor)[:50]:
        address = reverse("person-readings", kwargs={"slug": slug, "request_id": asked.id})
        reminders.append(Reminder(_("Des lectures sont à extraire du registre"), "", address, urgent=False))
    for review in due_reviews(actor)[:50]:
        address = reverse("telling", kwargs={"slug": slug, "inquiry_id": review.inquiry_id})
        title = _("Demande %(reference)s : informer la personne, ou différer encore") % {
            "reference": review.inquiry.reference
        }
        reminders.append(Reminder(title, _("la date de révision est arrivée"), address, urgent=True))
    return reminders


def send_reminders(institution: Institution) -> int:
    """Tell by e-mail, once each, what became due; return how many things did.

    The mail says neither what nor about whom: a day in clear is all that is known here, without anybody's key.
    """
    day = today(institution)
    with transaction.atomic():
        reviews = Telling.objects.select_for_update().filter(institution=institution, review_on__lte=day, told_on=None)
        found = len(reviews)
        reviews.update(told_on=day)
        if found:
            tell_referents(institution)
        near = PersonRequest.objects.select_for_update().filter(institution=institution, told_on=None)
        for request in near.exclude(state=State.DONE).filter(due_on__lte=day + timedelta(days=REMIND_DAYS)):
            request.told_on = day
            request.save(update_fields=["told_on"])
            tell_holders(request)
            found += 1
    return found


def _title(kind: str) -> str:
    return {
        "access": _("Une personne demande accès à ses données"),
        "rectification": _("Une personne demande une rectification"),
        "erasure": _("Une personne demande un effacement"),
    }[kind]


def _left(days: int) -> str:
    if days < 0:
        return ngettext("en retard de %(days)d jour", "en retard de %(days)d jours", -days) % {"days": -days}
    if days == 0:
        return _("dernier jour aujourd’hui")
    return ngettext("encore %(days)d jour", "encore %(days)d jours", days) % {"days": days}
