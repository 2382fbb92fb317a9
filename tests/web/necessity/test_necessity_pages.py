"""Life first: the page of danger for anybody, what a member states, who reads it, and what leaves no trace in clear."""

from collections.abc import Callable, Iterator
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from ciment.register import Entry
from ciment.vault import BlobError
from ciment_web.institutions.keyfiles import KeyFileMissing
from ciment_web.members.models import Member
from ciment_web.necessity import actions
from ciment_web.necessity.actions import NewStatement, add_statement, read_necessity, record_necessity
from ciment_web.necessity.models import Necessity, NecessityKey, Statement
from ciment_web.necessity.sealing import Words
from ciment_web.project.demonstration import CAST, Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
DANGER, NEW, LIST = "/i/demo/danger/", "/i/demo/necessite/nouvelle/", "/i/demo/necessite/"
CANARY = "CanariDangerZyx"
# Every condition of the law pack, and words in every answer.
WHOLE = {
    "danger": "grave_and_imminent", "danger_to": "person", "other_means": "exhausted",
    "protected_interest": "equal_or_higher", "self_created": "no", "recipient": "emergency_services",
    **dict.fromkeys(("known", "since", "source", "tried", "told", "told_at"), CANARY),
}  # fmt: skip
FIRST_LINES = (
    "Une vie est en danger maintenant ? Appelez le 112.",
    (
        "Dites ce qui permet de secourir : qui, où, quel danger. Rien de plus. N’attendez l’accord de personne. "
        "Porter secours est un devoir ; vous noterez ensuite et l’institution prendra le relais."
    ),
    "Le danger est grave, mais vous avez quelques minutes ?",
    "Restez ici : la permanence est prévenue. Que savez-vous, depuis quand, et par qui ?",
)


def said(page: bytes) -> str:
    return unescape(page.decode()).replace("\u00a0", " ")


def entries_since(first: int) -> Iterator[Leaf]:
    yield from Leaf.objects.filter(index__gte=first).order_by("index")


def test_anybody_reads_the_first_lines_without_account_or_cookie(demonstration: Demonstration) -> None:
    assert demonstration.institution.slug == "demo"
    before = Leaf.objects.count()
    nobody = Client()
    answer = nobody.get(DANGER)
    assert answer.status_code == 200
    places = [said(answer.content).find(line) for line in FIRST_LINES]
    assert -1 not in places
    assert places == sorted(places)
    assert nobody.cookies == {}
    assert Leaf.objects.count() == before
    assert nobody.head(DANGER).status_code == 200
    assert nobody.post(DANGER).status_code == 405


@pytest.mark.parametrize("login", [newcomer.login for newcomer in CAST])
def test_every_member_is_one_tap_away_and_may_state(demonstration: Demonstration, sign_in: SignIn, login: str) -> None:
    assert demonstration.institution.slug == "demo"
    client = sign_in(login)
    assert f'href="{DANGER}"' in client.get("/i/demo/").content.decode()
    assert client.get(DANGER).status_code == 200
    page = client.get(NEW)
    # The first lines come before the first question, and no question must be answered.
    text = said(page.content)
    assert all(line in text for line in FIRST_LINES)
    assert text.find(FIRST_LINES[0]) < text.find('name="known"')
    assert " required" not in text
    answer = client.post(NEW, {})
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200


def test_the_record_page_is_one_tap_away_too(demonstration: Demonstration, sign_in: SignIn) -> None:
    assert demonstration.institution.slug == "demo"
    assert f'href="{DANGER}"' in sign_in("travailleur").get("/i/demo/demandes/nouvelle/").content.decode()


