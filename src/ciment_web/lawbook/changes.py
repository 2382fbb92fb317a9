"""Two days of the law side by side: the rules that differ, in words."""

from datetime import date
from typing import Any

from ciment.law import Pack, Rule
from ciment_web.lawbook.cards import describe_families, describe_rule, write_day


def describe_changes(pack: Pack, before: date, after: date) -> dict[str, Any]:
    """Return the rules that come, go or are cited otherwise between two days, each as known on that day."""
    old, new = _rules_on(pack, before), _rules_on(pack, after)
    recited = [(old[name], new[name]) for name in old.keys() & new.keys() if old[name].sources != new[name].sources]
    return {
        "before": write_day(before),
        "after": write_day(after),
        "came": describe_families(rule for name, rule in new.items() if name not in old),
        "gone": describe_families(rule for name, rule in old.items() if name not in new),
        "recited": [
            {"rule": describe_rule(later), "before": [source.ref for source in earlier.sources]}
            for earlier, later in sorted(recited, key=lambda pair: pair[1].id)
        ],
    }


def _rules_on(pack: Pack, day: date) -> dict[str, Rule]:
    return {rule.id: rule.as_of(day) for rule in pack.rules if rule.holds(day, day)}
