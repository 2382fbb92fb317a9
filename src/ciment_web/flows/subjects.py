"""What flows do for the decisions about them."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciment.disclosure import ActRefused
from ciment_web.decisions.circumstances import delta_of
from ciment_web.decisions.models import Decision
from ciment_web.decisions.subjects import Subject, digest_of
from ciment_web.flows.models import Flow
from ciment_web.flows.opinions import require_opinion
from ciment_web.flows.permissions import can_submit
from ciment_web.flows.sealing import open_flow, subject_of
from ciment_web.flows.standing import hold_together
from ciment_web.flows.terms import parse_template
from ciment_web.flows.words import tell_template
from ciment_web.inquiries.keys import NotReader
from ciment_web.inquiries.notices import tell
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import Recorded


class FlowSubjects:
    """What flows do for the decisions about them. A flow is about nobody, so no tie to a person is asked."""

    def open_subject(self, actor: Actor, decision: Decision) -> Subject:
        """Return the flow as a subject, for whoever has its key."""
        flow = _flow_of(actor, decision)
        return subject_of(flow, open_flow(actor, flow))

    def lock_preparation(self, actor: Actor, subject: Subject) -> frozenset[str]:
        """Lock the flow; no copy is prepared for it, so no category may leave by the decision itself."""
        flow = Flow.objects.select_for_update(of=("self",)).get(pk=subject.id, institution=actor.institution)
        require(can_submit(actor, flow))
        return frozenset()

    def recused(self, actor: Actor, subject: Subject) -> frozenset[str]:
        """Return nobody: the question is not asked."""
        del actor, subject
        return frozenset()

    def tied(self, actor: Actor, subject: Subject) -> frozenset[str]:
        """Return nobody: the question is not asked."""
        del actor, subject
        return frozenset()

    def verify_matter(self, actor: Actor, decision: Decision, letter: bytes) -> None:
        """Hold the frozen text against what the law was asked, and the opinion in it against the officer's signature.

        Raises:
            ActRefused: if they differ; Untrusted or BadSignature, if nobody answers for the opinion.
        """
        template = parse_template(letter)
        hold_together(delta_of(decision), template, actor.institution)
        require_opinion(actor, template.terms, template.opinion)

    def tell_matter(self, decision: Decision, letter: bytes) -> Sequence[tuple[str, str]]:
        """Return the frozen text in words."""
        return tell_template(parse_template(letter), decision.institution)

    def seal_letter(self, decision: Decision, letter: bytes) -> bytes:
        """Refuse: no letter leaves by the accords on a flow."""
        del decision, letter
        raise ActRefused("not_executable")

    def released(self, actor: Actor, decision: Decision, letter: bytes, recorded: Recorded) -> None:
        """Tell the referents that the flow is in force."""
        del letter, recorded
        flow = _flow_of(actor, decision)
        address = reverse("flow", kwargs={"slug": flow.institution.slug, "flow_id": flow.id})
        tell(flow.institution, Role.REFERENT, _("Ciment : les accords sont donnés"), address)

    def undecided(self, actor: Actor, decision: Decision, *, declined: bool) -> None:
        """Leave the flow as it is: its terms wait for another decision, or are given up."""


def _flow_of(actor: Actor, decision: Decision) -> Flow:
    named = delta_of(decision).inquiry
    if named is None or digest_of(named) != bytes(decision.subject_digest):
        raise NotReader
    flow = Flow.objects.filter(pk=named, institution=actor.institution).select_related("institution").first()
    if flow is None:
        raise NotReader
    return flow
