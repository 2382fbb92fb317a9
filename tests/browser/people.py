"""People in front of a browser of their own."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


def own_environment() -> dict[str, str]:
    """Return this environment without what the tests say to the application: a process of its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("CIMENT_", "DJANGO_"))}


@dataclass(frozen=True)
class Site:
    """A demonstration that is being served."""

    address: str
    passphrase: str = field(repr=False)
    slug: str = "demo"

    def __truediv__(self, path: str) -> str:
        return f"{self.address}/i/{self.slug}/{path}"


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

    def reach(self, target: Locator) -> None:
        """Go to a control as a keyboard does: the Tab key, until it has the focus."""
        for _ in range(80):
            if target.evaluate("control => control === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        message = "the keyboard never reaches this control"
        raise AssertionError(message)

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
