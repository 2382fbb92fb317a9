"""The pages of flows: who sees them, what is proposed, agreed, noted, left, reviewed; and nothing in clear."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from ciment.register import Entry
from ciment.vault import BlobError
from ciment_web.decisions.models import Decision
from ciment_web.flows.actions.note import read_communication
from ciment_web.flows.actions.propose import share_flow
from ciment_web.flows.models import Communication, CommunicationKey, Flow, FlowKey
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.models import Member
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import CAST, Demonstration
from ciment_web.project.flow_stories import adopted_flow, advised_flow, noted, proposed_flow, seed_flows
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
LIST, NEW = "/i/demo/flux/", "/i/demo/flux/nouveau/"
CANARY = "CanariFluxZyx"
LONG = "x" * 60
WHO = {"requester": "social_security_institution", "categories": ["identity", "aid"], "outside": "no"}


def said(page: bytes) -> str:
    return unescape(page.decode()).replace("\u00a0", " ")


def terms(demonstration: Demonstration, **changes: Any) -> dict[str, Any]:
    given = {
        **WHO, "stage": "terms", "rule": "be.flow", "channel": "portal", "sample": "10",
        **dict.fromkeys(("service", "purpose", "address", "verified"), f"{CANARY} {LONG}"),
        "owner": str(Member.objects.get(institution=demonstration.institution, login="travailleur").pk),
        "until": (today(demonstration.institution) + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    return {**given, **changes}


def note_answers(demonstration: Demonstration, **changes: Any) -> dict[str, Any]:
    given = {
        "sent_on": today(demonstration.institution).isoformat(),
        "categories": ["aid"],
        "about": CANARY,
        "kept_at": f"{CANARY} {LONG}",
        "exactly": "yes",
    }
    return {**given, **changes}


def test_from_proposal_to_note_by_the_pages(
    demonstration: Demonstration, sign_in: SignIn, mailbox: list[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    first = Leaf.objects.count()
    referent, dpo, worker = (sign_in(login) for login in ("referent", "dpo", "travailleur"))
    assert "Aucun flux" in said(referent.get(LIST).content)
    page = said(referent.post(NEW, WHO).content)
    assert "be.flow" in page
    assert "À confirmer" in page
    where = referent.post(NEW, terms(demonstration))["Location"]
    # Only the officer is asked first, and nobody else can answer for it.
    assert "Donner cet avis" in said(dpo.get(where).content)
    assert "Demander les accords" not in said(referent.get(where).content)
    assert worker.post(f"{where}avis/", {"favourable": "yes", "text": "x"}).status_code == 403
    assert dpo.post(f"{where}avis/", {"favourable": "no", "text": CANARY}).status_code == 302
    assert referent.post(f"{where}accords/").status_code == 302
    decision = Decision.objects.get()
    place = f"/i/demo/decisions/{decision.id}/"
    for login in ("dg", "president"):
        signatory = sign_in(login)
        text = said(signatory.get(place).content)
        for words in ("Ce qui serait permis", CANARY, "Avis défavorable", "be.flow", "à confirmer par un juriste"):
            assert words in text, words
        assert "Lire la lettre" not in text
        assert signatory.get(f"{place}lettre.pdf").status_code == 404
        phrase = {"phrase": demonstration.passphrase}
        assert signatory.post(f"{place}accord/", {"phrase": "abandon"}).status_code == 422
        assert signatory.post(f"{place}accord/", phrase).status_code == 302
    assert "Mettre le flux en vigueur" in said(signatory.get(place).content)
    assert signatory.post(f"{place}execution/", phrase).status_code == 302
    assert signatory.get(f"{place}pli.age").status_code == 404
    assert "En vigueur" in said(worker.get(where).content)
    form = worker.get(f"{where}noter/")
    assert "Qui verra ce que vous écrivez" in said(form.content)
    assert worker.post(f"{where}noter/", note_answers(demonstration)).status_code == 302
    assert CANARY in said(worker.get(worker_note()).content)
    # The register shows acts alone but for what the ceremony left; mail says nothing; no word rests in clear.
    entries = [Entry.parse(bytes(leaf.entry)).kind for leaf in Leaf.objects.filter(index__gte=first)]
    assert set(entries) == {"act"}
    assert mailbox
    for mail in mailbox:
        assert CANARY.encode() not in mail.content
        assert b"Mutualit" not in mail.content
    assert CANARY not in "".join(capfd.readouterr())
    assert CANARY not in rows_in_clear()


def worker_note() -> str:
    row = Communication.objects.get()
    return f"{LIST}{row.flow_id}/communications/{row.id}/"


def rows_in_clear() -> str:
    """Return every value that the tables of flows and decisions hold."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("flows_", "decisions_", "register_leaf")):
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
                found += [bytes(v) if isinstance(v, memoryview) else v for row in cursor.fetchall() for v in row]
    return "".join(v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in found)


