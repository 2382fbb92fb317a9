"""Accords repeated, copied, exchanged or late; decisions executed twice: each is refused, and nothing leaves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from deciding import (
    approve,
    current,
    execute,
    put_back,
    refuse_execution,
    roster_of,
    rows_of,
    subject,
    swap_fields,
)
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from web_stories import Prepared, prepare_release

from ciment.canon import CimentError, decode
from ciment.disclosure import ActRefused
from ciment.quorum.errors import ApprovalRefused, QuorumRefused, ShareRefused
from ciment_web.blobs import store
from ciment_web.decisions.actions.approve import AlreadySaid, lapse_decision
from ciment_web.decisions.actions.execute import read_packet
from ciment_web.decisions.circumstances import delta_of
from ciment_web.decisions.models import Approval, Decision, Objection, Packet, ReleaseCopy
from ciment_web.decisions.queries import shown_approvals
from ciment_web.inquiries.models import Inquiry
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]


@pytest.fixture
def prepared(demonstration: Demonstration) -> Prepared:
    return prepare_release(demonstration, b"la fiche")


def test_the_same_accord_twice_counts_once(demonstration: Demonstration, prepared: Prepared) -> None:
    approve(demonstration, prepared, "dg")
    entries = Leaf.objects.count()
    with pytest.raises(AlreadySaid):
        approve(demonstration, prepared, "dg")
    assert (Approval.objects.count(), Leaf.objects.count()) == (1, entries)
    refuse_execution(demonstration, prepared, QuorumRefused)


@pytest.mark.parametrize("seat", [1, 2, 3, 9])
@pytest.mark.parametrize("login", ["president", "adjoint"])
def test_an_accord_duplicated_for_another_seat_counts_once(
    demonstration: Demonstration, prepared: Prepared, seat: int, login: str
) -> None:
    row = approve(demonstration, prepared, "dg")
    other = Approval(
        institution=row.institution,
        decision=row.decision,
        seat=seat,
        member=demonstration.people[login].member,
        signed=bytes(row.signed),
        given_at=row.given_at,
    )
    try:
        with transaction.atomic():
            other.save(force_insert=True)
    except IntegrityError:
        assert seat == row.seat
        return
    refuse_execution(demonstration, prepared, CimentError)
    shown = shown_approvals(current(prepared), delta_of(current(prepared)), roster_of(demonstration))
    assert [each.pk for each in shown] == [row.pk]


def test_the_database_keeps_one_row_for_a_seat_and_a_member(demonstration: Demonstration, prepared: Prepared) -> None:
    approve(demonstration, prepared, "dg")
    copied = Approval.objects.get()
    copied.pk = None
    copied._state.adding = True
    for seat, login in ((copied.seat, "president"), (99, "dg")):
        copied.seat, copied.member = seat, demonstration.people[login].member
        with pytest.raises(IntegrityError), transaction.atomic():
            copied.save(force_insert=True)


@pytest.mark.parametrize("place", ["new row", "over its own"])
def test_an_accord_copied_to_another_decision_is_none(
    demonstration: Demonstration, prepared: Prepared, place: str
) -> None:
    neighbour = prepare_release(demonstration, b"autre fiche")
    approve(demonstration, prepared, "president")
    approve(demonstration, neighbour, "dg")
    moved = Approval.objects.get(decision=prepared.decision)
    if place == "new row":
        Approval.objects.filter(pk=moved.pk).update(decision=neighbour.decision)
    else:
        own = approve(demonstration, neighbour, "president")
        Approval.objects.filter(pk=own.pk).update(signed=bytes(moved.signed))
    refuse_execution(demonstration, neighbour, ApprovalRefused)
    shown = shown_approvals(current(neighbour), delta_of(current(neighbour)), roster_of(demonstration))
    assert [row.member.login for row in shown] == ["dg"]
    # The decision that lost its accord lacks it; the neighbour's content stays closed.
    refuse_execution(demonstration, prepared, CimentError)


@pytest.mark.parametrize("executor", ["dg", "president", "adjoint"])
def test_boxes_exchanged_between_holders_do_not_open(
    demonstration: Demonstration, prepared: Prepared, executor: str
) -> None:
    approve(demonstration, prepared, "dg")
    row = approve(demonstration, prepared, "president")
    ids = [demonstration.people[login].id for login in ("dg", "president", "adjoint")]

    def turn(fields: dict[str, Any]) -> None:
        boxes = fields["boxes"]
        fields["boxes"] = {ids[place]: boxes[ids[place - 1]] for place in range(3)}

    Approval.objects.filter(pk=row.pk).update(signed=swap_fields(bytes(row.signed), turn))
    assert isinstance(refuse_execution(demonstration, prepared, ShareRefused, executor), ShareRefused)


def test_boxes_of_another_accord_do_not_open(demonstration: Demonstration, prepared: Prepared) -> None:
    neighbour = prepare_release(demonstration, b"autre fiche")
    first = approve(demonstration, prepared, "dg")
    second = approve(demonstration, prepared, "president")
    foreign = approve(demonstration, neighbour, "president")
    for source in (first, foreign):
        boxes = decode(bytes(source.signed))["boxes"]  # type: ignore[index,call-overload]  # an object, as encoded
        changed = swap_fields(bytes(second.signed), lambda fields, boxes=boxes: fields.update(boxes=boxes))  # type: ignore[misc]
        Approval.objects.filter(pk=second.pk).update(signed=changed)
        refuse_execution(demonstration, prepared, ShareRefused)
    Approval.objects.filter(pk=second.pk).update(signed=bytes(second.signed))
    execute(demonstration, prepared)


def test_a_box_taken_away_or_added_is_refused(demonstration: Demonstration, prepared: Prepared) -> None:
    approve(demonstration, prepared, "dg")
    row = approve(demonstration, prepared, "president")
    adjoint, worker = demonstration.people["adjoint"].id, demonstration.people["travailleur"].id
    changes: list[Callable[[dict[str, Any]], None]] = [
        lambda fields: fields["boxes"].pop(adjoint),
        lambda fields: fields["boxes"].update({worker: fields["boxes"][adjoint]}),
        lambda fields: fields.update(boxes={}),
    ]
    for change in changes:
        Approval.objects.filter(pk=row.pk).update(signed=swap_fields(bytes(row.signed), change))
        refuse_execution(demonstration, prepared, CimentError)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Return a way to let time pass."""
    real = timezone.now

    def pass_time(by: timedelta) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: real() + by)

    return pass_time


