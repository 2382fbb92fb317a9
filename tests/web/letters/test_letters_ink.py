"""From any string to printable characters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciment_web.letters import UnprintableLetter
from ciment_web.letters.ink import (
    _PRINTABLE,
    LONGEST_LINE,
    NARROWEST,
    _width,
    breakable,
    breakable_address,
    clean,
    clean_lines,
)


@pytest.mark.parametrize(
    ("given_text", "printed"),
    [
        ("Café", "Café"),
        ("Cafe\u0301", "Café"),
        ("a\x00b\x07c\x7f\x9bd", "abcd"),
        ("une\r\nligne\tpuis\u2028une autre", "une ligne puis une autre"),
        ("\u202egnirts\u202c \ufeffx\u200d\u200f", "gnirts x"),
        ("cri 😀", "cri ⟨U+1F600⟩"),
        ("日本", "⟨U+65E5⟩⟨U+672C⟩"),
        ("x\u0331", "x⟨U+0331⟩"),
        ("\ud800seul", "seul"),
        ("\ue000", "⟨U+E000⟩"),
        ("שלום مرحبا Привет Ελλάδα", "שלום مرحبا Привет Ελλάδα"),
        ("  bords  ", "bords"),
        ("#panic() *gras* $x$", "#panic() *gras* $x$"),
    ],
)
def test_known_cases(given_text: str, printed: str) -> None:
    assert clean(given_text) == printed


def test_a_value_without_end_is_refused() -> None:
    assert clean("a" * LONGEST_LINE) == "a" * LONGEST_LINE
    with pytest.raises(UnprintableLetter) as refused:
        clean("secret" * LONGEST_LINE)
    assert "secret" not in str(refused.value)


@given(st.text(st.characters(), max_size=200))
def test_only_printable_characters_remain_and_cleaning_twice_changes_nothing(text: str) -> None:
    printed = clean(text)
    assert all(_PRINTABLE.match(char) for char in printed)
    assert unicodedata.normalize("NFC", printed) == printed
    assert clean(printed) == printed


@given(st.text(st.characters(), max_size=400), st.floats(1, 60))
def test_breaks_lose_no_character_and_leave_no_wider_run(text: str, room: float) -> None:
    broken = breakable(text, room)
    assert broken.replace("\u200b", "") == clean(text)
    for run in broken.replace(" ", "\u200b").split("\u200b"):
        assert sum(map(_width, run)) <= room + 1e-9


def test_words_that_fit_are_left_alone() -> None:
    for word in ("anticonstitutionnellement", "x" * 28, "secretariat@cpas.example"):
        assert breakable(word) == word
    assert breakable("M" * 20) == "M" * int(NARROWEST) + "\u200bM"
    assert breakable("ab" * 32, 44) == "ab" * 32


def test_a_web_address_breaks_after_its_separators() -> None:
    assert breakable_address("https://a.example/b") == "https:/\u200b/\u200ba.\u200bexample/\u200bb"


def test_empty_lines_are_left_out() -> None:
    assert clean_lines(("un", " ", "", "\x00", "deux")) == ["un", "deux"]