def test_what_is_stated_is_sealed_relayed_and_says_what_the_law_says(
    demonstration: Demonstration, sign_in: SignIn, mailbox: list[object], capfd: pytest.CaptureFixture[str]
) -> None:
    assert demonstration.institution.slug == "demo"
    worker = sign_in("travailleur")
    first = Leaf.objects.count()
    where = worker.post(NEW, WHOLE)["Location"]
    text = said(worker.get(where).content)
    assert text.count(CANARY) == 6
    for words in (
        "L’institution a pris le relais", "Faculté", "strict nécessaire", "be.necessity.urgent_other", "be.assistance",
        "un refus de l’institution ne l’interdit pas", "son retard ne doit mettre personne en danger",
        "jamais une permission rétroactive",
    ):  # fmt: skip
        assert words in text, words
    # Referent and signatories read it; each reading is in the register.
    for login in ("referent", "dg", "president", "adjoint"):
        client = sign_in(login)
        assert where in client.get(LIST).content.decode()
        assert CANARY in client.get(where).content.decode()
    kinds = {Entry.parse(bytes(leaf.entry)).kind for leaf in entries_since(first)}
    assert kinds == {"act"}
    assert len(list(entries_since(first))) == 1 + 1 + 4 * 2
    # The notice reaches the signatories and says nothing.
    assert sorted(str(each.recipients[0]) for each in mailbox) == [  # type: ignore[attr-defined]
        f"{login}@demo.invalid" for login in ("adjoint", "dg", "president")
    ]
    for each in mailbox:
        assert CANARY.encode() not in each.content  # type: ignore[attr-defined]
        assert b"danger" not in each.content.lower()  # type: ignore[attr-defined]
    assert CANARY not in "".join(capfd.readouterr())
    row = Statement.objects.get()
    assert CANARY not in str((row.facts, row.answer))
    assert CANARY.encode() not in bytes(row.sealed_words)


def test_whoever_has_no_key_finds_nothing(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn
) -> None:
    necessity = record_necessity(demonstration.people["travailleur"], NewStatement(Words(known=CANARY)))
    assert neighbour.institution.slug == "voisin"
    path = f"necessite/{necessity.id}/"
    for login, slug in (("dpo", "demo"), ("admin", "demo"), ("dg", "voisin")):
        client = sign_in(login, slug=slug)
        for answer in (client.get(f"/i/{slug}/{path}"), client.post(f"/i/{slug}/{path}", WHOLE)):
            assert answer.status_code == 404
        assert str(necessity.id) not in client.get(f"/i/{slug}/necessite/").content.decode()
    assert Client().get(f"/i/demo/{path}").status_code == 302
    assert necessity.statements.count() == 1


def test_silence_is_never_the_last_word_in_danger(demonstration: Demonstration, sign_in: SignIn) -> None:
    assert demonstration.institution.slug == "demo"
    worker = sign_in("travailleur")
    where = worker.post(NEW, {"known": CANARY})["Location"]
    # Of nothing stated the law says nothing.
    page = said(worker.get(where).content)
    assert "Rien n’est encore établi" in page
    assert "Se taire" not in page
    worker.post(where, {"danger": "possible"})
    page = said(worker.get(where).content)
    assert page.find("rien ici ne l’interdit") < page.find("Se taire")
    worker.post(where, WHOLE)
    assert "rien ici ne l’interdit" not in said(worker.get(where).content)


def test_a_statement_is_added_and_changes_nothing_before(demonstration: Demonstration, sign_in: SignIn) -> None:
    worker = sign_in("travailleur")
    where = worker.post(NEW, {})["Location"]
    assert "rien n’a encore été écrit" in said(worker.get(where).content)
    assert sign_in("dg").post(where, {"known": "Rappelé", "danger": "grave"}).status_code == 302
    opened = read_necessity(demonstration.people["travailleur"], Necessity.objects.get())
    assert [(each.row.position, each.words.known, each.row.stated_by.login) for each in opened] == [
        (2, "Rappelé", "dg"),
        (1, "", "travailleur"),
    ]
    # What was stated of the facts stands in the form until something else is.
    page = worker.get(where)
    assert '<option value="grave" selected>' in page.content.decode()
    assert "Se taire" in said(page.content)
    # What nobody stated is said to be assumed.
    assert "autres moyens d’éviter le danger" in said(page.content).lower().split("pris au plus protecteur")[1][:300]


