"""From any string to the characters the fonts can print, one line at a time.

Strict PDF/A export refuses a glyph that no embedded font has, and the shaper of typst has been seen to panic on
stray combining marks; a requester chooses these strings. So only characters known to print pass; others stay visible
as their code point, ``⟨U+1F600⟩``, because dropping them silently could change a name.
"""

import re
import unicodedata

from ciment_web.letters.errors import UnprintableLetter

LONGEST_LINE = 20_000
"""Characters of one value: beyond, it is an attack or a mistake, and the letter would run to dozens of pages."""

NARROWEST = 19.0
"""Width in em of the narrowest common column, that of the addressee: a longer word may break there."""

_PRINTABLE = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u024f"  # Latin
    "\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c9\u0386\u0388-\u038a\u038c\u038e-\u0390\u03aa-\u03b0\u03ca-\u03ce"  # Greek
    "\u0400-\u045f\u0490\u0491"  # Cyrillic
    "\u05d0-\u05ea"  # Hebrew letters, without points
    "\u0621-\u063a\u0641-\u064a\u0660-\u0669"  # Arabic letters and digits, without points
    "\u1e00-\u1e9b\u1e9e-\u1ef9"  # Latin of the transliterations and of Vietnamese
    "\u2009\u202f\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u2044\u20ac\u2116\u2122"
    "\u2190-\u2193\u2212\u2260\u2264\u2265\u27e8\u27e9]",
)
_NARROW = frozenset("abcdefghijklnopqrstuvxyzéèêàâùûîïôç0123456789.,:;/-_=?!’'()")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_ZERO_WIDTH_SPACE = "\u200b"


def clean(text: str) -> str:
    """Give the printable form of one value: one line, NFC, no control or format character.

    Direction overrides are format characters: removed, since they can make a reference read backwards.

    Raises:
        UnprintableLetter: more than ``LONGEST_LINE`` characters.
    """
    if len(text) > LONGEST_LINE:
        raise UnprintableLetter("a value is too long for a letter")
    one_line = re.sub(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+", " ", text)
    seen = "".join(char for char in one_line if unicodedata.category(char) not in _INVISIBLE)
    return "".join(_printed(char) for char in unicodedata.normalize("NFC", seen)).strip(" ")


def clean_lines(lines: tuple[str, ...]) -> list[str]:
    """Clean each line, let its long words break, and leave out the empty ones."""
    return [line for line in map(breakable, lines) if line]


def breakable(text: str, room: float = NARROWEST) -> str:
    """Clean ``text`` and let a word wider than ``room``, in em, break where it would leave the page.

    Shorter words get no break, so that a reference or an address copied from the page is the one that was printed.
    """
    written: list[str] = []
    taken = 0.0
    for char in clean(text):
        width = _width(char)
        if taken + width > room:
            written.append(_ZERO_WIDTH_SPACE)
            taken = 0.0
        taken = 0.0 if char == " " else taken + width
        written.append(char)
    return "".join(written)


def breakable_address(url: str) -> str:
    """Clean a web address and let it break after its separators, where a reader expects it."""
    return re.sub(r"([/.?&=_-])", rf"\1{_ZERO_WIDTH_SPACE}", breakable(url))


def _printed(char: str) -> str:
    return char if _PRINTABLE.match(char) else f"\u27e8U+{ord(char):04X}\u27e9"


def _width(char: str) -> float:
    """Give an upper estimate of the advance of ``char`` in the bold weight, in em."""
    if char == " ":
        return 0.0
    return 0.67 if char in _NARROW else 1.0
