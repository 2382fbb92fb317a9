"""What is checked at the moment something leaves, or is about to: from rows, register and roster alone."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from django.utils import timezone
from workflow_watch import OPENING, Watch

from ciment.canon import lp
from ciment.disclosure import has_secret
from ciment.quorum.decision import parse_decision
from ciment.vault import AgeIdentity, open_packet
from ciment_web.blobs import store
from ciment_web.decisions.models import Decision, Packet, ReleaseCopy
from ciment_web.inquiries.models import Inquiry, Qualification
from ciment_web.members.actor import Actor
from ciment_web.members.queries import public_of

_BESIDE = {"lettre.pdf", "copies.json", "decision.json", "decision.tlog-proof"}
_DECIDING = {"signatories", "dg_or_president", "referent"}


def opened_categories(answer: Mapping[str, Any], silenced: Iterable[str]) -> set[str]:
    """Return the categories that a stored answer lets leave, read without the code under test."""
    return {
        category
        for category, verdict in answer["verdicts"].items()
        if verdict["verdict"] in OPENING and verdict["decided_by"] in _DECIDING and category not in set(silenced)
    }


def now_ms() -> int:
    """Return the time as decisions count it."""
    return int(timezone.now().timestamp() * 1000)


def require_signed_refusal(watch: Watch, actor: Actor, inquiry: Inquiry) -> None:
    """A refusal left: under the signature of a signatory of the roster without a tie, in the lane of silence."""
    said = watch.said[-1]
    signed = b"ciment/refusal/v1/letter" + lp(inquiry.reference.encode()) + lp(bytes.fromhex(said["letter"]))
    public_of(actor.member).verify(signed, bytes.fromhex(said["signature"]))
    assert watch.roster.find_seat_of(actor.id)
    assert actor.id not in watch.tied(str(inquiry.id))
    qualification = Qualification.objects.filter(inquiry=inquiry).latest("qualified_at")
    assert not opened_categories(qualification.answer, qualification.silenced)


def require_lawful(inquiry: Inquiry, decision: Decision) -> None:
    """What was frozen is what was prepared for this matter, and nothing that is silenced."""
    qualification = Qualification.objects.filter(inquiry=inquiry).latest("qualified_at")
    taken = ReleaseCopy.objects.filter(decision=decision)
    delta = parse_decision(bytes(decision.delta))
    assert {copy.category for copy in taken} <= opened_categories(qualification.answer, qualification.silenced)
    assert [str(copy.id) for copy in taken] == [item.label.ids[-1] for item in delta.items]
    assert delta.inquiry == str(inquiry.id)


def require_exact_packet(watch: Watch, packet: Packet, recipient: AgeIdentity, contents: Mapping[str, bytes]) -> None:
    """A packet left: with its accords, holding exactly the items of its decision, for exactly its target."""
    delta = parse_decision(bytes(packet.decision.delta))
    watch.require_accords(delta)
    assert not delta.has_expired(now_ms())
    assert not has_secret(delta)
    sealed = b"".join(store.read(packet.blob))
    assert sha256(sealed).digest() == bytes(packet.sha256)
    inside = open_packet(sealed, recipient)
    items = [content for name, content in sorted(inside.items()) if name not in _BESIDE]
    assert len(items) == len(delta.items)
    for item, content in zip(delta.items, items, strict=True):
        known = contents.get(item.label.ids[-1])
        assert content == known if known else content.startswith("Aucun renseignement détenu".encode())
    assert inside["decision.json"] == delta.encode()
