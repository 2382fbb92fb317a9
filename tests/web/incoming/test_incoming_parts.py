"""Which part is the text, which are attachments."""

from email.message import Message

import pytest

from ciment_web.inquiries.incoming import IncomingMessage, read_message

HEAD = b"From: Noa <noa@example.org>\n"
PNG = b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
PLAIN = b"Content-Type: text/plain\n\nBonjour\n"
BLANK = b"Content-Type: text/plain\n\n \n"
HTML = b"Content-Type: text/html\n\n<p>Bonjour</p>\n"


def multipart(kind: str, boundary: str, *parts: bytes) -> bytes:
    mark = b"--" + boundary.encode()
    head = f"Content-Type: multipart/{kind}; boundary={boundary}\n\n".encode()
    return head + b"".join(mark + b"\n" + part + b"\n" for part in parts) + mark + b"--\n"


def read(body: bytes) -> IncomingMessage:
    return read_message(HEAD + body, "a.eml")


@pytest.mark.parametrize(
    ("body", "warnings", "media"),
    [
        (multipart("alternative", "a", PLAIN, multipart("related", "r", HTML, PNG)), (), ["image/png"]),
        (multipart("alternative", "a", BLANK, multipart("related", "r", HTML, PNG)), ("html_only",), ["image/png"]),
        (multipart("alternative", "a", HTML, BLANK), ("html_only",), []),
        (multipart("alternative", "a", HTML, PLAIN), (), []),
        (multipart("alternative", "a", PLAIN, PNG), (), ["image/png"]),
        (multipart("mixed", "m", PLAIN, b"Content-Type: text/plain\n\n%PDF-1.4\n"), (), ["application/pdf"]),
        (multipart("mixed", "m", PLAIN, b"Content-Type: text/calendar\n\nx\n"), ("calendar",), ["text/calendar"]),
        (multipart("mixed", "m", PLAIN, b"Content-Disposition: attachment\n\nnote\n"), (), ["text/plain"]),
        (multipart("mixed", "m", PLAIN)[:-6], (), []),
    ],
)
def test_the_text_is_read_once_and_the_rest_is_kept(body: bytes, warnings: tuple[str, ...], media: list[str]) -> None:
    message = read(body)
    assert (message.body_text, message.warnings) == ("Bonjour", warnings)
    assert [attachment.media_type for attachment in message.attachments] == media


def test_pages_are_read_up_to_a_number() -> None:
    message = read(multipart("mixed", "m", *[HTML] * 7))
    assert message.body_text == "\n\n".join(["Bonjour"] * 5)
    assert message.warnings == ("html_only", "html_unreadable")


def test_forwards_inside_forwards_are_read_to_the_first() -> None:
    inner = b"Content-Type: message/rfc822\n\nFrom: Un <un@example.org>\nSubject: un\n\nUn\n"
    outer = b"Content-Type: message/rfc822\n\nFrom: Deux <deux@example.org>\n" + multipart("mixed", "i", PLAIN, inner)
    message = read(multipart("mixed", "o", PLAIN, outer))
    assert message.forwarded[0].forwarded[0].sender_name == "Un"
    assert message.body_text.count("--- Message transféré ---") == 2
    assert message.warnings == ("nested_message",)


def test_parameters_that_break_the_library_are_no_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr(Message, "get_filename", fail)
    monkeypatch.setattr(Message, "get_content_charset", fail)
    assert read(PLAIN).body_text == "Bonjour"
