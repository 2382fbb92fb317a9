"""On the way to the accords: the officer's opinion, then the decision that signatories approve. And back: suspend."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciment.canon import Json
from ciment_web.decisions.actions.freeze import Terms as DecisionTerms
from ciment_web.decisions.actions.freeze import freeze_decision
from ciment_web.decisions.models import Decision
from ciment_web.flows.actions.propose import tell_of
from ciment_web.flows.law import answer_to, bases_for
from ciment_web.flows.models import Flow, Suspension
from ciment_web.flows.opinions import require_opinion
from ciment_web.flows.permissions import can_advise, can_submit, can_suspend
from ciment_web.flows.queries import lock_flow
from ciment_web.flows.refusals import TermsRefused
from ciment_web.flows.sealing import open_flow, open_opinion, open_terms, seal_opinion, seal_reason, subject_of
from ciment_web.flows.standing import end_of
from ciment_web.flows.terms import Opinion, Template, Terms
from ciment_web.inquiries.documents import today
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import NotAllowed, require
from ciment_web.members.tracing import record


def advise_on_flow(actor: Actor, flow: Flow, *, favourable: bool, text: str) -> Opinion:
    """Give the officer's opinion on exactly these terms, signed; it decides nothing.

    Raises:
        NotAllowed: unless the actor is the data protection officer, and no opinion is there yet.
    """
    key = open_flow(actor, flow)
    terms = open_terms(flow, key)
    said = Opinion(actor.id, actor.member.name, favourable, text, today(flow.institution).isoformat(), bytes(64))
    opinion = Opinion(**{**vars(said), "signature": actor.keys.sign(said.statement(terms))})
    with transaction.atomic():
        locked = lock_flow(actor, flow)
        require(can_advise(actor, locked))
        locked.sealed_opinion = seal_opinion(locked, key, opinion)
        locked.save(update_fields=["sealed_opinion"])
        record(actor, "flow.advised", {"flow": str(flow.id), "favourable": favourable})
        tell_of(locked, Role.REFERENT, _("Ciment : un avis est donné"))
    return opinion


def submit_flow(actor: Actor, flow: Flow) -> Decision:
    """Freeze terms and opinion into a decision, and ask the signatories for their accords.

    Raises:
        NotAllowed: unless the actor is a referent, the opinion is there, and nothing is agreed or being agreed.
        TermsRefused: if the end has passed, or the law in force no longer lets this flow.
    """
    key = open_flow(actor, flow)
    subject, terms, opinion = subject_of(flow, key), open_terms(flow, key), open_opinion(flow, key)
    if opinion is None:
        raise NotAllowed("the officer's opinion comes before the accords")
    require_opinion(actor, terms, opinion)
    with transaction.atomic():
        locked = lock_flow(actor, flow)
        require(can_submit(actor, locked))
        decision = freeze_decision(actor, subject, _decision_terms(locked, Template(terms, opinion)), [])
        locked.decision = decision
        locked.save(update_fields=["decision"])
        tell_of(locked, Role.SIGNATORY, _("Ciment : une décision attend votre accord"))
    return decision


def suspend_flow(actor: Actor, flow: Flow, reason: str) -> Suspension:
    """Stop a flow at once. New accords, after a new opinion, are the only way on.

    Raises:
        NotAllowed: unless the actor is a signatory, referent, the officer or the owner, and accords are in force.
    """
    key = open_flow(actor, flow)
    terms = open_terms(flow, key)
    with transaction.atomic():
        locked = lock_flow(actor, flow)
        require(can_suspend(actor, locked, terms))
        decision = locked.decision
        if decision is None:
            raise NotAllowed("nothing is in force")
        row = Suspension.objects.create(
            institution=actor.institution,
            flow=locked,
            decision=decision,
            suspended_by=actor.member,
            suspended_at=timezone.now(),
            sealed_reason=seal_reason(locked, key, str(decision.id), reason),
        )
        # What was thought before the suspension is not an opinion on going on after it.
        locked.sealed_opinion = b""
        locked.save(update_fields=["sealed_opinion"])
        record(actor, "flow.suspended", {"flow": str(flow.id), "decision": str(decision.id)})
        for role in (Role.SIGNATORY, Role.REFERENT, Role.DPO):
            tell_of(locked, role, _("Ciment : un flux est suspendu"))
    return row


def _decision_terms(flow: Flow, template: Template) -> DecisionTerms:
    terms, institution = template.terms, flow.institution
    if terms.last_day < today(institution):
        raise TermsRefused("until")
    if terms.rule not in {basis.rule.id for basis in bases_for(institution, terms.requester, terms.categories)}:
        raise TermsRefused("rule")
    answer = answer_to(institution, terms)
    return DecisionTerms(
        facts=terms.situation,
        pack={name: answer[name] for name in ("pack", "digest", "on", "known")},
        verdicts=_verdicts(answer, terms),
        letter=template.encode(),
        recipient=None,
        expires_at=timezone.now() + timedelta(days=institution.decision_days),
        ends_at=datetime.fromtimestamp(end_of(terms, institution) / 1000, tz=UTC),
    )


def _verdicts(answer: dict[str, Any], terms: Terms) -> dict[str, Json]:
    given = answer["verdicts"]
    return {
        category: {name: given[category][name] for name in ("verdict", "decided_by", "rules")}
        for category in terms.categories
    }