def time_left(prepared: Prepared) -> timedelta:
    """Return how long until a decision is over: its days are working days, so no fixed number of days is."""
    return current(prepared).expires_at - timezone.now() + timedelta(minutes=1)


def test_a_late_accord_and_a_late_execution_are_refused(
    demonstration: Demonstration, prepared: Prepared, later: Callable[[timedelta], None]
) -> None:
    approve(demonstration, prepared, "dg")
    approve(demonstration, prepared, "president")
    later(time_left(prepared))
    # Moving the date of the row makes nothing younger: Δ says until when.
    for expires_at in (current(prepared).expires_at, timezone.now() + timedelta(days=9)):
        Decision.objects.filter(pk=prepared.decision.pk).update(expires_at=expires_at)
        refusal = refuse_execution(demonstration, prepared, ActRefused)
        assert isinstance(refusal, ActRefused)
        assert refusal.reason == "expired"
        with pytest.raises(ActRefused, match="expired"):
            approve(demonstration, prepared, "adjoint")


def test_a_lapsed_decision_put_back_is_refused(
    demonstration: Demonstration, prepared: Prepared, later: Callable[[timedelta], None]
) -> None:
    approve(demonstration, prepared, "dg")
    approve(demonstration, prepared, "president")
    kept = {model: rows_of(model) for model in (Decision, ReleaseCopy, Approval, Inquiry)}
    later(time_left(prepared))
    assert lapse_decision(demonstration.people["dg"], current(prepared))
    for row in Approval.objects.all():
        assert bytes(row.signed) == b""
    with pytest.raises(ActRefused, match="not_executable"):
        approve(demonstration, prepared, "adjoint")
    refuse_execution(demonstration, prepared, ActRefused)
    # Everything of before comes back from a backup, accords included: it is too late all the same.
    for model, rows in kept.items():
        put_back(model, rows)
    refuse_execution(demonstration, prepared, ActRefused)
    with pytest.raises(ActRefused, match="expired"):
        approve(demonstration, prepared, "adjoint")


@pytest.mark.parametrize("state", ["open", "declined", "lapsed"])
def test_the_state_of_the_row_alone_opens_nothing(demonstration: Demonstration, prepared: Prepared, state: str) -> None:
    prepared.release(demonstration)
    Decision.objects.filter(pk=prepared.decision.pk).update(state=state)
    refuse_execution(demonstration, prepared, CimentError)


