"""Two days of the law side by side: the rules that differ and what that changes, in words."""

from datetime import date
from functools import lru_cache
from typing import Any

from ciment.law import Pack, Rule, compare
from ciment.law.epoch import epoch_of
from ciment_web.lawbook.cards import describe_families, describe_rule, write_day
from ciment_web.lawbook.choosing import first_day_like
from ciment_web.lawbook.shifts import Shift, gather_shifts
from ciment_web.lawbook.telling import describe_shifts


def describe_changes(pack: Pack, before: date, after: date) -> dict[str, Any]:
    """Return the rules that come, go or are cited otherwise between two days, each as then known, and what changes."""
    old, new = _rules_on(pack, before), _rules_on(pack, after)
    recited = [(old[name], new[name]) for name in old.keys() & new.keys() if old[name].sources != new[name].sources]
    return {
        "before": write_day(before),
        "after": write_day(after),
        "came": describe_families(rule for name, rule in new.items() if name not in old),
        "gone": describe_families(rule for name, rule in old.items() if name not in new),
        "shifts": describe_shifts(_shifts(pack, first_day_like(pack, before), first_day_like(pack, after))),
        "recited": [
            {"rule": describe_rule(later), "before": [source.ref for source in earlier.sources]}
            for earlier, later in sorted(recited, key=lambda pair: pair[1].id)
        ],
    }


def _rules_on(pack: Pack, day: date) -> dict[str, Rule]:
    return {rule.id: rule.as_of(day) for rule in pack.rules if rule.holds(day, day)}


# Anyone may ask, and two distant days take seconds: there are few days on which the law turned, so few pairs to keep.
@lru_cache(maxsize=256)
def _shifts(pack: Pack, before: date, after: date) -> tuple[Shift, ...]:
    old, new = epoch_of(pack, before, before), epoch_of(pack, after, after)
    return gather_shifts(old, new, compare(old, new))
