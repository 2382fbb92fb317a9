"""Mission acts: one line, sealed to its author and the referents; the officer counts, nobody judges."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from ciment.register import Entry
from ciment.vault import BlobError
from ciment_web.inquiries.documents import today
from ciment_web.journal.actions import NewAct, NotAMissionAct, read_lines, record_act
from ciment_web.journal.kinds import kinds
from ciment_web.journal.models import MissionAct, MissionActKey
from ciment_web.journal.queries import mission_counts
from ciment_web.members.models import Member
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
PAGE = "/i/demo/journal/"
CANARY = "CanariJournalZyx"


def said(page: bytes) -> str:
    return unescape(page.decode()).replace("\u00a0", " ")


def answers(demonstration: Demonstration, **changes: str) -> dict[str, str]:
    given = {
        "kind": "health_fund",
        "done_on": today(demonstration.institution).isoformat(),
        "told_to": "social_security_institution",
        "about": f"{CANARY} {'x' * 60}",
    }
    return {**given, **changes}


def line(demonstration: Demonstration, login: str = "travailleur", kind: str = "health_fund") -> MissionAct:
    new = NewAct(kind, today(demonstration.institution), "social_security_institution", CANARY)
    return record_act(demonstration.people[login], new)


def test_one_line_sealed_to_its_author_and_the_referents(
    demonstration: Demonstration, sign_in: SignIn, capfd: pytest.CaptureFixture[str], mailbox: list[object]
) -> None:
    first, worker = Leaf.objects.count(), sign_in("travailleur")
    assert "Parler pour un autre but n’en est pas un" in said(worker.get(PAGE).content)
    assert worker.post(PAGE, answers(demonstration)).status_code == 302
    for login in ("travailleur", "referent"):
        assert CANARY in said(sign_in(login).get(PAGE).content)
    page = said(sign_in("dpo").get(PAGE).content)
    assert CANARY not in page
    assert "Appeler la mutualité" in page
    assert 'name="about"' not in page
    for login in ("dg", "admin", "adjoint"):
        assert sign_in(login).get(PAGE).status_code == 403
    assert sign_in("dpo").post(PAGE, answers(demonstration)).status_code == 403
    kinds_seen = {Entry.parse(bytes(leaf.entry)).kind for leaf in Leaf.objects.filter(index__gte=first)}
    # Eight sign-ins, one line, two readings: a page without a line opens nothing.
    assert (kinds_seen, Leaf.objects.count() - first) == ({"act"}, 8 + 1 + 2)
    assert mailbox == []
    assert CANARY not in "".join(capfd.readouterr())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM journal_missionact")
        assert CANARY not in str([bytes(v) if isinstance(v, memoryview) else v for r in cursor.fetchall() for v in r])


def test_a_colleague_does_not_read_anothers_line(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn
) -> None:
    line(demonstration, "referent")
    assert CANARY not in said(sign_in("travailleur").get(PAGE).content)
    assert CANARY not in said(sign_in("referent", slug="voisin").get("/i/voisin/journal/").content)
    assert neighbour.institution.slug == "voisin"
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "rumour"},
        {"told_to": "police"},
        {"told_to": ""},
        {"about": ""},
        {"done_on": "hier"},
        {"about": "x" * 501},
    ],
)
def test_a_wrong_answer_is_told_and_loses_nothing(
    demonstration: Demonstration, sign_in: SignIn, changes: dict[str, str]
) -> None:
    answer = sign_in("travailleur").post(PAGE, answers(demonstration, **changes))
    assert answer.status_code == 422
    assert "Rien n’est perdu" in said(answer.content)
    assert not MissionAct.objects.exists()


def test_the_action_itself_refuses(demonstration: Demonstration) -> None:
    day = today(demonstration.institution)
    for login in ("dg", "dpo", "admin"):
        with pytest.raises(NotAllowed):
            line(demonstration, login)
    for new in (NewAct("rumour", day, "school", "x"), NewAct("health_fund", day, "police", "x")):
        with pytest.raises(NotAMissionAct):
            record_act(demonstration.people["travailleur"], new)


@pytest.mark.parametrize("column", ["kind", "recorded_by", "recorded_at"])
def test_a_changed_row_does_not_open(demonstration: Demonstration, column: str) -> None:
    worker, act = demonstration.people["travailleur"], line(demonstration)
    changed = {
        "kind": "committee",
        "recorded_by": Member.objects.get(login="dg", institution=act.institution),
        "recorded_at": act.recorded_at - timedelta(days=400),
    }
    MissionAct.objects.filter(pk=act.pk).update(**{column: changed[column]})
    with pytest.raises(BlobError):
        read_lines(worker)
    MissionActKey.objects.all().delete()
    assert read_lines(worker) == []


def test_counts_name_nobody(demonstration: Demonstration) -> None:
    line(demonstration)
    line(demonstration, "referent")
    line(demonstration, kind="committee")
    now = timezone.now()
    period = (now - timedelta(days=1), now + timedelta(seconds=1))
    assert mission_counts(demonstration.institution, period) == {"committee": 1, "health_fund": 2}
    assert mission_counts(demonstration.institution, (now + timedelta(days=1), now + timedelta(days=2))) == {}


def test_the_officer_reads_what_was_done_and_by_whom(demonstration: Demonstration, sign_in: SignIn) -> None:
    index = Leaf.objects.filter(institution=demonstration.institution).count()
    line(demonstration)
    page = said(sign_in("dpo").post(f"/i/demo/registre/{index}/").content)
    assert "a noté un acte de mission" in page
    assert CANARY not in page


def test_what_no_jurist_has_read_says_so() -> None:
    assert {kind.status for kind in kinds().values()} == {"to_confirm"}
    assert all("à confirmer" in kind.source for kind in kinds().values())
