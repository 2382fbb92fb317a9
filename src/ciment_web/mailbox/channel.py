"""The mailbox as the folder of inquiries knows it: what waits there. Replies leave by letter."""

from django.urls import reverse
from django.utils.translation import ngettext

from ciment_web.arrivals.permissions import can_take_over
from ciment_web.inquiries.channels import Waiting
from ciment_web.inquiries.models import Inquiry
from ciment_web.mailbox.queries import waiting
from ciment_web.members.actor import Actor


class Mailbox:
    """Mail to the address kept for requests."""

    def waiting(self, actor: Actor) -> Waiting | None:
        """Return how many messages wait for a referent."""
        count = waiting(actor).count() if can_take_over(actor) else 0
        if not count:
            return None
        words = ngettext("%(count)s courriel attend d’être lu", "%(count)s courriels attendent d’être lus", count)
        return Waiting(words % {"count": count}, reverse("mailbox", kwargs={"slug": actor.institution.slug}))

    def answered(self, actor: Actor, inquiry: Inquiry) -> None:
        """Do nothing: a letter answers a message, and no reply leaves by mail."""
