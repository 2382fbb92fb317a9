"""A slow reading of a pack, straight from its TOML: no box, no mask, nothing of the engine under test.

A rule holds when each fact named is one of the values it accepts. Of the rules that hold, one yields to another that
overrides it by name, or, when their verdicts differ, through any others.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations, product
from pathlib import Path
from typing import Any

from ciment.law import VOCABULARY, loading

Table = Mapping[str, Any]
Facts = Mapping[str, str]
Change = frozenset[tuple[str, str]]

FOLDER = Path(loading.__file__).parent / "packs"
# The law is written in this order: the first of them decides when several rules decide together.
ORDER = ["holder_now", "summoned_person", "dg_or_president", "signatories", "authorised_flow", "referent", "signatory"]
CHANGEABLE = [name for name in VOCABULARY if name not in {"requester", "category"}]


def read_tables(name: str) -> dict[str, Table]:
    """Return the rules of a shipped pack as TOML gives them, by identifier."""
    files = [tomllib.loads(file.read_text("utf-8")) for file in sorted((FOLDER / name).glob("*.toml"))]
    return {rule["id"]: rule for file in files for rule in file.get("rule", [])}


def is_in_force(rule: Table, on: date, known: date) -> bool:
    if "annulled_on" in rule and known >= rule["annulled_on"]:
        return False
    return any(span.get("from", date.min) <= on < span.get("to", date.max) for span in rule["in_force"])


class Reading:
    """The rules of one pack on one day, read slowly."""

    def __init__(self, tables: Mapping[str, Table], on: date, known: date) -> None:
        self.rules = [rule for rule in tables.values() if is_in_force(rule, on, known)]
        self.reach = {name: self._reach(tables, name) for name in tables}

    def _reach(self, tables: Mapping[str, Table], start: str) -> set[str]:
        direct = set(tables[start].get("overrides", []))
        return direct.union(*(self._reach(tables, name) for name in direct))

    def _yields(self, weak: Table, strong: Table) -> bool:
        if weak["id"] in strong.get("overrides", []):
            return True
        return weak["verdict"] != strong["verdict"] and weak["id"] in self.reach[strong["id"]]

    def find_deciding(self, facts: Facts) -> list[Table]:
        """Return the rules that decide these facts, every attribute given."""
        holding = [r for r in self.rules if all(facts[name] in accepted for name, accepted in r["when"].items())]
        return [weak for weak in holding if not any(self._yields(weak, strong) for strong in holding)]

    def answer(self, facts: Facts) -> tuple[str, str, list[str], list[str]]:
        """Return verdict, who decides, flags and rules."""
        deciding = self.find_deciding(facts)
        (verdict,) = {rule["verdict"] for rule in deciding}
        decided_by = min((rule["decided_by"] for rule in deciding), key=ORDER.index)
        flags = {flag for rule in deciding for flag in rule.get("flags", [])}
        return verdict, decided_by, sorted(flags), sorted(rule["id"] for rule in deciding)

    def find_ways_out(self, facts: Facts, largest: int) -> dict[Change, str]:
        """Return the smallest changes, of at most `largest` facts, that end a silence, with where they lead."""
        ways: dict[Change, str] = {}
        sets: set[frozenset[str]] = set()
        for size in range(1, largest + 1):
            for names in map(frozenset, combinations(CHANGEABLE, size)):
                if not any(smaller < names for smaller in sets):
                    found = dict(self._end_silence(facts, sorted(names)))
                    ways |= found
                    sets |= {names} if found else set()
        return ways

    def _end_silence(self, facts: Facts, names: list[str]) -> Iterator[tuple[Change, str]]:
        others = [[value for value in VOCABULARY[name] if value != facts[name]] for name in names]
        for values in product(*others):
            changed = dict(zip(names, values, strict=True))
            deciding = self.find_deciding({**facts, **changed})
            if deciding and deciding[0]["verdict"] != "silence":
                yield frozenset(changed.items()), deciding[0]["verdict"]