def test_from_the_page_of_danger_one_button_tells_the_signatories(
    demonstration: Demonstration, sign_in: SignIn, mailbox: list[object]
) -> None:
    assert demonstration.institution.slug == "demo"
    worker = sign_in("travailleur")
    assert f'<form method="post" action="{NEW}">' in worker.get(DANGER).content.decode()
    assert "<form" not in Client().get(DANGER).content.decode()
    assert worker.post(NEW).status_code == 302
    assert len(mailbox) == 3


@pytest.mark.parametrize("sent", [{"danger": "immense"}, {"known": "x" * 10001}])
def test_a_wrong_answer_is_told_and_loses_nothing(
    demonstration: Demonstration, sign_in: SignIn, sent: dict[str, str]
) -> None:
    worker = sign_in("travailleur")
    answer = worker.post(NEW, {"source": "La voisine", **sent})
    assert answer.status_code == 422
    assert FIRST_LINES[0] in said(answer.content)
    assert "La voisine" in answer.content.decode()
    assert not Necessity.objects.exists()
    necessity = record_necessity(demonstration.people["travailleur"], NewStatement())
    assert worker.post(f"{LIST}{necessity.id}/", sent).status_code == 422


def test_a_law_that_cannot_be_read_stops_nobody(
    demonstration: Demonstration, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_institution: object) -> None:
        raise KeyFileMissing("law.vkeys")

    assert demonstration.institution.slug == "demo"
    monkeypatch.setattr(actions, "pack_of", fail)
    worker = sign_in("travailleur")
    answer = worker.post(NEW, WHOLE)
    assert answer.status_code == 302
    assert "Cela n’empêche pas de porter secours" in said(worker.get(answer["Location"]).content)


@pytest.mark.parametrize("column", ["facts", "answer", "stated_at", "stated_by", "position"])
def test_a_changed_row_is_refused(demonstration: Demonstration, column: str) -> None:
    worker = demonstration.people["travailleur"]
    necessity = record_necessity(worker, NewStatement(Words(known=CANARY), {"danger": "grave"}))
    row = Statement.objects.get()
    changed = {
        "facts": {"danger": "none"},
        "answer": None,
        "stated_at": necessity.recorded_at.replace(year=2020),
        "stated_by": Member.objects.get(login="dg", institution=necessity.institution),
        "position": 7,
    }
    Statement.objects.filter(pk=row.pk).update(**{column: changed[column]})
    with pytest.raises(BlobError):
        read_necessity(worker, necessity)


def test_words_and_keys_moved_elsewhere_do_not_open(demonstration: Demonstration) -> None:
    worker = demonstration.people["travailleur"]
    one, other = (record_necessity(worker, NewStatement(Words(known=text))) for text in ("un", "deux"))
    moved = NecessityKey.objects.get(necessity=one, member=worker.member)
    NecessityKey.objects.filter(necessity=other, member=worker.member).update(wrapped=moved.wrapped)
    with pytest.raises(BlobError):
        read_necessity(worker, other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(necessity=one).update(institution=other.id)


def test_the_register_shows_the_same_whatever_is_stated(demonstration: Demonstration) -> None:
    def forms(new: NewStatement) -> list[tuple[object, ...]]:
        first = Leaf.objects.count()
        necessity = record_necessity(demonstration.people["travailleur"], new)
        add_statement(demonstration.people["dg"], necessity, new)
        read_necessity(demonstration.people["dg"], necessity)
        leaves = list(entries_since(first))
        parsed = [Entry.parse(bytes(leaf.entry)) for leaf in leaves]
        return [
            (entry.kind, dict(entry.attributes), len(bytes(leaf.entry)), len(bytes(leaf.sealed_details)))
            for entry, leaf in zip(parsed, leaves, strict=True)
        ]

    facts = {name: value for name, value in WHOLE.items() if value != CANARY}
    assert forms(NewStatement()) == forms(NewStatement(Words(*[CANARY * 50] * 6), facts))
