"""What the record may start from: words found in the message, never a judgement about it."""

import re
import unicodedata
from dataclasses import dataclass, field
from email.utils import parseaddr

from ciment_web.inquiries.incoming.cues import CATEGORIES, REQUESTER_DOMAINS, REQUESTERS
from ciment_web.inquiries.incoming.reading import read_message
from ciment_web.inquiries.incoming.text import MAX_TEXT, clean_line
from ciment_web.inquiries.incoming.values import IncomingMessage, Suggestion, UnreadableMessage

_SIGNATURE_LINES = 12
_ABOUT = re.compile(r"(?im)^[ \t]*(?:concerne|betreft)[ \t]*:[ \t]*(\S.{0,200})$")
_PHONE = re.compile(r"(?<![\w+])(?:(?:\+32|0032)(?: ?\(0\))?|0)[ ./-]?\d(?:[ ./()-]{0,2}\d){6,9}(?!\d)")
_NO_PHONE = re.compile(r"(?i)iban|tva|bce|n° d.entreprise|national")
_SIGNATURE_MARK = re.compile(
    r"(?im)^(-- ?$|(bien )?cordialement|bien à vous|salutations|(veuillez|je vous prie) .{0,20}agréer)"
)
_QUOTED = re.compile(r"(?im)^(?:>|-{2,} ?(?:message|forwarded|original)|le .{5,80} a écrit ?:|_{10,}$)")
_FORWARD_SUBJECT = re.compile(r"(?i)(tr|fwd?) ?:")
_FROM_LINE = re.compile(r"(?im)^[*> ]*(?:de|from|van) ?\*? ?: ?\*? ?([^\n]{0,200}<[^\s<>@]{1,64}@[^\s<>@]{1,190}>)")


@dataclass(frozen=True, slots=True)
class _Author:
    """Who asks, and in which words: not always the one who sent the message on."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


def suggest(message: IncomingMessage) -> Suggestion:
    """Return a starting point for the six fields; a forwarded message speaks for who wrote it, not who sent it on."""
    author = _author(message)
    letter = _letter(message)
    texts = [author.text, letter]
    return Suggestion(
        requester=_find_requester(author, texts),
        form="written",
        name=author.name,
        reach=" · ".join(filter(None, [author.address, _find_phone(texts)])),
        about=_find_about([author.subject, *texts]),
        wanted=_find_wanted("\n".join([author.subject, *map(_before_signature, texts)])),
        text="\n\n".join(part for part in (message.body_text, letter) if part)[:MAX_TEXT],
    )


def _author(message: IncomingMessage) -> _Author:
    while message.forwarded:
        message = message.forwarded[0]
    body = message.body_text
    if _FORWARD_SUBJECT.match(message.subject) and (line := _FROM_LINE.search(body)):
        name, address = parseaddr(line.group(1))
        return _Author(clean_line(name, 200), clean_line(address, 254), message.subject, body[line.end() :])
    own = _QUOTED.split(body, maxsplit=1)[0]
    return _Author(message.sender_name, message.sender_address, message.subject, own if own.strip() else body)


def _letter(message: IncomingMessage) -> str:
    """Return the text of the first PDF attached: the e-mail often only says that a letter is attached."""
    pdf = next((a for a in message.attachments if a.media_type == "application/pdf"), None)
    if pdf is None:
        return ""
    try:
        return read_message(pdf.data, pdf.name).body_text
    except UnreadableMessage:
        return ""


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def _before_signature(text: str) -> str:
    marks = list(_SIGNATURE_MARK.finditer(text))
    return text[: marks[-1].start()] if marks else text


def _signatures(texts: list[str], lines: int) -> list[str]:
    return ["\n".join([line for line in text.splitlines() if line.strip()][-lines:]) for text in texts]


def _find_requester(author: _Author, texts: list[str]) -> str | None:
    """Return what the address says, else the nearest place to the signature that names one kind of requester only."""
    domain = author.address.rpartition("@")[2].lower()
    for suffix, requester in REQUESTER_DOMAINS:
        if domain == suffix or domain.endswith("." + suffix):
            return requester
    for place in [author.name, *_signatures(texts, 4), *_signatures(texts, _SIGNATURE_LINES), "\n".join(texts)]:
        folded = _fold(place)
        found = {requester for pattern, requester in REQUESTERS if pattern.search(folded)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _find_phone(texts: list[str]) -> str:
    """Return the first Belgian telephone number of a signature, as written."""
    for line in "\n".join(_signatures(texts, _SIGNATURE_LINES)).splitlines():
        for match in [] if _NO_PHONE.search(line) else _PHONE.finditer(line):
            if _is_belgian(re.sub(r"\D", "", match.group().replace("(0)", ""))):
                return clean_line(match.group(), 30)
    return ""


def _is_belgian(digits: str) -> bool:
    """Tell whether digits make a number of the Belgian plan: nine with the 0, ten for mobiles (04…)."""
    national = re.sub(r"^(0032|32)", "0", digits)
    return len(national) == 9 or (len(national) == 10 and national.startswith("04"))


def _find_about(places: list[str]) -> str | None:
    for place in places:
        match = _ABOUT.search(place)
        if match:
            return clean_line(match.group(1), 200)
    return None


def _find_wanted(text: str) -> tuple[str, ...]:
    folded = _fold(text)
    return tuple(category for category, pattern in CATEGORIES if pattern.search(folded))
