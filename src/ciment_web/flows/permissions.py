"""Who may do what with a flow. Each answer is a plain yes or no; whether the flow stands is verified apart."""

from ciment_web.decisions.models import Decision
from ciment_web.flows.models import Communication, Flow, Suspension
from ciment_web.flows.terms import Terms
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role


def can_propose(actor: Actor) -> bool:
    """A referent proposes a flow, or declares an exchange outside Ciment."""
    return actor.holds(Role.REFERENT)


def can_advise(actor: Actor, flow: Flow) -> bool:
    """The data protection officer, before the accords, once."""
    return actor.holds(Role.DPO) and _waits(flow) and not flow.sealed_opinion


def can_submit(actor: Actor, flow: Flow) -> bool:
    """A referent, once the officer's opinion is there, whatever it says: it advises."""
    return actor.holds(Role.REFERENT) and _waits(flow) and bool(flow.sealed_opinion) and not flow.outside


def can_give_up(actor: Actor, flow: Flow) -> bool:
    """A referent takes back what nobody has agreed to, or ends what is only declared."""
    return actor.holds(Role.REFERENT) and _waits(flow)


def can_note(actor: Actor) -> bool:
    """A worker or referent acts within a flow."""
    return actor.holds(Role.WORKER, Role.REFERENT)


def can_suspend(actor: Actor, flow: Flow, terms: Terms) -> bool:
    """A signatory, a referent, the officer or the owner, at once, while accords are in force."""
    competent = actor.holds(Role.SIGNATORY, Role.REFERENT, Role.DPO) or (bool(actor.roles) and terms.owner == actor.id)
    return competent and _agreed(flow) and not is_suspended(flow)


def can_review(actor: Actor, communication: Communication) -> bool:
    """A referent or the officer, other than whoever noted it."""
    return actor.holds(Role.REFERENT, Role.DPO) and communication.noted_by_id != actor.member.id


def can_follow(actor: Actor) -> bool:
    """A referent or the officer sees which communications the register drew."""
    return actor.holds(Role.REFERENT, Role.DPO)


def can_share(actor: Actor) -> bool:
    """A referent gives the flow to members who came later, and a drawn communication to the officer."""
    return actor.holds(Role.REFERENT)


def is_suspended(flow: Flow) -> bool:
    """Whether the latest decision on the flow was suspended."""
    return flow.decision_id is not None and Suspension.objects.filter(decision_id=flow.decision_id).exists()


def _agreed(flow: Flow) -> bool:
    return flow.decision is not None and flow.decision.state == Decision.State.EXECUTED


def _waits(flow: Flow) -> bool:
    """Whether nothing is agreed or being agreed: no decision, one that ended without accords, or a suspended one."""
    if flow.given_up_at is not None:
        return False
    over = flow.decision is None or flow.decision.state in (Decision.State.DECLINED, Decision.State.LAPSED)
    return over or (_agreed(flow) and is_suspended(flow))
