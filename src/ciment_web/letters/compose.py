"""From the values of a document to its sheet: the finished strings that a template only has to lay out.

A sheet is plain JSON. It reaches typst as data, where nothing in it is markup.
"""

import io
from typing import Any

import segno

from ciment_web.letters.errors import UnprintableLetter
from ciment_web.letters.ink import breakable, breakable_address, clean, clean_lines
from ciment_web.letters.values import (
    AnnualReport,
    BillBrief,
    FilingReceipt,
    Letterhead,
    NegativeReply,
    PacketGuide,
    PersonLetter,
    ReflexCard,
    RefusalLetter,
    RelayCertificate,
    ReplyLetter,
    SeizureInventory,
    Verification,
)
from ciment_web.letters.wording import (
    Wording,
    join_phrases,
    load_wording,
    write_date,
    write_exact_moment,
    write_moment,
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


def compose_refusal(letter: RefusalLetter) -> Sheet:
    """Write the refusal: the core paragraph word for word, then the missing form, if form is what is missing."""
    words = load_wording(letter.letterhead.language)
    refusal = words["refusal"]
    paragraphs = [refusal["opening"], refusal["core"]]
    form = clean_lines(letter.form_needed)
    if form:
        paragraphs.append(refusal["form"].format(form=join_phrases(words, form)))
    paragraphs.append(refusal["institution"])
    return _letter(words, letter) | {"paragraphs": paragraphs, "sources": clean_lines(letter.law_sources)}


def compose_reply(letter: ReplyLetter) -> Sheet:
    """Write the letter of a packet: basis, items, fingerprint, steps to open."""
    words = load_wording(letter.letterhead.language)
    if not letter.items:
        raise UnprintableLetter("a reply communicates at least one item")
    items = [
        [breakable(item.description), breakable(item.category, CATEGORY_ROOM), breakable(item.extent, EXTENT_ROOM)]
        for item in letter.items
    ]
    told = words["reply"]
    return _letter(words, letter) | {
        "words": told,
        "target": told["target_key"] if letter.recipient_fingerprint else told["target_passphrase"],
        "basis": clean_lines(letter.legal_basis),
        "items": items,
        "fingerprint": breakable(letter.recipient_fingerprint, CODE_ROOM),
        "steps": clean_lines(letter.opening),
    }


def compose_negative(letter: NegativeReply) -> Sheet:
    """Write the answer that nothing is held."""
    words = load_wording(letter.letterhead.language)
    return _letter(words, letter) | {"words": words["negative"], "basis": clean_lines(letter.legal_basis)}


def compose_person(letter: PersonLetter) -> Sheet:
    """Write a letter to a person about their own data."""
    words = load_wording(letter.letterhead.language)
    return _letter(words, letter) | {
        "opening": clean_lines(letter.opening),
        "chapters": [
            {
                "title": clean(each.title),
                "paragraphs": clean_lines(each.paragraphs),
                "facts": [[breakable(name, NAME_ROOM), breakable(value)] for name, value in each.facts],
            }
            for each in letter.chapters
        ],
        "limits_title": clean(letter.limits_title),
        "limits": clean_lines(letter.limits),
        "sources": clean_lines(letter.sources),
    }


def compose_certificate(certificate: RelayCertificate) -> Sheet:
    """Write the certificate of relay, with its QR code and the way to check it."""
    words = load_wording(certificate.letterhead.language)
    told = words["certificate"]
    facts = [
        [told["reference"], breakable(certificate.reference)],
        [told["received"], write_exact_moment(words, certificate.received_at)],
        [told["form"], breakable(certificate.form)],
        [told["requester"], breakable(certificate.requester_kind)],
        [told["recorded_by"], breakable(certificate.recorded_by)],
        [told["sentence"], breakable(certificate.sentence)],
    ]
    statement = told["statement"].format(moment=write_moment(words, certificate.received_at))
    return (
        _page(words, certificate.letterhead, certificate.reference, told["title"])
        | {
            "words": told,
            "statement": statement,
            "facts": facts,
        }
        | _check(told, certificate.verification)
    )


def compose_inventory(inventory: SeizureInventory) -> Sheet:
    """Write the inventory: the items as a table, what was noted in order, places to sign by hand, the way to check."""
    words = load_wording(inventory.letterhead.language)
    told = words["inventory"]
    return (
        _page(words, inventory.letterhead, inventory.reference, told["title"])
        | {
            "words": told,
            "statement": told["statement"].format(moment=write_moment(words, inventory.made_at)),
            "facts": [
                [told["reference"], breakable(inventory.reference)],
                [told["opened"], write_exact_moment(words, inventory.opened_at)],
                [told["opened_by"], breakable(inventory.opened_by)],
            ],
            "told": [
                {
                    "heading": clean(fact.heading),
                    "minute": breakable(fact.minute),
                    "answers": [[clean(name), breakable(value, ANSWER_ROOM)] for name, value in fact.answers],
                }
                for fact in inventory.facts
            ],
            "items": [
                [
                    breakable(item.minute, DONE_ROOM),
                    breakable(item.what, ITEM_ROOM),
                    clean_lines((item.done, told["copy"].format(copy=item.copy) if item.copy else "")),
                    breakable(item.objection, ITEM_ROOM),
                ]
                for item in inventory.items
            ],
        }
        | _check(told, inventory.verification)
    )


def compose_receipt(receipt: FilingReceipt) -> Sheet:
    """Write the receipt of a filing, laid out as a certificate."""
    words = load_wording(receipt.letterhead.language)
    told = words["receipt"]
    facts = [
        [told["filed"], write_exact_moment(words, receipt.filed_at)],
        [told["requester"], breakable(receipt.requester_kind)],
        [told["digest"], breakable(receipt.digest, CODE_ROOM)],
        *(
            [told["file"].format(number=number), breakable(f"{name} – SHA-256 {digest}", CODE_ROOM)]
            for number, (name, digest) in enumerate(receipt.files, start=1)
        ),
    ]
    statement = told["statement"].format(moment=write_moment(words, receipt.filed_at))
    page = _page(words, receipt.letterhead, write_moment(words, receipt.filed_at), told["title"])
    return page | {"words": told, "statement": statement, "facts": facts} | _check(told, receipt.verification)


def compose_guide(guide: PacketGuide) -> Sheet:
    """Write the page on opening a packet, by key or by passphrase."""
    words = load_wording(guide.letterhead.language)
    told = words["guide"]
    way = "key" if guide.recipient_fingerprint else "passphrase"
    facts = [
        [told["reference"], breakable(guide.reference)],
        [told["packet"], breakable(guide.packet_name)],
    ]
    if guide.recipient_fingerprint:
        facts.append([told["target"], breakable(guide.recipient_fingerprint, CODE_ROOM)])
    return _page(words, guide.letterhead, guide.reference, told["title"]) | {
        "words": told,
        "facts": facts,
        "digest": breakable(guide.packet_digest, DIGEST_ROOM),
        "steps": told[f"steps_{way}"],
        "command": told[f"command_{way}"].format(packet=breakable(guide.packet_name, CODE_ROOM)),
    }


def compose_brief(brief: BillBrief) -> Sheet:
    """Write the brief of a text of law."""
    words = load_wording(brief.letterhead.language)
    told = words["brief"]
    page = _page(words, brief.letterhead, f"{brief.pack}, {brief.digest[:16]}", clean(brief.title))
    return page | {
        "words": told,
        "page": page["page"] | {"our_reference": told["reference"], "seal": told["foot"]},
        "dated": told["dated"].format(date=write_date(words, brief.date)),
        "question": clean(brief.question),
        "answer": clean_lines(brief.answer),
        "summary": clean_lines(brief.summary),
        "today": clean_lines(brief.today),
        "shared": clean_lines(brief.shared),
        "changes": [
            [breakable(each.when), breakable(each.what, WHAT_ROOM), clean(each.before), clean(each.after)]
            for each in brief.changes
        ],
        "examples": clean_lines(brief.examples),
        "necessity": clean_lines(brief.necessity),
        "sources": [
            [breakable(each.ref), require_address(each.url) if each.url else "", clean(each.status)]
            for each in brief.sources
        ],
        "limits": [
            *clean_lines(brief.limits),
            breakable(told["pack"].format(pack=brief.pack, digest=brief.digest), DIGEST_ROOM),
        ],
    }


def compose_card(card: ReflexCard) -> Sheet:
    """Write the reflex card."""
    words = load_wording(card.letterhead.language)
    told = words["card"]
    page = _page(words, card.letterhead, write_date(words, card.date), clean(card.title))
    url = require_address(card.url)
    return page | {
        "words": told,
        "page": page["page"] | {"our_reference": told["reference"], "seal": clean(card.draft)},
        "say": [clean(card.say_title), clean(card.say)],
        "insist": [clean(card.insist_title), clean(card.insist)],
        "danger": [clean(card.danger_title), clean(card.danger)],
        "gestures_title": clean(card.gestures_title),
        "gestures": clean_lines(card.gestures),
        "cases": [clean_lines(case) for case in card.cases],
        "phones": [[clean(label), breakable(number)] for label, number in card.phones],
        "paper": clean(card.paper),
        "url": url,
        "url_text": breakable_address(url),
        "qr": draw_qr(url),
        "qr_alt": told["qr"].format(url=url),
    }


def compose_annual(report: AnnualReport) -> Sheet:
    """Write the annual report."""
    words = load_wording(report.letterhead.language)
    told = words["annual"]
    page = _page(words, report.letterhead, write_date(words, report.date), clean(report.title))
    return page | {
        "words": told,
        "page": page["page"] | {"our_reference": told["reference"], "seal": told["foot"]},
        "opening": clean_lines(report.opening),
        "headline": [clean_lines(each) for each in report.headline],
        "tables": [
            {
                "title": clean(table.title),
                "question": clean(table.question),
                "note": clean(table.note),
                "lines": [
                    [breakable(line.label, LABEL_ROOM), clean(line.value), line.share, line.gathered]
                    for line in table.lines
                ],
            }
            for table in report.tables
        ],
        "series_title": clean(report.series_title),
        "series_text": clean(report.series_text),
        "quarters": clean_lines(report.quarters),
        "series": [[breakable(line[0], LABEL_ROOM), *clean_lines(line[1:])] for line in report.series],
        "method": clean_lines(report.method),
        "command": breakable(report.command, CODE_ROOM),
        "register": breakable(report.register, CODE_ROOM),
    }


def _page(words: Wording, head: Letterhead, reference: str, title: str) -> Sheet:
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


def _letter(words: Wording, letter: RefusalLetter | ReplyLetter | NegativeReply | PersonLetter) -> Sheet:
    """What every letter has: addressee, references, place and date, subject, signature."""
    page = words["page"]
    subject = page["subject"].format(subject=breakable(letter.subject))
    return _page(words, letter.letterhead, letter.reference, subject) | {
        "addressee": clean_lines(letter.addressee),
        "your_reference": breakable(letter.your_reference),
        "place_date": page["place_date"].format(place=breakable(letter.place), date=write_date(words, letter.date)),
        "signatory": clean_lines((letter.signatory_name, letter.signatory_title)),
        "sentence": clean(letter.letterhead.sentence),
    }


def _check(told: dict[str, Any], verification: Verification) -> Sheet:
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
