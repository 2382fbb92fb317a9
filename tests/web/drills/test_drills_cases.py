"""The cases: each reflex is what the law itself answers, and no two cases teach the same thing in the same words."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ciment.law import load_pack, qualify
from ciment_web.drills.casebook import (
    AUDIENCES,
    CHANNELS,
    FOLDER,
    REFLEXES,
    Case,
    CaseRefused,
    all_cases,
    next_case,
    parse_case,
    reflex_of,
)

CASES = list(all_cases().values())
BY_SLUG = pytest.mark.parametrize("case", CASES, ids=lambda case: case.slug)
# The situations that a training which leaves them out would not prepare for.
TRAPS = {
    "police-au-guichet",
    "parquet-au-telephone",
    "juge-au-telephone",
    "huissier-et-son-article",
    "proprietaire-et-le-loyer",
    "directrice-ecole",
    "voisine-au-marche",
    "conseiller-et-son-voisin",
    "collegue-de-l-insertion",
    "bourgmestre-presse",
    "avocat-sans-mandat",
    "compagnon-cherche-adresse",
    "consulat",
    "journaliste",
    "recouvrement",
    "urgences-de-l-hopital",
    "menace-de-suicide",
    "enfant-coups-ce-soir",
    "consentement-retire",
    "fouille-avec-accord",
    "cite-en-personne",
    "inspection-sociale",
    "lettre-du-fisc",
    "mutuelle-pour-la-personne",
    "faux-courriel-du-parquet",
    "superieur-qui-insiste",
    "message-prive",
    "lettre-fabriquee",
    "deja-repondu-par-un-collegue",
    "interprete",
    "societe-de-logement",
    "autre-cpas-au-telephone",
}


def normal(text: str) -> str:
    """Return the words alone: case, marks and spaces make no other sentence."""
    return " ".join(re.findall(r"\w+", text.lower()))


def sentences(text: str) -> list[str]:
    return [found for found in map(normal, re.split(r"[.?!…]+", text)) if found]


def test_there_are_enough_and_no_trap_is_left_out() -> None:
    assert len(CASES) >= 30
    assert set(all_cases()) >= TRAPS
    assert {case.audience for case in CASES} == set(AUDIENCES)
    assert {case.channel for case in CASES} == set(CHANNELS)
    # Whoever always keeps silent must be wrong somewhere, in each way the law can want something else.
    seen = {reflex for case in CASES for reflex in case.expected.values()}
    assert seen >= set(REFLEXES) - {"flow"}


@BY_SLUG
@pytest.mark.parametrize("day", [date(2026, 8, 1), date(2026, 11, 24), date(2027, 6, 1)])
def test_the_reflex_is_what_the_law_answers_to_the_facts(case: Case, day: date) -> None:
    answer = qualify(load_pack("be"), case.facts, day)
    given = {name: reflex_of(each.verdict, each.decided_by) for name, each in answer.verdicts.items()}
    assert given == case.expected
    deciding = {rule for each in answer.verdicts.values() for rule in each.rules}
    assert set(case.sources) == deciding


def test_a_case_that_taught_against_the_law_would_be_found() -> None:
    case = all_cases()["police-au-guichet"]
    with pytest.raises(AssertionError):
        test_the_reflex_is_what_the_law_answers_to_the_facts(
            replace(case, expected=dict.fromkeys(case.expected, "help")), date(2026, 11, 24)
        )


def test_every_source_is_on_the_page_of_the_jurists() -> None:
    page = (Path(__file__).parents[3] / "docs" / "law" / "sources.md").read_text(encoding="utf-8")
    headings = {
        name for line in page.splitlines() if line.startswith("### ") for name in re.findall(r"`([^`]+)`", line)
    }
    assert {source for case in CASES for source in case.sources} <= headings


def test_no_sentence_of_a_dialogue_comes_back() -> None:
    spoken = Counter(
        sentence
        for case in CASES
        for moment in case.moments
        for line in moment.lines
        for sentence in sentences(line.text)
        # « Oui », « Bonjour » are words, not lines.
        if len(sentence.split()) > 2
    )
    assert len(spoken) > 200
    assert [sentence for sentence, times in spoken.items() if times > 1] == []


def test_no_line_question_choice_or_comment_comes_back() -> None:
    texts = Counter(
        normal(text)
        for case in CASES
        for moment in case.moments
        for text in (
            moment.ask,
            *(line.text for line in moment.lines if normal(line.text)),
            *(text for choice in moment.choices for text in (choice.text, choice.comment)),
        )
    )
    assert [text for text, times in texts.items() if times > 1] == []
    told = Counter(normal(text) for case in CASES for text in (case.title, case.say, case.why))
    assert [text for text, times in told.items() if times > 1] == []


def test_no_two_cases_have_the_same_facts_and_reflex() -> None:
    def facts(case: Case) -> str:
        return repr((case.facts, sorted(case.expected.items())))

    pairs = Counter(facts(case) for case in CASES)
    assert [pair for pair, times in pairs.items() if times > 1] == []
    assert len(pairs) == len(CASES)


@BY_SLUG
def test_a_dialogue_is_short_and_its_words_are_set_as_french_is(case: Case) -> None:
    assert 3 <= sum(len(moment.lines) for moment in case.moments) <= 7
    text = (FOLDER / f"{case.slug}.toml").read_text(encoding="utf-8")
    words = "\n".join(re.findall(r'"[^"\n]*"', text))
    assert "'" not in words
    assert not re.search(r"\w [?!:;»]|« ", words)
    # No number by which somebody could be found: a national, telephone or account number.
    assert not re.search(r"\d[\d .-]{7,}\d", words)


def test_where_the_right_answer_stands_tells_nothing() -> None:
    places = Counter(moment.right for case in CASES for moment in case.moments)
    assert all(places[place] >= len(CASES) / 5 for place in range(3))


def test_one_more_leads_through_every_case_of_an_audience() -> None:
    for audience in AUDIENCES:
        group = [case for case in CASES if case.audience == audience]
        walked, case = [], group[0]
        for _ in group:
            walked.append(case.slug)
            case = next_case(case)
        assert (sorted(walked), case) == (sorted(each.slug for each in group), group[0])


GOOD = (FOLDER / "police-au-telephone.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('audience = "worker"', 'audience = "king"', "'king' is none of: worker"),
        ('requester = "police"', 'requester = "pirate"', "pirate"),
        ('= "relay"', '= "shout"', "expect gives each category one of"),
        ("right = ", "right = 1", "right is the place of one"),
        ("right = ", "wrong = ", "missing or unknown key: right, wrong"),
        ('title = "', 'titel = "', "missing or unknown key: titel, title"),
        ('say = "', 'say = 4 #"', "words are missing"),
        ("[[moment]]", "[moment]", "written [[moment]]"),
        ("facts = {", "facts = [", ""),
    ],
)  # fmt: skip
def test_a_file_that_is_no_case_is_refused_by_name(old: str, new: str, reason: str) -> None:
    assert parse_case("essai", GOOD.encode()).slug == "essai"
    with pytest.raises(CaseRefused, match=r"essai\.toml") as refused:
        parse_case("essai", GOOD.replace(old, new).encode())
    assert reason in str(refused.value)