def test_what_leaves_the_flow_leads_to_a_request(demonstration: Demonstration, sign_in: SignIn) -> None:
    flow, worker = adopted_flow(demonstration), sign_in("travailleur")
    where = f"{LIST}{flow.id}/noter/"
    for changes in ({"exactly": "no"}, {"categories": ["aid", "other"]}, {"sent_on": "2020-01-01"}):
        answer = worker.post(where, note_answers(demonstration, **changes))
        assert answer.status_code == 409, changes
        assert "/i/demo/demandes/nouvelle/" in answer.content.decode()
        assert CANARY not in answer.content.decode()
    # A kind of information that the flow does not know is no answer of the form at all.
    assert worker.post(where, note_answers(demonstration, categories=["bank"])).status_code == 422
    assert not Communication.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"rule": "be.necessity"}, {"until": "2020-01-01"}, {"until": "2099-01-01"}, {"sample": "0"}, {"sample": "101"},
        {"channel": "telephone"}, {"owner": ""}, {"service": ""}, {"service": "x" * 2001},
    ],
)  # fmt: skip
def test_a_wrong_answer_is_told_and_loses_nothing(
    demonstration: Demonstration, sign_in: SignIn, changes: dict[str, str]
) -> None:
    answer = sign_in("referent").post(NEW, terms(demonstration, purpose=CANARY, **changes))
    assert answer.status_code in (409, 422)
    assert CANARY in answer.content.decode()
    assert not Flow.objects.exists()


def test_the_law_may_allow_no_flow_and_the_page_says_so(demonstration: Demonstration, sign_in: SignIn) -> None:
    assert demonstration.institution.slug == "demo"
    page = said(sign_in("referent").post(NEW, {**WHO, "categories": ["third_party"]}).content)
    assert "Le droit ne permet pas ce flux" in page
    assert 'name="rule"' not in page
    assert sign_in("referent").post(NEW, {"requester": "nobody"}).status_code == 422


def test_people_in_threes(demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn) -> None:
    flow = adopted_flow(demonstration)
    communication = noted(demonstration, flow)
    one = f"flux/{flow.id}/"
    paths = [
        one,
        *(f"{one}{part}/" for part in ("avis", "accords", "suspension", "abandon", "lecteurs", "noter", "tirage")),
    ]
    paths += [f"{one}communications/{communication.id}/", f"{one}communications/{communication.id}/controle/"]
    assert neighbour.institution.slug == "voisin"
    before = Leaf.objects.count()
    # A stranger, from the own institution or another: nothing is there.
    for login, slug in (("admin", "demo"), ("dg", "voisin"), ("referent", "voisin")):
        client = sign_in(login, slug=slug)
        for path in paths:
            answers = {client.get(f"/i/{slug}/{path}").status_code, client.post(f"/i/{slug}/{path}").status_code}
            assert answers <= {404, 405}, (login, path)
            assert 404 in answers
        assert str(flow.id) not in client.get(f"/i/{slug}/flux/").content.decode()
    # Their sign-ins, and nothing else.
    assert Leaf.objects.count() == before + 3
    for path in paths:
        assert Client().post(f"/i/demo/{path}").status_code == 401
    # A colleague: the flow, not what somebody noted about somebody.
    for login in ("dg", "dpo"):
        client = sign_in(login)
        page = client.get(f"/i/demo/{one}")
        assert page.status_code == 200
        assert str(communication.id) not in page.content.decode()
        assert client.get(f"/i/demo/{paths[-2]}").status_code == 404
        assert client.post(f"/i/demo/{one}noter/", note_answers(demonstration)).status_code == 403
    # The owner of the note, and the referent.
    for login in ("travailleur", "referent"):
        assert "Camille Exemple" in said(sign_in(login).get(f"/i/demo/{paths[-2]}").content)


