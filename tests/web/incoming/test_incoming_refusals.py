"""Bad input: the clear refusal each deserves."""

import re
from pathlib import Path

import pytest

from ciment_web.inquiries import incoming
from ciment_web.inquiries.incoming import CODES, MAX_BYTES, UnreadableMessage, read_message

HEAD = b"From: Noa <noa@example.org>\nSubject: x\n"


def nested(depth: int) -> bytes:
    lines = [f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(depth)]
    return HEAD + "".join(lines).encode() + b"\ntexte"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"x" * (MAX_BYTES + 1), "a.eml", "too_large"),
        (b"", "a.eml", "empty"),
        (b" \r\n\0", "a.pdf", "empty"),
        (b"PK\x03\x04" + bytes(50), "lettre.pdf", "not_supported"),
        (b"MZ\x90\0" + bytes(50), "message.eml", "not_supported"),
        (b"<html><body>x</body></html>", "message.eml", "not_supported"),
        (b"{\\rtf1 x}", "lettre.rtf", "not_supported"),
        (bytes(range(256)), "photo.jpg", "not_supported"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "Demande.MSG", "outlook_message"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "lettre.doc", "not_supported"),
        (b"Bonjour, ceci n'est pas un courriel.", "message.eml", "broken_email"),
        (b"Bonjour", "lettre.pdf", "broken_pdf"),
        (b"%PDF-1.7\nrien", "lettre.pdf", "broken_pdf"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR", "a.ics", "not_supported"),
        (nested(60), "a.eml", "too_many_parts"),
        (nested(30), "a.eml", "too_deep"),
        (HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 60, "a.eml", "too_many_parts"),
        (HEAD + b"\n" * 600_001, "a.eml", "too_complex"),
    ],
)
def test_each_refusal_says_why(data: bytes, name: str, code: str) -> None:
    with pytest.raises(UnreadableMessage) as refused:
        read_message(data, name)
    assert refused.value.code == code
    assert str(refused.value) == code


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (b"\xff\xd8\xff\xe0" + bytes(20), "photo.jpg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "photo.PNG"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "photo.heic"),
        (b"RIFF\0\0\0\0WEBP" + bytes(20), "photo.webp"),
    ],
)
def test_a_photo_is_kept_without_text(data: bytes, media: str) -> None:
    message = read_message(data, media)
    assert (message.kind, message.body_text, message.warnings) == ("image", "", ("no_text",))


def test_the_content_decides_and_a_false_name_warns() -> None:
    assert read_message(HEAD + b"\nBonjour", "message.pdf").warnings == ("name_differs",)
    assert read_message(b"\xff\xd8\xff" + bytes(9), "lettre.pdf").warnings == ("name_differs", "no_text")
    assert read_message(HEAD + b"\nBonjour", "message").warnings == ()


@pytest.mark.parametrize(
    ("data", "text", "warnings"),
    [
        ("Où habite-t-elle ?".encode(), "Où habite-t-elle ?", ()),
        ("\ufeffOù".encode("utf-16-le"), "Où", ()),
        ("Où".encode("cp1252"), "Où", ()),
        (b"O\x81 habite", "O\ufffd habite", ("unknown_charset",)),
        ("a\u202eb\u200b".encode(), "ab", ("hidden_characters",)),
        ("\u200b\u202e.".encode()[:-1], "", ("hidden_characters", "no_text")),
    ],
)
def test_plain_text_is_read(data: bytes, text: str, warnings: tuple[str, ...]) -> None:
    message = read_message(data, "note.txt")
    assert (message.kind, message.body_text, message.warnings) == ("text", text, warnings)


def test_a_message_that_breaks_the_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise IndexError

    monkeypatch.setattr("ciment_web.inquiries.incoming.mail.collect_parts", fail)
    with pytest.raises(UnreadableMessage, match=r"^broken_email$"):
        read_message(HEAD + b"\nx", "a.eml")


def test_codes_in_the_source_are_those_explained() -> None:
    folder = Path(incoming.__file__).parent
    source = "\n".join(path.read_text() for path in folder.glob("*.py") if path.name != "explanations.py")
    used = set(re.findall(r'(?:UnreadableMessage|_refusal|append)\("(\w+)"\)', source))
    assert used <= CODES
    written = {code for code in CODES if f'"{code}"' in source}
    assert written == CODES


@pytest.mark.parametrize(
    ("headers", "address", "name", "warnings"),
    [
        (b"From: (c):\n", "", "(c):", ()),
        (b"From: " + b"(" * 3000 + b"\n", "", "", ()),
        (b"From: Noa [noa@example.org]\n", "noa@example.org", "", ()),
        (b'From: "x@y.example.org" <noa@example.org>\n', "noa@example.org", "", ("address_in_name",)),
        (b"Sender: Noa <noa@example.org>\n", "noa@example.org", "Noa", ()),
        (b"Subject: rien\n", "", "", ()),
    ],
)
def test_odd_senders_never_lose_the_message(headers: bytes, address: str, name: str, warnings: tuple[str, ...]) -> None:
    message = read_message(headers + b"X-Y: z\n\nBonjour", "a.eml")
    assert message.body_text == "Bonjour"
    assert message.sender_address == address
    assert set(warnings) <= set(message.warnings)
    if len(headers) < 1000:
        assert message.sender_name == name


@pytest.mark.parametrize(
    "part", [b"text/plain; name*", b"text/plain; name*0*", b"text/plain; charset*=", b";;", b"text"]
)
def test_odd_content_types_never_lose_the_message(part: bytes) -> None:
    message = read_message(HEAD + b"Content-Type: " + part + b"\n\nBonjour", "a.eml")
    assert message.body_text == "Bonjour" or message.attachments[0].data == b"Bonjour"


@pytest.mark.parametrize("charset", ["unicode_escape", "idna", "utf-7", "rot13", "base64", "nonsense", "a\0b"])
def test_only_character_sets_of_languages_are_used(charset: str) -> None:
    head = HEAD + f"Content-Type: text/plain; charset={charset}\n\n".encode()
    message = read_message(head + b"+ADw-b+AD4- \\u003cb\\u003e", "a.eml")
    assert message.body_text == "+ADw-b+AD4- \\u003cb\\u003e"
    assert "unknown_charset" in message.warnings
