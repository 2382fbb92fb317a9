"""Regenerate docs/screenshots from the real application: `python -m pytest tests/browser/take_screenshots.py`.

It is no test and its name keeps it out of the run; it uses the same walk as the tests of the pages.
"""

import io
import subprocess
from pathlib import Path

import pytest
from journey import walk
from people import ROOT, Arrive
from PIL import Image

FOLDER = ROOT / "docs" / "screenshots"
SIZES = {"telephone": {"width": 375}, "bureau": {"width": 1100}, "sombre": {"width": 1100, "dark": True}}


@pytest.mark.parametrize("size", SIZES)
def test_pages(arrive: Arrive, size: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for stop in walk(arrive, **SIZES[size]):
        keep(stop.person.page.screenshot(full_page=True), FOLDER / f"{stop.name}-{size}.png")


def test_documents(tmp_path: Path) -> None:
    command = [str(ROOT / ".venv/bin/ciment"), "demo", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "verified:" in done.stdout
    for name in ("attestation-2026-0001", "reponse-2026-0001", "communication-2026-0003"):
        path = next(tmp_path.glob(f"{name.split('-')[0]}-*-{name[-4:]}.pdf"))
        subprocess.run(["pdftoppm", "-r", "80", "-png", "-singlefile", str(path), str(tmp_path / name)], check=True)
        keep((tmp_path / f"{name}.png").read_bytes(), FOLDER / f"20-{name.split('-')[0]}.png")


def keep(picture: bytes, path: Path) -> None:
    """Save a picture small: few colours suffice for paper, ink and one accent."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(64).save(path, optimize=True)
