"""An e-mail as bytes → IncomingMessage (RFC 5322, MIME, RFC 2047 and 2231), through the standard library.

The library's structured header parser raises builtin errors on malformed headers (IndexError among them) and takes
quadratic time on long ones, so headers are cut before it sees them and one bad header never loses the message.
"""

import email
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.policy import EmailPolicy, Policy
from email.utils import parseaddr, parsedate_to_datetime
from typing import TypeAlias

from ciment_web.inquiries.incoming.extraction import Extracted, extract_text
from ciment_web.inquiries.incoming.mail_parts import Collected, HtmlReader, Part, Readers, collect_parts
from ciment_web.inquiries.incoming.text import clean_line, clean_text, decode_text, has_hidden
from ciment_web.inquiries.incoming.values import IncomingMessage, UnreadableMessage

MAX_PARTS = 50
MAX_LINES = 300_000
"""Lines of one e-mail: 10 MiB of base64 have 140,000; the library tries every open boundary on every line."""

MAX_HTML_PARTS = 5
"""HTML parts read in one e-mail, those of forwarded messages included; each may cost its child process's whole time."""

MAX_HEADER = 4_096
"""Characters of one header that are parsed; RFC 5322 lines are 998 at most."""

# Quoted: Message takes parameters for the type checker only.
_Parsed: TypeAlias = "Message[str, str]"

_ADDRESS = re.compile(r"[^\s<>@\"',;:()\[\]]{1,64}@[^\s<>@\"',;:()\[\]]{1,190}")


class _BrokenHeader(str):
    """A header as received, because the library could not parse it."""

    __slots__ = ()


class _BoundedPolicy(EmailPolicy):
    """EmailPolicy whose headers are cut past MAX_HEADER characters, and whose raw bytes are read as text."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        cut = value[: MAX_HEADER + 1]
        if not cut.isascii():  # raw bytes in a header, which the parser hands over as surrogates
            cut = decode_text(cut.encode(errors="surrogateescape"), None)[0]
        return name[:MAX_HEADER], cut

    def header_fetch_parse(self, name: str, value: str) -> str:
        try:
            parsed: str = super().header_fetch_parse(name, value)
        except Exception:  # noqa: BLE001 - see the module; the library reads Content-Type while it cuts the parts
            return _BrokenHeader(" ".join(value.split()))
        return parsed


class _PartCounter:
    """A message factory that refuses to make one part more than MAX_PARTS."""

    def __init__(self) -> None:
        self._made = 0

    def __call__(self, policy: "Policy[_Parsed]") -> _Parsed:
        self._made += 1
        if self._made > MAX_PARTS + 1:  # the message itself is one
            raise UnreadableMessage("too_many_parts")
        return EmailMessage(policy)


class _HtmlReader:
    """Reads at most MAX_HTML_PARTS pages, and none after one that could not be read."""

    def __init__(self) -> None:
        self._left = MAX_HTML_PARTS

    def __call__(self, page: bytes) -> Extracted:
        if self._left == 0:
            raise UnreadableMessage("too_complex")
        left, self._left = self._left, 0
        extracted = extract_text("html", page)
        self._left = left - 1
        return extracted


def read_email(data: bytes) -> IncomingMessage:
    """Return the message; raises only UnreadableMessage (broken_email, too_complex, too_many_parts, too_deep)."""
    if data.count(b"\n") + data.count(b"\r") > 2 * MAX_LINES:  # CR LF counts twice
        raise UnreadableMessage("too_complex")
    policy = _BoundedPolicy(message_factory=_PartCounter())
    try:
        return _read(email.message_from_bytes(data.lstrip(b"\r\n"), policy=policy), 0, _HtmlReader())
    except UnreadableMessage:
        raise
    except Exception:  # noqa: BLE001 - the library raises any builtin error on broken input (python/cpython#151857)
        raise UnreadableMessage("broken_email") from None


def _read(message: Part, depth: int, read_html: HtmlReader) -> IncomingMessage:
    warnings: list[str] = []
    name, address = _sender(message, warnings)
    subject = _line(message, "subject", warnings)
    collected = collect_parts(message, depth, Readers(_read, read_html))
    body = clean_text("\n\n".join([collected.text, *map(_quote, collected.forwarded)]))
    warnings += _find_warnings(message, collected, body)
    return IncomingMessage(
        kind="email",
        sender_name=name,
        sender_address=address,
        date=_date(message, warnings),
        subject=subject,
        body_text=body,
        attachments=tuple(collected.attachments),
        warnings=tuple(sorted(set(warnings))),
        forwarded=tuple(collected.forwarded),
    )


def _find_warnings(message: Part, collected: Collected, body: str) -> list[str]:
    warnings = list(collected.warnings)
    if has_hidden(collected.text):
        warnings.append("hidden_characters")
    if collected.forwarded:
        warnings.append("nested_message")
    if not body:
        warnings.append("no_text")
    if any(len(value) > MAX_HEADER for _, value in message.raw_items()):
        warnings.append("header_cut")
    return warnings


def _quote(message: IncomingMessage) -> str:
    """Return a forwarded message as text, with the lines that say whose it is."""
    when = f"{message.date:%d/%m/%Y %H:%M} UTC" if message.date else ""
    who = f"{message.sender_name} <{message.sender_address}>".strip()
    head = f"--- Message transféré ---\nDe : {who}\nDate : {when}\nObjet : {message.subject}\n"
    return f"{head}\n{message.body_text}"


def _header(message: Part, name: str, warnings: list[str]) -> str:
    """Return a header decoded, or as received when its encoding is broken; empty when absent."""
    value = message[name]
    if isinstance(value, _BrokenHeader):
        warnings.append("broken_header")
    return "" if value is None else str(value)


def _received(message: Part, name: str) -> str:
    return next((str(value) for key, value in message.raw_items() if key.lower() == name), "")


def _line(message: Part, name: str, warnings: list[str]) -> str:
    value = _header(message, name, warnings)
    if has_hidden(value):
        warnings.append("hidden_characters")
    return clean_line(value)


def _sender(message: Part, warnings: list[str]) -> tuple[str, str]:
    """Return the display name and the address of From, else of Sender; no name that shows another address."""
    value = _line(message, "from", warnings) or _line(message, "sender", warnings)
    try:
        name, address = parseaddr(value)
    except (IndexError, RecursionError):  # comments inside comments
        name, address = "", ""
    if not _ADDRESS.fullmatch(address):
        # The parser drops what it finds misplaced, the address itself at times: look at the header as received.
        found = _ADDRESS.search(value) or _ADDRESS.search(_received(message, "from"))
        name, address = ("" if found else value.strip('"<> ')), (found.group() if found else "")
    # « "police@police.belgium.eu" <x@elsewhere> »: mail programs show the name alone, the trick is old.
    shown = _ADDRESS.search(name)
    if shown and shown.group().lower() != address.lower():
        warnings.append("address_in_name")
        name = ""
    return clean_line(name.strip("'\" "), 200), clean_line(address, 254)


def _date(message: Part, warnings: list[str]) -> datetime | None:
    value = _header(message, "date", warnings)
    if not value:
        return None
    try:
        date = parsedate_to_datetime(value)
        # "-0000" says UTC of unknown zone (RFC 5322, 3.3)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        warnings.append("broken_header")
        return None
