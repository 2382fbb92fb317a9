"""The rules as cards: all of them, at a date, for one requester or one ground, and each by itself."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ciment.law import Interval, Pack, label
from ciment_web.lawbook import views
from ciment_web.lawbook.cards import describe_conditions, describe_history, say_condition
from ciment_web.lawbook.choosing import choose_rules

PAGE = "/i/valbrume/droit/"
OPEN = ("", "?au=2018-01-01&auteur=prosecutor&motif=none", "regles/be.secret/", "comparer/", "situation/")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"{PAGE}{path}")
    assert answer.status_code == status, path
    return html.unescape(answer.content.decode()).replace("\u00a0", " ")


@pytest.mark.parametrize("path", OPEN)
def test_a_stranger_reads_and_leaves_nothing(stranger: Client, path: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = stranger.get(f"{PAGE}{path}")
    assert answer.status_code == 200
    # The one question is which institution this is.
    assert [query["sql"].split()[0] for query in asked] == ["SELECT"]
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies


def test_every_rule_of_the_pack_has_its_card_and_is_in_the_list(stranger: Client, pack: Pack) -> None:
    listed = text_of(stranger, "")
    for rule in pack.rules:
        assert f'href="{PAGE}regles/{rule.id}/"' in listed
        card = text_of(stranger, f"regles/{rule.id}/")
        assert plain(rule.text["fr"]) in card
        assert plain(label("decided_by", rule.decided_by, "fr")) in card
        for source in rule.sources:
            assert plain(source.ref) in card
            assert not source.url or f'href="{source.url}"' in card
        for condition in describe_conditions(rule.when):
            assert plain(condition["name"]).lower() in card.lower()
            assert all(plain(value) in card for value in condition["values"])
        assert all(plain(line) in card for line in describe_history(rule))
        assert all(f"/{other}/" in card for other in rule.overrides)


def test_each_card_tells_a_situation_that_the_rule_decides(stranger: Client, pack: Pack) -> None:
    told = [
        plain(re.sub(r"(?s).*<h2>Un exemple</h2>\s*<p>(.*?)</p>.*", r"\1", text_of(stranger, f"regles/{rule.id}/")))
        for rule in pack.rules
    ]
    assert all(len(each) < 800 for each in told)
    seizure = told[[rule.id for rule in pack.rules].index("be.seizure")]
    assert seizure.startswith("La police demande si une personne est connue.")
    assert "titre présenté : « flagrant délit »" in seizure


def test_a_rule_that_is_not_there_is_not_found(stranger: Client) -> None:
    for name in ("be.nothing", "%3Cscript%3E", "be.secret%00"):
        assert stranger.get(f"{PAGE}regles/{name}/").status_code == 404


def test_an_unread_source_says_so(stranger: Client, pack: Pack) -> None:
    doubtful = next(rule for rule in pack.rules if rule.status == "to_confirm")
    assert "À confirmer" in text_of(stranger, f"regles/{doubtful.id}/")
    sure = next(rule for rule in pack.rules if rule.status == "confirmed")
    card = text_of(stranger, f"regles/{sure.id}/")
    assert "Source vérifiée" in card
    assert "À confirmer :" not in card


def test_the_law_of_another_day_is_that_day_s(stranger: Client) -> None:
    card = f'<li class="rule verdict verdict-must" id="be.46bis1.{"{}"}"'
    for day, passive, active in (
        ("2017-08-31", False, False),
        ("2017-09-01", True, True),
        ("2019-03-13", True, True),
        ("2019-03-14", True, False),
    ):
        text = text_of(stranger, f"?au={day}")
        assert (card.format("passive") in text, card.format("active") in text) == (passive, active), day
        assert "tel qu’on le connaissait ce jour-là" in text
        # What is no law of that day is still named, with the reason.
        assert ">be.46bis1.active</a>" in text
    assert "tel qu’on le connaissait" not in text_of(stranger, "")


def test_a_rule_that_is_no_law_today_says_so(stranger: Client) -> None:
    annulled = text_of(stranger, "regles/be.46bis1.active/")
    assert "n’est pas le droit d’aujourd’hui" in annulled
    assert "Annulation le 14 mars 2019" in annulled
    assert "n’est pas le droit d’aujourd’hui" not in text_of(stranger, "regles/be.secret/")


def test_rules_are_chosen_by_requester_and_by_ground(pack: Pack) -> None:
    day = date(2026, 11, 24)
    every = choose_rules(pack, day, {})
    assert {rule.id for rule in (*every.naming, *every.absent)} == {rule.id for rule in pack.rules}
    assert not every.others
    for wanted in ({"requester": "bailiff"}, {"ground": "access_right"}, {"requester": "court", "ground": "none"}):
        choice = choose_rules(pack, day, wanted)
        shown = {rule.id for rule in (*choice.naming, *choice.others)}
        fitting = {
            rule.id
            for rule in every.naming
            if all(name not in rule.when or value in rule.when[name] for name, value in wanted.items())
        }
        assert shown == fitting
        assert not {rule.id for rule in choice.naming} & {rule.id for rule in choice.others}
    prosecutor = choose_rules(pack, day, {"requester": "prosecutor"})
    assert "be.46bis1.passive" in {rule.id for rule in prosecutor.naming}
    assert "be.secret" in {rule.id for rule in prosecutor.others}
    # One of the two asked for is enough: a seizure is of the prosecutor, whatever the ground.
    both = choose_rules(pack, day, {"requester": "prosecutor", "ground": "none"})
    assert "be.seizure" in {rule.id for rule in both.naming}


def test_what_obliges_comes_first_and_silence_last(pack: Pack) -> None:
    verdicts = [rule.verdict for rule in choose_rules(pack, date(2026, 11, 24), {}).naming]
    assert verdicts[0] == "must"
    assert verdicts[-1] == "silence"
    assert verdicts == sorted(verdicts, key=verdicts.index)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("au=2026-02-31", "« 2026-02-31 » n’est pas une date possible"),
        ("au=hier", "« hier » n’est pas une date possible"),
        ("au=1700-01-01", "« 1700-01-01 » n’est pas une date possible"),
        ("au=" + "9" * 500, "« " + "9" * 40 + "… » n’est pas une date possible"),
        ("auteur=pirate", "pirate"),
        ("motif=%3Cb%3E", "<b>"),
    ],
)
def test_what_is_no_day_or_no_choice_is_quoted_and_kept(stranger: Client, query: str, shown: str) -> None:
    answer = stranger.get(f"{PAGE}?{query}")
    assert answer.status_code == 422
    raw = answer.content.decode()
    assert shown in html.unescape(raw).replace("\u00a0", " ")
    assert "Il reste quelque chose à corriger" in html.unescape(raw)
    assert "<b>" not in raw
    if query.startswith("au=") and len(query) < 40:
        # Shown as text: a calendar would hide what is no date.
        kept = query.removeprefix("au=")
        assert re.search(rf'<input type="text" name="au" value="{kept}"', raw)


def test_a_day_may_be_written_as_people_write_it(stranger: Client) -> None:
    assert "Le droit du 14 mars 2019" in text_of(stranger, "?au=14/03/2019")


def test_texts_of_a_pack_are_only_text(stranger: Client, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = "<script>alert(1)</script>"
    wicked = [
        replace(rule, text={**rule.text, "fr": bad}, sources=tuple(replace(each, ref=bad) for each in rule.sources))
        for rule in pack.rules
    ]
    monkeypatch.setattr(views, "pack_of", lambda _name: Pack("be", pack.languages, tuple(wicked)))
    for path in ("", "regles/be.secret/", "comparer/?avant=2017-08-31&apres=2017-09-01"):
        raw = stranger.get(f"{PAGE}{path}").content.decode()
        assert "&lt;script&gt;alert" in raw
        assert bad not in raw


def test_a_long_list_of_values_is_said_by_what_it_leaves_out() -> None:
    settings = ("ordinary", "judicial_investigation", "sworn_testimony", "search_or_seizure", "case_conference")
    (condition,) = describe_conditions({"setting": settings})
    assert say_condition(condition).replace("\u00a0", " ") == "contexte : tout sauf « danger immédiat »"
    (condition,) = describe_conditions({"form": ("oral", "written")})
    assert say_condition(condition).replace("\u00a0", " ") == "forme de la demande : orale ou écrite"


def test_a_history_says_each_interval(pack: Pack) -> None:
    day, later = date(2001, 2, 1), date(2004, 5, 6)
    rule = replace(pack.rules[0], annulled_on=None)
    told = [
        describe_history(replace(rule, in_force=(each,)))[0].replace("\u00a0", " ")
        for each in (Interval(None, None), Interval(day, None), Interval(None, later), Interval(day, later))
    ]
    assert told == [
        "En vigueur ; date d’entrée en vigueur non lue, ou principe non écrit.",
        "En vigueur depuis le 1er février 2001.",
        "En vigueur avant le 6 mai 2004.",
        "En vigueur du 1er février 2001 au 6 mai 2004, ce dernier jour non compris.",
    ]
