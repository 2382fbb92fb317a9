"""A quorum, a register and a decision in memory: everything real, nothing of the application."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from ciment.canon import JsonObject, new_id
from ciment.disclosure import Circumstances, Execution, Published, approve
from ciment.law import Pack, load_pack, parse_facts, qualify
from ciment.quorum.approve import Approval, Approver
from ciment.quorum.deal import accept, assemble, contribute
from ciment.quorum.decision import Decision, Item, Target
from ciment.quorum.holder import Holder, Title
from ciment.quorum.plan import CeremonyPlan, Contributor, PlannedSeat, SignedPlan, sign_plan
from ciment.quorum.roster import SignedRoster, fingerprint, sign_roster
from ciment.quorum.share import ShareRecord
from ciment.quorum.wrap import Label, SealedCopy, commit, wrap
from ciment.register import (
    Checkpoint,
    Document,
    Entry,
    MemoryHashes,
    NoteSigner,
    NoteVerifier,
    Proof,
    build_proof,
    document_opening,
    inclusion_proof,
    leaf_hash,
    sign_checkpoint,
)
from ciment.register.tree import root_at
from ciment.vault import AgeIdentity, MemberKeys, StreamSealer, new_seed, open_stream

NOW = 1_800_000_000_000
DAY = date(2026, 11, 24)
LETTER = b"%PDF- the letter"
FACTS: JsonObject = {
    "requester": "prosecutor",
    "form": "written_reasoned",
    "authenticated": "yes",
    "ground": "terrorism_administrative_data",
    "offence": "terrorism",
    "category": ["identity"],
}
PACK: Pack = load_pack("be")
SIGNER = NoteSigner.from_seed("example.org/log", bytes(range(32)))


@dataclass
class World:
    """Three signatories, two accords, one release decision on one item."""

    members: list[str] = field(default_factory=lambda: sorted(new_id() for _ in range(3)))
    keys: list[MemberKeys] = field(default_factory=lambda: [MemberKeys.from_seed(new_seed()) for _ in range(3)])
    recipient: AgeIdentity = field(default_factory=AgeIdentity.generate)
    titles: tuple[Title, ...] = ("director_general", "president", "other")

    def __post_init__(self) -> None:
        self.institution, self.preparer = new_id(), new_id()
        self.roster, self.shares = self._hold_ceremony()
        self.item_key, self.item_id = secrets.token_bytes(32), new_id()
        sealer = StreamSealer(self.item_key, {"id": self.item_id})
        self.blob = sealer.header + sealer.push(b"la fiche", final=True)
        self.label = self.label_of(self.item_key, self.blob, (self.institution, self.item_id), "identity")
        self.sealed = wrap(self.item_key, self.label, self.roster.roster)
        self.decision = self.make_decision()

    def _hold_ceremony(self) -> tuple[SignedRoster, list[ShareRecord]]:
        seats = tuple(
            PlannedSeat(number, title, (Holder(member, keys.public.ed25519, keys.public.hpke),))
            for number, (title, member, keys) in enumerate(
                zip(self.titles, self.members, self.keys, strict=True), start=1
            )
        )
        contributors = tuple(Contributor(seat.number, seat.holders[0]) for seat in seats)
        plan = CeremonyPlan(self.institution, 1, 2, contributors, seats)
        people = list(zip(self.members, self.keys, strict=True))
        signed = SignedPlan(plan, {member: sign_plan(plan, keys.sign) for member, keys in people})
        given = [contribute(signed, member, keys.sign) for member, keys in people]
        accepted = [accept(signed, given, member, keys.hpke) for member, keys in people]
        roster = accepted[0].roster
        return (
            assemble(roster, {member: sign_roster(roster, keys.sign) for member, keys in people}),
            [each.share for each in accepted],
        )

    def label_of(self, key: bytes, blob: bytes, ids: tuple[str, ...], category: str) -> Label:
        return Label(self.roster.roster.kappa, "copy", ids, 0, 1, category, sha256(blob).digest(), commit(key))

    def copies(self) -> JsonObject:
        return {"preparer": self.preparer, "list": [{"id": self.item_id}]}

    def make_decision(self, **changes: Any) -> Decision:
        answer = qualify(PACK, parse_facts(FACTS), DAY)
        found = answer.verdicts["identity"]
        fields: dict[str, Any] = {
            "kappa": self.roster.roster.kappa,
            "generation": 1,
            "purpose": "release",
            "id": new_id(),
            "inquiry": new_id(),
            "facts": FACTS,
            "pack": {"pack": "be", "digest": PACK.digest, "on": DAY.isoformat(), "known": DAY.isoformat()},
            "verdicts": {"identity": {"verdict": found.verdict, "decided_by": found.decided_by, "rules": []}},
            "items": (Item(self.label, self.sealed.wrap.digest),),
            "target": Target("age", self.recipient.recipient.text),
            "letter": sha256(LETTER).digest(),
            "copies": self.copies(),
            "expiry": NOW + 1000,
            "witness_policy": "unwitnessed",
        }
        return Decision(**{**fields, **changes})

    def circumstances(self, decision: Decision | None = None, **changes: Any) -> Circumstances:
        decision = decision or self.decision
        given = Circumstances(
            decision=decision,
            roster=self.roster,
            pinned=fingerprint(self.roster),
            items=[(self.label, self.sealed.wrap)],
            copies=self.copies(),
            letter=LETTER,
            pack=PACK,
            published=Published(self.prove(decision), NoteVerifier.parse(SIGNER.vkey)),
            now_ms=NOW,
            recused=False,
        )
        return replace(given, **changes)

    def prove(self, decision: Decision, named: str = "decision") -> bytes:
        document = Document(named, sha256(decision.encode()).digest())
        opening = document_opening(bytes(32), {"act": "decision.frozen"}, [document])
        entry = Entry("act", NOW, {}, opening.commit())
        hashes = MemoryHashes()
        hashes.append(leaf_hash(b"before"))
        hashes.append(leaf_hash(entry.encode()))
        note = sign_checkpoint(Checkpoint("example.org/log", 2, root_at(2, hashes)), SIGNER)
        return build_proof(Proof(entry, opening, document, 1, inclusion_proof(1, 2, hashes), note))

    def approval(self, seat: int, given: Circumstances | None = None) -> Approval:
        member, keys, share = self.members[seat], self.keys[seat], self.shares[seat]
        return approve(given or self.circumstances(), Approver(member, share, keys.sign))

    def execution(self, approvals: list[Approval], **changes: Any) -> Execution:
        execution = Execution(
            approvals=approvals,
            layers=[self.sealed.p_ct],
            member=self.members[0],
            hpke=self.keys[0].hpke,
            share=self.shares[0],
            open_item=lambda _position, key: open_stream(key, [self.blob], {"id": self.item_id}),
            open_secret=lambda _key: "",
        )
        return replace(execution, **changes)


def resealed(world: World, key: bytes, label: Label) -> SealedCopy:
    """Return another wrap of another key."""
    return wrap(key, label, world.roster.roster)
