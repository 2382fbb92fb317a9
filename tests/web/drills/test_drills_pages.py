"""Drills on the screen: for every member, marked as simulated, counted for the team and for nobody."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.test import Client
from pytest_django import Settings

from ciment_web.drills.actions import answer_moment
from ciment_web.drills.casebook import Case, all_cases
from ciment_web.drills.models import ChoiceCount
from ciment_web.drills.queries import team_results
from ciment_web.inquiries.models import Inquiry
from ciment_web.law import TRUSTED_FILE
from ciment_web.members.models import Member
from ciment_web.project.demonstration import CAST, Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
ALL = "/i/demo/mises-en-situation/"
CASE = all_cases()["police-au-guichet"]
MARK = "Un exercice : personne ne demande rien"


def said(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return " ".join(unescape(answer.content.decode()).replace("\u00a0", " ").split())


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("login", [newcomer.login for newcomer in CAST])
def test_every_member_trains_and_every_page_says_it_is_an_exercise(
    demonstration: Demonstration, sign_in: SignIn, login: str
) -> None:
    assert demonstration.institution.slug == "demo"
    client = sign_in(login)
    assert f'href="{ALL}"' in client.get("/i/demo/").content.decode()
    assert f'href="{ALL}"' in client.get("/i/demo/reflexe/").content.decode()
    one = f"{ALL}{CASE.slug}/"
    for address in (ALL, f"{ALL}equipe/", one, f"{one}1/", f"{one}2/", f"{one}1/1/", f"{one}2/3/", f"{one}fiche/"):
        assert MARK in said(client, address), address


def test_the_list_has_every_case(demonstration: Demonstration, sign_in: SignIn) -> None:
    assert demonstration.institution.slug == "demo"
    text = said(sign_in("travailleur"), ALL)
    for case in all_cases().values():
        assert f'href="{ALL}{case.slug}/"' in text
        assert plain(case.title) in text


def test_a_case_is_played_to_its_end_with_one_question_a_page(demonstration: Demonstration, sign_in: SignIn) -> None:
    assert demonstration.institution.slug == "demo"
    client = sign_in("travailleur")
    for number, moment in enumerate(CASE.moments, 1):
        address = f"{ALL}{CASE.slug}/{number}/"
        text = said(client, address)
        assert plain(moment.ask) in text
        assert all(plain(line.text) in text for line in moment.lines)
        assert all(plain(choice.text) in text for choice in moment.choices)
        # What a choice leads to is told once it is made.
        assert not any(plain(choice.comment) in text for choice in moment.choices)
        assert text.count("<fieldset") == 1
        wrong = (moment.right + 1) % len(moment.choices)
        answer = client.post(address, {"choix": str(wrong)})
        assert answer.status_code == 302
        told = said(client, answer["Location"])
        assert "Pas tout à fait" in told
        assert plain(moment.choices[wrong].comment) in told
        assert plain(moment.choices[moment.right].comment) in told
        assert ("Le réflexe" in told) is (number == len(CASE.moments))
    right = said(client, f"{ALL}{CASE.slug}/2/{CASE.moments[1].right + 1}/")
    for words in ("C’est le bon réflexe", plain(CASE.say), plain(CASE.why), "à valider par un juriste", "Encore une"):
        assert words in right, words
    # The answer of the law is computed, with its rule and who decides, never a sentence of the case.
    assert "Se taire" in right
    assert "/droit/regles/be.secret/" in right


def test_every_case_ends_with_the_law(demonstration: Demonstration, sign_in: SignIn) -> None:
    assert demonstration.institution.slug == "demo"
    client = sign_in("referent")
    for case in all_cases().values():
        ends_with_the_law(client, case)


def ends_with_the_law(client: Client, case: Case) -> None:
    last = len(case.moments)
    text = said(client, f"{ALL}{case.slug}/{last}/{case.moments[-1].right + 1}/")
    for rule in case.sources:
        assert f"/droit/regles/{rule}/" in text
    sheet = said(client, f"{ALL}{case.slug}/fiche/")
    for moment in case.moments:
        assert plain(moment.ask) in sheet
        assert plain(moment.choices[moment.right].comment) in sheet


def test_an_answer_is_counted_without_a_trace_of_whom(demonstration: Demonstration, sign_in: SignIn) -> None:
    client = sign_in("travailleur")
    before = Leaf.objects.filter(institution=demonstration.institution).count()
    address = f"{ALL}{CASE.slug}/1/"
    for _ in range(2):
        client.post(address, {"choix": "1"})
    said(client, f"{address}2/")
    assert list(ChoiceCount.objects.values_list("case", "moment", "choice", "count")) == [(CASE.slug, 0, 1, 2)]
    # No entry in the register, no inquiry, and no column that could hold a person or a time.
    assert Leaf.objects.filter(institution=demonstration.institution).count() == before
    assert not Inquiry.objects.exists()
    columns = {field.name: field for field in ChoiceCount._meta.concrete_fields}
    assert set(columns) == {"id", "institution", "case", "moment", "choice", "count", "shown"}
    assert not any(isinstance(field, models.DateField) or field.related_model is Member for field in columns.values())


def test_nothing_shows_before_enough_answered_and_then_by_fives(demonstration: Demonstration, sign_in: SignIn) -> None:
    people = list(demonstration.people.values())
    client = sign_in("dg")
    page = f"{ALL}equipe/"
    for answered in range(1, 12):
        answer_moment(people[answered % len(people)], CASE, 0, 1)
        text = said(client, page)
        shown = answered // 5 * 5
        assert ("Pas encore assez de réponses" in text) is (shown == 0)
        numbers = [int(each) for each in re.findall(r'<td class="number">(\d+)</td>', text)]
        assert set(numbers) <= {0, shown}
        assert (shown in numbers) is (shown > 0)


def test_a_small_number_among_large_ones_is_hidden_with_another(demonstration: Demonstration, sign_in: SignIn) -> None:
    worker = demonstration.people["travailleur"]
    for choice, times in ((0, 1), (1, 9), (2, 10)):
        for _ in range(times):
            answer_moment(worker, CASE, 0, choice)
    [result] = team_results(demonstration.institution)
    assert (result.told.total, result.told.rest, result.told.shown) == (20, 10, {"2": 10})
    text = said(sign_in("dg"), f"{ALL}equipe/")
    assert text.count(">caché<") == 2
    assert ">1<" not in text
    assert ">9<" not in text


def test_no_page_names_or_ranks_a_member(demonstration: Demonstration, sign_in: SignIn) -> None:
    for actor in demonstration.people.values():
        for choice in range(3):
            answer_moment(actor, CASE, 0, choice)
    text = said(sign_in("dg"), f"{ALL}equipe/").replace("Dominique Général", "")
    for actor in demonstration.people.values():
        assert actor.member.name not in text
        assert actor.member.login not in re.sub(r"<[^>]*>", "", text).split()


def test_a_member_whom_nobody_answers_for_trains_and_is_not_counted(
    demonstration: Demonstration, sign_in: SignIn
) -> None:
    Member.objects.filter(institution=demonstration.institution, login="travailleur").update(countersignature=b"")
    client = sign_in("travailleur")
    assert client.post(f"{ALL}{CASE.slug}/1/", {"choix": "1"}).status_code == 302
    assert not ChoiceCount.objects.exists()


def test_results_of_a_neighbour_are_not_ones_own(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn
) -> None:
    for _ in range(5):
        answer_moment(demonstration.people["dg"], CASE, 0, 1)
    assert [row.institution for row in ChoiceCount.objects.all()] == [demonstration.institution]
    assert team_results(neighbour.institution) == []
    stranger = sign_in("dg", slug="voisin")
    assert "Pas encore assez" in said(stranger, "/i/voisin/mises-en-situation/equipe/")
    for address in (ALL, f"{ALL}equipe/", f"{ALL}{CASE.slug}/", f"{ALL}{CASE.slug}/fiche/"):
        assert stranger.get(address).status_code == 302
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize("sent", [{}, {"choix": ""}, {"choix": "9"}, {"choix": "-1"}, {"choix": "zz" * 30}])
def test_an_answer_that_was_not_offered_is_asked_again(
    demonstration: Demonstration, sign_in: SignIn, sent: dict[str, Any]
) -> None:
    assert demonstration.institution.slug == "demo"
    answer = sign_in("travailleur").post(f"{ALL}{CASE.slug}/1/", sent)
    assert answer.status_code == 422
    text = plain(unescape(answer.content.decode()))
    assert plain(CASE.moments[0].ask) in text
    assert "zz" * 30 not in text
    assert not ChoiceCount.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["inconnu/", "inconnu/fiche/", f"{CASE.slug}/0/", f"{CASE.slug}/3/", f"{CASE.slug}/1/0/", f"{CASE.slug}/1/9/"],
)
def test_what_is_not_there_is_not_found(demonstration: Demonstration, sign_in: SignIn, path: str) -> None:
    assert demonstration.institution.slug == "demo"
    assert sign_in("travailleur").get(f"{ALL}{path}").status_code == 404


def test_a_pack_that_cannot_be_believed_stops_no_training(
    demonstration: Demonstration, sign_in: SignIn, settings: Settings
) -> None:
    (settings.CIMENT_KEYS / str(demonstration.institution.id) / TRUSTED_FILE).unlink()
    text = said(sign_in("travailleur"), f"{ALL}{CASE.slug}/2/1/")
    assert "n’a pas pu être lu" in text
    assert plain(CASE.say) in text


def test_a_choice_the_case_has_not_counts_nowhere(demonstration: Demonstration) -> None:
    for moment, choice in ((0, 9), (7, 0)):
        with pytest.raises(IndexError):
            answer_moment(demonstration.people["dg"], CASE, moment, choice)
    assert not ChoiceCount.objects.exists()


def test_the_database_keeps_one_count_for_each_choice(demonstration: Demonstration) -> None:
    row = ChoiceCount.objects.create(institution=demonstration.institution, case="x", moment=0, choice=0, count=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChoiceCount.objects.create(institution=demonstration.institution, case="x", moment=0, choice=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChoiceCount.objects.filter(pk=row.pk).update(shown=3)
