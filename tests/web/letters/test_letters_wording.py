"""Sentences and dates in French."""

import datetime as dt

import pytest
from letters_samples import MOMENT

from ciment_web.letters import UnprintableLetter
from ciment_web.letters.wording import join_phrases, load_wording, write_date, write_exact_moment, write_moment

CORE = (
    "Les mandataires et le personnel du CPAS sont tenus au secret professionnel (articles 36, alinéa 2, et 50 de "
    "la loi du 8 juillet 1976 organique des CPAS, et dispositions pénales applicables). Selon nous, ce secret "
    "s'étend au fait même qu'une personne se soit, ou non, adressée au centre. Nous ne pouvons donc ni confirmer "
    "ni infirmer que la personne citée nous est connue, ni communiquer de renseignement. Cette réponse est "
    "établie sans consulter aucun dossier ; elle serait identique dans tous les cas et n'autorise aucune "
    "conclusion. Si vous estimez qu'une loi nous oblige ou nous autorise à répondre, adressez au directeur "
    "général une demande écrite, signée et motivée, précisant cette disposition et les renseignements visés."
)


def test_the_core_paragraph_is_the_draft_word_for_word() -> None:
    core = load_wording("fr")["refusal"]["core"]
    assert core.replace("’", "'").replace("\u00a0", " ") == CORE


def test_high_punctuation_never_starts_a_line() -> None:
    def sentences(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for item in value.values() for text in sentences(item)]
        if isinstance(value, list):
            return [text for item in value for text in sentences(item)]
        return [str(value)]

    for text in sentences(load_wording("fr")):
        assert not any(f" {mark}" in text for mark in ":;?!»"), text
        assert "'" not in text, text


@pytest.mark.parametrize(
    ("date", "written"),
    [
        (dt.date(2026, 11, 24), "24 novembre 2026"),
        (dt.date(2027, 3, 1), "1er mars 2027"),
        (dt.date(2028, 2, 29), "29 février 2028"),
        (dt.date(2026, 8, 31), "31 août 2026"),
    ],
)
def test_dates(date: dt.date, written: str) -> None:
    assert write_date(load_wording("fr"), date).replace("\u00a0", " ") == written


def test_moments() -> None:
    words = load_wording("fr")
    assert write_moment(words, MOMENT).replace("\u00a0", " ") == "mardi 24 novembre 2026 à 14 h 32"
    exact = write_exact_moment(words, MOMENT).replace("\u00a0", " ")
    assert exact == "24 novembre 2026 à 14:32:05 (UTC+01:00), soit 2026-11-24T13:32:05Z en temps universel"
    with pytest.raises(UnprintableLetter, match="time zone"):
        write_exact_moment(words, MOMENT.replace(tzinfo=None))


def test_phrases_are_joined_as_a_sentence() -> None:
    words = load_wording("fr")
    assert join_phrases(words, ["a"]) == "a"
    assert join_phrases(words, ["a", "b"]) == "a et b"
    assert join_phrases(words, ["a", "b", "c"]) == "a, b et c"


@pytest.mark.parametrize("language", ["xx", "", "../fr", "FR", "fr\n", "fr.toml"])
def test_a_language_without_wording_is_refused(language: str) -> None:
    with pytest.raises(UnprintableLetter, match="language"):
        load_wording(language)
