"""TOML files of the law, and one rule from its table."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from itertools import pairwise

from ciment.law.errors import PackRefused
from ciment.law.locating import Place
from ciment.law.rules import Interval, Rule, Source
from ciment.law.vocabulary import DECIDERS, FLAGS, STATUSES, VERDICTS, VOCABULARY

IDENTIFIER = r"[a-z0-9_]+(\.[a-z0-9_]+)*"
LANGUAGE = r"[a-z]{2}"
# Pages show the address as a link: no other scheme may slip in.
WEB_ADDRESS = r"https?://\S+"
NEEDED = ("id", "verdict", "decided_by", "in_force", "when", "sources", "text")
OPTIONAL = ("annulled_on", "overrides", "flags")
_BOUNDS = ("from", "to")


# What to write, for each key that may be missing or of another kind.
_EXAMPLES = {
    "id": 'id = "xx.topic"',
    "verdict": 'verdict = "silence"',
    "decided_by": 'decided_by = "signatories"',
    "in_force": "in_force = [{ from = 2020-01-31 }], or [{}] for no known bound",
    "in_force.from": "from = 2020-01-31",
    "in_force.to": "to = 2020-01-31",
    "on": "on = 2020-01-31",
    "known": "known = 2020-01-31",
    "annulled_on": "annulled_on = 2020-01-31",
    "overrides": 'overrides = ["xx.secret"]',
    "flags": 'flags = ["disputed"], or leave flags out',
    "when": 'when = { form = ["written"] }, or {} for every situation',
    "sources": 'sources = [{ ref = "art. 1", checked = 2020-01-31, status = "to_confirm" }]',
    "sources.ref": 'ref = "art. 1"',
    "sources.url": 'url = "https://…"',
    "sources.checked": "checked = 2020-01-31",
    "sources.status": 'status = "to_confirm"',
    "sources.from": "from = 2020-01-31",
    "sources.to": "to = 2020-01-31",
    "text": 'text.fr = "…"',
    "drafts": 'drafts = ["nl"]',
}


def read_document(file: str, content: bytes, heading: str) -> tuple[Place, dict[str, object]]:
    """Return the place and the content of a TOML file that is made of tables under that heading.

    Raises:
        PackRefused: naming the file, the line and the reason.
    """
    try:
        # Some editors of plain text begin a file with a byte order mark.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PackRefused(file, None, "not TOML in UTF-8; save the file in that encoding", line) from error
    try:
        return Place(file, None, text=text, heading=heading), tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        told = re.search(r"at line ([0-9]+)", str(error))
        reason = f"not TOML in UTF-8: {error}; see that quotes are straight, brackets closed and dates real"
        # What is found at the end of the document is said to be there, without its line.
        raise PackRefused(file, None, reason, int(told[1]) if told else text.count("\n") + 1) from error


def list_tables(whole: Place, name: str, value: object) -> list[tuple[Place, Mapping[str, object]]]:
    """Return each table of a list with its place, named by its `name`, by its number when it has none.

    Raises:
        PackRefused: the value is no list of tables.
    """
    heading = whole.heading
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        reason = f"{heading} must be written [[{heading}]]; write [[{heading}]] above the keys of each {heading}"
        raise whole.refuse(reason, heading)
    return [
        (replace(whole, rule=str(table.get(name, f"#{number}")), number=number), table)
        for number, table in enumerate(value, 1)
    ]


def read_rule(place: Place, table: Mapping[str, object]) -> Rule:
    """Return the rule a TOML table describes.

    Raises:
        PackRefused: naming file, rule and reason. What depends on other rules is left to the pack.
    """
    require_keys(place, "", table, NEEDED, OPTIONAL)
    identifier = read_text(place, "id", table["id"])
    if not re.fullmatch(IDENTIFIER, identifier):
        raise place.refuse(f"id must be lower-case words joined by dots{_advise('id')}", "id")
    annulled_on = table.get("annulled_on")
    in_force = _read_intervals(place, table["in_force"])
    return Rule(
        id=identifier,
        verdict=read_word(place, "verdict", table["verdict"], VERDICTS),
        decided_by=read_word(place, "decided_by", table["decided_by"], DECIDERS),
        when=read_when(place, table["when"]),
        in_force=in_force,
        annulled_on=None if annulled_on is None else read_day(place, "annulled_on", annulled_on),
        overrides=tuple(sorted(read_words(place, "overrides", table.get("overrides", []), None))),
        flags=tuple(sorted(read_words(place, "flags", table.get("flags", []), FLAGS))),
        sources=read_sources(place, table["sources"], in_force),
        text=read_texts(place, table["text"]),
    )


def read_languages(place: Place, key: str, value: object) -> list[str]:
    """Return the languages a list names; raises PackRefused unless each is two lower-case letters, once."""
    languages = read_words(place, key, value, None)
    for language in languages:
        if not re.fullmatch(LANGUAGE, language):
            reason = f"unknown language {language!r}: two lower-case letters are expected{_advise(key)}"
            raise place.refuse(reason, f"{key}.{language}" if key == "text" else key, language)
    return languages


def read_when(place: Place, value: object) -> dict[str, tuple[str, ...]]:
    """Return attribute to the values accepted, both in the order of the vocabulary; refuse what is outside it."""
    table = read_table(place, "when", value)
    require_keys(place, "when.", table, (), VOCABULARY)
    when = {}
    for attribute in (name for name in VOCABULARY if name in table):
        chosen = read_words(place, f"when.{attribute}", table[attribute], VOCABULARY[attribute])
        if not chosen:
            remedy = f"name at least one, or leave {attribute} out to accept any"
            raise place.refuse(f"empty box: when.{attribute} accepts no value; {remedy}", f"when.{attribute}")
        when[attribute] = tuple(word for word in VOCABULARY[attribute] if word in chosen)
    return when


def _read_intervals(place: Place, value: object) -> tuple[Interval, ...]:
    items = read_list(place, "in_force", value)
    intervals = [_read_interval(replace(place, item=number), "in_force", item) for number, item in enumerate(items, 1)]
    if not intervals:
        raise place.refuse(f"in_force holds no interval{_advise('in_force')}", "in_force")
    intervals.sort(key=lambda interval: interval.start or date.min)
    for earlier, later in pairwise(intervals):
        if earlier.end is None or later.start is None or later.start < earlier.end:
            remedy = "give each a 'to' (exclusive) not after the 'from' of the next"
            raise place.refuse(f"overlapping intervals in in_force; {remedy}", "in_force")
    return tuple(intervals)


def _read_interval(place: Place, key: str, value: object) -> Interval:
    table = read_table(place, key, value)
    require_keys(place, f"{key}.", table, (), ("from", "to"))
    start, end = (read_day(place, f"{key}.{bound}", table[bound]) if bound in table else None for bound in _BOUNDS)
    if start and end and end <= start:
        raise place.refuse(f"empty interval in {key}: 'to' is exclusive and must come after 'from'", f"{key}.to")
    return Interval(start, end)


def read_sources(place: Place, value: object, in_force: Sequence[Interval]) -> tuple[Source, ...]:
    """Return the sources, at least one cited on each day of these intervals."""
    items = read_list(place, "sources", value)
    sources = tuple(_read_source(replace(place, item=number), item) for number, item in enumerate(items, 1))
    if not sources:
        raise place.refuse(f"missing source{_advise('sources')}", "sources")
    # A reference can only run out where another one ends, or where the rule begins.
    turns = {interval.start or date.min for interval in in_force} | {source.cited.end or date.min for source in sources}
    for day in sorted(turns):
        if any(interval.holds(day) for interval in in_force) and not any(each.cited.holds(day) for each in sources):
            reason = f"missing source: none is cited on {day.isoformat()}, a day the rule is in force"
            raise place.refuse(f"{reason}; add a source, or move the from and to of those there are", "sources")
    return sources


def _read_source(place: Place, value: object) -> Source:
    table = read_table(place, "sources", value)
    require_keys(place, "sources.", table, ("ref", "checked", "status"), ("url", *_BOUNDS))
    status = read_word(place, "sources.status", table["status"], STATUSES)
    if "url" not in table and status != "to_confirm":
        remedy = 'add the url where it was read, or write status = "to_confirm"'
        reason = f"missing source: without a url its status can only be to_confirm; {remedy}"
        raise place.refuse(reason, "sources.status")
    url = read_text(place, "sources.url", table["url"]) if "url" in table else ""
    if url and not re.fullmatch(WEB_ADDRESS, url):
        raise place.refuse(f"sources.url must be a web address{_advise('sources.url')}", "sources.url")
    checked = read_day(place, "sources.checked", table["checked"])
    cited = _read_interval(place, "sources", {bound: table[bound] for bound in _BOUNDS if bound in table})
    return Source(read_text(place, "sources.ref", table["ref"]), url, checked, status, cited)


def read_texts(place: Place, value: object) -> dict[str, str]:
    """Return language to sentences, at least one; refuse anything else."""
    table = read_table(place, "text", value)
    if not table:
        raise place.refuse(f"missing language: text holds none{_advise('text')}", "text")
    read_languages(place, "text", list(table))
    return {language: read_text(place, f"text.{language}", table[language]) for language in sorted(table)}


def require_keys(
    place: Place, prefix: str, table: Mapping[str, object], needed: Sequence[str], optional: Collection[str]
) -> None:
    """Refuse a table without the keys needed, or with another that is not optional."""
    for key in table:
        if key not in needed and key not in optional:
            what = "unknown attribute" if prefix == "when." else "unknown key"
            raise place.refuse(f"{what} {prefix + key!r}{suggest(key, (*needed, *optional))}", prefix + key)
    for key in needed:
        if key not in table:
            reasons = {"sources": "missing source", "text": "missing language: text holds none"}
            reason = reasons.get(key, f"missing {prefix + key!r}")
            raise place.refuse(f"{reason}{_advise(prefix + key)}", prefix.removesuffix("."))


def read_words(place: Place, key: str, value: object, allowed: Sequence[str] | None) -> list[str]:
    """Return a list of words, each once and among those allowed; None allows any."""
    words = [read_word(place, key, item, allowed) for item in read_list(place, key, value)]
    if len(set(words)) != len(words):
        twice = next(word for word in words if words.count(word) > 1)
        raise place.refuse(f"{key} names a value twice; write {twice!r} once", key, twice)
    return words


def read_word(place: Place, key: str, value: object, allowed: Sequence[str] | None) -> str:
    """Return a word among those allowed; None allows any."""
    word = read_text(place, key, value)
    if allowed is not None and word not in allowed:
        raise place.refuse(f"unknown value {word!r} of {key}{suggest(word, allowed)}", key, word)
    return word


def read_text(place: Place, key: str, value: object) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise place.refuse(f"{key} must be a text that is not empty{_advise(key)}", key)
    return value


def read_day(place: Place, key: str, value: object) -> date:
    """Return a day written without quotes."""
    # `datetime` is a kind of `date`: only the plain day is wanted.
    if type(value) is not date:
        raise place.refuse(f"{key} must be a date written YYYY-MM-DD, without quotes{_advise(key)}", key)
    return value


def read_list(place: Place, key: str, value: object) -> list[object]:
    """Return a list."""
    if not isinstance(value, list):
        raise place.refuse(f"{key} must be a list{_advise(key)}", key)
    return value


def read_table(place: Place, key: str, value: object) -> Mapping[str, object]:
    """Return a table."""
    if not isinstance(value, dict):
        raise place.refuse(f"{key} must hold tables{_advise(key)}", key)
    return value


def suggest(word: str, allowed: Sequence[str]) -> str:
    """Return the end of a refusal: the closest word, when one is close, and all those allowed."""
    close = get_close_matches(word, allowed, n=1)
    question = f"; did you mean {close[0]!r}?" if close else ";"
    return f"{question} allowed: {', '.join(allowed)}"


def _advise(key: str) -> str:
    if key.startswith("when.") and (values := VOCABULARY.get(key.removeprefix("when."))):
        return f'; write, for instance, {key.removeprefix("when.")} = ["{values[-1]}"]'
    if key.startswith("text."):
        return f'; write, for instance, {key} = "…"'
    return f"; write, for instance, {_EXAMPLES[key]}" if key in _EXAMPLES else ""
