"""The demonstration on loopback, and people in front of a real Chromium."""

from collections.abc import Iterator
from typing import Any

import pytest
from people import Arrive, Person, Site, own_environment
from playwright.sync_api import Browser, BrowserContext
from server import free_port, serving


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the demonstration as `make run` does, in a home of its own."""
    home, port = tmp_path_factory.mktemp("site"), free_port()
    env = {**own_environment(), "CIMENT_HOME": str(home)}
    with serving(home, port, env, "--demo", page="i/demo/connexion/") as address:
        yield Site(address, (home / "keys" / "demo-passphrase").read_text())


@pytest.fixture(scope="session")
def french() -> Iterator[None]:
    """Let the browser speak its reader's language, where it knows it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANGUAGE", "fr")
        yield


@pytest.fixture
def arrive(french: None, browser: Browser, site: Site) -> Iterator[Arrive]:
    """Return a way for somebody to arrive at the site: arrive("dg", width=375, javascript=False, dark=True)."""
    del french
    contexts: list[BrowserContext] = []
    people: list[Person] = []

    def come(login: str | None = None, *, width: int = 1280, **wishes: Any) -> Person:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            accept_downloads=True,
            locale="fr-BE",
            java_script_enabled=wishes.get("javascript", True),
            color_scheme="dark" if wishes.get("dark") else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        person = Person(context.new_page(), site, [])
        person.page.on("console", lambda said: person.complaints.append(said.text) if said.type == "error" else None)
        person.page.on("pageerror", lambda error: person.complaints.append(str(error)))
        people.append(person)
        return person.sign_in(login) if login else person

    yield come
    for context in contexts:
        context.close()
    for person in people:
        # Chromium notes every answer that is not 2xx; those are expected where a test provokes them.
        assert [text for text in person.complaints if "status of 4" not in text] == []
