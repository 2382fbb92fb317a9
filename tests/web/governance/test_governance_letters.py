"""The head of the letters, the delays in working days, and who signs for whom."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from web_stories import prepare_release, silenced

from ciment_web.decisions.actions.approve import approve_decision
from ciment_web.governance.absences import ABSENCES, Absence, deputies_of
from ciment_web.governance.actions import state_setting
from ciment_web.governance.kinds import SettingRefused
from ciment_web.governance.letterhead import LETTERHEAD, Head
from ciment_web.governance.models import SettingRecord
from ciment_web.governance.queries import current
from ciment_web.governance.rhythm import RHYTHM, Rhythm, end_of_working_day, is_working_day
from ciment_web.inquiries.actions.answer import may_leave_at
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.refuse import draft_refusal, refuse_inquiry
from ciment_web.inquiries.models import Inquiry
from ciment_web.project.demonstration import Demonstration

SignIn = Callable[..., Client]
BRUSSELS = ZoneInfo("Europe/Brussels")
SENTENCE = "Cette lettre ne demande aucune réponse."


def words(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.replace("\u00a0", " ").split())


def draft(demonstration: Demonstration, inquiry: Inquiry, login: str = "adjoint") -> str:
    actor = demonstration.people[login]
    state_recusal(actor, inquiry, recused=False)
    return words(draft_refusal(actor, read_inquiry(actor, inquiry)))


def test_letters_carry_the_signed_head_and_sentence(demonstration: Demonstration) -> None:
    inquiry = silenced(demonstration)
    before = draft(demonstration, inquiry)
    assert "Rue de l’Exemple 1" in before
    assert SENTENCE not in before
    head = Head(("Place Neuve 2", "0000 Autrebourg"), ("081 11 11 11",), "Autrebourg", SENTENCE)
    state_setting(demonstration.people["president"], LETTERHEAD, head, demonstration.passphrase)
    after = draft(demonstration, inquiry)
    for said in ("Place Neuve 2", "081 11 11 11", "Autrebourg, le", SENTENCE):
        assert said in after
    # The addressee lives in a street of the same name.
    assert after.count("Rue de l’Exemple 1") == before.count("Rue de l’Exemple 1") - 1
    # The core paragraph is fixed, word for word.
    core = before[before.index("Les mandataires") : before.index("C’est l’institution qui vous répond")]
    assert core in after
    SettingRecord.objects.update(statement=b"{}")
    assert "Rue de l’Exemple 1" in draft(demonstration, inquiry)


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (Head((), (), "X"), "empty"),
        (Head(("a",), (), " "), "empty"),
        (Head(tuple("abcdefg"), (), "X"), "too_many_lines"),
        (Head(("a" * 401,), (), "X"), "too_long"),
        (Head(("a",), (), "X\x07"), "unprintable"),
        (Head(("a",), (), "X", "y" * 301), "too_long"),
    ],
)
def test_a_head_that_cannot_be_printed_is_refused(demonstration: Demonstration, head: Head, code: str) -> None:
    with pytest.raises(SettingRefused, match=code):
        state_setting(demonstration.people["dg"], LETTERHEAD, head, demonstration.passphrase)


LETTERS = "/i/demo/reglages/lettres/"
TYPED = {"seen": "0", "address": "Place Neuve 2\r\n0000 Autrebourg", "contact": "", "place": "Autrebourg",
         "sentence": SENTENCE}  # fmt: skip


def test_the_letter_is_seen_before_it_is_signed(demonstration: Demonstration, sign_in: SignIn) -> None:
    dg = sign_in("dg")
    answer = dg.post(f"{LETTERS}apercu.pdf", TYPED)
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    text = words(answer.content)
    for said in ("Place Neuve 2", SENTENCE, "Les mandataires et le personnel du CPAS"):
        assert said in text
    assert not SettingRecord.objects.exists()
    assert dg.post(f"{LETTERS}apercu.pdf", {**TYPED, "place": ""}).status_code == 422
    assert dg.post(f"{LETTERS}apercu.pdf", {**TYPED, "sentence": "x\x07"}).status_code == 422
    assert dg.get(f"{LETTERS}apercu.pdf").status_code == 405
    assert sign_in("travailleur").post(f"{LETTERS}apercu.pdf", TYPED).status_code == 403
    assert dg.post(LETTERS, {**TYPED, "phrase": demonstration.passphrase}).status_code == 302
    assert current(demonstration.people["dpo"], LETTERHEAD).value.sentence == SENTENCE
    assert SENTENCE in dg.get(LETTERS).content.decode()


def test_working_days_skip_weekends_and_legal_holidays() -> None:
    # All Saints on a Sunday, Armistice on a Wednesday: two facts of the calendar of November 2026.
    assert not is_working_day(date(2026, 11, 11))
    assert not is_working_day(date(2026, 11, 14))
    assert is_working_day(date(2026, 11, 10))
    start = datetime(2026, 11, 10, 15, tzinfo=UTC)
    assert end_of_working_day(start, 1, "Europe/Brussels") == datetime(2026, 11, 13, tzinfo=BRUSSELS)
    assert end_of_working_day(start, 3, "Europe/Brussels") == datetime(2026, 11, 17, tzinfo=BRUSSELS)
    # Late in the evening in UTC it is tomorrow already where the institution is.
    late = datetime(2026, 11, 12, 23, 30, tzinfo=UTC)
    assert end_of_working_day(late, 1, "Europe/Brussels") == datetime(2026, 11, 17, tzinfo=BRUSSELS)
    # Midnight on the clocks there, on either side of the change of hour.
    assert end_of_working_day(datetime(2026, 10, 23, 9, tzinfo=UTC), 1, "Europe/Brussels").utcoffset() == timedelta(
        hours=1
    )


def test_the_delays_are_those_that_were_signed(demonstration: Demonstration, sign_in: SignIn) -> None:
    dg = sign_in("dg")
    sent = {"seen": "0", "phrase": demonstration.passphrase, "reply_delay_hours": "48", "decision_days": "7"}
    assert dg.post("/i/demo/reglages/delais/", {**sent, "decision_days": "0"}).status_code == 422
    assert dg.post("/i/demo/reglages/delais/", sent).status_code == 302
    assert sign_in("president").post("/i/demo/reglages/delais/", {**sent, "seen": "1"}).status_code == 403
    prepared = prepare_release(demonstration, b"fiche")
    assert prepared.decision.expires_at == end_of_working_day(prepared.decision.frozen_at, 7, "Europe/Brussels")
    inquiry = silenced(demonstration)
    actor = demonstration.people["dg"]
    state_recusal(actor, inquiry, recused=False)
    refuse_inquiry(actor, read_inquiry(actor, inquiry))
    inquiry.refresh_from_db()
    assert inquiry.decided_at is not None
    assert may_leave_at(inquiry) == inquiry.decided_at + timedelta(hours=48)
    assert current(actor, RHYTHM).value == Rhythm(48, 7)


def absence(demonstration: Demonstration, member: str, deputy: str, days: int = 1) -> Absence:
    today = timezone.now().astimezone(BRUSSELS).date()
    people = demonstration.people
    return Absence(people[member].id, today, today + timedelta(days=days), people[deputy].id, "Délibération 12")


def away(demonstration: Demonstration, *absences: Absence) -> None:
    state_setting(demonstration.people["president"], ABSENCES, absences, demonstration.passphrase)


def test_the_deputy_signs_under_the_own_name(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = silenced(demonstration)
    assert "pour Dominique Général" not in draft(demonstration, inquiry)
    away(demonstration, absence(demonstration, "dg", "adjoint"))
    text = draft(demonstration, inquiry)
    assert "Noa Adjoint" in text
    assert "directrice générale adjointe, pour Dominique Général, directeur général, absent·e" in text
    assert "pour Dominique Général" not in draft(demonstration, inquiry, "president")
    prepared = prepare_release(demonstration, b"fiche")
    approve_decision(demonstration.people["adjoint"], prepared.decision, demonstration.passphrase)
    page = sign_in("president").get(f"/i/demo/decisions/{prepared.decision.id}/").content.decode()
    assert "pour Dominique Général, directeur général, absent·e" in page
    # The seats did not move: one accord was given, by the deputy's own seat.
    assert prepared.decision.approvals.get().member == demonstration.people["adjoint"].member


def test_notices_go_to_the_deputy_while_the_absence_lasts(demonstration: Demonstration, mailbox: list[object]) -> None:
    def told() -> list[str]:
        names = sorted(str(each.recipients[0]).split("@")[0] for each in mailbox)  # type: ignore[attr-defined]
        mailbox.clear()
        return names

    silenced(demonstration)
    assert told() == ["adjoint", "dg", "president", "referent"]
    away(demonstration, absence(demonstration, "dg", "adjoint"))
    silenced(demonstration)
    assert told() == ["adjoint", "president", "referent"]
    over = absence(demonstration, "dg", "adjoint", days=0)
    past = Absence(over.member, over.first - timedelta(9), over.last - timedelta(2), over.deputy, over.title)
    away(demonstration, past)
    silenced(demonstration)
    assert told() == ["adjoint", "dg", "president", "referent"]


def test_deputies_are_followed_and_never_in_a_circle() -> None:
    def one(member: str, deputy: str) -> Absence:
        return Absence(member, date(2026, 1, 1), date(2026, 1, 2), deputy, "x")

    assert deputies_of([one("a", "b"), one("b", "c")]) == {"a": "c", "b": "c"}
    assert deputies_of([one("a", "b"), one("b", "a")]) == {"a": "a", "b": "b"}
    assert deputies_of([one("a", "b"), one("b", "c"), one("c", "b")]) == {"a": "a", "b": "b", "c": "c"}


def test_an_absence_that_makes_no_sense_is_refused(demonstration: Demonstration) -> None:
    good = absence(demonstration, "dg", "adjoint")
    wrong = {
        "backwards": (Absence(good.member, good.last, good.first, good.deputy, "x"),),
        "own_deputy": (Absence(good.member, good.first, good.last, good.member, "x"),),
        "no_title": (Absence(good.member, good.first, good.last, good.deputy, " "),),
        "too_long": (Absence(good.member, good.first, good.last, good.deputy, "x" * 121),),
        "overlap": (good, good),
    }
    for code, value in wrong.items():
        with pytest.raises(SettingRefused, match=code):
            away(demonstration, *value)


def test_only_signatories_deputise(demonstration: Demonstration, sign_in: SignIn) -> None:
    page = sign_in("president").get("/i/demo/reglages/absences/").content.decode()
    assert demonstration.people["adjoint"].id in page
    assert demonstration.people["referent"].id not in page
