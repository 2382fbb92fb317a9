"""One signatory's approval of exactly one decision: APPROVE 4, 6, 7 and 8 as values (docs/formats/quorum-decision.md).

The chain of rosters, freezes, recusals, expiry and the checkpoint are held to account by the caller, before.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ciment.canon import b64, decode_object, encode, require_id, u64be, unb64, unhex
from ciment.quorum.decision import Decision, require_current, verify_items
from ciment.quorum.errors import ApprovalRefused
from ciment.quorum.fields import read_sealed, require_choice, require_number
from ciment.quorum.group import Draw, H, multiply_base
from ciment.quorum.holder import Holder
from ciment.quorum.partial import digest_partials, encode_partials, make_context, make_partial
from ciment.quorum.roster import Roster, Seat, fingerprint
from ciment.quorum.share import ShareRecord
from ciment.quorum.statement import Signer, can_verify, make_statement
from ciment.quorum.wrap import Label, Wrap

_FORMAT = "ciment/quorum/v1/approval"
_KEYS = frozenset(
    {"format", "decision", "generation", "seat", "member", "checkpoint", "partials", "signature", "boxes"},
)


@dataclass(frozen=True)
class Approver:
    """Who approves: a member, the share of the seat that member holds, and a way to sign."""

    member_id: str
    share: ShareRecord = field(repr=False)
    sign: Signer = field(repr=False)
    draw: Draw = field(repr=False, default=secrets.token_bytes)


@dataclass(frozen=True)
class Approval:
    """σ and the sealed partials: nothing in it opens anything without a holder's key, and t seats."""

    decision: bytes
    generation: int
    seat: int
    member_id: str
    checkpoint: bytes
    partials_digest: bytes
    signature: bytes
    boxes: Mapping[str, bytes]

    @property
    def statement(self) -> bytes:
        """The bytes that the approver signs."""
        parts = (
            self.decision,
            u64be(self.generation),
            u64be(self.seat),
            self.checkpoint,
            self.partials_digest,
        )
        return make_statement("approval", *parts)

    def encode(self) -> bytes:
        """Return the canonical bytes of the approval."""
        return encode(
            {
                "format": _FORMAT,
                "decision": self.decision.hex(),
                "generation": self.generation,
                "seat": self.seat,
                "member": self.member_id,
                "checkpoint": b64(self.checkpoint),
                "partials": self.partials_digest.hex(),
                "signature": self.signature.hex(),
                "boxes": {member: b64(sealed) for member, sealed in self.boxes.items()},
            },
        )


def make_approval(
    decision: Decision,
    roster: Roster,
    items: Sequence[tuple[Label, Wrap]],
    checkpoint: bytes,
    approver: Approver,
) -> Approval:
    """Approve a decision after APPROVE 4; `items` are labels the caller recomputed and wraps as they are stored.

    Raises:
        DecisionRefused, WrapRefused: if the decision is not for this roster, or an item is not the decision's.
        ApprovalRefused: if the member, share or signing key is not the seat's.
    """
    require_current(decision, roster)
    seat = _require_share(roster, approver)
    # No partial is made for a wrap that has not passed CHECK here: a decoy would open another item.
    verify_items(decision, items, roster.key)
    secret = approver.share.secret
    partials = [
        make_partial(secret, seat.public, make_context(decision, seat.number, m, wrapped), wrapped, approver.draw)
        for m, (_, wrapped) in enumerate(items)
    ]
    sealed, info = encode_partials(partials), box_info(decision.digest, roster.generation, seat.number)
    boxes = {holder.member_id: holder.hpke.seal(sealed, info) for holder in roster.holders}
    digest = digest_partials(partials)
    member = approver.member_id
    unsigned = Approval(decision.digest, roster.generation, seat.number, member, checkpoint, digest, b"", boxes)
    approval = replace(unsigned, signature=approver.sign(unsigned.statement))
    # A key that is not the holder's would make an approval that everybody else refuses.
    verify_approval(approval, roster, decision)
    return approval


def verify_approval(approval: Approval, roster: Roster, decision: Decision) -> None:
    """Show that a holder of the seat signed exactly this decision, and sealed the partials to every holder.

    Raises:
        DecisionRefused: if the decision is not for this roster.
        ApprovalRefused: naming the seat, otherwise.
    """
    require_current(decision, roster)
    if approval.decision != decision.digest or approval.generation != roster.generation:
        raise ApprovalRefused(approval.seat, "the approval is of another decision or generation")
    holder = _find_holder(roster, approval.seat, approval.member_id)
    if holder is None:
        raise ApprovalRefused(approval.seat, "the approver does not hold the seat")
    if not can_verify(holder.ed25519, approval.statement, approval.signature):
        raise ApprovalRefused(approval.seat, "the signature does not hold")
    if set(approval.boxes) != {each.member_id for each in roster.holders}:
        raise ApprovalRefused(approval.seat, "the partials are not sealed to every holder")


def can_act_for(roster: Roster, seat: int, member_id: str, ed25519: bytes) -> bool:
    """Tell whether a member, by this signing key, holds the seat: APPROVE 1's "own key holds seat i"."""
    holder = _find_holder(roster, seat, member_id)
    return holder is not None and holder.ed25519 == ed25519


def box_info(decision: bytes, generation: int, seat: int) -> bytes:
    """Return the context that partials are sealed in: H("box", δ, g, i)."""
    return H("box", decision, generation, seat)


def parse_approval(data: bytes) -> Approval:
    """Return the approval of its canonical bytes, not verified yet.

    Raises:
        InvalidEncoding: for any other bytes.
    """
    value = decode_object(data, _KEYS)
    require_choice(value["format"], (_FORMAT,))
    return Approval(
        decision=unhex(value["decision"], 64),
        generation=require_number(value["generation"], 1),
        seat=require_number(value["seat"], 1, 255),
        member_id=require_id(value["member"]),
        checkpoint=unb64(value["checkpoint"]),
        partials_digest=unhex(value["partials"], 64),
        signature=unhex(value["signature"], 64),
        boxes=read_sealed(value["boxes"]),
    )


def _find_holder(roster: Roster, seat: int, member_id: str) -> Holder | None:
    found = roster.find_seat(seat)
    holders = found.holders if found else ()
    return next((holder for holder in holders if holder.member_id == member_id), None)


def _require_share(roster: Roster, approver: Approver) -> Seat:
    share = approver.share
    seat = roster.find_seat_of(approver.member_id)
    if seat is None or seat.number != share.seat:
        raise ApprovalRefused(share.seat, "the member does not hold the seat of this share")
    if share.fingerprint != fingerprint(roster) or multiply_base(share.secret) != seat.public:
        raise ApprovalRefused(share.seat, "the share is not the seat's in this roster")
    return seat
