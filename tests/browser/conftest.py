"""The real server on loopback, and people in front of a real Chromium."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from people import ROOT, Arrive, Person, Site, own_environment
from playwright.sync_api import Browser, BrowserContext


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the demonstration as `make run` does, in a home of its own."""
    home = tmp_path_factory.mktemp("site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**own_environment(), "CIMENT_HOME": str(home)}
    command = [str(Path(sys.executable).with_name("ciment")), "serve", "--demo", "--port", str(port)]
    log = (home / "log").open("w")
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://localhost:{port}"
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/i/demo/connexion/", timeout=2).read()  # noqa: S310 - our own address
            break
        except OSError:
            assert server.poll() is None, (home / "log").read_text()
            time.sleep(0.5)
    else:
        pytest.fail((home / "log").read_text())
    yield Site(address, (home / "keys" / "demo-passphrase").read_text())
    server.terminate()
    server.wait(timeout=20)
    log.close()
    # A fault on the way is a fault of the application, whatever the pages showed.
    assert '"fault"' not in (home / "log").read_text(), (home / "log").read_text()


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
