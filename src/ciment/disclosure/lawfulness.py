"""What a decision may release in law: its verdicts follow from its facts, and each item stands under one that opens."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ciment.canon import CimentError
from ciment.disclosure.refusals import ActRefused
from ciment.disclosure.secret import released_items
from ciment.disclosure.states import releasable
from ciment.law import Pack, parse_facts, qualify
from ciment.quorum.decision import Decision


def verify_law(decision: Decision, pack: Pack) -> None:
    """Qualify Δ's facts again with its pack, at its dates, and hold its verdicts and items against the answer.

    A verdict may differ from the pack's only toward silence. Nothing in the database is believed about the law.

    Raises:
        ActRefused: `law`, if the pack is another version, a verdict does not follow, or an item stands under none.
    """
    try:
        stated = _stated(decision, pack)
    except (CimentError, KeyError, TypeError, ValueError) as error:
        raise ActRefused("law") from error
    if not {item.label.category for item in released_items(decision)} <= releasable(stated):
        raise ActRefused("law")


def _stated(decision: Decision, pack: Pack) -> dict[str, tuple[str, str]]:
    source, verdicts = _mapping(decision.pack), _mapping(decision.verdicts)
    if source["digest"] != pack.digest:
        raise ActRefused("law")
    on, known = date.fromisoformat(source["on"]), date.fromisoformat(source["known"])
    answer = qualify(pack, parse_facts(_mapping(decision.facts)), on, known)
    stated = {category: (value["verdict"], value["decided_by"]) for category, value in verdicts.items()}
    for category, pair in stated.items():
        computed = answer.verdicts[category]
        if pair[0] != "silence" and pair != (computed.verdict, computed.decided_by):
            raise ActRefused("law")
    return stated


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ActRefused("law")
    return value
