"""The facts of one request, checked against the vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ciment.canon import JsonObject
from ciment.law import space
from ciment.law.errors import UnknownFact
from ciment.law.vocabulary import REQUIRED, VOCABULARY


@dataclass(frozen=True)
class Facts:
    """What is known of one request.

    Attributes:
        values: one value per attribute of the vocabulary, `category` excepted.
        categories: the categories of information asked for, at least one, each once, in the order asked.
        assumed: the attributes nobody gave, which hold their default, the least favourable to disclosure.
    """

    values: Mapping[str, str]
    categories: tuple[str, ...]
    assumed: tuple[str, ...]

    @cached_property
    def positions(self) -> tuple[int, ...]:
        """The bit of each value in `ciment.law.space`, `category` excepted."""
        return tuple(space.POSITIONS[pair] for pair in self.values.items())

    @cached_property
    def situation(self) -> int:
        """The mask of all these bits: a situation of `ciment.law.space` but for its category."""
        return sum(1 << position for position in self.positions)

    def to_json(self) -> JsonObject:
        """Return the facts as they were given, the assumed ones left out: `parse_facts` reads them back."""
        given: JsonObject = {key: value for key, value in self.values.items() if key not in self.assumed}
        return given | {"category": list(self.categories)}


def parse_facts(mapping: Mapping[str, object]) -> Facts:
    """Return the facts in `mapping`: attribute to value, `category` to one value or a list of them.

    Raises:
        UnknownFact: for a key or a value outside the vocabulary, another type, or a required attribute left out.
    """
    for key in mapping:
        if key not in VOCABULARY:
            raise UnknownFact(f"unknown fact {_show(key)}; allowed: {', '.join(VOCABULARY)}")
    for key in REQUIRED:
        if key not in mapping:
            raise UnknownFact(f"fact {key!r} is missing; allowed: {', '.join(VOCABULARY[key])}")
    named = {key: _parse_value(key, value) for key, value in mapping.items() if key != "category"}
    singles = [attribute for attribute in VOCABULARY if attribute != "category"]
    return Facts(
        values={attribute: named.get(attribute, VOCABULARY[attribute][0]) for attribute in singles},
        categories=_parse_categories(mapping["category"]),
        assumed=tuple(attribute for attribute in singles if attribute not in named),
    )


def _parse_categories(value: object) -> tuple[str, ...]:
    asked = value if isinstance(value, list | tuple) else [value]
    if not asked:
        allowed = ", ".join(VOCABULARY["category"])
        raise UnknownFact(
            f"fact 'category' has the value [], which asks for nothing; allowed, one or more of: {allowed}"
        )
    return tuple(dict.fromkeys(_parse_value("category", item) for item in asked))


def _parse_value(key: str, value: object) -> str:
    if isinstance(value, str) and value in VOCABULARY[key]:
        return value
    raise UnknownFact(f"fact {key!r} has the value {_show(value)}; allowed: {', '.join(VOCABULARY[key])}")


def _show(value: object) -> str:
    # A bound, because a mistaken file may hold a whole letter where a word belongs.
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"
