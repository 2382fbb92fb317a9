"""Propose a flow, take its proposal back, and give it to members who came later."""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ciment.law import VOCABULARY
from ciment_web.flows.law import bases_for
from ciment_web.flows.models import Flow
from ciment_web.flows.permissions import can_give_up, can_propose, can_share
from ciment_web.flows.queries import lock_flow
from ciment_web.flows.refusals import TermsRefused
from ciment_web.flows.sealing import Reader, give_flow, open_flow, seal_terms
from ciment_web.flows.terms import CHANNELS, MAX_DAYS, Terms
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.notices import tell
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record
from ciment_web.quorum.trust import require_trusted, trusted_members, trusted_roster

READERS = (Role.WORKER, Role.REFERENT, Role.SIGNATORY, Role.DPO)


@dataclass(frozen=True)
class NewFlow:
    """What a referent proposes. `outside` declares an automated exchange that does not pass through Ciment."""

    outside: bool
    requester: str
    categories: tuple[str, ...]
    rule: str
    service: str = field(repr=False)
    channel: str
    address: str = field(repr=False)
    verified: str = field(repr=False)
    purpose: str = field(repr=False)
    owner: Member
    until: date
    sample: int


def propose_flow(actor: Actor, new: NewFlow) -> Flow:
    """Freeze the terms of a flow, sealed to those who will act, answer and advise; the officer is told.

    Raises:
        NotAllowed: unless the actor is a referent.
        TermsRefused: for an end too far or past, a rule that does not let this flow, an owner nobody answers for.
        NoQuorum: before the institution's ceremony.
    """
    require(can_propose(actor))
    flow_id = uuid.uuid4()
    terms = _terms_of(actor.institution, str(flow_id), new)
    key, readers = secrets.token_bytes(32), _readers(actor)
    owner = (new.owner, require_trusted(new.owner, trusted_roster(actor).roster))
    with transaction.atomic():
        institution = Institution.objects.select_for_update().get(pk=actor.institution.pk)
        last = Flow.objects.filter(institution=institution).aggregate(last=Max("number"))["last"]
        flow = Flow(
            id=flow_id,
            institution=institution,
            number=(last or 0) + 1,
            outside=new.outside,
            proposed_by=actor.member,
            proposed_at=timezone.now(),
        )
        flow.sealed_terms = seal_terms(flow, key, terms)
        flow.save(force_insert=True)
        give_flow(flow, key, {member.id: (member, public) for member, public in [*readers, owner]}.values())
        record(actor, "flow.proposed", {"flow": str(flow.id), "terms": terms.digest.hex()})
        tell_of(flow, Role.DPO, _("Ciment : un avis vous est demandé"))
    return flow


def give_up_flow(actor: Actor, flow: Flow) -> None:
    """Take back a proposal that nobody agreed to, or end a declaration; it stays on record.

    Raises:
        NotAllowed: unless the actor is a referent, and no accord is in force or being asked.
    """
    open_flow(actor, flow)
    with transaction.atomic():
        locked = lock_flow(actor, flow)
        require(can_give_up(actor, locked))
        locked.given_up_at = timezone.now()
        locked.save(update_fields=["given_up_at"])
        record(actor, "flow.given_up", {"flow": str(flow.id)})


def share_flow(actor: Actor, flow: Flow) -> int:
    """Give the flow to those who became members since, as to the others; return to how many.

    Raises:
        NotAllowed: unless the actor is a referent who has its key.
    """
    require(can_share(actor))
    key = open_flow(actor, flow)
    with transaction.atomic():
        locked = lock_flow(actor, flow)
        lacking = _lacking(actor, locked)
        give_flow(locked, key, lacking)
        record(actor, "flow.shared", {"flow": str(flow.id), "members": [str(member.id) for member, _ in lacking]})
    return len(lacking)


def count_lacking(actor: Actor, flow: Flow) -> int:
    """Return how many members a referent could give the flow to."""
    return len(_lacking(actor, flow)) if can_share(actor) else 0


def tell_of(flow: Flow, role: Role, subject: str | Promise) -> None:
    """Tell those who hold `role` to read the flow's page."""
    tell(flow.institution, role, subject, reverse("flow", kwargs={"slug": flow.institution.slug, "flow_id": flow.id}))


def _readers(actor: Actor) -> list[Reader]:
    return trusted_members(actor, *READERS)


def _lacking(actor: Actor, flow: Flow) -> list[Reader]:
    held = set(flow.keys.values_list("member_id", flat=True))
    return [(member, public) for member, public in _readers(actor) if member.id not in held]


def _terms_of(institution: Institution, flow_id: str, new: NewFlow) -> Terms:
    start = today(institution)
    if not start < new.until <= start + timedelta(days=MAX_DAYS):
        raise TermsRefused("until")
    if new.channel not in CHANNELS or not 1 <= new.sample <= 100 or not new.categories:
        raise TermsRefused("terms")
    if new.owner.institution_id != institution.id or not new.owner.active:
        raise TermsRefused("owner")
    categories = tuple(value for value in VOCABULARY["category"] if value in new.categories)
    facts = {basis.rule.id: basis.facts for basis in bases_for(institution, new.requester, categories)}
    if new.rule not in facts:
        raise TermsRefused("rule")
    return Terms(
        flow=flow_id,
        outside=new.outside,
        requester=new.requester,
        service=new.service,
        channel=new.channel,
        address=new.address,
        verified=new.verified,
        categories=categories,
        rule=new.rule,
        facts=facts[new.rule],
        purpose=new.purpose,
        owner=str(new.owner.id),
        owner_name=new.owner.name,
        until=new.until.isoformat(),
        sample=new.sample,
    )
