"""A real Chromium: `$CIMENT_CHROMIUM`, or the system's, or installed when the run may do so."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A browser that speaks to nobody but the page it is shown.
_FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the browser's program; a run without one fails, saying how to get it."""
    found = _find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=True, capture_output=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True, capture_output=True)
        found = _find()
    if found is None:
        pytest.fail("no Chromium: install the package chromium, or set CIMENT_CHROMIUM to its program")
    return found


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Return a running browser.

    Of one module: Playwright runs an event loop in this thread for as long, and other tests start loops of their own.
    """
    flags = [*_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=chromium_path, args=flags)
        yield running
        running.close()


def _find() -> str | None:
    named = os.environ.get("CIMENT_CHROMIUM")
    return named or next((path for name in _NAMES if (path := shutil.which(name))), None)
