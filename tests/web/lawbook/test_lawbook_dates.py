"""Two days of the law side by side."""

import html

import pytest
from django.test import Client

from ciment.law import Pack
from ciment_web.lawbook.choosing import eve, turning_days

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
