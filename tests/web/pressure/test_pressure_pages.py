"""Told in confidence: past the person named, to whom its author chooses, and nothing anywhere for anybody else."""

import re
import uuid
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from web_stories import record

from ciment.register import Entry
from ciment.vault import BadSignature, BlobError
from ciment_web.inquiries.actions.open import read_inquiry
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member
from ciment_web.members.refusals import NotAllowed
from ciment_web.pressure import actions
from ciment_web.pressure.actions import (
    NewReport,
    add_words,
    leave_visit,
    read_report,
    share_report,
    tell_report,
)
from ciment_web.pressure.models import Confidence, Envelope, Report
from ciment_web.pressure.queries import entrusted, open_report
from ciment_web.pressure.sealing import WRITTEN, Said, seal_said
from ciment_web.project.demonstration import CAST, Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
HOME, LIST, TELL = "/i/demo/", "/i/demo/pressions/", "/i/demo/pressions/dire/"
CANARY = "CanariPressionZyx"
WORDS = {"what": f"{CANARY} : « dites-le, ou… »", "when": "hier"}


def said(page: bytes) -> str:
    return unescape(page.decode()).replace("\u00a0", " ")


def normal(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page)


def ids(demonstration: Demonstration, *logins: str) -> frozenset[uuid.UUID]:
    return frozenset(demonstration.people[login].member.id for login in logins)


def told(
    demonstration: Demonstration, *, named: tuple[str, ...] = ("dg",), readers: tuple[str, ...] = ("president",)
) -> Report:
    new = NewReport(dict(WORDS), ids(demonstration, *named), ids(demonstration, *readers))
    return tell_report(demonstration.people["travailleur"], new)


def shapes(first: int) -> list[tuple[object, ...]]:
    leaves = list(Leaf.objects.filter(index__gte=first).order_by("index"))
    parsed = [Entry.parse(bytes(leaf.entry)) for leaf in leaves]
    return [
        (entry.kind, dict(entry.attributes), len(bytes(leaf.entry)), len(bytes(leaf.sealed_details)))
        for entry, leaf in zip(parsed, leaves, strict=True)
    ]


