"""What a mission demands of every rule, every day, in every situation: data beside a pack, for `ciment.law.proof`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ciment.law import space
from ciment.law.locating import Place
from ciment.law.reading import (
    list_tables,
    read_document,
    read_table,
    read_text,
    read_texts,
    read_when,
    read_word,
    read_words,
    require_keys,
)
from ciment.law.vocabulary import DECIDERS, VERDICTS, VOCABULARY

_FOLDER = Path(__file__).parent
_DEMANDS = ("never", "as", "precedence")
_KINDS = (("never",), ("as",), ("never", "as"), ("precedence",))


@dataclass(frozen=True)
class Invariant:
    """One demand on all situations of a box.

    Attributes:
        when: the box, as in a rule.
        never: `verdict` and `decided_by` to the words that may not come together; one that is left out means any.
        exempt: families of rules that may nevertheless decide so.
        same_as: attribute to the value under which the same situation must have the same verdict; beside `never`, only
            what is forbidden must be the same.
        precedence: verdicts, first the one that prevails where rules with several of them hold; silence is apart.
        text: language to one plain sentence.
    """

    id: str
    when: Mapping[str, tuple[str, ...]]
    never: Mapping[str, tuple[str, ...]]
    exempt: tuple[str, ...]
    same_as: Mapping[str, str]
    precedence: tuple[str, ...]
    text: Mapping[str, str]

    @property
    def box(self) -> int:
        """The situations it speaks of, as a mask of `ciment.law.space`."""
        return space.box(self.when)


@dataclass(frozen=True)
class Mission:
    """The invariants of one pack, and the families of rules that let one speak already when a life depends on it."""

    invariants: tuple[Invariant, ...]
    necessity: tuple[str, ...]


def belongs(rule: str, families: Sequence[str]) -> bool:
    """Say whether a rule is in one of these families: its identifier, or one that begins with it and a dot."""
    return any(rule == family or rule.startswith(f"{family}.") for family in families)


@lru_cache(maxsize=16)
def load_mission(pack: str) -> Mission:
    """Return what stands beside the pack of that name; nothing when nothing does.

    Raises:
        PackRefused: the file cannot be used.
    """
    files = {path.stem: path for path in _FOLDER.glob("*.toml")}
    return parse_mission(files[pack].name, files[pack].read_bytes()) if pack in files else Mission((), ())


def load_invariants(pack: str) -> tuple[Invariant, ...]:
    """Return the invariants beside the pack of that name."""
    return load_mission(pack).invariants


def parse_mission(file: str, content: bytes) -> Mission:
    """Return the invariants of a TOML file; raises PackRefused, naming the invariant at fault and the reason."""
    whole, document = read_document(file, content, "invariant")
    require_keys(whole, "", document, ("invariant",), ("necessity",))
    invariants: dict[str, Invariant] = {}
    for place, table in list_tables(whole, "id", document["invariant"]):
        invariant = _read_invariant(place, table)
        if invariant.id in invariants:
            raise place.refuse("duplicate id; give one another id", "id")
        invariants[invariant.id] = invariant
    necessity = read_words(whole, "necessity", document.get("necessity", []), None)
    return Mission(tuple(invariants.values()), tuple(necessity))


def _read_invariant(place: Place, table: Mapping[str, object]) -> Invariant:
    require_keys(place, "", table, ("id", "when", "text"), ("except", *_DEMANDS))
    if tuple(demand for demand in _DEMANDS if demand in table) not in _KINDS:
        raise place.refuse("what is demanded is missing; write never, as, both, or precedence alone")
    if "except" in table and "never" not in table:
        raise place.refuse("except goes with never only; take it out", "except")
    when = {key: _complement(place, key, value) for key, value in read_table(place, "when", table["when"]).items()}
    never = read_table(place, "never", table.get("never", {}))
    require_keys(place, "never.", never, (), ("verdict", "decided_by"))
    allowed = {"verdict": VERDICTS, "decided_by": DECIDERS}
    return Invariant(
        id=read_text(place, "id", table["id"]),
        when=read_when(place, when),
        never={key: tuple(read_words(place, f"never.{key}", value, allowed[key])) for key, value in never.items()},
        exempt=tuple(read_words(place, "except", table.get("except", []), None)),
        same_as=_read_same(place, table.get("as", {})),
        precedence=tuple(read_words(place, "precedence", table.get("precedence", []), VERDICTS)),
        text=read_texts(place, table["text"]),
    )


def _complement(place: Place, attribute: str, value: object) -> object:
    """Return the values a condition accepts: those named, or, so that a value added later counts, any but those."""
    if not isinstance(value, dict) or attribute not in VOCABULARY:
        return value
    require_keys(place, f"when.{attribute}.", value, ("any_but",), ())
    excluded = read_words(place, f"when.{attribute}", value["any_but"], VOCABULARY[attribute])
    return [word for word in VOCABULARY[attribute] if word not in excluded]


def _read_same(place: Place, value: object) -> dict[str, str]:
    table = read_table(place, "as", value)
    require_keys(place, "as.", table, (), VOCABULARY)
    return {key: read_word(place, f"as.{key}", word, VOCABULARY[key]) for key, word in table.items()}
