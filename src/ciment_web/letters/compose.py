"""From the values of a document to its sheet: the finished strings that a template only has to lay out.

A sheet is plain JSON. It reaches typst as data, where nothing in it is markup.
"""

from ciment_web.letters.errors import UnprintableLetter
from ciment_web.letters.ink import breakable, clean, clean_lines
from ciment_web.letters.sheet import (
    CATEGORY_ROOM,
    CODE_ROOM,
    DIGEST_ROOM,
    EXTENT_ROOM,
    NAME_ROOM,
    Sheet,
    frame_check,
    frame_letter,
    frame_page,
)
from ciment_web.letters.values import (
    FilingReceipt,
    NegativeReply,
    PacketGuide,
    PersonLetter,
    RefusalLetter,
    RelayCertificate,
    ReplyLetter,
)
from ciment_web.letters.wording import (
    join_phrases,
    load_wording,
    write_exact_moment,
    write_moment,
)


def compose_refusal(letter: RefusalLetter) -> Sheet:
    """Write the refusal: the core paragraph word for word, then the missing form, if form is what is missing."""
    words = load_wording(letter.letterhead.language)
    refusal = words["refusal"]
    paragraphs = [refusal["opening"], refusal["core"]]
    form = clean_lines(letter.form_needed)
    if form:
        paragraphs.append(refusal["form"].format(form=join_phrases(words, form)))
    paragraphs.append(refusal["institution"])
    return frame_letter(words, letter) | {"paragraphs": paragraphs, "sources": clean_lines(letter.law_sources)}


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
    return frame_letter(words, letter) | {
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
    return frame_letter(words, letter) | {"words": words["negative"], "basis": clean_lines(letter.legal_basis)}


def compose_person(letter: PersonLetter) -> Sheet:
    """Write a letter to a person about their own data."""
    words = load_wording(letter.letterhead.language)
    return frame_letter(words, letter) | {
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
        frame_page(words, certificate.letterhead, certificate.reference, told["title"])
        | {
            "words": told,
            "statement": statement,
            "facts": facts,
        }
        | frame_check(told, certificate.verification)
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
    page = frame_page(words, receipt.letterhead, write_moment(words, receipt.filed_at), told["title"])
    return page | {"words": told, "statement": statement, "facts": facts} | frame_check(told, receipt.verification)


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
    return frame_page(words, guide.letterhead, guide.reference, told["title"]) | {
        "words": told,
        "facts": facts,
        "digest": breakable(guide.packet_digest, DIGEST_ROOM),
        "steps": told[f"steps_{way}"],
        "command": told[f"command_{way}"].format(packet=breakable(guide.packet_name, CODE_ROOM)),
    }