def test_the_two_questions_past_the_person_named(
    demonstration: Demonstration, sign_in: SignIn, mailbox: list[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    dg, president, adjoint, dpo = (str(*ids(demonstration, x)) for x in ("dg", "president", "adjoint", "dpo"))
    worker = sign_in("travailleur")
    page = said(worker.get(LIST).content)
    for words in ("ce qui est écrit peut être saisi", "syndicale", "À confirmer", "Texte provisoire", "Rien ici"):
        assert words in page, words
    first = worker.get(TELL)
    assert f'value="{dg}"' in first.content.decode()
    second = worker.post(TELL, {"named": [dg], "outsider": "Le bourgmestre"}).content.decode()
    # The person named is kept out of the next question; the other signatories are ticked, the DPO is not.
    boxes = re.findall(r'name="readers" value="([0-9a-f-]+)"[^>]*?( checked)?>', second)
    assert {value for value, _ in boxes} == {president, adjoint, dpo, str(*ids(demonstration, "referent"))}
    assert {value for value, checked in boxes if checked} == {president, adjoint}
    sent = {"named": [dg], "outsider": "Le bourgmestre", "readers": [president, dpo], **WORDS}
    answer = worker.post(TELL, sent)
    assert answer.status_code == 302, answer.content.decode()
    where = answer["Location"]
    # Nothing of it is in the address.
    assert re.fullmatch(r"/i/demo/pressions/[0-9a-f-]{36}/", where)
    mine = said(worker.get(where).content)
    for words in (WORDS["what"], "Le bourgmestre", "Personne encore.", "Personne nommée"):
        assert words in mine, words
    for login in ("president", "dpo"):
        client = sign_in(login)
        assert where in client.get(LIST).content.decode()
        theirs = said(client.get(where).content)
        assert WORDS["what"] in theirs
        assert "Changer qui lit" not in theirs
        assert client.post(f"{where}ajouter/", WORDS).status_code == 403
        assert client.post(f"{where}partage/", {"readers": []}).status_code == 403
    mine = said(worker.get(where).content)
    names = [demonstration.people[login].member.name for login in ("president", "dpo")]
    assert all(name in mine.split("Qui l’a ouvert")[1].split("<h2>")[0] for name in names)
    # The mail reaches those who were chosen, leads home, and says nothing.
    assert sorted(str(each.recipients[0]) for each in mailbox) == ["dpo@demo.invalid", "president@demo.invalid"]
    for each in mailbox:
        text = each.content.lower()
        assert not any(word in text for word in (b"pression", b"confiden", b"zyx", where.encode()))
    assert CANARY not in "".join(capfd.readouterr())


@pytest.mark.parametrize("login", [newcomer.login for newcomer in CAST])
def test_every_member_is_one_tap_away(demonstration: Demonstration, sign_in: SignIn, login: str) -> None:
    assert demonstration.institution.slug == "demo"
    client = sign_in(login)
    assert f'href="{LIST}"' in client.get(HOME).content.decode()
    assert client.get(LIST).status_code == 200
    assert client.get(TELL).status_code == 200
    assert f'href="{LIST}"' in sign_in("travailleur").get("/i/demo/demandes/nouvelle/").content.decode()


@pytest.mark.parametrize("login", ["dg", "admin", "adjoint", "referent"])
def test_for_anybody_else_there_is_nothing_to_the_byte_and_the_query(
    demonstration: Demonstration, sign_in: SignIn, login: str
) -> None:
    client = sign_in(login)

    def look(address: str, method: str = "get") -> tuple[int, bytes, int]:
        with CaptureQueriesContext(connection) as queries:
            answer = getattr(client, method)(address)
        # What an entry costs depends on its place in the tree, which is public, and on nothing else.
        mine = [each["sql"] for each in queries if '"register_' not in each["sql"] and "SAVEPOINT" not in each["sql"]]
        return answer.status_code, normal(answer.content), len(mine)

    nowhere = f"{LIST}{uuid.uuid4()}/"
    without = [look(page) for page in (HOME, LIST, TELL, nowhere)]
    report = told(demonstration)
    assert [look(page) for page in (HOME, LIST, TELL, nowhere)] == without
    where = f"{LIST}{report.id}/"
    assert look(where) == without[3]
    for part in ("ajouter/", "partage/"):
        assert look(where + part, "post") == look(nowhere + part, "post")
    assert report.confidences.count() == 1


def test_a_stranger_finds_nothing(demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn) -> None:
    report = told(demonstration)
    assert neighbour.institution.slug == "voisin"
    for login in ("dg", "travailleur", "dpo"):
        client = sign_in(login, slug="voisin")
        path = f"/i/voisin/pressions/{report.id}/"
        assert client.get(path).status_code == 404
        assert client.post(f"{path}ajouter/", WORDS).status_code == 404
        assert client.post(f"{path}partage/").status_code == 404
        assert "Rien ici" in said(client.get("/i/voisin/pressions/").content)
    assert Client().get(f"{LIST}{report.id}/").status_code == 302
    with pytest.raises(IntegrityError), transaction.atomic():
        Envelope.objects.filter(report=report).update(member=neighbour.people["dg"].member)


def test_the_named_person_has_no_key_whatever_rows_say(demonstration: Demonstration) -> None:
    dg = demonstration.people["dg"]
    report = told(demonstration, named=("dg", "referent"))
    for person in (dg, demonstration.people["referent"], demonstration.people["admin"]):
        assert entrusted(person) == []
        with pytest.raises(NotReader):
            read_report(person, report.id)
    # A reader's envelope put in the place of one's own opens nothing either.
    theirs = Envelope.objects.get(report=report, member=demonstration.people["president"].member)
    Envelope.objects.filter(report=report, member=dg.member).update(wrapped=theirs.wrapped)
    assert entrusted(dg) == []
    # Nobody who is named can be chosen, at first or later; nor the author, an administrator or a colleague.
    worker = demonstration.people["travailleur"]
    for login in ("dg", "referent", "admin", "travailleur"):
        with pytest.raises(NotAllowed):
            share_report(worker, report.id, ids(demonstration, login))
    for named, readers in ((("dg",), ("dg",)), ((), ("admin",)), ((), ("travailleur",))):
        with pytest.raises(NotAllowed):
            told(demonstration, named=named, readers=readers)
    assert Report.objects.count() == 1


def test_rows_say_neither_who_wrote_nor_who_is_named_nor_who_reads(demonstration: Demonstration) -> None:
    told(demonstration)
    told(demonstration, named=("president", "adjoint"), readers=())
    new = NewReport({"what": "x" * 5000, "outsider": "é" * 200, "when": "é" * 200}, frozenset(), frozenset())
    tell_report(demonstration.people["dg"], new)
    assert {len(bytes(row.sealed_head)) for row in Report.objects.all()} == {
        len(bytes(Report.objects.all()[0].sealed_head))
    }
    assert len({len(bytes(row.sealed_words)) for row in Confidence.objects.all()}) == 1
    everybody = set(Member.objects.filter(active=True).values_list("id", flat=True))
    for report in Report.objects.all():
        assert set(report.envelopes.values_list("member", flat=True)) == everybody
        assert {len(bytes(row.wrapped)) for row in report.envelopes.all()} == {1176}
    columns = {field.name for model in (Report, Envelope, Confidence) for field in model._meta.concrete_fields}
    assert columns == {"id", "institution", "sealed_head", "report", "member", "wrapped", "position", "sealed_words"}


def test_the_register_tells_no_writing_from_a_visit_and_names_nobody(
    demonstration: Demonstration, sign_in: SignIn
) -> None:
    people = demonstration.people
    inquiry = record(demonstration)
    first = Leaf.objects.count()
    read_inquiry(people["travailleur"], inquiry)
    reading = shapes(first)
    first = Leaf.objects.count()
    leave_visit(people["travailleur"])
    report = told(demonstration)
    read_report(people["president"], report.id)
    add_words(people["travailleur"], report.id, {"what": CANARY * 100})
    share_report(people["travailleur"], report.id, frozenset())
    assert shapes(first) == reading * 5
    # The auditor, who might be the person named, reads that somebody was there and no more.
    auditor = sign_in("dpo")
    pages = [said(auditor.post(f"/i/demo/registre/{first + place}/").content) for place in range(5)]
    for page in pages:
        assert "par qui, le registre ne le dit à personne" in page
        assert people["travailleur"].member.name not in page
        assert str(people["travailleur"].member.id) not in page
    # Each page of the folder leaves exactly one entry.
    worker = sign_in("travailleur")
    where = f"{LIST}{report.id}/"
    visits: tuple[tuple[str, dict[str, str] | None], ...] = (
        (LIST, None), (TELL, None), (TELL, {}), (TELL, {"outsider": "x"}), (TELL, {"outsider": "x", **WORDS}),
        (where, None), (f"{where}ajouter/", WORDS), (f"{where}ajouter/", {}),
        (f"{where}partage/", {}), (f"{where}partage/", {"readers": "x"}),
    )  # fmt: skip
    for address, sent in visits:
        before = Leaf.objects.count()
        worker.get(address) if sent is None else worker.post(address, sent)
        assert shapes(before) == reading, (address, sent)


def test_the_author_adds_and_withdraws_the_sharing(
    demonstration: Demonstration, sign_in: SignIn, mailbox: list[Any]
) -> None:
    people = demonstration.people
    report = told(demonstration)
    where = f"{LIST}{report.id}/"
    kept = {row.member_id: bytes(row.wrapped) for row in report.envelopes.all()}
    worker = sign_in("travailleur")
    assert read_report(people["president"], report.id).said[0].words == WORDS
    assert worker.post(f"{where}ajouter/", {"what": "Encore ce matin"}).status_code == 302
    assert [
        each.words.get("what") for each in read_report(people["president"], report.id).said if each.kind == WRITTEN
    ] == [
        WORDS["what"],
        "Encore ce matin",
    ]
    assert len(mailbox) == 2
    assert worker.post(f"{where}partage/", {}).status_code == 302
    assert entrusted(people["president"]) == []
    with pytest.raises(NotReader):
        read_report(people["president"], report.id)
    # The envelope of before, kept in a backup, does not open what is there now.
    Envelope.objects.filter(report=report, member=people["president"].member).update(
        wrapped=kept[people["president"].member.id]
    )
    with pytest.raises(NotReader):
        open_report(people["president"], report.id)
    assert "Encore ce matin" in said(worker.get(where).content)
    assert "gardé par son auteur" in said(worker.get(where).content)
    # Shared again with somebody else, who alone is told, and reads the whole.
    adjoint = str(*ids(demonstration, "adjoint"))
    assert worker.post(f"{where}partage/", {"readers": [adjoint]}).status_code == 302
    assert len(mailbox) == 3
    assert "adjoint" in str(mailbox[-1].recipients)
    assert len([each for each in read_report(people["adjoint"], report.id).said if each.kind == WRITTEN]) == 2
    dg = str(*ids(demonstration, "dg"))
    assert worker.post(f"{where}partage/", {"readers": [dg]}).status_code == 422


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"named": ["x"]},
        {"named": [str(uuid.uuid4())]},
        {"outsider": "x" * 201},
        {"outsider": "Un voisin", "what": ""},
        {"outsider": "Un voisin", "what": "x" * 5001},
        {"outsider": "Un voisin", "what": "x", "readers": [str(uuid.uuid4())]},
    ],
)
def test_a_wrong_answer_is_told_and_keeps_nothing(
    demonstration: Demonstration, sign_in: SignIn, sent: dict[str, Any]
) -> None:
    assert demonstration.institution.slug == "demo"
    answer = sign_in("travailleur").post(TELL, {**sent, "when": "ce matin"})
    assert answer.status_code == 422
    assert "Il reste quelque chose à corriger" in said(answer.content)
    if "what" in sent:
        assert "ce matin" in answer.content.decode()
    assert not Report.objects.exists()


