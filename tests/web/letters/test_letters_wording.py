"""Sentences and dates in French."""

import dataclasses
import datetime as dt
import io
import re

import pypdf
import pytest
from letters_samples import CERTIFICATE, LETTERHEAD, MOMENT, REFUSAL

from ciment_web.letters import UnprintableLetter, render_certificate, render_refusal
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


LANGUAGES = ("nl", "de", "en")
PLACES = re.compile(r"\{[a-z0-9:]+\}")


def flatten(value: object, where: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        return {place: text for name, each in value.items() for place, text in flatten(each, f"{where}.{name}").items()}
    if isinstance(value, list):
        return {place: text for at, each in enumerate(value) for place, text in flatten(each, f"{where}.{at}").items()}
    return {where: str(value)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_says_everything_and_puts_in_the_same_values(language: str) -> None:
    french, translated = flatten(load_wording("fr")), flatten(load_wording(language))
    assert set(translated) == set(french)
    lost = [
        place for place in french if sorted(PLACES.findall(translated[place])) != sorted(PLACES.findall(french[place]))
    ]
    assert lost == []
    same = {place for place in french if french[place] == translated[place] and len(french[place]) > 20}
    assert {place for place in same if "age --decrypt" not in french[place]} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_says_that_it_is_a_draft(language: str) -> None:
    assert load_wording(language)["page"]["draft"]
    assert load_wording("fr")["page"]["draft"] == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_cites_the_same_articles_in_every_language(language: str) -> None:
    # The second paragraph of the article is a numeral in some languages, a word in others.
    cited = [number for number in re.findall(r"\d+", load_wording(language)["refusal"]["core"]) if number != "2"]
    assert cited == ["36", "50", "8", "1976"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_document_is_written_in_every_language(language: str) -> None:
    head = dataclasses.replace(LETTERHEAD, language=language)
    refusal = render_refusal(dataclasses.replace(REFUSAL, letterhead=head))
    certificate = render_certificate(dataclasses.replace(CERTIFICATE, letterhead=head))
    for pdf, word in ((refusal, "1976"), (certificate, "ciment proof verify")):
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
        assert word in text
        assert " ".join(load_wording(language)["page"]["draft"].split()[:2]) in text
