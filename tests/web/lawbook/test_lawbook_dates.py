"""Two days of the law side by side."""

import html
from datetime import date

import pytest
from django.test import Client

from ciment.law import Pack
from ciment_web.lawbook.choosing import eve, first_day_like, turning_days

PAGE = "/i/valbrume/droit/comparer/"


def text_of(client: Client, query: str, status: int = 200) -> str:
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == status
    return html.unescape(answer.content.decode()).replace("\u00a0", " ")


def test_what_differs_is_shown_on_the_side_where_it_holds(stranger: Client) -> None:
    text = text_of(stranger, "avant=2019-03-13&apres=2019-03-14")
    assert "Le 13 mars 2019 seulement" in text
    assert 'id="be.46bis1.active"' in text
    assert 'id="be.46bis1.passive"' not in text
    assert "Le 14 mars 2019 seulement" not in text
    turned = text_of(stranger, "avant=2019-03-14&apres=2019-03-13")
    assert "Le 13 mars 2019 seulement" in turned


def test_what_that_changes_is_said_with_an_example_and_the_exact_boxes(stranger: Client) -> None:
    text = text_of(stranger, "avant=2019-03-13&apres=2019-03-14")
    assert "Ce que cela change" in text
    assert "terrorisme : indices sérieux à signaler d’initiative" in text
    assert "l’institution envisage de dire d’initiative" in text
    assert "Les limites exactes" in text


def test_a_day_is_as_the_first_day_of_its_law(pack: Pack) -> None:
    days = turning_days(pack)
    assert [first_day_like(pack, day) for day in days] == list(days)
    assert [first_day_like(pack, eve(day)) for day in days[1:]] == list(days[:-1])
    assert first_day_like(pack, date(1900, 1, 1)) == eve(days[0])
    for day in (date(1900, 1, 1), date(2018, 5, 24), date(2026, 8, 31), date(2199, 12, 31)):
        first = first_day_like(pack, day)
        assert [rule.as_of(day) for rule in pack.rules if rule.holds(day, day)] == [
            rule.as_of(first) for rule in pack.rules if rule.holds(first, first)
        ]


def test_days_of_the_same_law_do_not_differ(stranger: Client) -> None:
    assert "Aucune règle ne diffère" in text_of(stranger, "avant=2019-03-14&apres=2019-03-15")


def test_every_day_on_which_the_law_turned_is_offered_and_differs(stranger: Client, pack: Pack) -> None:
    offered = html.unescape(stranger.get(PAGE).content.decode())
    days = turning_days(pack)
    assert len(days) > 3
    for day in days:
        query = f"avant={eve(day).isoformat()}&apres={day.isoformat()}"
        assert f'href="?{query}"' in offered
        assert "Aucune règle ne diffère" not in text_of(stranger, query), day


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("avant=2019-13-01&apres=2019-03-14", "« 2019-13-01 » n’est pas une date possible"),
        ("avant=2019-03-14", "Choisissez le second jour."),
        ("avant=&apres=demain", "« demain » n’est pas une date possible"),
    ],
)
def test_what_is_no_day_is_quoted_and_the_other_day_is_kept(stranger: Client, query: str, shown: str) -> None:
    text = text_of(stranger, query, status=422)
    assert shown in text
    if "2019-03-14" in query:
        assert 'value="2019-03-14"' in text
