"""Texts and names that may be shown and stored, for any input."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciment_web.inquiries.incoming.sniffing import name_differs, sniff
from ciment_web.inquiries.incoming.text import (
    MAX_NAME,
    clean_file_name,
    clean_line,
    clean_text,
    decode_text,
    mend_words,
)

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)


@given(ANY_TEXT, st.integers(0, 50))
def test_clean_text_is_short_normal_and_shows_everything(text: str, limit: int) -> None:
    cleaned = clean_text(text, limit)
    assert len(cleaned) <= limit
    cleaned.encode()
    assert unicodedata.is_normalized("NFC", cleaned)
    hidden = [c for c in cleaned if unicodedata.category(c) in {"Cc", "Cf"}]
    assert set(hidden) <= set("\n\t\u200c\u200d\u200e\u200f")
    assert "\n" not in clean_line(text, limit)


@given(ANY_TEXT)
def test_file_names_are_safe_for_any_claim(name: str) -> None:
    safe = clean_file_name(name, "piece-1.bin")
    assert 0 < len(safe.encode()) <= MAX_NAME
    assert not set(safe) & set('/\\:<>"|?*\0\n')
    assert not safe.startswith((".", " "))
    assert not safe.endswith((".", " "))
    assert all(unicodedata.category(c) not in {"Cc", "Cf", "Cs"} for c in safe)


@pytest.mark.parametrize(
    ("claimed", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x", "x"),
        ("C:rapport.pdf", "rapport.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("nul.txt", "_nul.txt"),
        ("..", "piece-1.bin"),
        ("", "piece-1.bin"),
        ("é" * 300 + ".pdf", "é" * 58 + ".pdf"),
        ("x" * 300, "x" * MAX_NAME),
        ("photo\u202efdp.exe", "photofdp.exe"),
        ("e\u0301.pdf", "é.pdf"),
        ("a?b*.pdf", "a_b_.pdf"),
    ],
)
def test_known_tricks(claimed: str, safe: str) -> None:
    assert clean_file_name(claimed, "piece-1.bin") == safe


@given(
    st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["utf-8", "koi8-r", "big5"]))
)
def test_decoding_never_fails(data: bytes, charset: str | None) -> None:
    text, _ = decode_text(data, charset)
    text.encode(errors="surrogatepass")


@pytest.mark.parametrize(
    ("data", "charset", "text", "good"),
    [
        ("é".encode(), "utf-8", "é", True),
        ("é".encode("latin-1"), "utf-8", "é", False),
        (b"\x93x\x94 \x80", "iso-8859-1", "“x” €", True),
        ("é".encode(), "iso-8859-1", "é", True),
        ("жё".encode("koi8-r"), "koi8-r", "жё", True),
        (b"\x81", "ascii", "\ufffd", False),
        ("é".encode(), "nonsense", "é", False),
    ],
)
def test_character_sets(data: bytes, charset: str, text: str, good: bool) -> None:
    assert decode_text(data, charset) == (text, good)


@pytest.mark.parametrize(
    ("cut", "mended"),
    [
        ("adminis\u00ad\ntratifs\nMadame", "administratifs\nMadame"),
        ("l’adminis\u00ad \n  tration", "l’administration"),
        ("les renseignements adminis-\ntratifs, et eux", "les renseignements administratifs, et eux"),
        ("« Adminis\u2010\ntration »", "« Administration »"),
        ("l’iden-\ntité (pré-\nnom).", "l’identité (prénom)."),
        # The word's own hyphen stays, on one line.
        ("un rendez-\nvous", "un rendez-vous"),
        ("celui-\nci", "celui-ci"),
        ("Dites-\nmoi", "Dites-moi"),
        ("la vice-\nprésidente", "la vice-présidente"),
    ],
)
def test_a_word_cut_at_a_line_end_is_mended(cut: str, mended: str) -> None:
    assert mend_words(cut) == mended


@pytest.mark.parametrize(
    "text",
    [
        "Saint-\nGilles", "CPAS-\nservice", "46-\n48", "art. 46bis-\nun", "une liste :\n- adresse\n- identité",
        "fin -\nsuite", "alex@parquet-\nvalbrume.example.org", "https://exemple-\nun.example.org/a", "habite-t-\nelle",
        "dites-le-\nmoi",
        "arc-\nen-ciel", "adminis-\n\ntratifs", "a-\nbc",
    ],
)  # fmt: skip
def test_what_may_be_no_cut_word_is_left_as_it_is(text: str) -> None:
    assert mend_words(text) == text


@given(st.text(st.sampled_from("aéA’-\u00ad\u2010 \n.1@"), max_size=40))
def test_mending_loses_no_letter(text: str) -> None:
    kept = [c for c in text if c.isalnum()]
    assert [c for c in mend_words(text) if c.isalnum()] == kept


@given(st.binary(max_size=100))
def test_every_content_has_a_type(data: bytes) -> None:
    assert "/" in sniff(data)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"From: a@example.org\r\nSubject: x\r\n\r\nx", "message/rfc822"),
        (b"From a@example.org Mon Nov  9 2026\nReceived: x\n\nx", "message/rfc822"),
        (b"Bonjour : voici\nSubject: x", "text/plain"),
        (b"From noon on", "text/plain"),
        (b"MZ est un texte", "text/plain"),
        (b"a\0b", "application/octet-stream"),
        (b"  <!DOCTYPE html><p>", "text/html"),
        (b"\xef\xbb\xbfBEGIN:VCALENDAR", "text/calendar"),
        (b"\x78\x9f\x3e\x22\0", "application/ms-tnef"),
    ],
)
def test_types_are_seen_in_the_bytes(data: bytes, media_type: str) -> None:
    assert sniff(data) == media_type


def test_only_known_endings_differ() -> None:
    assert name_differs("a.PDF", "text/html")
    assert not name_differs("a.pdf", "application/pdf")
    assert not name_differs("a.xyz", "text/html")
