"""From the values of the documents that are no letters to their sheets."""

from ciment_web.letters.ink import breakable, breakable_address, clean, clean_lines
from ciment_web.letters.papers import AnnualReport, BillBrief, ReflexCard, SeizureInventory
from ciment_web.letters.sheet import (
    ANSWER_ROOM,
    CODE_ROOM,
    DIGEST_ROOM,
    DONE_ROOM,
    ITEM_ROOM,
    LABEL_ROOM,
    WHAT_ROOM,
    Sheet,
    draw_qr,
    frame_check,
    frame_page,
    require_address,
)
from ciment_web.letters.wording import (
    load_wording,
    write_date,
    write_exact_moment,
    write_moment,
)


def compose_inventory(inventory: SeizureInventory) -> Sheet:
    """Write the inventory: the items as a table, what was noted in order, places to sign by hand, the way to check."""
    words = load_wording(inventory.letterhead.language)
    told = words["inventory"]
    return (
        frame_page(words, inventory.letterhead, inventory.reference, told["title"])
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
        | frame_check(told, inventory.verification)
    )


def compose_brief(brief: BillBrief) -> Sheet:
    """Write the brief of a text of law."""
    words = load_wording(brief.letterhead.language)
    told = words["brief"]
    page = frame_page(words, brief.letterhead, f"{brief.pack}, {brief.digest[:16]}", clean(brief.title))
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
    page = frame_page(words, card.letterhead, write_date(words, card.date), clean(card.title))
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
    page = frame_page(words, report.letterhead, write_date(words, report.date), clean(report.title))
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