@pytest.mark.parametrize("login", [newcomer.login for newcomer in CAST])
def test_only_a_referent_proposes(demonstration: Demonstration, sign_in: SignIn, login: str) -> None:
    client = sign_in(login)
    assert client.get(LIST).status_code == 200
    expected = login == "referent"
    assert (f'href="{NEW}"' in client.get(LIST).content.decode()) == expected
    assert client.get(NEW).status_code == (200 if expected else 403)
    if not expected:
        assert client.post(NEW, terms(demonstration)).status_code == 403
        with pytest.raises(NotAllowed):
            share_flow(demonstration.people[login], Flow())


def test_suspended_at_once_by_the_page(demonstration: Demonstration, sign_in: SignIn) -> None:
    flow = adopted_flow(demonstration)
    where, dpo, worker = f"{LIST}{flow.id}/", sign_in("dpo"), sign_in("travailleur")
    assert dpo.post(f"{where}suspension/", {"reason": ""}).status_code == 422
    assert dpo.post(f"{where}suspension/", {"reason": f"{CANARY} {LONG}"}).status_code == 302
    page = said(worker.get(where).content)
    assert CANARY in page
    assert "Suspendu" in page
    assert "Noter une communication" not in page
    answer = worker.post(f"{where}noter/", note_answers(demonstration))
    assert answer.status_code == 409
    assert "Seuls de nouveaux accords le rouvrent" in said(answer.content)
    assert CANARY not in rows_in_clear()


def test_a_member_who_comes_later_is_given_the_flow(demonstration: Demonstration, sign_in: SignIn) -> None:
    flow = proposed_flow(demonstration)
    FlowKey.objects.filter(flow=flow, member__login="adjoint").delete()
    where = f"{LIST}{flow.id}/"
    assert sign_in("adjoint").get(where).status_code == 404
    referent = sign_in("referent")
    assert "1 membre arrivé depuis" in said(referent.get(where).content)
    assert sign_in("travailleur").post(f"{where}lecteurs/").status_code == 403
    assert referent.post(f"{where}lecteurs/").status_code == 302
    assert sign_in("adjoint").get(where).status_code == 200
    assert "arrivé depuis" not in said(referent.get(where).content)


@pytest.mark.parametrize("column", ["noted_at", "noted_by", "decision", "flow"])
def test_a_changed_row_of_a_communication_does_not_open(demonstration: Demonstration, column: str) -> None:
    worker, flow = demonstration.people["travailleur"], adopted_flow(demonstration)
    row, other = noted(demonstration, flow), adopted_flow(demonstration)
    changed = {
        "noted_at": row.noted_at - timedelta(days=40),
        "noted_by": Member.objects.get(login="dg", institution=flow.institution),
        "decision": other.decision,
        "flow": other,
    }
    Communication.objects.filter(pk=row.pk).update(**{column: changed[column]})
    row = Communication.objects.get(pk=row.pk)
    with pytest.raises(BlobError):
        read_communication(worker, row)
    CommunicationKey.objects.filter(member=worker.member).delete()
    with pytest.raises(NotReader):
        read_communication(worker, row)


def test_each_reading_leaves_a_trace(demonstration: Demonstration, sign_in: SignIn) -> None:
    flow = adopted_flow(demonstration)
    row, referent = noted(demonstration, flow), sign_in("referent")
    for path in (LIST, f"{LIST}{flow.id}/", f"{LIST}{flow.id}/communications/{row.id}/"):
        before = Leaf.objects.count()
        assert referent.get(path).status_code == 200
        assert Leaf.objects.count() == before + 1, path


def test_given_up_and_declared_are_said_plainly(demonstration: Demonstration, sign_in: SignIn) -> None:
    flow, outside = advised_flow(demonstration), proposed_flow(demonstration, outside=True)
    referent = sign_in("referent")
    assert referent.post(f"{LIST}{flow.id}/abandon/").status_code == 302
    page = said(referent.get(LIST).content)
    assert "Retiré" in page
    assert "Hors de Ciment" in page
    text = said(referent.get(f"{LIST}{outside.id}/").content)
    assert "passe hors de Ciment" in text
    assert "Demander les accords" not in text
    assert referent.post(f"{LIST}{outside.id}/accords/").status_code == 403


def test_the_demonstration_shows_each_lane(demonstration: Demonstration, sign_in: SignIn) -> None:
    seed_flows(demonstration)
    page = said(sign_in("travailleur").get(LIST).content)
    for words in ("En vigueur", "Proposé", "Hors de Ciment", "Mutualité de l’Exemple"):
        assert words in page, words
    assert "Camille Exemple" in said(sign_in("travailleur").get("/i/demo/journal/").content)
    assert Path(settings.CIMENT_KEYS).is_dir()
