"""What stops a flow by itself: its end, a change of the law, a sample nobody read. Nobody chooses the sample."""

import importlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from ciment.law import Pack
from ciment.register import Entry
from ciment_web.flows import law, standing
from ciment_web.flows.actions.review import drawn_and_open, entrust_sample, review_communication
from ciment_web.flows.models import Communication, CommunicationKey, Flow, Review
from ciment_web.flows.queries import flow_counts
from ciment_web.flows.refusals import FlowStopped, ReviewRefused
from ciment_web.flows.sampling import GRACE_DAYS, REVIEW_DAYS, samples_of
from ciment_web.flows.sealing import open_flow
from ciment_web.flows.standing import stop_of
from ciment_web.inquiries.keys import NotReader
from ciment_web.law import pack_of
from ciment_web.members.models import Member
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration
from ciment_web.project.flow_stories import adopted_flow, noted
from ciment_web.register.models import Leaf
from ciment_web.register.queries import RegisterDamaged


def said(page: bytes) -> str:
    return unescape(page.decode()).replace("\u00a0", " ")


Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return a way to set the application's clock; signing and sealing stay real."""

    def put(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return put


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def reason(demonstration: Demonstration, flow: Flow, login: str = "travailleur") -> str:
    actor = demonstration.people[login]
    return stop_of(actor, flow, open_flow(actor, flow))


def with_a_month(demonstration: Demonstration, clock: Clock, count: int = 6, rate: int = 50) -> tuple[Flow, date]:
    """Return a flow with `count` notes in one month, that month being over; the register has an entry after it."""
    first = date(2027, 3, 5)
    clock(at(first))
    flow = adopted_flow(demonstration, until=date(2027, 12, 31), sample=rate)
    for number in range(count):
        clock(at(first + timedelta(days=number)))
        noted(demonstration, flow, sent_on=first, about=f"Personne {number}")
    clock(at(date(2027, 4, 2)))
    return flow, date(2027, 4, 1)


def act(demonstration: Demonstration) -> None:
    """Let somebody do something, so that the register has an entry of now."""
    adopted_flow(demonstration, until=date(2027, 12, 31))


def test_a_flow_ends_by_itself(demonstration: Demonstration, clock: Clock) -> None:
    clock(at(date(2027, 3, 5)))
    flow = adopted_flow(demonstration, until=date(2027, 3, 20))
    clock(at(date(2027, 3, 20), 22))
    assert reason(demonstration, flow) == ""
    # The last day is over where the institution is: an hour before midnight in UTC.
    clock(at(date(2027, 3, 20), 23))
    assert reason(demonstration, flow) == "expired"
    with pytest.raises(FlowStopped):
        noted(demonstration, flow)


def test_a_change_of_the_law_stops_it_and_another_version_alone_does_not(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow, pack = adopted_flow(demonstration), pack_of(demonstration.institution)
    other = replace(pack, drafts=(*pack.drafts, "de"))
    gone = replace(pack, rules=tuple(rule for rule in pack.rules if rule.id != "be.flow"))
    stricter = replace(
        pack,
        rules=tuple(
            replace(rule, when={**rule.when, "category": ("identity",)}) if rule.id == "be.flow" else rule
            for rule in pack.rules
        ),
    )
    assert other.digest != pack.digest

    def shipped(changed: Pack) -> None:
        for module in (standing, law):
            monkeypatch.setattr(module, "pack_of", lambda _institution: changed)

    for changed, expected in ((other, ""), (gone, "law"), (stricter, "law"), (pack, "")):
        shipped(changed)
        assert reason(demonstration, flow) == expected


def test_the_register_draws_and_nobody_else(demonstration: Demonstration, clock: Clock) -> None:
    referent = demonstration.people["referent"]
    flow, _ = with_a_month(demonstration, clock)
    # Nothing is drawn until the register has an entry after the month: its root is known to nobody before.
    assert samples_of(referent, flow, 50) == []
    act(demonstration)
    [sample] = samples_of(referent, flow, 50)
    assert (sample.total, len(sample.drawn)) == (6, 3)
    assert (sample.due, sample.stops) == (date(2027, 4, 15), date(2027, 4, 29))
    # Later entries change nothing, and every reader computes the same.
    act(demonstration)
    for login in ("referent", "dpo", "travailleur"):
        assert [row.id for row in samples_of(demonstration.people[login], flow, 50)[0].drawn] == [
            row.id for row in sample.drawn
        ]
    # The order is by a hash of the root: another root, another draw.
    sampling = importlib.import_module("ciment_web.flows.sampling")
    rows = list(flow.communications.all())
    orders = {
        tuple(row.id for row in sampling._draw(flow, sample.month, bytes([seed]) * 32, rows)) for seed in range(8)
    }
    assert len(orders) > 4


def test_a_time_changed_in_the_register_moves_no_draw(demonstration: Demonstration, clock: Clock) -> None:
    referent = demonstration.people["referent"]
    flow, _ = with_a_month(demonstration, clock, count=2)
    act(demonstration)
    [sample] = samples_of(referent, flow, 50)
    assert sample.total == 2
    # The first entry of the next month is made to look older: the month would end later, and be drawn by another root.
    turn = int(datetime(2027, 3, 31, 22, tzinfo=UTC).timestamp() * 1000)
    rows = Leaf.objects.filter(institution=flow.institution).order_by("index")
    first = next(row for row in rows if Entry.parse(bytes(row.entry)).time_ms >= turn)
    older = replace(Entry.parse(bytes(first.entry)), time_ms=turn - 1)
    Leaf.objects.filter(pk=first.pk).update(entry=older.encode())
    with pytest.raises(RegisterDamaged):
        samples_of(referent, flow, 50)
    # So does a root that is not that of the log.
    Leaf.objects.filter(pk=first.pk).update(entry=bytes(first.entry), leaf_hash=bytes(32))
    with pytest.raises(RegisterDamaged):
        samples_of(referent, flow, 50)


def test_a_sample_nobody_read_stops_the_flow_until_it_is_read(demonstration: Demonstration, clock: Clock) -> None:
    people = demonstration.people
    flow, month_over = with_a_month(demonstration, clock, count=2)
    act(demonstration)
    last_day = month_over + timedelta(days=REVIEW_DAYS + GRACE_DAYS)
    clock(at(last_day))
    assert reason(demonstration, flow) == ""
    clock(at(last_day + timedelta(days=1)))
    assert reason(demonstration, flow) == "overdue"
    [drawn] = drawn_and_open(people["referent"], flow, 50)
    review = review_communication(people["referent"], drawn, conforms=True, text="Vu.")
    assert reason(demonstration, flow) == ""
    # A row that nobody competent signed is no review, and neither is one of its author.
    for changes in (
        {"signature": bytes(64)},
        {"conforms": False},
        {"reviewed_by": Member.objects.get(login="travailleur", institution=flow.institution)},
        {"reviewed_by": Member.objects.get(login="dg", institution=flow.institution)},
    ):
        before = {name: getattr(review, name) for name in changes}
        Review.objects.filter(pk=review.pk).update(**changes)
        assert reason(demonstration, flow) == "overdue", changes
        Review.objects.filter(pk=review.pk).update(**before)
    assert reason(demonstration, flow) == ""


def test_who_reviews_and_what(demonstration: Demonstration, clock: Clock) -> None:
    people = demonstration.people
    flow, _ = with_a_month(demonstration, clock, count=2)
    act(demonstration)
    [drawn] = drawn_and_open(people["referent"], flow, 50)
    other = Communication.objects.exclude(pk=drawn.pk).get(flow=flow)
    for login in ("travailleur", "dg"):
        with pytest.raises(NotAllowed):
            review_communication(people[login], drawn, conforms=True, text="oui")
    # The officer reads nothing until the drawn one, and it alone, is handed over.
    with pytest.raises(NotReader):
        review_communication(people["dpo"], drawn, conforms=True, text="oui")
    with pytest.raises(NotAllowed):
        entrust_sample(people["dpo"], flow)
    assert entrust_sample(people["referent"], flow) == 1
    assert list(CommunicationKey.objects.filter(member=people["dpo"].member).values_list("communication_id")) == [
        (drawn.id,)
    ]
    with pytest.raises(ReviewRefused):
        review_communication(people["referent"], other, conforms=True, text="oui")
    review_communication(people["dpo"], drawn, conforms=False, text="Autre canal.")
    with pytest.raises(ReviewRefused):
        review_communication(people["referent"], drawn, conforms=True, text="oui")
    counts = flow_counts(flow.institution, (at(date(2027, 3, 1)), at(date(2027, 5, 1))))
    assert (counts.in_force, counts.communications, counts.reviewed, counts.not_conforming) == (2, 2, 1, 1)
    assert flow_counts(flow.institution, (at(date(2026, 1, 1)), at(date(2026, 2, 1)))).communications == 0


def test_the_pages_lead_from_the_draw_to_its_review(
    demonstration: Demonstration, clock: Clock, sign_in: Callable[..., Client]
) -> None:
    flow, _ = with_a_month(demonstration, clock, count=2)
    act(demonstration)
    [drawn] = drawn_and_open(demonstration.people["referent"], flow, 50)
    where = f"/i/demo/flux/{flow.id}/"
    referent, dpo, worker = (sign_in(login) for login in ("referent", "dpo", "travailleur"))
    assert "1 communication tirée au sort à relire" in said(referent.get("/i/demo/flux/").content)
    assert "tirée au sort" not in said(worker.get("/i/demo/flux/").content)
    page = said(dpo.get(where).content)
    for words in (
        "Contrôle mensuel",
        "Mars 2027",
        "2 communications notées.",
        "le flux s’arrête",
        "de vous la confier",
    ):
        assert words in page, words
    one = f"{where}communications/{drawn.id}/"
    assert dpo.get(one).status_code == 404
    assert "une autre personne la contrôle" in said(worker.get(one).content)
    assert worker.post(f"{one}controle/", {"conforms": "yes", "text": "x"}).status_code == 403
    assert worker.post(f"{where}tirage/").status_code == 403
    assert referent.post(f"{where}tirage/").status_code == 302
    assert "votre contrôle" in said(dpo.get(one).content)
    assert dpo.post(f"{one}controle/", {"text": "sans réponse"}).status_code == 422
    assert dpo.post(f"{one}controle/", {"conforms": "no", "text": "Autre canal."}).status_code == 302
    page = said(referent.get(one).content)
    for words in ("Non conforme", "Autre canal.", "Songez à le suspendre"):
        assert words in page, words
    assert "Contrôle fait." in said(dpo.get(where).content)
    assert referent.post(f"{one}controle/", {"conforms": "yes", "text": "x"}).status_code == 409
