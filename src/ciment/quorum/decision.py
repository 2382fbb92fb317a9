"""The decision Δ: exactly what the signatories agree to, frozen before any of them approves (quorum-decision.md)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ciment.canon import HybridPublicKey, InvalidEncoding, Json, decode_object, encode, require_id, unb64, unhex
from ciment.quorum.errors import DecisionRefused
from ciment.quorum.fields import read_list, read_object, require_bytes, require_choice, require_number
from ciment.quorum.group import H
from ciment.quorum.roster import QuorumKey, Roster
from ciment.quorum.wrap import Kind, Label, Wrap, check, parse_label

Purpose = Literal["release", "regrant", "reopen", "flow", "gap"]
TargetKind = Literal["age", "passphrase", "member"]
PURPOSES: tuple[Purpose, ...] = ("release", "regrant", "reopen", "flow", "gap")
_TARGET_KINDS: tuple[TargetKind, ...] = ("age", "passphrase", "member")
# What a purpose may open, and for whom; a pair that is not here is refused.
_ALLOWED: dict[Purpose, tuple[Kind | None, tuple[TargetKind, ...]]] = {
    "release": ("copy", ("age", "passphrase")),
    "regrant": ("dossier", ("member",)),
    "reopen": ("dossier", ("member",)),
    "flow": (None, ()),
    "gap": (None, ()),
}
_NEEDS_ITEMS = ("release", "regrant")
_MOST_ITEMS = 1000
_FORMAT = "ciment/quorum/v1/decision"
_KEYS = frozenset(
    {
        "format", "kappa", "generation", "purpose", "id", "inquiry", "facts", "pack", "verdicts",
        "items", "target", "letter", "copies", "expiry", "witness_policy",
    },
)  # fmt: skip
# Bech32 of an age recipient; whoever seals the packet checks the rest. The bound admits post-quantum recipients.
_AGE_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58,4096}")


@dataclass(frozen=True)
class Item:
    """One key to be opened: its label and the SHA-256 of its wrap."""

    label: Label
    wrap_sha256: bytes


@dataclass(frozen=True)
class Target:
    """To whom the opened items are sealed: an age recipient, a salted hash of a passphrase, or a member's key."""

    kind: TargetKind
    value: str

    def __post_init__(self) -> None:
        require_choice(self.kind, _TARGET_KINDS)
        if self.kind == "age":
            if not _AGE_RECIPIENT.fullmatch(self.value):
                raise InvalidEncoding("not an age recipient")
        elif self.kind == "passphrase":
            if not 32 <= len(unhex(self.value)) <= 128:
                raise InvalidEncoding("not the salted hash of a passphrase")
        else:
            HybridPublicKey.parse(unb64(self.value, 1216))


@dataclass(frozen=True)
class Decision:
    """Δ. Construction checks purpose, kinds and target, and fixes the canonical bytes.

    Raises:
        InvalidEncoding: when a rule of docs/formats/quorum-decision.md is broken.
    """

    kappa: bytes
    generation: int
    purpose: Purpose
    id: str
    inquiry: str | None
    facts: Json
    pack: Json
    verdicts: Json
    items: tuple[Item, ...]
    target: Target | None
    letter: bytes | None
    copies: Json
    expiry: int
    witness_policy: Json

    def __post_init__(self) -> None:
        require_bytes(self.kappa, 32)
        require_number(self.generation, 1)
        require_choice(self.purpose, PURPOSES)
        require_id(self.id)
        if self.inquiry is not None:
            require_id(self.inquiry)
        if self.letter is not None:
            require_bytes(self.letter, 32)
        require_number(self.expiry, 1)
        _require_items(self)
        _require_target(self)
        # The bytes are taken now: what somebody changes later in a nested value changes no decision.
        self.encode()

    def encode(self) -> bytes:
        """Return Δ, the canonical bytes."""
        return self._encoded

    @cached_property
    def _encoded(self) -> bytes:
        return encode(_decision_value(self))

    @cached_property
    def digest(self) -> bytes:
        """Return δ = H("decision", Δ), 64 bytes."""
        return H("decision", self.encode())

    def has_expired(self, at_ms: int) -> bool:
        """Tell whether the decision is dead at `at_ms` (UTC milliseconds)."""
        return at_ms >= self.expiry


