"""What every sheet has: its frame, its way to check, its QR code. A sheet is plain JSON, nothing in it is markup."""

import io
from typing import Any

import segno

from ciment_web.letters.errors import UnprintableLetter
from ciment_web.letters.ink import breakable, breakable_address, clean, clean_lines
from ciment_web.letters.values import (
    Letterhead,
    NegativeReply,
    PersonLetter,
    RefusalLetter,
    ReplyLetter,
    Verification,
)
from ciment_web.letters.wording import (
    Wording,
    write_date,
)

Sheet = dict[str, Any]

LONGEST_URL = 500
"""Characters of a verification address: more would make a QR code too dense to read from paper."""

# Room of the columns that differ from the narrowest common one, in em of their own size.
INSTITUTION_ROOM, CATEGORY_ROOM, EXTENT_ROOM, CODE_ROOM, DIGEST_ROOM = 15.0, 10.0, 7.0, 32.0, 44.0
WHAT_ROOM = 14.0
NAME_ROOM = 9.0
LABEL_ROOM = 18.0
ITEM_ROOM, DONE_ROOM, ANSWER_ROOM = 15.0, 8.0, 24.0

INK = "#16252b"
"""Near-black: a QR code needs contrast more than colour."""


def frame_page(words: Wording, head: Letterhead, reference: str, title: str) -> Sheet:
    """What every document has: language, title, letterhead, the strings of the foot."""
    return {
        "language": head.language,
        "title": title,
        "institution": breakable(head.institution, INSTITUTION_ROOM),
        "address": clean_lines(head.address),
        "contact": clean_lines(head.contact),
        "reference": breakable(reference),
        "page": words["page"],
    }


def frame_letter(words: Wording, letter: RefusalLetter | ReplyLetter | NegativeReply | PersonLetter) -> Sheet:
    """What every letter has: addressee, references, place and date, subject, signature."""
    page = words["page"]
    subject = page["subject"].format(subject=breakable(letter.subject))
    return frame_page(words, letter.letterhead, letter.reference, subject) | {
        "addressee": clean_lines(letter.addressee),
        "your_reference": breakable(letter.your_reference),
        "place_date": page["place_date"].format(place=breakable(letter.place), date=write_date(words, letter.date)),
        "signatory": clean_lines((letter.signatory_name, letter.signatory_title)),
        "sentence": clean(letter.letterhead.sentence),
    }


def frame_check(told: dict[str, Any], verification: Verification) -> Sheet:
    """Give the way to check a document: an address, its code to scan, the command, where the entry stands."""
    url = require_address(verification.url)
    return {
        "url": url,
        "url_text": breakable_address(url),
        "qr": draw_qr(url),
        "qr_alt": told["qr"].format(url=url),
        "command": told["command"].format(proof=breakable(verification.proof_name, CODE_ROOM)),
        "log": [
            [told["log"], breakable_address(verification.log_origin)],
            [told["entry"], str(verification.entry_index)],
            [told["key"], breakable(verification.key_fingerprint, CODE_ROOM)],
        ],
    }


def require_address(url: str) -> str:
    """Give back an http or https address that survives cleaning unchanged.

    Raises:
        UnprintableLetter: another scheme, too long, or characters an address has not.
    """
    plain = url.isascii() and len(url) <= LONGEST_URL and clean(url) == url and " " not in url
    if not plain or not url.startswith(("https://", "http://")):
        raise UnprintableLetter("a verification address is a short http or https address")
    return url


def draw_qr(url: str) -> str:
    """Draw ``url`` as a QR code in SVG, error level M (15 % of it may be soiled); the quiet zone is in the page."""
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", border=0, dark=INK, xmldecl=False, nl=False)
    return drawn.getvalue().decode("utf-8")
