"""Alerts of something urgent: to those on call, then to their deputies, then to every signatory, until one reads.

Who is told, and when, is settled when the alert is raised, from what its author's side verified. What is sent says
that something waits and where, never what, about whom, or by whom.
"""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ciment.canon import CimentError
from ciment_web.governance.absences import stand_ins
from ciment_web.governance.gateway import GatewayFailed, gateway_of, tell_gateway
from ciment_web.governance.models import Alert, Delivery
from ciment_web.governance.queries import current
from ciment_web.governance.rota import ROTA, steps_at
from ciment_web.institutions.languages import writing_for
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.members.queries import members_with
from ciment_web.quorum.trust import trusted_members

LOG = logging.getLogger("ciment")
_BETWEEN_ATTEMPTS = timedelta(minutes=1)
# What nobody read in a day is on the home page; sending on would only teach people to ignore it.
_LONGEST = timedelta(days=1)


@dataclass(frozen=True)
class Sent:
    """How many notices left, and how many did not and will be tried again."""

    sent: int = 0
    failed: int = 0


def raise_alert(actor: Actor, subject: uuid.UUID, path: str, kind: str) -> Alert:
    """Alert those on call that `path` waits to be read; call it in the transaction of the act that it is about.

    An alert of the same matter that nobody has read yet goes on instead.
    """
    now = timezone.now()
    waiting = Alert.objects.filter(
        institution=actor.institution, subject=subject, seen_at=None, raised_at__gt=now - _LONGEST
    ).first()
    if waiting is not None:
        # Nobody has read it yet: to begin anew would put off the deputies.
        return waiting
    steps = _steps(actor, now)
    alert = Alert.objects.create(
        id=uuid.uuid4(),
        institution=actor.institution,
        subject=subject,
        path=path,
        kind=kind,
        raised_by=actor.member,
        raised_at=now,
    )
    _plan(alert, steps)
    transaction.on_commit(lambda: _send_now(alert))
    return alert


def mark_seen(actor: Actor, subject: uuid.UUID) -> None:
    """Stop the alerts of a matter that the actor has just opened; call it in the transaction of that reading.

    Whoever raised it does not stop it, and neither does a reader who is nobody it was meant for.
    """
    waiting = Q(institution=actor.institution, subject=subject, seen_at=None) & ~Q(raised_by=actor.member)
    if not actor.holds(Role.SIGNATORY):
        waiting &= Q(deliveries__member=actor.member)
    found = list(Alert.objects.filter(waiting).values_list("pk", flat=True))
    Alert.objects.filter(pk__in=found).update(seen_at=timezone.now(), seen_by=actor.member)


def send_due(now: datetime | None = None, alert: Alert | None = None) -> Sent:
    """Send what is due of every institution (or of one alert); a failure is noted and tried again a minute later."""
    now = now or timezone.now()
    due = Delivery.objects.filter(
        sent_at=None, next_at__lte=now, alert__seen_at=None, alert__raised_at__gt=now - _LONGEST
    )
    if alert is not None:
        due = due.filter(alert=alert)
    outcome = [_attempt(pk, now) for pk in due.values_list("pk", flat=True)]
    return Sent(outcome.count(True), outcome.count(False))


def latest_alert(actor: Actor, subject: uuid.UUID) -> Alert | None:
    """Return the last alert of a matter, for a page that its reader may see already."""
    found = Alert.objects.filter(institution=actor.institution, subject=subject).select_related("seen_by")
    return found.prefetch_related("deliveries__member").order_by("-raised_at").first()


def _steps(actor: Actor, now: datetime) -> list[tuple[str, timedelta, list[Member]]]:
    try:
        readers = {str(member.id): member for member, _ in trusted_members(actor, Role.REFERENT, Role.SIGNATORY)}
        signatories = [str(member.id) for member, _ in trusted_members(actor, Role.SIGNATORY)]
    except CimentError:
        # Rows that do not hold keep nobody from being heard: an alert opens nothing.
        return [("everybody", timedelta(), members_with(actor.institution, Role.SIGNATORY))]
    steps = steps_at(current(actor, ROTA).value, now, tuple(readers), signatories)
    return [(name, wait, [readers[each] for each in group]) for name, wait, group in steps]


def _plan(alert: Alert, steps: Sequence[tuple[str, timedelta, Sequence[Member]]]) -> None:
    told: set[uuid.UUID] = set()
    through = bool(gateway_of(alert.institution).url)
    for name, wait, group in steps:
        due = alert.raised_at + wait
        members = [each for each in stand_ins(alert.institution, group) if each.mail and each.id not in told]
        told |= {each.id for each in members}
        channels: list[tuple[str, Member | None]] = [(Delivery.Channel.MAIL, each) for each in members]
        if through:
            channels.append((Delivery.Channel.GATEWAY, None))
        Delivery.objects.bulk_create(
            Delivery(
                institution=alert.institution,
                alert=alert,
                called_as=name,
                channel=channel,
                member=member,
                due_at=due,
                next_at=due,
            )
            for channel, member in channels
        )


def _send_now(alert: Alert) -> None:
    try:
        send_due(alert=alert)
    except Exception as error:  # noqa: BLE001 - the act is committed: whatever fails here must not look like its failure
        LOG.warning("alert.failed", extra={"fields": {"error_type": type(error).__name__}})


def _attempt(pk: uuid.UUID, now: datetime) -> bool | None:
    # Taken by moving its next attempt ahead, outside any transaction that would keep others from writing meanwhile: a
    # crash after this line costs a minute, and may send twice, but loses nothing.
    taken = Delivery.objects.filter(pk=pk, sent_at=None, next_at__lte=now).update(
        next_at=now + _BETWEEN_ATTEMPTS, attempts=F("attempts") + 1
    )
    if not taken:
        return None
    delivery = Delivery.objects.select_related("alert__institution", "member").get(pk=pk)
    try:
        _send(delivery)
    except Exception as error:  # noqa: BLE001 - one notice that fails must not keep the others
        reason = error.reason if isinstance(error, GatewayFailed) else type(error).__name__
        LOG.warning("alert.failed", extra={"fields": {"error_type": type(error).__name__}})
        Delivery.objects.filter(pk=pk).update(failure=reason[:60])
        return False
    Delivery.objects.filter(pk=pk).update(sent_at=timezone.now(), failure="")
    return True


def _send(delivery: Delivery) -> None:
    alert = delivery.alert
    institution = alert.institution
    scheme = "https" if settings.CIMENT_SECURE else "http"
    link = f"{scheme}://{settings.CIMENT_HOST}{alert.path}"
    if delivery.channel == Delivery.Channel.GATEWAY:
        gateway = gateway_of(institution)
        if not gateway.url:
            raise GatewayFailed("no_gateway")
        minute = alert.raised_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
        at = int(timezone.now().timestamp())
        tell_gateway(
            institution, gateway, {"kind": f"{alert.kind}.{delivery.called_as}", "minute": minute, "link": link}, at
        )
        return
    if delivery.member is None or not delivery.member.active:
        raise CimentError("nobody to write to")
    with writing_for(institution):
        subject = _("Ciment : une situation urgente vous attend")
        body = _("Connectez-vous pour la lire : %(link)s") % {"link": link}
    EmailMessage(subject, body, to=[delivery.member.mail]).send()
