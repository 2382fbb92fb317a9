"""The officer's opinion is the officer's: signed, and by somebody the roster answers for in that role."""

from ciment.canon import CimentError
from ciment.disclosure import ActRefused
from ciment_web.flows.terms import Opinion, Terms
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.members.queries import enrolment_of
from ciment_web.quorum.trust import require_trusted, trusted_roster


def require_opinion(actor: Actor, terms: Terms, opinion: Opinion) -> None:
    """Show that a data protection officer of the institution signed `opinion` on exactly these terms.

    Raises:
        ActRefused: otherwise.
    """
    member = Member.objects.filter(pk=opinion.member, institution=actor.institution).first()
    if member is None:
        raise ActRefused("letter")
    try:
        public = require_trusted(member, trusted_roster(actor).roster)
        public.verify(opinion.statement(terms), opinion.signature)
        roles = enrolment_of(member).roles
    except CimentError as error:
        raise ActRefused("letter") from error
    if Role.DPO not in roles:
        raise ActRefused("letter")
