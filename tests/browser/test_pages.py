"""Every page of the main job, for everybody: no barrier, no error, no overflow, light, and without JavaScript."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any, Literal

import pytest
from journey import consult, walk
from people import Arrive, Person
from playwright.sync_api import Page, Response

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HERE = Path(__file__).parent
AXE = (HERE / "axe.min.js").read_text()
# Pages that answer a form in place: looked at where they stand, since asking for them again would lose them.
_ANSWERS = {
    "04a-reponses-manquantes",
    "04b-message-lu",
    "09-qualifier",
    "16d-reponse-du-droit",
    "17a-inviter",
    "17b-code",
    "17c-invitation",
    "17d-accepter",
    "17e-inscription",
    "18c-quitter-le-flux",
    "18e-proposer-un-flux",
    "20b-piece",
    "21a-qui",
    "21b-quoi",
    "22d-guichet-a-corriger",
    "22e-demande-deposee",
    "22f-suivi",
}
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# Rules of WCAG 2.2 at levels A and AA, and the good practices that axe knows.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def barriers(page: Page) -> list[str]:
    """Return what axe finds wrong; it is evaluated as the page's own tool, so the strict policy stays on."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("tags => axe.run(document, {runOnly: tags})", _TAGS)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


def test_no_page_has_a_barrier(arrive: Arrive) -> None:
    found: dict[str, list[str]] = {}
    for stop in walk(arrive):
        for scheme in _SCHEMES:
            stop.person.page.emulate_media(color_scheme=scheme)
            found[f"{stop.name} {scheme}"] = barriers(stop.person.page)
    assert len(found) == 2 * 85
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def weight(page: Page) -> int:
    """Return the bytes that somebody who never came before receives for this page, apart from fonts."""
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if not response.url.endswith(".woff2"):
            sizes[response.url] = response.request.sizes()["responseBodySize"]

    session = page.context.new_cdp_session(page)
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.on("response", weigh)
    page.goto(page.url, wait_until="networkidle")
    page.remove_listener("response", weigh)
    assert any(url.endswith(".css") for url in sizes), sizes
    session.detach()
    return sum(sizes.values())


def test_every_page_is_narrow_and_light(arrive: Arrive) -> None:
    wide, heavy = {}, {}
    for stop in walk(arrive, width=320):
        page = stop.person.page
        wide[stop.name] = page.evaluate("document.documentElement.scrollWidth")
        if stop.name not in _ANSWERS:
            heavy[stop.name] = weight(page)
    assert {name: width for name, width in wide.items() if width > 320} == {}
    assert {name: size for name, size in heavy.items() if size > 100 * 1024} == {}


@pytest.mark.parametrize("width", range(320, 480, 16))
def test_a_hyphenated_word_stays_on_its_line(arrive: Arrive, width: int) -> None:
    page = arrive("travailleur", width=width).open("demandes/nouvelle/")
    lines = page.locator(".say .whole").evaluate_all("words => words.map(word => word.getClientRects().length)")
    assert lines == [1] * 2
    assert "dites-le-moi" in page.locator("blockquote").first.inner_text()


def test_the_main_job_needs_no_javascript(arrive: Arrive) -> None:
    worker = arrive("travailleur", javascript=False, width=375)
    page = worker.open("demandes/nouvelle/")
    page.get_by_label("Qui demande ?").select_option("bailiff")
    page.get_by_label("De vive voix ou par téléphone").check()
    worker.press("Enregistrer : l’institution prend le relais")
    # An answer is missing: what was given stays, and the page says which question waits.
    assert page.get_by_text("Cochez au moins une réponse").first.is_visible()
    assert page.get_by_label("Qui demande ?").input_value() == "bailiff"
    page.get_by_label("compte bancaire").check()
    worker.press("Enregistrer : l’institution prend le relais")
    assert page.get_by_text("Attestation de relais").first.is_visible()
    address = page.url
    referent = arrive("referent", javascript=False, width=375)
    referent.open(address)
    referent.press("Non, je peux m’en occuper")
    referent.press("Qualifier la demande")
    referent.press("Voir la réponse sans enregistrer")
    assert referent.page.get_by_text("Se taire").first.is_visible()
    referent.press("Enregistrer la qualification")
    assert referent.page.get_by_text("Ce que dit le droit").is_visible()


def test_the_law_needs_neither_account_nor_javascript(arrive: Arrive) -> None:
    nobody: Person = arrive(None, javascript=False, width=320)
    stops = [(stop.name, stop.person.page.url, stop.person.page.inner_text("main")) for stop in consult(nobody)]
    assert all("/connexion/" not in url for _, url, _ in stops)
    said = {name: text for name, _, text in stops}
    assert "Ce qui manquait" in said["16d-reponse-du-droit"]
    # What was chosen is in no address, and nothing stays in the browser.
    assert all("prosecutor" not in url for _, url, _ in stops)
    assert nobody.page.context.cookies() == []
    page = nobody.open("droit/?au=31/02/2026")
    assert page.get_by_label("Le droit du").input_value() == "31/02/2026"


def test_a_stranger_sees_only_the_doors(arrive: Arrive) -> None:
    person: Person = arrive(None)
    for path in ("", "demandes/nouvelle/", "accords/", "registre/"):
        page = person.open(path)
        assert "/connexion/" in page.url
    missing = person.page.goto(person.site.address + "/i/ailleurs/")
    assert missing is not None
    assert missing.status == 404
    assert person.page.get_by_role("heading", level=1).is_visible()


def test_what_the_tests_took_from_others_is_unchanged() -> None:
    for file in tomllib.loads((HERE / "VENDORED.toml").read_text())["file"]:
        assert hashlib.sha256((HERE / file["file"]).read_bytes()).hexdigest() == file["sha256"]
        assert (HERE / file["licence_file"]).stat().st_size > 1000
