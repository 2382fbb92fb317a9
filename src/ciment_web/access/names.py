"""Whether a text may speak of a person: names compared without accents, capitals, hyphens or order.

Only names are compared, never anything else that is known of somebody. Namesakes exist, and names are written in many
ways: a hit says where a human must look, a miss says only that the name is not written there.
"""

import re
import unicodedata
from enum import Enum

_WORDS = re.compile(r"[^\W\d_]+")


class Closeness(Enum):
    """How near a text comes to naming somebody."""

    NONE = "none"
    FAMILY = "family"
    FULL = "full"


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text as they are compared: « D’Haene-Lévêque » gives d, haene, leveque."""
    # NFKD after folding: ß becomes ss, ligatures and full-width letters their plain ones; then the marks go.
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(char for char in spread if not unicodedata.combining(char))
    return frozenset(_WORDS.findall(bare.translate({0xF8: "o", 0x142: "l", 0x111: "d", 0xE6: "ae", 0x153: "oe"})))


def closeness(given: str, family: str, text: str) -> Closeness:
    """Return how near `text` comes to naming a person: by every word of both names, by the family name, or not."""
    written, first, last = words_of(text), words_of(given), words_of(family)
    if not last or not _holds(last, written):
        return Closeness.NONE
    return Closeness.FULL if first and _holds(first, written) else Closeness.FAMILY


def _holds(name: frozenset[str], written: frozenset[str]) -> bool:
    # « Van den Berg » is also written « Vandenberg »: the words run together count as the name, in any order of two.
    return name <= written or any(joined in written for joined in _joined(name))


def _joined(name: frozenset[str]) -> frozenset[str]:
    if len(name) != 2:
        return frozenset()
    one, other = sorted(name)
    return frozenset({one + other, other + one})
