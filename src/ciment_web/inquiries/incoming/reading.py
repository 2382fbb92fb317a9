"""Bytes of a file → IncomingMessage: the content decides what it is, never the name."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Literal

from ciment_web.inquiries.incoming.extraction import extract_text
from ciment_web.inquiries.incoming.mail import read_email
from ciment_web.inquiries.incoming.sniffing import name_differs, sniff
from ciment_web.inquiries.incoming.text import MAX_TEXT, clean_text, decode_text, has_hidden, mend_words
from ciment_web.inquiries.incoming.values import IncomingMessage, UnreadableMessage

MAX_BYTES = 10 << 20
"""Bytes of one uploaded message, attachments included."""

_IMAGES = frozenset({"image/jpeg", "image/png", "image/gif", "image/tiff", "image/webp", "image/heic"})


def read_message(data: bytes, filename: str) -> IncomingMessage:
    """Return what `data` holds; `filename` only warns when its ending announces something else.

    Raises UnreadableMessage, and nothing else; its code is one that `explain` knows.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableMessage("too_large")
    if not data.strip(b"\0\t\n\r "):
        raise UnreadableMessage("empty")
    seen = sniff(data)
    message = _read(data, seen, filename)
    if name_differs(filename, seen):
        return _with_warning(message, "name_differs")
    return message


def join_pages(pages: Sequence[IncomingMessage]) -> IncomingMessage:
    """Return several files of one letter as one message: the first says who asks, the texts follow in order."""
    first, *others = pages
    if not others:
        return first
    text = "\n\n".join(page.body_text for page in pages if page.body_text)
    warnings = {code for page in pages for code in page.warnings}
    # A page without text among pages with some is still to be copied: the warning stays.
    return replace(first, body_text=text[:MAX_TEXT], warnings=tuple(sorted(warnings)))


def _read(data: bytes, seen: str, filename: str) -> IncomingMessage:
    if seen == "message/rfc822":
        return read_email(data)
    if seen == "application/pdf":
        return _read_pdf(data)
    if seen in _IMAGES:
        return IncomingMessage(kind="image", warnings=("no_text",))
    suffix = PurePosixPath(filename).suffix.lower()
    if seen == "application/x-ole-storage" and suffix == ".msg":
        raise UnreadableMessage("outlook_message")
    if seen == "text/plain" and suffix == ".eml":
        raise UnreadableMessage("broken_email")
    if seen == "text/plain" and suffix == ".pdf":
        raise UnreadableMessage("broken_pdf")
    if seen == "text/plain":
        return _read_text(data)
    raise UnreadableMessage("not_supported")


def _read_pdf(data: bytes) -> IncomingMessage:
    extracted = extract_text("pdf", data)
    return _from_text("pdf", mend_words(extracted.text), list(extracted.warnings))


def _read_text(data: bytes) -> IncomingMessage:
    is_utf16 = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    text, good = decode_text(data, "utf-16" if is_utf16 else None)
    return _from_text("text", text, [] if good else ["unknown_charset"])


def _from_text(kind: Literal["pdf", "text"], text: str, warnings: list[str]) -> IncomingMessage:
    body = clean_text(text)
    if has_hidden(text):
        warnings.append("hidden_characters")
    if not body:
        warnings.append("no_text")
    return IncomingMessage(kind=kind, body_text=body, warnings=tuple(sorted(set(warnings))))


def _with_warning(message: IncomingMessage, code: str) -> IncomingMessage:
    return replace(message, warnings=tuple(sorted({*message.warnings, code})))