def parse_decision(data: bytes) -> Decision:
    """Return the decision of its canonical bytes.

    Raises:
        InvalidEncoding: for any other bytes, or a rule that is broken.
    """
    value = decode_object(data, _KEYS)
    require_choice(value["format"], (_FORMAT,))
    inquiry, letter, target = value["inquiry"], value["letter"], value["target"]
    return Decision(
        kappa=unhex(value["kappa"], 32),
        generation=require_number(value["generation"], 1),
        purpose=require_choice(value["purpose"], PURPOSES),
        id=require_id(value["id"]),
        inquiry=None if inquiry is None else require_id(inquiry),
        facts=value["facts"],
        pack=value["pack"],
        verdicts=value["verdicts"],
        items=tuple(map(_parse_item, read_list(value["items"]))),
        target=None if target is None else _parse_target(target),
        letter=None if letter is None else unhex(letter, 32),
        copies=value["copies"],
        expiry=require_number(value["expiry"], 1),
        witness_policy=value["witness_policy"],
    )


def require_current(decision: Decision, roster: Roster) -> None:
    """Show that the decision is for this quorum and this generation of it.

    Raises:
        DecisionRefused: otherwise.
    """
    if decision.kappa != roster.kappa or decision.generation != roster.generation:
        raise DecisionRefused("the decision is of another quorum or generation")


def require_wraps(decision: Decision, wraps: Sequence[Wrap]) -> None:
    """Show that `wraps` are the ones the decision names, in its order.

    Raises:
        DecisionRefused: naming the first item, counted from 0, that differs.
    """
    if len(wraps) != len(decision.items):
        raise DecisionRefused("not as many wraps as the decision has items")
    for position, (item, wrapped) in enumerate(zip(decision.items, wraps, strict=True)):
        if wrapped.digest != item.wrap_sha256:
            raise DecisionRefused(f"item {position}: not the wrap the decision names")


def verify_items(decision: Decision, items: Sequence[tuple[Label, Wrap]], quorum: QuorumKey) -> None:
    """APPROVE 4: labels recomputed by the caller, wraps as stored; every one must be the decision's and pass CHECK.

    Raises:
        DecisionRefused: naming the first item, counted from 0, whose label or wrap differs.
        WrapRefused: if a wrap fails CHECK.
    """
    require_wraps(decision, [wrapped for _, wrapped in items])
    for position, (item, (label, wrapped)) in enumerate(zip(decision.items, items, strict=True)):
        if label != item.label:
            raise DecisionRefused(f"item {position}: not the label the decision names")
        check(label, wrapped, quorum)


def _require_items(decision: Decision) -> None:
    kind, _ = _ALLOWED[decision.purpose]
    if not (decision.purpose in _NEEDS_ITEMS) <= len(decision.items) <= _MOST_ITEMS:
        raise InvalidEncoding("a decision with too few or too many items")
    if any(item.label.kind != kind for item in decision.items):
        raise InvalidEncoding("an item that this purpose may not open")
    if any(item.label.kappa != decision.kappa for item in decision.items):
        raise InvalidEncoding("an item of another quorum")
    for item in decision.items:
        require_bytes(item.wrap_sha256, 32)
    labels, wraps = {item.label for item in decision.items}, {item.wrap_sha256 for item in decision.items}
    if min(len(labels), len(wraps)) != len(decision.items):
        raise InvalidEncoding("an item named twice")


def _require_target(decision: Decision) -> None:
    _, kinds = _ALLOWED[decision.purpose]
    if (decision.target is None) != (not decision.items):
        raise InvalidEncoding("a target is due where there are items, and only there")
    if decision.target is not None and decision.target.kind not in kinds:
        raise InvalidEncoding("a target that this purpose may not seal to")


def _decision_value(decision: Decision) -> dict[str, Json]:
    items: list[Json] = [{"label": item.label.value(), "wrap": item.wrap_sha256.hex()} for item in decision.items]
    return {
        "format": _FORMAT,
        "kappa": decision.kappa.hex(),
        "generation": decision.generation,
        "purpose": decision.purpose,
        "id": decision.id,
        "inquiry": decision.inquiry,
        "facts": decision.facts,
        "pack": decision.pack,
        "verdicts": decision.verdicts,
        "items": items,
        "target": None if decision.target is None else {decision.target.kind: decision.target.value},
        "letter": None if decision.letter is None else decision.letter.hex(),
        "copies": decision.copies,
        "expiry": decision.expiry,
        "witness_policy": decision.witness_policy,
    }


def _parse_item(value: Json) -> Item:
    fields = read_object(value, "label", "wrap")
    return Item(parse_label(fields["label"]), unhex(fields["wrap"], 32))


def _parse_target(value: Json) -> Target:
    if not isinstance(value, dict) or len(value) != 1:
        raise InvalidEncoding("not a target")
    [(kind, text)] = value.items()
    if not isinstance(text, str):
        raise InvalidEncoding("not a target")
    return Target(require_choice(kind, _TARGET_KINDS), text)
