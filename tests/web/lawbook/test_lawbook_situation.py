"""A situation to try: the law's answer, what was missing, and nothing kept."""

import html
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ciment.law import VOCABULARY, label
from ciment_web.project.demonstration import Demonstration

PAGE = "/i/valbrume/droit/situation/"
DUTY = {
    "requester": "prosecutor",
    "categories": ["identity", "confidence"],
    "form": "written_reasoned",
    "authenticated": "yes",
    "ground": "terrorism_administrative_data",
    "offence": "terrorism",
    "on": "2026-11-24",
}


def text_of(client: Client, facts: dict[str, object], status: int = 200) -> str:
    answer = client.post(PAGE, facts)
    assert answer.status_code == status
    return html.unescape(answer.content.decode()).replace("\u00a0", " ")


def test_a_situation_is_answered_and_leaves_nothing(stranger: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = stranger.post(PAGE, DUTY)
    assert answer.status_code == 200
    assert [query["sql"].split()[0] for query in asked] == ["SELECT"]
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    text = html.unescape(answer.content.decode())
    assert "verdict-must" in text
    assert "verdict-silence" in text
    assert 'href="/i/valbrume/droit/regles/be.46bis1.passive/"' in text
    assert "Répondre révèle que la personne est connue" in text


def test_no_address_of_the_page_carries_a_situation(stranger: Client) -> None:
    # Facts in a query are facts in the logs of whoever stands between.
    text = html.unescape(stranger.get(f"{PAGE}?requester=police&categories=identity").content.decode())
    assert "verdict-silence" not in text
    assert 'method="post"' in text
    assert "csrfmiddlewaretoken" not in text


def test_a_silence_says_what_was_missing_and_how_far(stranger: Client) -> None:
    text = text_of(stranger, {**DUTY, "form": "oral", "categories": ["identity"]})
    assert "Ce qui manquait" in text
    assert "forme de la demande : écrite et motivée" in text
    assert "plus éloignées" in text
    granted = text_of(stranger, {**DUTY, "categories": ["identity"]})
    assert "Ce qui changerait la réponse" in granted
    assert "identité de l’auteur vérifiée : non" in granted
    assert "Ce qui manquait" not in granted
    assert "auteur de la demande : " not in granted


def test_the_law_is_that_of_the_day(stranger: Client) -> None:
    assert "verdict-must" not in text_of(stranger, {**DUTY, "on": "2017-08-31"})
    assert "La réponse du droit, le 1er septembre 2017" in text_of(stranger, {**DUTY, "on": "2017-09-01"})


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        ({"requester": ""}, "Choisissez qui demande."),
        ({"requester": "<i>"}, "<i>"),
        ({"categories": []}, "Cochez au moins une information demandée."),
        ({"categories": ["pirate"]}, "pirate"),
        ({"on": "31/02/2026"}, "« 31/02/2026 » n’est pas une date possible"),
        ({"on": ""}, "Choisissez le jour du droit à appliquer."),
        ({"danger": "volcanique"}, "volcanique"),
    ],
)
def test_a_wrong_answer_is_named_and_the_others_are_kept(
    stranger: Client, wrong: dict[str, object], shown: str
) -> None:
    raw = stranger.post(PAGE, {**DUTY, **wrong}).content.decode()
    assert "<i>" not in raw
    text = text_of(stranger, {**DUTY, **wrong}, status=422)
    assert shown in text
    assert "verdict-" not in text
    assert '<option value="written_reasoned" selected>' in text
    assert '<option value="terrorism_administrative_data" selected>' in text


def test_every_value_of_the_law_can_be_chosen(stranger: Client) -> None:
    text = text_of(stranger, {}, status=422)
    for attribute, values in VOCABULARY.items():
        for value in values:
            assert f'value="{value}"' in text, (attribute, value)
            assert label(attribute, value, "fr").lower().replace("\u00a0", " ") in text.lower()


def test_a_card_of_a_request_links_to_the_rule(demonstration: Demonstration, sign_in: Callable[..., Client]) -> None:
    assert demonstration.institution.slug == "demo"
    text = sign_in("referent").post("/i/demo/droit/situation/", DUTY).content.decode()
    assert 'href="/i/demo/droit/regles/be.46bis1.passive/"' in text
    # A member stays one: the frame is theirs, and the lawbook stands under what accounts.
    assert 'href="/i/demo/registre/" aria-current="page"' in text
