"""A bill against the law without it: what it changes, where, and what necessity already allows."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from ciment.law import (
    Bill,
    Difference,
    Facts,
    Outcome,
    Pack,
    Rule,
    Source,
    compare,
    load_bill,
    load_mission,
    shipped_bills,
)
from ciment.law.epoch import Epoch, epoch_of
from ciment.law.invariants import belongs
from ciment.law.space import POSITIONS
from ciment_web.lawbook.choosing import eve
from ciment_web.lawbook.shifts import Shift, find_simplest, gather_shifts


@dataclass(frozen=True, eq=False)
class Comparison:
    """A bill, the law without it and with it, and what changes from one to the other.

    Attributes:
        before_on: the day of the law without the bill.
    """

    bill: Bill
    before_on: date
    before: Epoch
    after: Epoch
    difference: Difference
    shifts: tuple[Shift, ...]

    def outcomes(self, facts: Facts) -> tuple[Outcome, Outcome]:
        """Return what the law says of one situation without the bill, and with it."""
        positions = (*facts.positions, POSITIONS["category", facts.categories[0]])
        without, within = (state.decide(state.accept(positions)) for state in (self.before, self.after))
        return without, within

    @cached_property
    def saving(self) -> tuple[Rule, ...]:
        """The rules that let one speak already when a life depends on it, in the order the mission names them."""
        families = load_mission(self.bill.pack).necessity
        return tuple(rule for family in families for rule in self.before.rules if belongs(rule.id, (family,)))

    @cached_property
    def saved(self) -> tuple[Rule, Facts] | None:
        """A situation that the bill changes although such a rule already lets one speak, with that rule."""
        covered = [box for group in self.difference.groups if group.covered_by_necessity for box in group.boxes]
        found = ((rule, find_simplest(covered, rule.box)) for rule in self.saving)
        return next(((rule, facts) for rule, facts in found if facts is not None), None)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The sources of the bill, then those of what decides its examples without it, then those of necessity."""
        examples = [facts for shift in self.shifts for facts in shift.examples]
        deciding = [source for facts in examples for source in self.outcomes(facts)[0].sources]
        saving = [source for rule in self.saving for source in rule.sources]
        return tuple(dict.fromkeys((*self.bill.sources, *deciding, *saving)))


def list_bills(pack: Pack) -> tuple[Bill, ...]:
    """Return the bills that come with Ciment for this pack, by the day of the law they amend."""
    bills = [bill for bill in map(load_bill, shipped_bills()) if bill.pack == pack.name]
    return tuple(sorted(bills, key=lambda bill: (bill.on, bill.known, bill.name)))


@lru_cache(maxsize=64)
def compare_bill(pack: Pack, name: str) -> Comparison:
    """Compare a shipped bill with the same law without it, or, when the bill is itself a law, with its eve.

    Raises:
        UnknownWord: no such bill.
        PackRefused: the bill is for another pack.
    """
    bill = load_bill(name)
    on, known = (bill.on, bill.known) if bill.acts else (eve(bill.on), eve(bill.on))
    before, after = epoch_of(pack, on, known), bill.epoch(pack)
    difference = compare(before, after, load_mission(pack.name).necessity)
    return Comparison(bill, on, before, after, difference, gather_shifts(before, after, difference))
