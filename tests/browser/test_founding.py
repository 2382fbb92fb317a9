"""A centre from nothing: from `ciment found` on the host to a first request and its refusal, without a mouse."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from people import ROOT, Arrive, Person, Site, own_environment
from playwright.sync_api import Locator
from server import free_port, serving
from test_pages import barriers

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_CODE = re.compile(r"(?:[^\W\d_]+-){11}[^\W\d_]+")


@dataclass(frozen=True)
class Founded(Site):
    """A server with a centre that was founded a moment ago, and the code of its first member."""

    code: str = field(default="", repr=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Founded]:
    """Found a centre with the command, as the host does, and serve it."""
    home, port = tmp_path_factory.mktemp("founded"), free_port()
    env = {
        **own_environment(),
        "CIMENT_HOME": str(home),
        "CIMENT_MODE": "demo",
        "CIMENT_HOST": f"localhost:{port}",
    }
    command = [str(Path(sys.executable).with_name("ciment")), "found", "neuf"]
    words = ["--name", "CPAS de Neufbourg", "--founder", "Charlie Fondateur", "--dpo"]
    done = subprocess.run([*command, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    code = _CODE.search(done.stdout)
    assert code is not None
    with serving(home, port, env, page="i/neuf/connexion/") as address:
        yield Founded(address, "", "neuf", code[0])


@dataclass
class Hand:
    """Somebody who has a keyboard and no mouse; every page and every typed field is counted."""

    person: Person
    counts: dict[str, int]
    phrase: str = field(default="", repr=False)

    def open(self, path: str) -> None:
        self.person.open(path)
        self.counts["pages"] += 1

    def write(self, label: str, text: str, *, within: Locator | None = None) -> None:
        control = (within or self.person.page).get_by_label(label)
        self.person.reach(control.first)
        self.person.page.keyboard.press("ControlOrMeta+a")
        self.person.page.keyboard.type(text)
        self.counts["fields"] += 1

    def choose(self, label: str) -> None:
        self.person.reach(self.person.page.get_by_label(label, exact=True).first)
        self.person.page.keyboard.press("Space")
        self.counts["choices"] += 1

    def press(self, name: str) -> None:
        page = self.person.page
        # The name that is seen: what only a screen reader adds follows it.
        button = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first
        self.person.reach(button)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        self.counts["pages"] += 1
        look(self.person)

    def text(self) -> str:
        return self.person.page.inner_text("main")


def look(person: Person) -> None:
    """Hold a page of the way against the rules of every page; keep its picture where a folder is named."""
    page = person.page
    name = re.sub(r"\W+", "-", page.url.split("/i/")[-1]).strip("-")
    if folder := os.environ.get("CIMENT_PICTURES"):
        page.screenshot(path=f"{folder}/{len(list(Path(folder).iterdir())):02d}-{name[:40]}.png", full_page=True)
    assert barriers(page) == [], page.url
    width = page.viewport_size
    assert width is not None
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size(width)


def enrol(hand: Hand, code: str) -> None:
    hand.open("invitation/")
    hand.write("Le code de votre invitation", code)
    hand.press("Voir mon invitation")
    hand.phrase = hand.person.page.locator("code").first.inner_text()
    hand.write("Votre phrase de passe", hand.phrase)
    hand.write("La même, encore une fois", hand.phrase)
    hand.press("Accepter et m’inscrire")
    hand.press("Se connecter")


def sign_in(hand: Hand, login: str) -> None:
    hand.write("Identifiant", login)
    hand.write("Phrase de passe", hand.phrase)
    hand.press("Se connecter")


def invited(hand: Hand) -> dict[str, str]:
    """Return the code of each login, as the printed sheets show them."""
    sheets = hand.person.page.locator(".sheet").all_inner_texts()
    found = {}
    for sheet in sheets:
        code, login = _CODE.search(sheet), re.search(r"Votre identifiant\s+(\S+)", sheet)
        assert code is not None
        assert login is not None
        found[login[1]] = code[0]
    return found


def set_up(founder: Hand, code: str) -> dict[str, str]:
    """Let the founder enrol, write the letterhead, keep the rhythm and invite the team."""
    enrol(founder, code)
    sign_in(founder, "charlie-fondateur")
    assert "À faire maintenant" in founder.text()
    founder.press("Écrire l’en-tête")
    founder.write("Adresse", "Rue Neuve 1")
    founder.write("Téléphone, courriel", "081 00 00 00")
    founder.write("Lieu", "Neufbourg")
    founder.press("Enregistrer et voir la lettre")
    picture = founder.person.page.locator("img.sheet-picture")
    assert picture.evaluate("image => image.naturalWidth") > 500
    founder.press("Continuer la mise en place")
    founder.press("Composer l’équipe")
    founder.press("Partir de cette équipe – Commencer à trois")
    names = founder.person.page.locator(".card > fieldset")
    # Whoever founds advises already: two names are asked for, no third.
    assert names.count() == 2
    for place, name in enumerate(("Dominique Général", "Claude Présidente")):
        founder.write("Prénom et nom", name, within=names.nth(place))
    founder.press("Inviter ces personnes")
    codes = invited(founder)
    founder.press("Les feuilles sont imprimées ou recopiées")
    assert "N’ont pas encore donné leur code" in founder.text()
    return codes


def hold_ceremony(first: Hand, second: Hand) -> str:
    """Let two signatories pass three times each; return the fingerprint that the first one prints."""
    for hand in (first, second):
        hand.open("fondation/")
    first.press("Ouvrir la cérémonie")
    first.press("Ouvrir la cérémonie")
    for step in ("Signer le plan", "Distribuer ma part", "Vérifier et confirmer"):
        for hand in (first, second):
            hand.open("accords/")
            hand.press(step)
    first.open("fondation/")
    first.press("Imprimer l’empreinte")
    return first.person.page.locator("code").first.inner_text()


def answer(hand: Hand, name: str) -> None:
    hand.open("accords/")
    hand.press(f"Comparer et répondre – {name}")
    hand.write("Votre phrase de passe", hand.phrase)
    hand.press("Les empreintes sont les mêmes")


def test_a_centre_from_nothing(arrive: Arrive, site: Founded, record_property: Callable[[str, object], None]) -> None:
    counts = {"pages": 0, "fields": 0, "choices": 0}
    founder, director, president = (Hand(arrive(None), counts) for _ in range(3))
    codes = set_up(founder, site.code)
    for hand, login in ((director, "dominique-general"), (president, "claude-presidente")):
        enrol(hand, codes[login])
        sign_in(hand, login)
    mark = hold_ceremony(director, president)
    answer(president, "Dominique Général")
    answer(director, "Charlie Fondateur")
    founder.open("fondation/")
    founder.press("Recopier l’empreinte")
    founder.write("Recopiez les cinq premiers groupes de l’empreinte, depuis le papier", " ".join(mark.split()[:5]))
    founder.press("Faire confiance à cette empreinte")
    director.open("fondation/")
    assert "Une personne signataire répond de chacun." in director.text()
    director.press("Voir le premier jour")
    director.press("Noter une demande")
    page = director.person.page
    director.person.reach(page.get_by_label("Qui demande ?"))
    page.keyboard.type("police")
    for label in ("De vive voix ou par téléphone", "Adresse"):
        director.choose(label)
    director.write("Au sujet de qui ?", "Camille Exemple")
    director.press("Enregistrer : l’institution prend le relais")
    assert "Attestation de relais" in director.text()
    inquiry = page.url
    director.press("Non, je peux m’en occuper")
    director.press("Qualifier la demande")
    director.press("Enregistrer la qualification")
    president.open(inquiry)
    president.press("Non, je peux m’en occuper")
    president.press("Relire la lettre et signer")
    president.press("Signer la réponse")
    assert "Lettre de réponse" in president.text()
    founder.open("fondation/")
    steps = founder.person.page.locator(".founding > li")
    assert steps.count() == 9
    assert founder.person.page.locator(".founding-done").count() == 9, founder.text()
    for name, count in counts.items():
        record_property(name, count)
    print(f"\nFrom `ciment found` to a signed refusal: {counts}")
