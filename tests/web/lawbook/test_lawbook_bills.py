"""What a text of law changes: the page, the brief, and shifts that are the exact difference seen in parts."""

import html
import io
import re

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ciment.law import VOCABULARY, Pack, label, load_mission, parse_facts, qualify, space
from ciment.law.bills import amend, load_bill, shipped_bills
from ciment.law.invariants import belongs
from ciment_web.lawbook.bills import compare_bill, list_bills
from ciment_web.lawbook.clauses import tell_situation, tell_verdict
from ciment_web.lawbook.telling import tell_answer, tell_necessity

PAGE = "/i/valbrume/droit/"
NAMES = shipped_bills()
CHANGING = [name for name in NAMES if name != "2017-before"]


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def text_of(client: Client, name: str) -> str:
    answer = client.get(f"{PAGE}textes/{name}/")
    assert answer.status_code == 200
    return plain(html.unescape(answer.content.decode()))


def brief_of(client: Client, name: str) -> tuple[str, int]:
    pages = pypdf.PdfReader(io.BytesIO(client.get(f"{PAGE}textes/{name}/note.pdf").content)).pages
    return plain(" ".join(page.extract_text() for page in pages).replace("\u200b", "")), len(pages)


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_reads_the_page_and_the_brief_and_leaves_nothing(stranger: Client, name: str) -> None:
    listed = stranger.get(PAGE).content.decode()
    assert f'href="{PAGE}textes/{name}/"' in listed
    for path in (f"textes/{name}/", f"textes/{name}/note.pdf"):
        with CaptureQueriesContext(connection) as asked:
            answer = stranger.get(f"{PAGE}{path}")
        assert answer.status_code == 200
        # The institution, and how it heads its letters: nothing is written.
        assert {query["sql"].split()[0] for query in asked} == {"SELECT"}
        assert not answer.cookies
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="note-{name}.pdf"'


@pytest.mark.parametrize("name", NAMES)
def test_page_and_brief_say_the_same(stranger: Client, pack: Pack, name: str) -> None:
    comparison, page, (brief, pages) = compare_bill(pack, name), text_of(stranger, name), brief_of(stranger, name)
    assert pages <= 2
    bill = comparison.bill
    for words in (bill.title["fr"], bill.summary["fr"], *tell_answer(comparison), *tell_necessity(comparison)):
        assert plain(words) in page
        # On paper a line may end after a hyphen.
        assert plain(words).replace(" ", "") in brief.replace(" ", "")
    for source in comparison.sources:
        assert plain(source.ref) in page
        assert plain(f"{source.ref} ({label('status', source.status, 'fr')})") in brief
    assert pack.digest[:16] in page
    assert pack.digest in brief
    # No share of anything, ever.
    for text in (re.sub(r"<[^>]*>", " ", page), brief):
        assert "%" not in text
        assert "pour cent" not in text


@pytest.mark.parametrize("name", CHANGING)
def test_a_count_is_never_given_without_what_it_depends_on(stranger: Client, pack: Pack, name: str) -> None:
    count = f"{compare_bill(pack, name).difference.changed:,}".replace(",", " ")
    for text in (text_of(stranger, name), brief_of(stranger, name)[0]):
        assert re.search(
            rf"{count} situations.{{0,40}}Ce nombre dépend de la façon dont les valeurs sont découpées", text
        )


@pytest.mark.parametrize("name", CHANGING)
def test_shifts_are_the_difference_in_parts(pack: Pack, name: str) -> None:
    comparison = compare_bill(pack, name)
    for group in comparison.difference.groups:
        parts = [shift for shift in comparison.shifts if (shift.before, shift.after) == (group.before, group.after)]
        found = [space.box({**part.common, **box}) for part in parts for box in part.boxes]
        assert sorted(found) == sorted(group.boxes)
    amended = amend(pack, comparison.bill)
    for shift in comparison.shifts:
        assert shift.examples
        for facts in shift.examples:
            without, within = comparison.outcomes(facts)
            assert (without.verdict, within.verdict) == (shift.before, shift.after)
            said = qualify(amended, facts, comparison.bill.on, comparison.bill.known)
            assert said.verdicts[facts.categories[0]].verdict == shift.after
            for attribute, values in shift.common.items():
                given = facts.categories[0] if attribute == "category" else facts.values[attribute]
                assert given in values


@pytest.mark.parametrize("name", ["every-offence", "medical-data"])
def test_what_a_bill_newly_reaches_has_its_example(stranger: Client, name: str) -> None:
    text = text_of(stranger, name)
    wanted = {
        "every-offence": ("d’une infraction ordinaire", "d’une fraude sociale", "un mineur ou une personne vulnérable"),
        "medical-data": ("les informations médicales d’une personne",),
    }[name]
    for words in wanted:
        assert words in text
        assert name == "every-offence" or words in brief_of(stranger, name)[0]


@pytest.mark.parametrize("name", CHANGING)
def test_what_necessity_allows_is_shown_where_the_bill_changes_it(pack: Pack, name: str) -> None:
    comparison = compare_bill(pack, name)
    assert comparison.saved is not None
    rule, facts = comparison.saved
    without, within = comparison.outcomes(facts)
    assert belongs(rule.id, load_mission("be").necessity)
    assert rule.id in without.rule_ids
    assert without.verdict == "may"
    assert within.verdict == "must"


def test_a_law_is_compared_with_its_eve_and_a_bill_with_the_law_without_it(stranger: Client) -> None:
    assert "Le droit du 1er septembre 2017, comparé à celui du 31 août 2017." in text_of(stranger, "2017-active")
    assert "tel qu’on le connaît depuis le 14 mars 2019" in text_of(stranger, "2017-annulled")
    day = load_bill("every-offence").on
    assert f"Comparé au droit du {day.day} novembre {day.year}, sans ce texte." in text_of(stranger, "every-offence")


def test_a_text_that_changes_nothing_says_so(stranger: Client) -> None:
    assert "Rien : dans toutes les situations" in text_of(stranger, "2017-before")
    assert "Aucun changement" in brief_of(stranger, "2017-before")[0]


def test_a_text_that_is_not_there_is_not_found(stranger: Client) -> None:
    for path in ("textes/nothing/", "textes/nothing/note.pdf"):
        assert stranger.get(f"{PAGE}{path}").status_code == 404


def test_a_pack_shows_its_own_bills_alone(pack: Pack) -> None:
    assert {bill.name for bill in list_bills(pack)} == set(NAMES)
    assert list_bills(Pack("ailleurs", ("fr",), pack.rules)) == ()


def test_every_category_and_verdict_is_told(pack: Pack) -> None:
    (facts,) = compare_bill(pack, "medical-data").shifts[0].examples
    told = plain(tell_situation(facts))
    assert told == (
        "À propos d’une infraction terroriste, le procureur du Roi demande par un écrit motivé, comme « renseignement "
        "administratif », les informations médicales d’une personne. L’auteur de la demande est bien identifié ; "
        "aucun danger n’est établi."
    )
    for requester in VOCABULARY["requester"]:
        for category in VOCABULARY["category"]:
            opening = tell_situation(parse_facts({"requester": requester, "category": category}))
            assert opening.endswith(". Aucun danger n’est établi.")
            assert " ," not in opening
            assert "  " not in opening
    for verdict in ("silence", "may", "must", "may_testify", "do_not_obstruct", "own_right"):
        assert tell_verdict(verdict)
