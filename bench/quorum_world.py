"""A quorum of two out of three, and a decision on many items, in memory."""

import secrets
from typing import Any

from ciment.canon import new_id
from ciment.quorum.approve import Approver, make_approval
from ciment.quorum.deal import accept, assemble, contribute
from ciment.quorum.decision import Decision, Item, Target
from ciment.quorum.holder import Holder
from ciment.quorum.plan import CeremonyPlan, Contributor, PlannedSeat, SignedPlan, sign_plan
from ciment.quorum.roster import sign_roster
from ciment.quorum.wrap import Label, commit, wrap
from ciment.vault import AgeIdentity, MemberKeys, new_seed


class World:
    """Everything the operations need, made once."""

    def __init__(self, count: int) -> None:
        """Hold the ceremony and freeze a decision on `count` items."""
        keys = [MemberKeys.from_seed(new_seed()) for _ in range(3)]
        self.members = sorted(new_id() for _ in range(3))
        self.signers = [each.sign for each in keys]
        self.private = [each.hpke for each in keys]
        holders = [Holder(m, k.public.ed25519, k.public.hpke) for m, k in zip(self.members, keys, strict=True)]
        titles: list[Any] = ["director_general", "president", "other"]
        seats = tuple(PlannedSeat(n, t, (h,)) for n, (t, h) in enumerate(zip(titles, holders, strict=True), start=1))
        contributors = tuple(Contributor(seat.number, seat.holders[0]) for seat in seats)
        plan = CeremonyPlan(new_id(), 1, 2, contributors, seats)
        signed = SignedPlan(plan, {m: sign_plan(plan, s) for m, s in zip(self.members, self.signers, strict=True)})
        given = [contribute(signed, m, s) for m, s in zip(self.members, self.signers, strict=True)]
        accepted = [accept(signed, given, m, p) for m, p in zip(self.members, self.private, strict=True)]
        self.roster = accepted[0].roster
        self.shares = [each.share for each in accepted]
        assemble(self.roster, {m: sign_roster(self.roster, s) for m, s in zip(self.members, self.signers, strict=True)})
        self.keys = [secrets.token_bytes(32) for _ in range(count)]
        self.items = [self._wrap(key) for key in self.keys]
        self.bare = [(label, sealed.wrap) for label, sealed in self.items]
        self.wraps = [wrapped for _, wrapped in self.bare]
        self.decision = self._decide()
        approvers = [Approver(m, x, s) for m, x, s in zip(self.members, self.shares, self.signers, strict=True)]
        self.approvals = [make_approval(self.decision, self.roster, self.bare, b"checkpoint", a) for a in approvers[:2]]

    def _wrap(self, key: bytes) -> Any:
        label = Label(
            self.roster.kappa, "copy", (self.roster.institution, new_id()), 0, 1, "identity", bytes(32), commit(key)
        )
        return label, wrap(key, label, self.roster)

    def _decide(self) -> Decision:
        return Decision(
            kappa=self.roster.kappa, generation=1, purpose="release", id=new_id(), inquiry=new_id(), facts={}, pack={},
            verdicts={}, items=tuple(Item(label, wrapped.digest) for label, wrapped in self.bare),
            target=Target("age", AgeIdentity.generate().recipient.text), letter=None, copies=[],
            expiry=4_000_000_000_000, witness_policy="unwitnessed",
        )  # fmt: skip
