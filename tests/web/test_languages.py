"""A page is read in the language its reader chose; a letter is written in the institution's, whoever reads the page."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from web_stories import CONTENT, silenced

from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.refuse import draft_refusal
from ciment_web.institutions.models import Institution
from ciment_web.letters import UnprintableLetter
from ciment_web.letters.wording import load_wording
from ciment_web.project.demonstration import Demonstration

SignIn = Callable[..., Client]
OTHERS = [code for code, _name in settings.LANGUAGES if code != "fr"]


def test_whoever_chooses_nothing_reads_the_institution_s_and_receives_no_cookie(demonstration: Demonstration) -> None:
    answer = Client(headers={"accept-language": "nl"}).get("/i/demo/danger/")
    assert '<html lang="fr">' in answer.content.decode()
    assert not answer.cookies
    Institution.objects.filter(pk=demonstration.institution.pk).update(language="nl")
    assert '<html lang="nl">' in Client().get("/i/demo/danger/").content.decode()


@pytest.mark.parametrize("language", OTHERS)
def test_a_choice_stays_until_another(demonstration: Demonstration, sign_in: SignIn, language: str) -> None:
    del demonstration
    client = sign_in("travailleur")
    chosen = client.get("/i/demo/", {"langue": language})
    assert f'<html lang="{language}">' in chosen.content.decode()
    assert chosen.cookies["langue"]["path"] == "/i/demo/"
    assert chosen.cookies["langue"]["httponly"]
    page = client.get("/i/demo/demandes/nouvelle/").content.decode()
    assert f'<html lang="{language}">' in page
    assert "Qui demande ?" not in page
    assert f'href="?langue={language}"' in page
    # The next reader of the same server is not answered in it.
    assert '<html lang="fr">' in Client().get("/i/demo/danger/").content.decode()
    assert '<html lang="fr">' in client.get("/i/demo/", {"langue": "fr"}).content.decode()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_says_that_it_is_one(demonstration: Demonstration, language: str) -> None:
    del demonstration
    with translation.override(language):
        said = translation.gettext(
            "Traduction provisoire\u00a0: les phrases de droit n’ont pas encore été signées par un juriste de cette "
            "langue\u00a0; le texte français fait foi."
        )
    assert said in Client().get("/i/demo/danger/", {"langue": language}).content.decode()
    assert "Traduction provisoire" not in said


@pytest.mark.parametrize("language", ["xx", "", "fr/../nl", "NL"])
def test_an_unknown_language_is_no_choice(demonstration: Demonstration, language: str) -> None:
    del demonstration
    answer = Client().get("/i/demo/danger/", {"langue": language})
    assert '<html lang="fr">' in answer.content.decode()
    assert not answer.cookies


def test_the_letter_is_the_same_to_the_byte_whoever_reads_the_page(demonstration: Demonstration) -> None:
    inquiry = silenced(demonstration)
    dg = demonstration.people["dg"]
    state_recusal(dg, inquiry, recused=False)
    opened = read_inquiry(dg, inquiry)
    letters = set()
    for language in ("fr", *OTHERS):
        with translation.override(language):
            letters.add(draft_refusal(dg, opened))
    assert len(letters) == 1
    assert opened.content == CONTENT


def test_a_language_without_sentences_writes_no_letter() -> None:
    with pytest.raises(UnprintableLetter):
        load_wording("it")
