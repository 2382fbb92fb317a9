"""PDF and HTML: text out, nothing run, bounded in time and memory."""

import io
import json
import zlib
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from ciment_web.inquiries.incoming import UnreadableMessage, extraction, extraction_child, read_message
from ciment_web.inquiries.incoming.extraction import extract_text

LETTER = Path(__file__).parents[3] / "examples" / "2-prosecutor-letter.pdf"


def pdf_of(content: bytes, pages: int = 1, extra: bytes = b"") -> bytes:
    """A PDF written by hand: `pages` times the same content stream."""
    kids = b" ".join(b"4 0 R" for _ in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), extra, content),
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out) + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


def show(text: str) -> bytes:
    return b"BT /F1 12 Tf 9 50 Td (%s) Tj ET" % text.encode("cp1252")


def encrypted(user: str, owner: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of(show("Bonjour")))))
    writer.encrypt(user, owner, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_letter_gives_its_text() -> None:
    message = read_message(pdf_of(show("Où habite-t-elle ?")), "lettre.pdf")
    assert (message.kind, message.body_text, message.warnings) == ("pdf", "Où habite-t-elle ?", ())


def test_the_words_of_a_letter_are_whole() -> None:
    text = read_message(LETTER.read_bytes(), "lettre.pdf").body_text
    assert "demande de renseignements administratifs\nMadame la Directrice générale" in text


def test_bytes_before_the_mark_are_accepted() -> None:
    assert read_message(b"\n\njunk\n" + LETTER.read_bytes(), "lettre.pdf").kind == "pdf"


def test_a_scanned_letter_warns() -> None:
    assert read_message(pdf_of(b""), "scan.pdf").warnings == ("no_text",)


def test_a_long_document_is_cut_and_says_so() -> None:
    message = read_message(pdf_of(show("page"), pages=60), "long.pdf")
    assert message.warnings == ("pages_cut",)
    assert message.body_text.count("page") == extraction_child.MAX_PAGES


def test_a_password_is_said_and_an_open_protection_is_read() -> None:
    with pytest.raises(UnreadableMessage, match=r"^encrypted_pdf$"):
        read_message(encrypted("secret", "owner"), "lettre.pdf")
    assert read_message(encrypted("", "owner"), "lettre.pdf").body_text == "Bonjour"


def test_a_decompression_bomb_is_refused() -> None:
    packed = zlib.compress(b" " * (200 << 20), 9)
    with pytest.raises(UnreadableMessage, match=r"^(broken_pdf|too_complex)$"):
        read_message(pdf_of(packed, extra=b"/Filter /FlateDecode"), "bombe.pdf")


@pytest.mark.parametrize("cut", [20, 300, 1000, 5000])
def test_a_truncated_letter_is_read_or_refused(cut: int) -> None:
    try:
        outcome: str = read_message(LETTER.read_bytes()[:-cut], "lettre.pdf").kind
    except UnreadableMessage as refused:
        outcome = refused.code
    assert outcome in {"pdf", "broken_pdf", "too_complex"}


def test_a_child_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "MAX_SECONDS", 0.01)
    with pytest.raises(UnreadableMessage, match=r"^too_complex$"):
        extract_text("html", b"<a " * 50_000)


def test_a_child_that_dies_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "_CHILD", Path("/nonexistent"))
    with pytest.raises(UnreadableMessage, match=r"^too_complex$"):
        extract_text("pdf", b"%PDF-")


def test_hostile_html_costs_one_child_and_keeps_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "MAX_SECONDS", 1)
    part = b"--b\nContent-Type: text/html\n\n" + b"<a " * 100_000 + b"\n"
    head = b"From: noa@example.org\nContent-Type: multipart/mixed; boundary=b\n\n"
    message = read_message(head + b"--b\n\nBonjour\n" + part * 4 + b"--b--", "a.eml")
    assert message.body_text == "Bonjour"
    assert message.warnings == ("html_only", "html_unreadable")


def html(page: str) -> str:
    result = extraction_child.read_html(page.encode(), 1000)
    assert result["refusal"] is None
    return str(result["text"]).strip()


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Un<br>deux</p><p>trois</p>", "Un\ndeux\n\ntrois"),
        ("<title>t</title><style>p{}</style><script>x()</script>vu", "vu"),
        ("<head><title>t</title></head><body>vu</body>", "vu"),
        ("<div style='DISPLAY : none'>caché</div>vu", "vu"),
        ("a &amp; b&nbsp;c &#8364;", "a & b c €"),
        ("mot\n  suite <b>gras</b>", "mot suite gras"),
        ("sans fin <b", "sans fin <b"),
        ("<svg><text>x</text></svg>vu", "vu"),
    ],
)
def test_only_visible_text_is_taken(page: str, text: str) -> None:
    assert html(page) == text


def test_text_is_limited() -> None:
    result = extraction_child.read_html(b"<p>" + b"mot " * 1000, 50)
    assert len(str(result["text"])) == 50
    assert result["warnings"] == ["text_cut"]


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (pdf_of(show("x")), None),
        (pdf_of(show("x"), pages=51), None),
        (pdf_of(b"", pages=0), "broken_pdf"),
        (b"%PDF-1.4", "broken_pdf"),
        (encrypted("secret", "owner"), "encrypted_pdf"),
    ],
)
def test_the_child_answers_every_pdf(data: bytes, refusal: str | None) -> None:
    assert extraction_child.read_pdf(data, 1000)["refusal"] == refusal


def test_the_child_stops_at_the_limit() -> None:
    result = extraction_child.read_pdf(pdf_of(show("x" * 40), pages=5), 50)
    assert result["warnings"] == ["text_cut"]


def test_the_child_limits_itself_before_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []

    def read(data: bytes, limit: int) -> dict[str, object]:
        steps.append(f"read {data!r} {limit}")
        return {"text": "é"}

    out = io.StringIO()
    monkeypatch.setattr(extraction_child, "read_html", read)
    monkeypatch.setattr("resource.setrlimit", lambda *_: steps.append("limit"))
    monkeypatch.setattr("sys.argv", ["child", "html", "7"])
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x")))
    monkeypatch.setattr("sys.stdout", out)
    extraction_child.main()
    assert steps == ["limit"] * 4 + ["read b'x' 7"]
    assert json.loads(out.getvalue()) == {"text": "é"}
