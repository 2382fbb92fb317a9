"""At the door: the page for anybody, what is noted minute by minute, who reads it, the hold, the register."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from web_stories import DUTY, qualify, record, uploaded

from ciment.register import Entry
from ciment.vault import BlobError
from ciment_web.blobs import store
from ciment_web.decisions.actions.copies import NewCopy, add_copy, remove_copy
from ciment_web.decisions.models import ReleaseCopy
from ciment_web.inquiries.actions.draft import keep_draft
from ciment_web.inquiries.actions.open import read_inquiry
from ciment_web.inquiries.actions.prepare import subject_of
from ciment_web.inquiries.models import Draft
from ciment_web.institutions.holds import ErasureHeld, is_erasure_held
from ciment_web.institutions.keyfiles import KeyFileMissing
from ciment_web.members.models import Member
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import CAST, Demonstration
from ciment_web.register.models import Leaf
from ciment_web.seizures.actions import NotOverYet, add_fact, lift_hold, open_seizure, read_photo, read_seizure
from ciment_web.seizures.models import Fact, Seizure, SeizureKey
from ciment_web.seizures.sealing import Photo, Words
from ciment_web.seizures.views import door

SignIn = Callable[..., Client]
SEARCH, NEW, LIST = "/i/demo/perquisition/", "/i/demo/perquisition/ouvrir/", "/i/demo/perquisitions/"
CANARY = "CanariPerquisitionZyx"
SENTENCE = "Le secret professionnel couvre cette pièce."
PNG = b"\x89PNG\r\n\x1a\n" + CANARY.encode()
TITLE = {
    "title": "warrant",
    "executing": "investigating_judge",
    "magistrate": CANARY,
    "dated": "hier",
    "arrived": "9 h",
}
ITEM = {"what": CANARY, "place": "bureau 3", "done": "taken", "objection": "said", "copy": "refused"}
STEPS: dict[str, dict[str, str]] = {
    "titre": TITLE,
    "appel": {"whom": "director_general", "name": CANARY, "called_at": "9 h 02", "answered": "coming"},
    "presence": {"who": f"{CANARY}\nUn témoin"},
    "piece": ITEM,
    "fin": {"ended": "11 h", "papers": CANARY, "remarks": CANARY},
    "remarque": {"note": CANARY},
}


def said(page: bytes) -> str:
    return unescape(page.decode()).replace("\u00a0", " ")


def entries_since(first: int) -> Iterator[Leaf]:
    yield from Leaf.objects.filter(index__gte=first).order_by("index")


def opened(demonstration: Demonstration, login: str = "travailleur") -> Seizure:
    return open_seizure(demonstration.people[login])


def photo(content: bytes = PNG) -> Photo:
    return Photo.of("titre.png", uploaded(content, "titre.png").keep())


def test_anybody_reads_the_first_lines_without_account_or_cookie(demonstration: Demonstration) -> None:
    assert demonstration.institution.slug == "demo"
    before, nobody = Leaf.objects.count(), Client()
    answer = nobody.get(SEARCH)
    assert answer.status_code == 200
    text = said(answer.content)
    lines = (
        "Ne vous opposez pas", "Appelez la permanence", "Demandez à lire le titre", "Ne donnez jamais votre « accord »",
        "une copie de ce qui est emporté", SENTENCE,
    )  # fmt: skip
    places = [text.find(line) for line in lines]
    assert -1 not in places
    assert places == sorted(places)
    # What was not read is said to be unread.
    assert "À confirmer" in text
    assert "Texte provisoire" in text
    assert "<form" not in answer.content.decode()
    assert nobody.cookies == {}
    assert Leaf.objects.count() == before
    assert nobody.head(SEARCH).status_code == 200
    assert nobody.post(SEARCH).status_code == 405


@pytest.mark.parametrize("login", [newcomer.login for newcomer in CAST])
def test_every_member_is_one_tap_away_and_opens_with_one_press(
    demonstration: Demonstration, sign_in: SignIn, login: str
) -> None:
    assert demonstration.institution.slug == "demo"
    client = sign_in(login)
    assert f'href="{SEARCH}"' in client.get("/i/demo/").content.decode()
    assert f'action="{NEW}"' in client.get(SEARCH).content.decode()
    assert client.get(NEW).status_code == 200
    answer = client.post(NEW, {})
    assert answer.status_code == 302
    assert answer["Location"].endswith("/noter/titre/")
    assert client.get(answer["Location"]).status_code == 200
    assert f'href="{SEARCH}"' in sign_in("travailleur").get("/i/demo/demandes/nouvelle/").content.decode()


def test_the_steps_are_sealed_relayed_and_lead_to_one_another(
    demonstration: Demonstration, sign_in: SignIn, mailbox: list[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    assert demonstration.institution.slug == "demo"
    first = Leaf.objects.count()
    worker = sign_in("travailleur")
    worker.post(NEW)
    seizure = Seizure.objects.get()
    where = f"{SEARCH}{seizure.id}/"
    follows = {"titre": "appel", "appel": "presence", "presence": "piece", "piece": "piece"}
    for step, answers in STEPS.items():
        page = said(worker.get(f"{where}noter/{step}/").content)
        assert "Qui verra" in page
        answer = worker.post(f"{where}noter/{step}/", answers)
        assert answer.status_code == 302, (step, answer.content.decode())
        assert answer["Location"] == (f"{where}noter/{follows[step]}/" if step in follows else where)
    text = said(worker.get(where).content)
    assert text.count(CANARY) == 7
    for words in (
        "Un mandat",
        "Arrive",
        "Emportée",
        "Oui, la phrase ci-dessus",
        "Demandée, refusée",
        "Rien n’est effacé",
    ):
        assert words in text, words
    # What the law says of the title shown, with its sources.
    assert "be.seizure" in text
    assert "Ne pas s’opposer" in text
    for login in ("referent", "dg", "president", "adjoint"):
        client = sign_in(login)
        assert where in client.get(LIST).content.decode()
        assert CANARY in client.get(where).content.decode()
    assert {Entry.parse(bytes(leaf.entry)).kind for leaf in entries_since(first)} == {"act"}
    assert sorted(str(each.recipients[0]) for each in mailbox) == [
        f"{login}@demo.invalid" for login in ("adjoint", "dg", "president")
    ]
    for each in mailbox:
        assert CANARY.encode() not in each.content
        for word in (b"perquis", b"saisie", b"polic"):
            assert word not in each.content.split(b"http")[0].lower()
    assert CANARY not in "".join(capfd.readouterr())
    assert all(CANARY.encode() not in bytes(row.sealed_words) for row in Fact.objects.all())


def test_whoever_has_no_key_finds_nothing(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn
) -> None:
    worker = demonstration.people["travailleur"]
    seizure = opened(demonstration)
    add_fact(worker, seizure, Words("title", TITLE, photo()))
    assert neighbour.institution.slug == "voisin"
    one = f"perquisition/{seizure.id}/"
    paths = (one, f"{one}photo/1/", f"{one}inventaire/1.pdf", f"{one}inventaire/1.tlog-proof", f"{one}remise/")
    forms = (f"{one}noter/piece/", f"{one}gel/", f"{one}inventaire/", f"{one}remise/{seizure.id}/")
    before = Leaf.objects.filter(institution=seizure.institution).count()
    for login, slug in (("dpo", "demo"), ("admin", "demo"), ("dg", "voisin")):
        client = sign_in(login, slug=slug)
        for path in (*paths, *forms[:1]):
            assert client.get(f"/i/{slug}/{path}").status_code == 404, path
        for path in forms:
            assert client.post(f"/i/{slug}/{path}", ITEM).status_code == 404, path
        assert str(seizure.id) not in client.get(f"/i/{slug}/perquisitions/").content.decode()
    assert Client().get(f"/i/demo/{one}").status_code == 302
    assert seizure.facts.count() == 1
    assert Leaf.objects.filter(institution=seizure.institution).count() == before + 2  # the two who signed in


def test_a_photo_is_sealed_read_by_the_readers_alone_and_every_opening_is_an_entry(
    demonstration: Demonstration, sign_in: SignIn
) -> None:
    seizure = opened(demonstration)
    where = f"{SEARCH}{seizure.id}/"
    worker = sign_in("travailleur")
    sent = {**TITLE, "photo": SimpleUploadedFile("titre.png", PNG)}
    assert worker.post(f"{where}noter/titre/", sent).status_code == 302
    (blob,) = store.names()
    assert CANARY.encode() not in b"".join(store.read(blob))
    before = Leaf.objects.count()
    answer = worker.get(f"{where}photo/1/")
    assert answer.getvalue() == PNG
    assert answer["Content-Type"] == "application/octet-stream"
    assert 'filename="titre.png"' in answer["Content-Disposition"]
    assert Leaf.objects.count() == before + 1
    assert worker.get(f"{where}photo/2/").status_code == 404


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        ("piece", {"done": "taken", "objection": "said"}),
        ("piece", {"what": "x", "objection": "said"}),
        ("piece", {"what": "x", "done": "taken"}),
        ("piece", {"what": "x", "done": "burnt", "objection": "said"}),
        ("piece", {"what": "x", "done": "taken", "objection": "other"}),
        ("presence", {}),
        ("appel", {"name": "Quelqu’un"}),
        ("titre", {"title": "royal"}),
        ("remarque", {"note": "x" * 5001}),
    ],
)
def test_a_wrong_answer_is_told_and_loses_nothing(
    demonstration: Demonstration, sign_in: SignIn, step: str, sent: dict[str, str]
) -> None:
    seizure = opened(demonstration)
    worker = sign_in("travailleur")
    answer = worker.post(f"{SEARCH}{seizure.id}/noter/{step}/", {**sent, "place": "bureau 3", "dated": "bureau 3"})
    assert answer.status_code == 422
    assert "Il reste quelque chose à corriger" in said(answer.content)
    assert not Fact.objects.exists()
    assert worker.get(f"{SEARCH}{seizure.id}/noter/ailleurs/").status_code == 404


def test_a_file_that_is_no_photo_or_too_large_leaves_nothing(demonstration: Demonstration, sign_in: SignIn) -> None:
    seizure = opened(demonstration)
    worker = sign_in("travailleur")
    for content in (b"<html>" + CANARY.encode(), b"", PNG + b"x" * (10 * 1024 * 1024)):
        sent = {**TITLE, "photo": SimpleUploadedFile("x.png", content)}
        answer = worker.post(f"{SEARCH}{seizure.id}/noter/titre/", sent)
        assert answer.status_code == 422, len(content)
        assert list(store.names()) == []
    assert not Fact.objects.exists()


def test_a_title_that_is_mere_consent_leaves_the_secret_whole(demonstration: Demonstration, sign_in: SignIn) -> None:
    seizure = opened(demonstration)
    add_fact(demonstration.people["travailleur"], seizure, Words("title", {"title": "consent_to_search"}))
    text = said(sign_in("travailleur").get(f"{SEARCH}{seizure.id}/").content)
    assert "Se taire" in text
    assert "Ne pas s’opposer" not in text


def test_a_law_that_cannot_be_read_stops_nobody(
    demonstration: Demonstration, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_institution: object) -> None:
        raise KeyFileMissing("law.vkeys")

    seizure = opened(demonstration)
    monkeypatch.setattr(door, "pack_of", fail)
    worker = sign_in("travailleur")
    assert worker.post(f"{SEARCH}{seizure.id}/noter/titre/", TITLE).status_code == 302
    assert "Cela n’empêche pas de noter" in said(worker.get(f"{SEARCH}{seizure.id}/").content)


def test_nothing_is_erased_until_a_signatory_lifts_the_hold(demonstration: Demonstration, sign_in: SignIn) -> None:
    people = demonstration.people
    draft, _ = keep_draft(people["travailleur"], uploaded(b"From: a@example.org\n\nBonjour", "m.eml"))
    Draft.objects.update(made_at=timezone.now() - timedelta(days=2))
    assert not is_erasure_held(demonstration.institution)
    seizure = opened(demonstration)
    assert is_erasure_held(demonstration.institution)
    # What goes by itself after a day stays.
    keep_draft(people["travailleur"], uploaded(b"From: a@example.org\n\nEncore", "m.eml"))
    assert Draft.objects.filter(pk=draft.pk).exists()
    page = f"{SEARCH}{seizure.id}/"
    dg = sign_in("dg")
    with pytest.raises(NotOverYet):
        lift_hold(people["dg"], seizure, "trop tôt")
    assert dg.post(f"{page}gel/", {"reason": "trop tôt"}).status_code == 409
    add_fact(people["travailleur"], seizure, Words("end"))
    with pytest.raises(NotAllowed):
        lift_hold(people["referent"], seizure, "pas à moi")
    assert sign_in("referent").post(f"{page}gel/", {"reason": "x"}).status_code == 403
    assert dg.post(f"{page}gel/", {}).status_code == 422
    assert is_erasure_held(demonstration.institution)
    assert dg.post(f"{page}gel/", {"reason": f"{CANARY} rendu"}).status_code == 302
    assert not is_erasure_held(demonstration.institution)
    assert f"{CANARY} rendu" in said(dg.get(page).content)
    with pytest.raises(NotOverYet):
        lift_hold(people["dg"], seizure, "deux fois")
    keep_draft(people["travailleur"], uploaded(b"From: a@example.org\n\nEncore", "m.eml"))
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_a_copy_in_preparation_cannot_be_removed_meanwhile(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn
) -> None:
    referent = demonstration.people["referent"]
    inquiry = qualify(demonstration, record(demonstration, requester="prosecutor", form="written"), DUTY)
    inquiry.refresh_from_db()
    subject = subject_of(inquiry, read_inquiry(referent, inquiry).key)
    copy = add_copy(referent, subject, uploaded(b"fiche"), NewCopy("identity", "Fiche"))
    opened(neighbour)
    assert not is_erasure_held(demonstration.institution)
    seizure = opened(demonstration)
    with pytest.raises(ErasureHeld):
        remove_copy(referent, subject, copy)
    answer = sign_in("referent").post(f"/i/demo/demandes/{inquiry.id}/preparation/copie/{copy.id}/retrait/")
    assert answer.status_code == 409
    assert "rien n’est effacé" in said(answer.content)
    assert ReleaseCopy.objects.filter(pk=copy.pk).exists()
    add_fact(referent, seizure, Words("end"))
    lift_hold(demonstration.people["dg"], seizure, "fini")
    remove_copy(referent, subject, copy)


@pytest.mark.parametrize("column", ["noted_at", "noted_by", "position", "blob"])
def test_a_changed_row_is_refused(demonstration: Demonstration, column: str) -> None:
    worker = demonstration.people["travailleur"]
    seizure = opened(demonstration)
    fact = add_fact(worker, seizure, Words("title", TITLE, photo()))
    changed = {
        "noted_at": fact.noted_at.replace(year=2020),
        "noted_by": Member.objects.get(login="dg", institution=seizure.institution),
        "position": 7,
        "blob": "0" * 32,
    }
    Fact.objects.filter(pk=fact.pk).update(**{column: changed[column]})
    with pytest.raises(BlobError):
        read_seizure(worker, seizure)


def test_words_photos_and_keys_moved_elsewhere_do_not_open(
    demonstration: Demonstration, neighbour: Demonstration
) -> None:
    worker = demonstration.people["travailleur"]
    one, other = opened(demonstration), opened(demonstration)
    facts = [
        add_fact(worker, each, Words("title", TITLE, photo(PNG + bytes([n])))) for n, each in enumerate((one, other))
    ]
    name, content = read_photo(worker, facts[0])
    assert (name, b"".join(content)) == ("titre.png", PNG + b"\0")
    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.filter(pk=facts[0].pk).update(blob=facts[1].blob)
    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.filter(pk=facts[0].pk).update(noted_by=neighbour.people["dg"].member)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seizure.objects.filter(pk=one.pk).update(lifted_at=one.opened_at.replace(year=2020))
    moved = SeizureKey.objects.get(seizure=one, member=worker.member)
    SeizureKey.objects.filter(seizure=other, member=worker.member).update(wrapped=moved.wrapped)
    with pytest.raises(BlobError):
        read_seizure(worker, other)


def test_an_act_that_fails_leaves_no_photo(demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise KeyFileMissing("log.key")

    seizure = opened(demonstration)
    monkeypatch.setattr("ciment_web.seizures.actions.leave_trace", fail)
    with pytest.raises(KeyFileMissing):
        add_fact(demonstration.people["travailleur"], seizure, Words("title", TITLE, photo()))
    assert not Fact.objects.exists()
    assert list(store.names()) == []


def test_the_register_shows_the_same_whatever_is_noted(demonstration: Demonstration) -> None:
    def forms(words: Words) -> list[tuple[object, ...]]:
        first = Leaf.objects.count()
        seizure = opened(demonstration)
        add_fact(demonstration.people["dg"], seizure, words)
        read_seizure(demonstration.people["dg"], seizure)
        leaves = list(entries_since(first))
        parsed = [Entry.parse(bytes(leaf.entry)) for leaf in leaves]
        return [
            (entry.kind, dict(entry.attributes), len(bytes(leaf.entry)), len(bytes(leaf.sealed_details)))
            for entry, leaf in zip(parsed, leaves, strict=True)
        ]

    assert forms(Words("note")) == forms(Words("item", {**ITEM, "what": CANARY * 50}, photo()))
