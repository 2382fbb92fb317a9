"""A decision's answer of the law, computed again years later from the pack it names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ciment.canon import CimentError, JsonObject
from ciment.disclosure.packnote import PackUntrusted
from ciment.law import Facts, Pack, parse_facts, qualify

_WORD = re.compile(r"[a-z0-9_.]{1,200}")


class NotReplayable(CimentError):  # noqa: N818 - the class names the refusal
    """Something that does not say what law was applied, to which facts. The message names what is missing."""


@dataclass(frozen=True)
class StatedLaw:
    """What a decision says of the law.

    Attributes:
        pack, digest: the pack that was applied.
        on, known: the day of the law, and the day on which it was known.
        verdicts: category to `verdict`, `decided_by` and `rules`, as stated.
    """

    facts: Facts
    pack: str
    digest: str
    on: date
    known: date
    verdicts: Mapping[str, JsonObject]


@dataclass(frozen=True)
class Departure:
    """A category on which the pack does not say what was stated."""

    category: str
    stated: JsonObject
    computed: JsonObject

    def to_json(self) -> JsonObject:
        """Return the departure as `ciment law replay --json` writes it."""
        return {"category": self.category, "stated": self.stated, "computed": self.computed}


def parse_stated(decision: Mapping[str, object]) -> StatedLaw:
    """Return what a decision says of the law in `facts`, `pack` and `verdicts`; its other keys say other things.

    Raises:
        NotReplayable: naming what is missing or of another form.
        UnknownFact: for facts outside the vocabulary.
    """
    for key in ("facts", "pack", "verdicts"):
        _require_object(key, decision.get(key))
    facts, source, verdicts = (dict[str, Any](decision[key]) for key in ("facts", "pack", "verdicts"))  # type: ignore[call-overload]
    parsed = parse_facts(facts)
    if set(verdicts) != set(parsed.categories):
        raise NotReplayable("verdicts and facts do not speak of the same categories")
    return StatedLaw(
        facts=parsed,
        pack=_read_text("pack.pack", source.get("pack")),
        digest=_read_text("pack.digest", source.get("digest")),
        on=_read_day("pack.on", source.get("on")),
        known=_read_day("pack.known", source.get("known")),
        verdicts={category: _read_verdict(category, verdict) for category, verdict in verdicts.items()},
    )


def replay(stated: StatedLaw, pack: Pack) -> list[Departure]:
    """Qualify the stated facts again at the stated dates; return where the pack says something else.

    Raises:
        PackUntrusted: it is not the pack that was applied.
        AmbiguousLaw: the pack contradicts itself on these facts.
    """
    if (pack.name, pack.digest) != (stated.pack, stated.digest):
        raise PackUntrusted(
            f"the decision was made under pack {stated.pack!r} with the digest {stated.digest}, "
            f"not {pack.name!r} with {pack.digest}"
        )
    answer = qualify(pack, stated.facts, stated.on, stated.known)
    computed = {
        category: {"verdict": verdict.verdict, "decided_by": verdict.decided_by, "rules": list(verdict.rules)}
        for category, verdict in answer.verdicts.items()
    }
    return [
        Departure(category, stated.verdicts[category], {**found})
        for category, found in computed.items()
        if stated.verdicts[category] != found
    ]


def _read_verdict(category: str, value: object) -> JsonObject:
    verdict, key = _require_object(f"verdicts.{category}", value), f"verdicts.{category}"
    rules = verdict.get("rules")
    if not isinstance(rules, list):
        raise NotReplayable(f"{key}.rules must be a list of rules")
    return {
        "verdict": _read_word(f"{key}.verdict", verdict.get("verdict")),
        "decided_by": _read_word(f"{key}.decided_by", verdict.get("decided_by")),
        "rules": [_read_word(f"{key}.rules", rule) for rule in rules],
    }


def _read_word(key: str, value: object) -> str:
    # Words of a pack alone: they are shown on a terminal.
    word = _read_text(key, value)
    if not _WORD.fullmatch(word):
        raise NotReplayable(f"{key} is not a word of a law pack")
    return word


def _require_object(key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise NotReplayable(f"{key} is missing, or is not a JSON object")
    return value


def _read_text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise NotReplayable(f"{key} is missing, or is not a text")
    return value


def _read_day(key: str, value: object) -> date:
    try:
        return date.fromisoformat(_read_text(key, value))
    except ValueError as error:
        raise NotReplayable(f"{key} is not a day written YYYY-MM-DD") from error
