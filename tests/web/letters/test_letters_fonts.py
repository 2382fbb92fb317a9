"""The vendored typeface is the one declared, and prints all that ``ink`` lets through."""

import dataclasses
import hashlib
import tomllib
from pathlib import Path

from letters_samples import REFUSAL

import ciment_web.letters
from ciment_web.letters import render_refusal
from ciment_web.letters.ink import _PRINTABLE

FONTS = Path(ciment_web.letters.__file__).parent / "fonts"


def test_each_vendored_file_has_its_declared_digest() -> None:
    declared = tomllib.loads((FONTS / "VENDORED.toml").read_text(encoding="utf-8"))
    assert declared["family"]["licence"] == "OFL-1.1"
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FONTS.iterdir()
        if path.name != "VENDORED.toml"
    }
    assert found == declared["sha256"]
    assert "SIL OPEN FONT LICENSE" in (FONTS / "LICENSE.txt").read_text(encoding="utf-8")


def test_every_printable_character_prints_in_each_weight() -> None:
    printable = [chr(code) for code in range(0x3000) if _PRINTABLE.match(chr(code))]
    assert len(printable) > 1000
    rows = tuple(" ".join(printable[start : start + 60]) for start in range(0, len(printable), 60))
    # The subject and the signatory are bold, the addressee regular; strict PDF/A export refuses a missing glyph.
    everything = dataclasses.replace(
        REFUSAL, addressee=rows, subject=" ".join(rows), signatory_name="".join(printable), signatory_title=rows[0]
    )
    assert render_refusal(everything).startswith(b"%PDF")
