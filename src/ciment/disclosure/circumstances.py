"""What must hold around a decision before anybody approves or executes it: APPROVE 1 to 4 of quorum wrap v1."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from ciment.canon import CimentError, Json
from ciment.disclosure.lawfulness import verify_flow_law, verify_law
from ciment.disclosure.refusals import ActRefused
from ciment.law import Pack
from ciment.quorum.decision import Decision, require_current, verify_items
from ciment.quorum.roster import SignedRoster, verify_roster
from ciment.quorum.wrap import Label, Wrap
from ciment.register import Document, Evidence, NoteVerifier, verify_proof


@dataclass(frozen=True)
class Published:
    """The evidence that a decision stands in the register: an offline proof file of Δ, and the key it is read with.

    `verifier` is the institution's own, as the acting member pinned it; it never comes from beside the proof.
    """

    proof: bytes
    verifier: NoteVerifier


@dataclass(frozen=True)
class Circumstances:
    """Everything around Δ that the acting member's side established itself.

    `items` pairs each label, recomputed from the stored blob, with the wrap as stored; `pinned` is the fingerprint of
    the roster that the member trusts; `pack` is the law this server ships; `letter` is the letter as it is shown;
    `copies` is what the stored rows say of the copies; `now_ms` is UTC milliseconds.
    """

    decision: Decision
    roster: SignedRoster
    pinned: bytes
    items: Sequence[tuple[Label, Wrap]] = field(repr=False)
    copies: Json
    letter: bytes = field(repr=False)
    pack: Pack = field(repr=False)
    published: Published
    now_ms: int
    recused: bool
    frozen: bool = False


def verify_circumstances(given: Circumstances) -> bytes:
    """Go through APPROVE 1 to 4, stop at the first that does not hold, and return the checkpoint that was verified.

    Raises:
        RosterRefused, DecisionRefused, WrapRefused: for a roster, decision, label or wrap that does not hold.
        ActRefused: naming which of the circumstances does not hold.
    """
    decision, roster = given.decision, given.roster.roster
    verify_roster(given.roster, given.pinned)
    require_current(decision, roster)
    if given.frozen and decision.purpose != "reopen":
        raise ActRefused("frozen")
    if decision.has_expired(given.now_ms):
        raise ActRefused("expired")
    if given.recused:
        raise ActRefused("recused")
    if decision.witness_policy != "unwitnessed":
        # No witness is known yet: a decision that asks for one waits.
        raise ActRefused("witness")
    verify_content(given)
    evidence = verify_published(decision, given.published)
    verify_items(decision, given.items, roster.key)
    return evidence.checkpoint.encode().encode()


def verify_content(given: Circumstances) -> None:
    """Hold what is shown against what Δ names: the law's answer, the letter, the words about the copies.

    Raises:
        ActRefused: `law`, `letter`, or `not_executable` when the copies are described otherwise than in Δ.
    """
    decision = given.decision
    if decision.purpose == "release":
        verify_law(decision, given.pack)
    if decision.purpose == "flow":
        verify_flow_law(decision, given.pack)
    if decision.letter != sha256(given.letter).digest():
        raise ActRefused("letter")
    if decision.copies != given.copies:
        raise ActRefused("not_executable")


def verify_published(decision: Decision, published: Published) -> Evidence:
    """Return the evidence that exactly this Δ is in the register.

    Raises:
        ActRefused: if the proof does not hold, or is of another decision.
    """
    try:
        evidence = verify_proof(published.proof, published.verifier, decision.encode())
    except CimentError as error:
        raise ActRefused("not_published") from error
    if evidence.subject != Document("decision", sha256(decision.encode()).digest()):
        raise ActRefused("not_published")
    return evidence
