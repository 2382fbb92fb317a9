"""A member who answered already says so: the hour is kept, and nothing of what was said."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciment_web.inquiries.notices import tell
from ciment_web.inquiries.permissions import can_record
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import Recorded
from ciment_web.members.tracing import record as leave_trace


def tell_answered(actor: Actor) -> Recorded:
    """Let the data protection officer know, from this minute, that a member has something to say; nothing is written.

    Raises:
        NotAllowed: if the actor's roles do not record requests.
    """
    require(can_record(actor))
    with transaction.atomic():
        recorded = leave_trace(actor, "answered.told", {})
        address = reverse("register-entry", kwargs={"slug": actor.institution.slug, "index": recorded.index})
        tell(actor.institution, Role.DPO, _("Ciment : quelqu’un souhaite vous parler aujourd’hui"), address)
    return recorded