@pytest.mark.parametrize("state", ["open", "declined", "lapsed"])
def test_an_executed_decision_takes_no_more_accords(
    demonstration: Demonstration, prepared: Prepared, state: str
) -> None:
    prepared.release(demonstration)
    Decision.objects.filter(pk=prepared.decision.pk).update(state=state)
    with pytest.raises(CimentError):
        approve(demonstration, prepared, "adjoint")
    # Boxes of a decision that was executed would be of use to a thief alone.
    assert not Approval.objects.exclude(signed=b"").exists()


def test_a_second_execution_is_refused_and_the_packet_stays(
    demonstration: Demonstration, prepared: Prepared, sign_in: SignIn
) -> None:
    packet = prepared.release(demonstration)
    for login in ("dg", "president", "adjoint"):
        refuse_execution(demonstration, prepared, ActRefused, login)
    client, where = sign_in("dg"), f"/i/demo/decisions/{prepared.decision.id}/"
    again = client.post(f"{where}execution/", {"phrase": demonstration.passphrase})
    assert again.status_code == 409
    assert "n’est plus ouverte" in again.content.decode()
    served = [client.get(f"{where}pli.age").content for _ in range(3)]
    served.append(sign_in("president").get(f"{where}pli.age").content)
    assert set(served) == {b"".join(store.read(packet.blob))}
    assert len({client.get(f"{where}pli.tlog-proof").content.split(b"\n")[0] for _ in range(2)}) == 1


def test_everything_put_back_from_a_backup_is_not_executed_again(
    demonstration: Demonstration, prepared: Prepared
) -> None:
    for login in ("dg", "president"):
        approve(demonstration, prepared, login)
    kept = {model: rows_of(model) for model in (Decision, ReleaseCopy, Approval, Inquiry)}
    execute(demonstration, prepared)
    for model, rows in kept.items():
        put_back(model, rows)
    refusal = refuse_execution(demonstration, prepared, ActRefused)
    assert isinstance(refusal, ActRefused)
    assert refusal.reason == "not_executable"


def test_a_packet_row_taken_away_gives_no_second_packet(demonstration: Demonstration, prepared: Prepared) -> None:
    """The reply is kept once: what the row of the packet no longer says, the letter still does."""
    for login in ("dg", "president"):
        approve(demonstration, prepared, login)
    kept = {model: rows_of(model) for model in (Decision, ReleaseCopy, Approval, Inquiry)}
    execute(demonstration, prepared)
    Packet.objects.all().delete()
    for model, rows in kept.items():
        put_back(model, rows)
    refuse_execution(demonstration, prepared, CimentError)


def test_a_packet_of_another_decision_is_not_served(demonstration: Demonstration, prepared: Prepared) -> None:
    other = prepare_release(demonstration, b"autre fiche")
    first, second = prepared.release(demonstration), other.release(demonstration)
    director = demonstration.people["dg"]
    kept = rows_of(Packet, pk=first.pk)
    matter = subject(demonstration, prepared)
    for columns in (
        {"blob": second.blob},
        {"blob": second.blob, "sha256": bytes(second.sha256)},
        {
            "blob": second.blob,
            "sha256": bytes(second.sha256),
            "leaf_index": second.leaf_index,
            "sealed_opening": bytes(second.sealed_opening),
        },
    ):
        Packet.objects.filter(pk=second.pk).update(blob="0" * 32)
        Packet.objects.filter(pk=first.pk).update(**columns)
        with pytest.raises(CimentError):
            read_packet(director, Packet.objects.get(pk=first.pk), matter)
    put_back(Packet, kept)
    assert read_packet(director, Packet.objects.get(pk=first.pk), matter) == b"".join(store.read(first.blob))


def test_objections_taken_away_do_not_replace_accords(demonstration: Demonstration, prepared: Prepared) -> None:
    from ciment_web.decisions.actions.approve import object_to_decision  # noqa: PLC0415 - beside its one use

    approve(demonstration, prepared, "dg")
    object_to_decision(demonstration.people["adjoint"], current(prepared), "trop large")
    with pytest.raises(AlreadySaid):
        approve(demonstration, prepared, "adjoint")
    Objection.objects.all().delete()
    refuse_execution(demonstration, prepared, QuorumRefused)
