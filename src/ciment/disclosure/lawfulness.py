"""What a decision may let leave in law: its verdicts follow from its facts, and what leaves stands under one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ciment.canon import CimentError
from ciment.disclosure.refusals import ActRefused
from ciment.disclosure.secret import released_items
from ciment.disclosure.states import releasable
from ciment.law import Pack, parse_facts, qualify
from ciment.quorum.decision import Decision

# What may flow under accords given once. A verdict that asks for the director general or the president asks for them
# each time, and what a holder, a referent or a witness decides is nobody else's to agree to.
_FLOWING = frozenset((verdict, by) for verdict in ("may", "must") for by in ("authorised_flow", "signatories"))


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


def verify_flow_law(decision: Decision, pack: Pack) -> None:
    """Hold a flow's verdicts against the pack, as `verify_law` does; every category asked stands under one that opens.

    Raises:
        ActRefused: `law`, if a verdict does not follow, or a category may not flow without a decision of its own.
    """
    verify_law(decision, pack)
    verdicts, asked = _mapping(decision.verdicts), _mapping(decision.facts)["category"]
    # A name that stands in the verdicts alone, or in the facts alone, would be agreed to by nobody.
    if not isinstance(asked, Sequence) or not asked or set(asked) != set(verdicts):
        raise ActRefused("law")
    if any((each["verdict"], each["decided_by"]) not in _FLOWING for each in verdicts.values()):
        raise ActRefused("law")


def verify_flow_law_today(decision: Decision, pack: Pack, on: date) -> None:
    """Show that the law of the day `on` still answers to a flow's facts what it answered when the accords were given.

    The pack may be another version: what counts is that the same rules still give the same verdicts.

    Raises:
        ActRefused: `law`, if one of them no longer does.
    """
    try:
        answer = qualify(pack, parse_facts(_mapping(decision.facts)), on)
        stands = all(
            (agreed["verdict"], agreed["decided_by"])
            == (answer.verdicts[category].verdict, answer.verdicts[category].decided_by)
            and set(agreed["rules"]) <= set(answer.verdicts[category].rules)
            for category, agreed in _mapping(decision.verdicts).items()
        )
    except (CimentError, KeyError, TypeError, ValueError) as error:
        raise ActRefused("law") from error
    if not stands:
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
