"""Documents as PDF/A-3a and PDF/UA-1: the same values give the same bytes, on any machine."""

import datetime as dt
import functools
import json
import threading
from importlib import resources
from pathlib import Path

import typst

from ciment_web.letters.compose import (
    compose_certificate,
    compose_guide,
    compose_negative,
    compose_person,
    compose_receipt,
    compose_refusal,
    compose_reply,
)
from ciment_web.letters.compose_papers import compose_annual, compose_brief, compose_card, compose_inventory
from ciment_web.letters.errors import UnprintableLetter
from ciment_web.letters.papers import AnnualReport, BillBrief, ReflexCard, SeizureInventory
from ciment_web.letters.sheet import Sheet
from ciment_web.letters.values import (
    FilingReceipt,
    NegativeReply,
    PacketGuide,
    PersonLetter,
    RefusalLetter,
    RelayCertificate,
    ReplyLetter,
)

_FOLDER = Path(str(resources.files("ciment_web.letters")))
_TEMPLATES = _FOLDER / "templates"
# One compiler keeps fonts and parsed templates; it carries the inputs of its last call, so one document at a time.
_ONE_AT_A_TIME = threading.Lock()


def render_refusal(letter: RefusalLetter) -> bytes:
    """Give the unsigned PDF of a refusal, a pure function of its values.

    Raises:
        UnprintableLetter: as every function of this file.
    """
    return _typeset("refusal", compose_refusal(letter), _midnight(letter.date))


def render_reply(letter: ReplyLetter) -> bytes:
    """Give the unsigned PDF of the letter that goes with a packet."""
    return _typeset("reply", compose_reply(letter), _midnight(letter.date))


def render_negative(letter: NegativeReply) -> bytes:
    """Give the unsigned PDF of the answer that nothing is held."""
    return _typeset("negative", compose_negative(letter), _midnight(letter.date))


def render_certificate(certificate: RelayCertificate) -> bytes:
    """Give the unsigned PDF of a certificate of relay."""
    return _typeset("certificate", compose_certificate(certificate), certificate.received_at)


def render_inventory(inventory: SeizureInventory) -> bytes:
    """Give the unsigned PDF of the inventory of a search or seizure."""
    return _typeset("inventory", compose_inventory(inventory), inventory.made_at)


def render_receipt(receipt: FilingReceipt) -> bytes:
    """Give the unsigned PDF of the receipt of a filing."""
    return _typeset("certificate", compose_receipt(receipt), receipt.filed_at)


def render_guide(guide: PacketGuide) -> bytes:
    """Give the unsigned PDF of the page on opening a packet."""
    return _typeset("guide", compose_guide(guide), _midnight(guide.date))


def render_brief(brief: BillBrief) -> bytes:
    """Give the PDF of the brief of a text of law."""
    return _typeset("brief", compose_brief(brief), _midnight(brief.date))


def render_card(card: ReflexCard) -> bytes:
    """Give the PDF of the reflex card."""
    return _typeset("card", compose_card(card), _midnight(card.date))


def render_person(letter: PersonLetter) -> bytes:
    """Give the unsigned PDF of a letter to a person about their own data."""
    return _typeset("person", compose_person(letter), _midnight(letter.date))


def render_annual(report: AnnualReport) -> bytes:
    """Give the PDF of the annual report."""
    return _typeset("annual", compose_annual(report), _midnight(report.date))


def _midnight(date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, dt.time(), tzinfo=dt.UTC)


def _typeset(template: str, sheet: Sheet, moment: dt.datetime) -> bytes:
    """Lay out ``sheet``; ``moment`` becomes the dates of the file, so that no clock enters it."""
    utc = moment.astimezone(dt.UTC)
    data = sheet | {"date": [utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second]}
    try:
        with _ONE_AT_A_TIME:
            pdf = _compiler().compile(
                input=str(_TEMPLATES / f"{template}.typ"),
                format="pdf",
                sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)},
                pdf_standards=["a-3a", "ua-1"],
                timestamp=utc,
            )
    except typst.TypstError:
        # The diagnostic quotes the text of the letter: it stays out of the message and of the chain.
        raise UnprintableLetter("typst refused the document") from None
    except BaseException as crash:
        if type(crash).__module__ != "pyo3_runtime":
            raise
        # A panic in the typesetter is not an Exception: unhandled, text chosen by a requester would stop the worker.
        _compiler.cache_clear()
        raise UnprintableLetter("typst could not lay out the document") from None
    if not isinstance(pdf, bytes):
        raise UnprintableLetter("typst gave no document")
    return pdf


@functools.cache
def _compiler() -> typst.Compiler:
    # No system font: a letter must not depend on the machine. Those embedded in typst print what ours lacks (Greek …).
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(_FOLDER / "fonts")])
    return typst.Compiler(root=str(_TEMPLATES), font_paths=fonts)
