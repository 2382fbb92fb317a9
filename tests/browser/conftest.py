"""The real server on loopback, and people in front of a real Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Site:
    """A demonstration that is being served."""

    address: str
    passphrase: str = field(repr=False)

    def __truediv__(self, path: str) -> str:
        return f"{self.address}/i/demo/{path}"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the demonstration as `make run` does, in a home of its own."""
    home = tmp_path_factory.mktemp("site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("CIMENT_", "DJANGO_"))}
    env["CIMENT_HOME"] = str(home)
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


@dataclass
class Person:
    """Somebody at a browser of their own."""

    page: Page
    site: Site
    complaints: list[str]

    def sign_in(self, login: str) -> "Person":
        self.page.goto(self.site / "connexion/")
        self.page.get_by_label("Identifiant").fill(login)
        self.page.get_by_label("Phrase de passe").fill(self.site.passphrase)
        self.page.get_by_role("button", name="Se connecter").click()
        self.page.wait_for_load_state()
        return self

    def open(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.site / path)
        return self.page

    def press(self, name: str) -> None:
        """Use the button or link of that name."""
        button = self.page.get_by_role("button", name=name, exact=True)
        button.or_(self.page.get_by_role("link", name=name, exact=True)).first.click()
        self.page.wait_for_load_state()

    def download(self, name: str, folder: Path, *, within: str | None = None) -> Path:
        """Save what the link of that name gives."""
        scope = self.page.locator(within) if within else self.page
        with self.page.expect_download() as started:
            scope.get_by_role("link", name=name).first.click()
        path = folder / started.value.suggested_filename
        started.value.save_as(path)
        return path


Arrive = Callable[..., Person]


@pytest.fixture
def arrive(browser: Browser, site: Site) -> Iterator[Arrive]:
    """Return a way for somebody to arrive at the site: arrive("dg", width=375, javascript=False, dark=True)."""
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
