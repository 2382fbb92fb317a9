"""The parts of an e-mail: which text to read, what is attached, which messages are forwarded inside."""

from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, TypeAlias

from ciment_web.inquiries.incoming.extraction import Extracted
from ciment_web.inquiries.incoming.sniffing import name_differs, sniff
from ciment_web.inquiries.incoming.text import clean_file_name, decode_text
from ciment_web.inquiries.incoming.values import IncomingAttachment, IncomingMessage, UnreadableMessage

MAX_DEPTH = 20
"""Containers inside containers; a message forwarded eight times as an attachment fits."""

MAX_HTML = 2 << 20
"""Bytes of one HTML part that are read; pictures are in other parts."""

# A body with a stray control byte is still a body; one that is recognised as something else is kept as a file.
_READ_AS_TEXT = frozenset({"text/plain", "text/html", "message/rfc822", "application/octet-stream"})

# Quoted: Message takes parameters for the type checker only.
Part: TypeAlias = "Message[Any, Any]"
HtmlReader = Callable[[bytes], Extracted]


@dataclass(frozen=True, slots=True)
class Readers:
    """How to read what is inside: a message at a depth, a page."""

    message: Callable[[Part, int, HtmlReader], IncomingMessage]
    html: HtmlReader


_ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
}


@dataclass(slots=True)
class Collected:
    """What the walk over the parts has found so far."""

    texts: list[str] = field(default_factory=list)
    attachments: list[IncomingAttachment] = field(default_factory=list)
    forwarded: list[IncomingMessage] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The texts in the order of the message."""
        return "\n\n".join(self.texts)


def collect_parts(message: Part, depth: int, readers: Readers) -> Collected:
    """Walk `message` and return what it holds; `readers` read the messages and pages inside."""
    collected = Collected()
    _collect(message, depth, readers, collected)
    return collected


def _collect(part: Part, depth: int, readers: Readers, collected: Collected) -> None:
    if depth > MAX_DEPTH:
        raise UnreadableMessage("too_deep")
    media_type = part.get_content_type()
    if part.is_multipart() and part.get_content_maintype() == "message":
        _collect_forwarded(_inner_parts(part), depth, readers, collected)
    elif part.is_multipart() and media_type == "multipart/alternative":
        _collect_alternative(_inner_parts(part), depth, readers, collected)
    elif part.is_multipart():
        for inner in _inner_parts(part):
            _collect(inner, depth + 1, readers, collected)
    elif media_type in {"text/plain", "text/html"} and not _is_attached(part):
        _collect_body(part, media_type, readers, collected)
    else:
        _collect_attachment(part, media_type, collected)


def _inner_parts(part: Part) -> list[Part]:
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def _is_attached(part: Part) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_claimed_name(part))


def _collect_forwarded(messages: list[Part], depth: int, readers: Readers, collected: Collected) -> None:
    for inner in messages:
        message = readers.message(inner, depth + 1, readers.html)
        collected.forwarded.append(message)
        collected.attachments.extend(message.attachments)
        collected.warnings.extend(w for w in message.warnings if w not in {"no_text", "nested_message"})


def _collect_alternative(parts: list[Part], depth: int, readers: Readers, collected: Collected) -> None:
    """Of the renderings of one text keep the plain one, else the richer; other parts are kept as they are."""
    plain = [part for part in parts if part.get_content_type() == "text/plain" and _bytes_of(part).strip()]
    for part in parts:
        is_text = part.get_content_type() in {"text/plain", "text/html"} and not _is_attached(part)
        if plain and is_text and part is not plain[0]:
            continue
        if plain and part.get_content_type() == "multipart/related":
            _collect_related(part, depth, readers, collected)
        elif not is_text or _bytes_of(part).strip():
            _collect(part, depth + 1, readers, collected)


def _collect_related(part: Part, depth: int, readers: Readers, collected: Collected) -> None:
    """Keep the pictures of a rich rendering whose text the plain one already gives."""
    for inner in _inner_parts(part):
        if inner.get_content_type() != "text/html":
            _collect(inner, depth + 1, readers, collected)


def _collect_body(part: Part, media_type: str, readers: Readers, collected: Collected) -> None:
    data = _bytes_of(part)
    seen = sniff(data)
    if seen not in _READ_AS_TEXT:
        _collect_attachment(part, media_type, collected)
        return
    text, good = decode_text(data, _charset(part))
    if not good:
        collected.warnings.append("unknown_charset")
    if media_type == "text/plain":
        collected.texts.append(text)
        return
    collected.warnings.append("html_only")
    try:
        page = readers.html(text.encode(errors="replace")[:MAX_HTML])
    except UnreadableMessage:
        collected.warnings.append("html_unreadable")
        return
    collected.texts.append(page.text)
    collected.warnings.extend(page.warnings)


def _charset(part: Part) -> str | None:
    try:
        return part.get_content_charset()
    except Exception:  # noqa: BLE001 - a malformed parameter is no parameter
        return None


def _collect_attachment(part: Part, media_type: str, collected: Collected) -> None:
    data = _bytes_of(part)
    seen = sniff(data)
    if media_type == "text/calendar" and seen == "text/plain":
        seen = "text/calendar"
    claimed = _claimed_name(part)
    number = len(collected.attachments) + 1
    fallback = f"piece-{number}{_ENDINGS.get(seen, '.bin')}"
    name = clean_file_name(claimed, fallback)
    if claimed and name != claimed:
        collected.warnings.append("name_changed")
    if name_differs(name, seen):
        collected.warnings.append("name_differs")
    if seen == "application/ms-tnef":
        collected.warnings.append("winmail")
    if seen == "text/calendar":
        collected.warnings.append("calendar")
    collected.attachments.append(IncomingAttachment(name=name, media_type=seen, data=data))


def _claimed_name(part: Part) -> str:
    try:
        return part.get_filename() or ""
    except Exception:  # noqa: BLE001 - a malformed name is no name
        return ""


def _bytes_of(part: Part) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
