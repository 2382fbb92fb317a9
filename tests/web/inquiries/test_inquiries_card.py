"""The reflex card: the same words on screen and on one printed page, for members alone."""

import io
from collections.abc import Callable

import pypdf
import pytest
from django.test import Client

from ciment_web.inquiries.phrases import danger_now, sentence_to_say
from ciment_web.project.demonstration import CAST, Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
CARD = "/i/demo/reflexe/"


def folded(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize("login", [newcomer.login for newcomer in CAST])
def test_every_member_finds_the_card_from_home(demonstration: Demonstration, sign_in: SignIn, login: str) -> None:
    assert demonstration.institution.slug == "demo"
    client = sign_in(login)
    before = Leaf.objects.count()
    assert f'href="{CARD}"' in client.get("/i/demo/").content.decode()
    page = client.get(CARD).content.decode()
    assert f'href="{CARD}carte.pdf"' in page
    assert "112" in page
    assert Leaf.objects.count() == before


def test_the_printed_card_is_one_page_with_the_same_words(demonstration: Demonstration, sign_in: SignIn) -> None:
    answer = sign_in("travailleur").get(f"{CARD}carte.pdf")
    assert answer["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    text = folded(pages[0].extract_text())
    assert len(pages) == 1
    assert demonstration.institution.name in text
    title, words = danger_now()
    for said in (title, words, sentence_to_say()):
        assert folded(said) in text
    for title in ("On me montre un mandat", "Je suis cité·e en personne", "J’ai déjà répondu", "Permanence, téléphone"):
        assert title in text
    assert "/i/demo/demandes/nouvelle/" in text.replace(" ", "")
    assert "juriste doit encore" in text


def test_the_longest_letterhead_still_leaves_one_page(demonstration: Demonstration, sign_in: SignIn) -> None:
    institution = demonstration.institution
    institution.name = "Centre public d’action sociale de " + "Saint-Exemple-lez-Valbrume " * 6
    institution.address = "Rue de l’Exemple très longue 1234, boîte 5\n0000 Valbrume"
    institution.save()
    answer = sign_in("travailleur").get(f"{CARD}carte.pdf")
    assert len(pypdf.PdfReader(io.BytesIO(answer.content)).pages) == 1


@pytest.mark.parametrize("path", ["", "carte.pdf"])
def test_nobody_else_sees_it(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn, path: str
) -> None:
    assert demonstration.institution != neighbour.institution
    assert Client().get(CARD + path).status_code == 302
    # A session of one institution is none in another.
    stranger = sign_in("dg", slug="voisin")
    assert stranger.get(CARD + path).status_code == 302
    assert stranger.get(f"/i/voisin/reflexe/{path}").status_code == 200