def test_who_is_named_cannot_be_ticked_by_hand(demonstration: Demonstration, sign_in: SignIn) -> None:
    dg = str(*ids(demonstration, "dg"))
    answer = sign_in("travailleur").post(TELL, {"named": [dg], "readers": [dg], **WORDS})
    assert answer.status_code == 422
    assert not Report.objects.exists()


def test_a_signatory_may_be_pressed_too(demonstration: Demonstration) -> None:
    new = NewReport(dict(WORDS), ids(demonstration, "president"), ids(demonstration, "adjoint"))
    report = tell_report(demonstration.people["dg"], new)
    assert entrusted(demonstration.people["president"]) == []
    assert read_report(demonstration.people["adjoint"], report.id).head.author == demonstration.people["dg"].id


def test_nobody_speaks_in_anothers_name(demonstration: Demonstration) -> None:
    """A reader has the key; with SQL besides, words put in the author's mouth are refused."""
    people = demonstration.people
    report = told(demonstration)
    president: Actor = people["president"]
    opened = open_report(president, report.id)
    row = Confidence.objects.select_related("report").get()
    forged = Said(people["travailleur"].id, opened.head.at, WRITTEN, {"what": "Tout va bien"})
    row.sealed_words = seal_said(president, row, opened.key, forged)
    row.save()
    for reader in (people["travailleur"], president):
        with pytest.raises(BadSignature):
            read_report(reader, report.id)


@pytest.mark.parametrize("place", [0, 30, 1000])
def test_changed_bytes_open_nothing(demonstration: Demonstration, place: int) -> None:
    worker = demonstration.people["travailleur"]
    report = told(demonstration)
    row = Confidence.objects.get()
    stored = bytearray(row.sealed_words)
    stored[place] ^= 1
    Confidence.objects.update(sealed_words=bytes(stored))
    with pytest.raises(BlobError):
        read_report(worker, report.id)
    envelope = Envelope.objects.get(member=worker.member)
    wrapped = bytearray(envelope.wrapped)
    wrapped[place] ^= 1
    Envelope.objects.filter(pk=envelope.pk).update(wrapped=bytes(wrapped))
    with pytest.raises(NotReader):
        read_report(worker, report.id)


def test_what_is_told_is_told_with_its_entry_or_not_at_all(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch, mailbox: list[Any]
) -> None:
    def fail(*_given: object) -> None:
        raise NotAllowed("broken")

    monkeypatch.setattr(actions, "record_unnamed", fail)
    with pytest.raises(NotAllowed):
        told(demonstration)
    assert not Report.objects.exists()
    assert mailbox == []
