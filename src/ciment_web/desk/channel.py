"""The desk as the folder of inquiries knows it: what waits there, and where a reply is put."""

from django.urls import reverse
from django.utils.translation import ngettext

from ciment_web.arrivals.permissions import can_take_over
from ciment_web.desk.actions.reply import put_reply
from ciment_web.desk.queries import count_waiting
from ciment_web.inquiries.channels import Waiting
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor


class Desk:
    """The public desk."""

    def waiting(self, actor: Actor) -> Waiting | None:
        """Return how many filings wait for a referent."""
        count = count_waiting(actor) if can_take_over(actor) else 0
        if not count:
            return None
        words = ngettext("%(count)s demande attend au guichet", "%(count)s demandes attendent au guichet", count)
        return Waiting(words % {"count": count}, reverse("desk-filings", kwargs={"slug": actor.institution.slug}))

    def answered(self, actor: Actor, inquiry: Inquiry) -> None:
        """Put the reply at the desk, where the request came from there."""
        if inquiry.channel == "desk":
            put_reply(actor, inquiry)
