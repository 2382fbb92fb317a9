"""The values of the documents that are no letters: a brief, a card, an inventory, a report. Values in, as `values`."""

import datetime as dt
from dataclasses import dataclass

from ciment_web.letters.values import Letterhead, Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefChange:
    """One change of verdict: when it happens, which information, the verdict without the text and with it."""

    when: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefSource:
    """A source, how far it was read, and its address, empty where there is none."""

    ref: str
    status: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillBrief:
    """What a text of law changes, on one or two pages, for those who vote on it. Public words only.

    ``question`` is one sentence, ``answer`` a few; ``today`` what the law says without the text, ``shared`` what holds
    in all ``changes``, ``examples`` situations in plain language, ``necessity`` what may be said already without it,
    ``limits`` the method and what it does not show. ``pack`` names the rules and ``digest`` identifies them.
    """

    letterhead: Letterhead
    date: dt.date
    title: str
    question: str
    answer: tuple[str, ...]
    summary: tuple[str, ...]
    today: tuple[str, ...]
    shared: tuple[str, ...]
    changes: tuple[BriefChange, ...]
    examples: tuple[str, ...]
    necessity: tuple[str, ...]
    sources: tuple[BriefSource, ...]
    limits: tuple[str, ...]
    pack: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryFact:
    """What was noted at one minute of a search: what kind of fact, when and by whom, (question, answer) as noted."""

    heading: str
    minute: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryItem:
    """One item of an inventory: what it is, what was done with it, whether a copy stays, the objection as said."""

    minute: str
    what: str
    done: str
    copy: str
    objection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeizureInventory:
    """The inventory of a search or seizure, to be signed by hand by those present; moments are aware."""

    letterhead: Letterhead
    reference: str
    made_at: dt.datetime
    opened_at: dt.datetime
    opened_by: str
    facts: tuple[InventoryFact, ...]
    items: tuple[InventoryItem, ...]
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflexCard:
    """One page to keep beside the phone: what to say and do when somebody asks. Public words only.

    ``cases`` are (when, what to do); ``phones`` are (label, number), an empty number being filled in by
    hand; ``draft`` says who must still read the words; ``url`` is where a request is recorded.
    """

    letterhead: Letterhead
    date: dt.date
    title: str
    say_title: str
    say: str
    insist_title: str
    insist: str
    danger_title: str
    danger: str
    gestures_title: str
    gestures: tuple[str, ...]
    cases: tuple[tuple[str, str], ...]
    phones: tuple[tuple[str, str], ...]
    paper: str
    url: str
    draft: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One line of a table of figures: its words, its number in words, and how long its bar is (0 to 1).

    A gathered line stands for several values, or for a number that may not show.
    """

    label: str
    value: str
    share: float
    gathered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTable:
    """A table of figures and the question it answers; ``note`` stands instead of lines where there are none."""

    title: str
    question: str
    lines: tuple[ReportLine, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualReport:
    """The figures of a year, for those who govern the institution; no name, number or free text of anybody.

    ``headline`` are (number, what it counts); ``series`` one line per ground: its words, then one number per quarter;
    ``command`` computes the same figures again; ``register`` says from which register they come, up to which root.
    """

    letterhead: Letterhead
    date: dt.date
    title: str
    opening: tuple[str, ...]
    headline: tuple[tuple[str, str], ...]
    tables: tuple[ReportTable, ...]
    series_title: str
    series_text: str
    quarters: tuple[str, ...]
    series: tuple[tuple[str, ...], ...]
    method: tuple[str, ...]
    command: str
    register: str
