"""Notices by e-mail: that something waits, never what or about whom."""

import logging
import uuid
from collections.abc import Callable, Collection, Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciment_web.governance.absences import stand_ins
from ciment_web.governance.queries import current_on_host
from ciment_web.governance.recusals import RECUSALS
from ciment_web.inquiries.models import Inquiry
from ciment_web.institutions.languages import writing_for
from ciment_web.institutions.models import Institution
from ciment_web.members.models import Member, Role
from ciment_web.members.queries import members_with

LOG = logging.getLogger("ciment")


def tell_referents(inquiry: Inquiry) -> None:
    """Tell the referents, after the commit, that a request waits to be qualified."""
    _tell(inquiry, Role.REFERENT, _("Ciment : une demande d’information attend d’être qualifiée"))


def tell_signatories(inquiry: Inquiry) -> None:
    """Tell the signatories, after the commit, that a decision or a refusal waits for them."""
    _tell(inquiry, Role.SIGNATORY, _("Ciment : une réponse attend votre signature"))


def _tell(inquiry: Inquiry, role: Role, subject: str | Promise) -> None:
    address = reverse("inquiry", kwargs={"slug": inquiry.institution.slug, "inquiry_id": inquiry.id})
    recusals = current_on_host(inquiry.institution, RECUSALS).value
    but = [uuid.UUID(each) for each in recusals.by_member if recusals.covers(each, inquiry.requester)]
    tell(inquiry.institution, role, subject, address, but)


def tell(
    institution: Institution, role: Role, subject: str | Promise, address: str, but: Collection[uuid.UUID] = ()
) -> None:
    """Tell those who hold `role`, after the commit, to read the page at `address`; the subject says nothing of it.

    Who deputises is told in the place of whoever is absent; nobody of `but` is.
    """

    def whom() -> list[Member]:
        return stand_ins(institution, [each for each in members_with(institution, role) if each.id not in but])

    _write(institution, whom, subject, address)


def tell_each(institution: Institution, members: Iterable[Member], subject: str | Promise, address: str) -> None:
    """Tell exactly `members`, each by a mail of their own, as `tell` does."""
    named = list(members)
    _write(institution, lambda: named, subject, address)


def _write(
    institution: Institution, whom: Callable[[], Iterable[Member]], subject: str | Promise, address: str
) -> None:
    scheme = "https" if settings.CIMENT_SECURE else "http"
    link = f"{scheme}://{settings.CIMENT_HOST}{address}"
    with writing_for(institution):
        title, body = str(subject), gettext("Connectez-vous pour la lire : %(link)s") % {"link": link}
    transaction.on_commit(lambda: _send(whom, title, body))


def _send(whom: Callable[[], Iterable[Member]], subject: str, body: str) -> None:
    try:
        for member in whom():
            if member.mail:
                EmailMessage(subject, body, to=[member.mail]).send()
    except Exception as error:  # noqa: BLE001 - the act is committed: whatever fails here must not look like its failure
        # The work waits on the home page all the same: an absent mail server delays a notice, never an act.
        LOG.warning("mail.failed", extra={"fields": {"error_type": type(error).__name__}})
