"""Reads of what is told in confidence: the actor's own envelopes, each tried; the same queries whatever they hold."""

import uuid
from collections.abc import Sequence

from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.pressure.models import Envelope
from ciment_web.pressure.sealing import Opened, require_opened, try_envelope
from ciment_web.quorum.trust import trusted_members


def entrusted(actor: Actor) -> Sequence[Opened]:
    """Return the reports that the actor wrote or was entrusted with, the latest first; one query, whatever there is."""
    envelopes = Envelope.objects.filter(institution=actor.institution, member=actor.member)
    opened = [try_envelope(actor, each) for each in envelopes.select_related("report")]
    return sorted((each for each in opened if each is not None), key=lambda each: each.head.at, reverse=True)


def open_report(actor: Actor, report_id: uuid.UUID) -> Opened:
    """Return one report.

    Raises:
        NotReader: if there is none that the actor's envelope opens; one query in either case.
    """
    envelopes = Envelope.objects.filter(institution=actor.institution, member=actor.member, report=report_id)
    return require_opened(actor, envelopes.select_related("report__institution").first())


def colleagues(actor: Actor) -> list[Member]:
    """Return the other members in service, by name: anybody of the house may be named."""
    everybody = Member.objects.filter(institution=actor.institution, active=True).exclude(pk=actor.member.pk)
    return list(everybody.order_by("name"))


def possible_readers(actor: Actor) -> dict[uuid.UUID, Member]:
    """Return those who may be entrusted, apart from who is named: signatories, referents, the DPO."""
    found = trusted_members(actor, Role.SIGNATORY, Role.REFERENT, Role.DPO)
    return {member.id: member for member, _public in found if member.id != actor.member.id}


def signatories(actor: Actor) -> frozenset[uuid.UUID]:
    """Return the signatories whom the actor trusts."""
    return frozenset(member.id for member, _public in trusted_members(actor, Role.SIGNATORY))
