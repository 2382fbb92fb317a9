"""Bills: files that amend a pack, real or supposed, so that what they change can be computed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from ciment.law.epoch import Epoch, epoch_of
from ciment.law.errors import PackRefused, UnknownWord
from ciment.law.loading import require_overrides
from ciment.law.locating import Place
from ciment.law.reading import (
    NEEDED,
    OPTIONAL,
    list_tables,
    read_day,
    read_document,
    read_rule,
    read_sources,
    read_table,
    read_text,
    read_texts,
    require_keys,
    suggest,
)
from ciment.law.rules import Interval, Pack, Rule, Source

_SHIPPED = Path(__file__).parent
_KINDS = ("add", "amend", "repeal")


@dataclass(frozen=True)
class Act:
    """One act of a bill: a rule added whole, amended key by key, or repealed."""

    kind: str
    rule: str
    table: Mapping[str, object]
    place: Place


@dataclass(frozen=True, eq=False)
class Bill:
    """A state of the law: a pack on one day, as known on another, and what a bill changes in it, perhaps nothing.

    Attributes:
        title, summary: language to text.
        sources: where the bill was read; every rule it touches carries them too.
        acts: in the order they are made.
    """

    name: str
    pack: str
    on: date
    known: date
    title: Mapping[str, str]
    summary: Mapping[str, str]
    sources: tuple[Source, ...]
    acts: tuple[Act, ...]

    def epoch(self, pack: Pack) -> Epoch:
        """Return the rules in force together once the bill has amended the pack."""
        return epoch_of(amend(pack, self), self.on, self.known)


def shipped_bills() -> tuple[str, ...]:
    """Return the names of the bills that come with Ciment."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*/*.toml")))


@lru_cache(maxsize=64)
def load_bill(name: str) -> Bill:
    """Return the bill of that name that comes with Ciment.

    Raises:
        UnknownWord: no such bill.
        PackRefused: the bill cannot be used.
    """
    if name not in shipped_bills():
        raise UnknownWord(f"unknown bill {name!r}; allowed: {', '.join(shipped_bills())}")
    (path,) = _SHIPPED.glob(f"*/{name}.toml")
    return parse_bill(path.name, path.read_bytes())


def parse_bill(file: str, content: bytes) -> Bill:
    """Return the bill of a TOML file; raises PackRefused, naming what is at fault and the reason.

    What depends on the pack is left to `amend`.
    """
    whole, document = read_document(file, content, "amend")
    require_keys(whole, "", document, ("pack", "on", "title", "summary", "sources"), ("known", *_KINDS))
    on = read_day(whole, "on", document["on"])
    return Bill(
        name=file.removesuffix(".toml"),
        pack=read_text(whole, "pack", document["pack"]),
        on=on,
        known=read_day(whole, "known", document.get("known", on)),
        title=read_texts(whole, document["title"]),
        summary=read_texts(whole, document["summary"]),
        sources=read_sources(whole, document["sources"], ()),
        acts=tuple(_read_acts(whole, document)),
    )


def _read_acts(whole: Place, document: Mapping[str, object]) -> Iterable[Act]:
    # An added rule is written as in a pack; the two others name one of the pack under `rule`.
    keys = {
        "add": ("id", NEEDED, OPTIONAL),
        "amend": ("rule", ("rule", "text"), tuple(key for key in (*NEEDED, *OPTIONAL) if key not in ("id", "text"))),
        "repeal": ("rule", ("rule",), ()),
    }
    for kind, (name, needed, optional) in keys.items():
        for place, given in list_tables(replace(whole, heading=kind), name, document.get(kind, [])):
            require_keys(place, "", given, needed, optional)
            rule = read_text(place, name, given[name])
            yield Act(kind, rule, {key: value for key, value in given.items() if key != "rule"}, place)


@lru_cache(maxsize=64)
def amend(pack: Pack, bill: Bill) -> Pack:
    """Return the pack as the bill would make it; it speaks only the languages that every rule then speaks.

    Raises:
        PackRefused: the bill is for another pack, or names a rule that this one does not have.
    """
    if pack.name != bill.pack:
        raise PackRefused(f"{bill.name}.toml", None, f"the bill amends the pack {bill.pack!r}, not {pack.name!r}")
    if not bill.acts:
        return pack
    rules = {rule.id: rule for rule in pack.rules}
    for act in bill.acts:
        if (act.rule in rules) is (act.kind == "add"):
            if act.kind == "add":
                raise act.place.refuse("duplicate id; give the rule another id, or amend the one there is", "id")
            raise act.place.refuse(f"unknown rule {act.rule!r}{suggest(act.rule, sorted(rules))}", "rule")
        if act.kind == "repeal":
            del rules[act.rule]
            rules = {name: _forget(rule, act.rule) for name, rule in rules.items()}
            continue
        table = act.table if act.kind == "add" else _merge(act.place, rules[act.rule], act.table)
        read = read_rule(act.place, table)
        rules[act.rule] = replace(read, sources=tuple(dict.fromkeys((*read.sources, *bill.sources))))
    places = {act.rule: act.place for act in bill.acts}
    require_overrides(
        {name: (places.get(name, Place(f"{bill.name}.toml", name)), rule) for name, rule in rules.items()}
    )
    languages = tuple(language for language in pack.languages if all(language in rule.text for rule in rules.values()))
    drafts = tuple(language for language in pack.drafts if language in languages)
    return Pack(pack.name, languages, tuple(rules[name] for name in sorted(rules)), drafts)


def _forget(rule: Rule, repealed: str) -> Rule:
    return replace(rule, overrides=tuple(other for other in rule.overrides if other != repealed))


def _merge(place: Place, rule: Rule, changes: Mapping[str, object]) -> dict[str, object]:
    """Return the table of the rule with these keys replaced; of `when`, only the attributes that are given."""
    given = read_table(place, "when", changes["when"]) if "when" in changes else {}
    when = {name: _plain(values) for name, values in {**rule.when, **given}.items()}
    return {**_write(rule), **changes, "when": when}


def _plain(values: object) -> object:
    return list(values) if isinstance(values, tuple) else values


def _write(rule: Rule) -> dict[str, object]:
    """Return the rule as the table its file holds."""
    table: dict[str, object] = {
        "id": rule.id,
        "verdict": rule.verdict,
        "decided_by": rule.decided_by,
        "when": rule.when,
        "in_force": [_write_interval(interval) for interval in rule.in_force],
        "overrides": list(rule.overrides),
        "flags": list(rule.flags),
        "sources": [_write_source(source) for source in rule.sources],
        "text": {**rule.text},
    }
    return table if rule.annulled_on is None else {**table, "annulled_on": rule.annulled_on}


def _write_interval(interval: Interval) -> dict[str, object]:
    return {key: day for key, day in (("from", interval.start), ("to", interval.end)) if day is not None}


def _write_source(source: Source) -> dict[str, object]:
    told: dict[str, object] = {"ref": source.ref, "checked": source.checked, "status": source.status}
    return told | ({"url": source.url} if source.url else {}) | _write_interval(source.cited)
