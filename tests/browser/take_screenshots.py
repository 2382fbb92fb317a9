"""Regenerate docs/screenshots from the real application: `python -m pytest tests/browser/take_screenshots.py`.

It is no test and its name keeps it out of the run; it uses the same walk as the tests of the pages. It needs pdftoppm
(poppler-utils), and a Chromium that knows French (chromium-l10n) for the words that are the browser's own.
"""

import io
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest
from journey import walk
from people import ROOT, Arrive, Site, own_environment
from PIL import Image

# A register is as long as its history: its head says enough.
MAX_HEIGHT = 4200
FOLDER = ROOT / "docs" / "screenshots"
SIZES: dict[str, dict[str, object]] = {
    "telephone": {"width": 375},
    "bureau": {"width": 1280},
    "sombre": {"width": 1280, "dark": True},
}
DOCUMENTS = {
    "20-attestation": "attestation-2026-0001.pdf",
    "20-reponse": "reponse-2026-0001.pdf",
    "20-communication": "communication-2026-0003.pdf",
    "21-pli-fiche-identite": "01-2-fiche-identite.pdf",
    "21-pli-composition-de-menage": "02-2-composition-de-menage.pdf",
}


@pytest.mark.parametrize("size", SIZES)
def test_pages(arrive: Arrive, size: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for stop in walk(arrive, **SIZES[size]):
        page = stop.person.page
        width, height = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
        shown = min(height, MAX_HEIGHT)
        picture = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": shown})
        keep(picture, FOLDER / f"{stop.name}-{size}.png")


def test_documents(tmp_path: Path) -> None:
    """Show the documents of the demonstration, and those that its recipient finds in the opened packet."""
    command = [str(Path(sys.executable).with_name("ciment")), "demo", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=own_environment(), capture_output=True, text=True, check=False)
    assert "verified:" in done.stdout, done.stdout + done.stderr
    with zipfile.ZipFile(tmp_path / "pli-2026-0003.zip") as packet:
        packet.extractall(tmp_path)
    for name, document in DOCUMENTS.items():
        target = str(tmp_path / name)
        subprocess.run(
            ["pdftoppm", "-r", "80", "-png", "-singlefile", str(tmp_path / document), target],
            check=True,
        )
        keep(Path(f"{target}.png").read_bytes(), FOLDER / f"{name}.png")


def test_brief(site: Site, tmp_path: Path) -> None:
    """Show the brief of a text of law, as anybody prints it."""
    paper = tmp_path / "note.pdf"
    paper.write_bytes(urllib.request.urlopen(site / "droit/textes/every-offence/note.pdf", timeout=20).read())  # noqa: S310 - our own address
    subprocess.run(["pdftoppm", "-r", "80", "-png", str(paper), str(tmp_path / "note")], check=True)
    for place, picture in enumerate(sorted(tmp_path.glob("note-*.png")), 1):
        keep(picture.read_bytes(), FOLDER / f"22-note-{place}.png")


def keep(picture: bytes, path: Path) -> None:
    """Save a picture small: few colours suffice for paper, ink and one accent."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(64).save(path, optimize=True)
