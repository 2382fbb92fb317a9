"""Random packs whose rules distinguish few values, so that a slow reading can go through every situation."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from math import prod

from hypothesis import settings
from hypothesis import strategies as st
from law_reference import Reading, Table

from ciment.law import DECIDERS, VERDICTS, VOCABULARY, Facts, Interval, Pack, Rule, Source, space

DAY = date(2026, 11, 24)
ALWAYS = (Interval(None, None),)
# What the rules of a random pack may speak of. Of requesters they know the police and all others, who weigh 31.
NAMES = ("requester", "form", "authenticated", "statute", "consent")
VALUES: Mapping[str, Sequence[str]] = {name: VOCABULARY[name] for name in NAMES} | {"requester": ("nobody", "police")}
REST = {name: values[0] for name, values in VOCABULARY.items() if name not in NAMES}
UNTOLD = prod(len(VOCABULARY[name]) for name in REST)
DAYS = [date(2020, 1, 1) + timedelta(step) for step in range(8)]

# Two hundred by default; `make soak` asks for thousands.
many = settings(max_examples=max(200, settings.default.max_examples if settings.default else 0))

Point = Mapping[str, str]


def rule(
    name: str,
    verdict: str,
    when: Mapping[str, Sequence[str]],
    overrides: Sequence[str] = (),
    *,
    decided_by: str = "signatories",
    in_force: tuple[Interval, ...] = ALWAYS,
    annulled_on: date | None = None,
) -> Rule:
    ordered = {
        key: tuple(value for value in VOCABULARY[key] if value in when[key]) for key in VOCABULARY if key in when
    }
    sources = (Source(f"source of {name}", "https://example.org", DAY, "confirmed"),)
    text = {"fr": f"Texte de {name}."}
    return Rule(name, verdict, decided_by, ordered, in_force, annulled_on, tuple(sorted(overrides)), (), sources, text)


def pack(*rules: Rule) -> Pack:
    return Pack("x", ("fr",), tuple(sorted(rules, key=lambda rule: rule.id)))


DEFAULT = rule("default", "silence", {}, decided_by="signatory")


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    when = {}
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True)):
        # Others are one value in every pack: naming all of them keeps the weights simple.
        values = VOCABULARY[name] if name != "requester" else ("police",)
        when[name] = tuple(draw(st.lists(st.sampled_from(values), min_size=1, unique=True)))
    return when


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Interval, ...]:
    start, end = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=2, unique=True)))
    return draw(st.sampled_from([ALWAYS, (Interval(start, None),), (Interval(None, end),), (Interval(start, end),)]))


@st.composite
def packs(draw: st.DrawFn, *, dated: bool = False, orderly: bool = False) -> Pack:
    """Packs with dead space, conflicts and dead rules; an orderly one has none of the first two."""
    rules = [DEFAULT] if orderly or draw(st.booleans()) else []
    for index in range(draw(st.integers(1, 6))):
        earlier = [each.id for each in rules]
        overrides = earlier if orderly else draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else []
        rules.append(
            rule(
                f"r{index}" + draw(st.sampled_from(["", ".a"])),
                draw(st.sampled_from(VERDICTS)),
                draw(conditions()),
                overrides,
                decided_by=draw(st.sampled_from(DECIDERS)),
                in_force=draw(intervals()) if dated else ALWAYS,
                annulled_on=draw(st.sampled_from([None, None, *DAYS])) if dated else None,
            )
        )
    return pack(*rules)


def list_points() -> Iterator[tuple[Point, int]]:
    """Yield every situation the packs can tell apart, in full, with how many it stands for."""
    for values in product(*VALUES.values()):
        point = dict(zip(VALUES, values, strict=True))
        yield {**REST, **point}, UNTOLD * (len(VOCABULARY["requester"]) - 1 if point["requester"] == "nobody" else 1)


POINTS = list(list_points())


def read_slowly(law: Pack, on: date = DAY, known: date = DAY) -> Reading:
    return Reading(write_tables(law), on, known)


def write_tables(law: Pack) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for each in law.rules:
        spans = [{"from": span.start or date.min, "to": span.end or date.max} for span in each.in_force]
        annulled = {} if each.annulled_on is None else {"annulled_on": each.annulled_on}
        table = {"id": each.id, "verdict": each.verdict, "decided_by": each.decided_by, "overrides": each.overrides}
        tables[each.id] = table | {"when": each.when, "in_force": spans} | annulled
    return tables


def say(reading: Reading, point: Point) -> str:
    """Return the verdict on a point; silence where no rule holds; the verdicts that conflict otherwise."""
    return " ".join(sorted({each["verdict"] for each in reading.find_deciding(point)})) or "silence"


def mask_of(point: Point) -> int:
    return space.box({name: (value,) for name, value in point.items()})


def price_of(point: Point) -> int:
    return sum(value != VOCABULARY[name][0] for name, value in point.items() if name not in {"requester", "category"})


def full(facts: Facts) -> Point:
    (category,) = facts.categories
    return {**facts.values, "category": category}


def is_told(message: str, expected: str) -> bool:
    """Say whether a message is the one expected, whole or, when that ends with an ellipsis, as far as it goes."""
    return message.rstrip("\n") == expected or (expected.endswith("…") and message.startswith(expected[:-1]))
