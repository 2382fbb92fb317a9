"""Synthetic quorums for the tests: everything follows from short names, except what HPKE draws for itself."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256, shake_256

from nacl.signing import SigningKey

from ciment.canon import HybridPrivateKey
from ciment.quorum.approve import Approval, Approver, make_approval
from ciment.quorum.deal import Acceptance, accept, assemble, contribute
from ciment.quorum.decision import Decision, Item, Target
from ciment.quorum.execute import VerifiedPartials, combine, open_partials, verify_partials
from ciment.quorum.group import Draw
from ciment.quorum.holder import Holder, Title
from ciment.quorum.plan import CeremonyPlan, Contributor, PlannedSeat, SignedPlan, sign_plan
from ciment.quorum.roster import Roster, SignedRoster, sign_roster
from ciment.quorum.wrap import Label, SealedCopy, commit, wrap

INSTITUTION = "cpas-exemple"
AGE = "age1" + "q" * 58
EXPIRY = 1_800_000_000_000
CHECKPOINT = b"exemple.invalid/registre\n7\nAAAA\n"
TITLES: tuple[Title, ...] = ("director_general", "president", "other", "other", "other")


def stretch(name: str, size: int) -> bytes:
    return shake_256(name.encode()).digest(size)


def fake_id(name: str) -> str:
    return str(uuid.UUID(bytes=stretch(name, 16), version=4))


def draws(name: str) -> Draw:
    """A source of bytes that gives the same ones each time, and never the same ones twice."""
    count = iter(range(10**6))
    return lambda size: stretch(f"{name}/{next(count)}", size)


@dataclass(frozen=True)
class Person:
    name: str

    @property
    def id(self) -> str:
        return fake_id(self.name)

    @property
    def signing(self) -> SigningKey:
        return SigningKey(stretch(self.name + "/sign", 32))

    @property
    def private(self) -> HybridPrivateKey:
        return HybridPrivateKey.from_secret(stretch(self.name + "/hpke", 96))

    @property
    def holder(self) -> Holder:
        return Holder(self.id, bytes(self.signing.verify_key), self.private.public)

    def sign(self, message: bytes) -> bytes:
        return self.signing.sign(message).signature


@dataclass(frozen=True)
class World:
    """A quorum after its ceremony: `people[i]` and `deputies[i]` hold seat i + 1."""

    plan: SignedPlan
    people: tuple[Person, ...]
    deputies: tuple[Person, ...]
    acceptances: tuple[Acceptance, ...]
    signed: SignedRoster

    @property
    def roster(self) -> Roster:
        return self.signed.roster

    def approver(self, seat: int, draw: Draw | None = None) -> Approver:
        person, share = self.people[seat - 1], self.acceptances[seat - 1].share
        return Approver(person.id, share, person.sign, draw or draws(f"approve/{seat}"))


def make_plan(threshold: int, people: Sequence[Person], deputies: Sequence[Person] = ()) -> CeremonyPlan:
    seats = []
    for place, person in enumerate(people):
        held = [person, *([deputies[place]] if place < len(deputies) else [])]
        holders = tuple(each.holder for each in sorted(held, key=lambda each: each.id))
        seats.append(PlannedSeat(place + 1, TITLES[min(place, 4)], holders))
    contributors = tuple(Contributor(place + 1, person.holder) for place, person in enumerate(people))
    return CeremonyPlan(INSTITUTION, 1, threshold, contributors, tuple(seats))


def sign_by_all(plan: CeremonyPlan, people: Sequence[Person]) -> SignedPlan:
    return SignedPlan(plan, {person.id: sign_plan(plan, person.sign) for person in people})


@lru_cache(maxsize=64)
def make_world(threshold: int = 2, count: int = 3, name: str = "monde", deputy_count: int = 1) -> World:
    people = tuple(Person(f"{name}/{place}") for place in range(count))
    deputies = tuple(Person(f"{name}/suppleance/{place}") for place in range(deputy_count))
    plan = sign_by_all(make_plan(threshold, people, deputies), people)
    parts = [contribute(plan, person.id, person.sign, draws(f"deal/{person.name}")) for person in people]
    acceptances = tuple(accept(plan, parts, person.id, person.private) for person in people)
    roster = acceptances[0].roster
    signed = assemble(roster, {person.id: sign_roster(roster, person.sign) for person in people})
    return World(plan, people, deputies, acceptances, signed)


@dataclass(frozen=True)
class Case:
    """A key, its label and its wrap."""

    key: bytes
    label: Label
    copy: SealedCopy


def make_label(world: World, key: bytes, name: str = "copie", *, version: int = 1, category: str = "revenus") -> Label:
    ids = (fake_id(f"{name}/demande"), fake_id(name))
    blob = sha256(name.encode()).digest()
    return Label(world.roster.kappa, "copy", ids, 0, version, category, blob, commit(key))


def make_case(world: World, name: str = "copie", *, version: int = 1, category: str = "revenus") -> Case:
    key = stretch(name + "/cle", 32)
    label = make_label(world, key, name, version=version, category=category)
    return Case(key, label, wrap(key, label, world.roster, draws(name + "/p")))


def make_decision(world: World, cases: Sequence[Case], name: str = "decision") -> Decision:
    return Decision(
        kappa=world.roster.kappa,
        generation=world.roster.generation,
        purpose="release",
        id=fake_id(name),
        inquiry=fake_id(name + "/demande"),
        facts={"ground": "46bis1"},
        pack={"digest": "00", "id": "be"},
        verdicts=[{"category": "revenus", "verdict": "may"}],
        items=tuple(Item(case.label, case.copy.wrap.digest) for case in cases),
        target=Target("age", AGE),
        letter=sha256(b"lettre").digest(),
        copies=[],
        expiry=EXPIRY,
        witness_policy="none",
    )


def approve(world: World, decision: Decision, cases: Sequence[Case], seat: int) -> Approval:
    items = [(case.label, case.copy.wrap) for case in cases]
    return make_approval(decision, world.roster, items, CHECKPOINT, world.approver(seat))


def verify_share(world: World, decision: Decision, cases: Sequence[Case], approval: Approval) -> VerifiedPartials:
    """What the first person, as the one who executes, learns from an approval."""
    executor = world.people[0]
    opened = open_partials(approval, executor.id, executor.private)
    return verify_partials(decision, world.roster, [case.copy.wrap for case in cases], opened)


def execute(world: World, decision: Decision, cases: Sequence[Case], approvals: Sequence[Approval]) -> list[bytes]:
    shares = [verify_share(world, decision, cases, approval) for approval in approvals]
    copies = [(case.label, case.copy) for case in cases]
    return combine(decision, world.roster, copies, world.acceptances[0].share.hybrid_seed, shares)


def flip(data: bytes, place: int, mask: int = 1) -> bytes:
    position = place % len(data)
    return data[:position] + bytes([data[position] ^ mask]) + data[position + 1 :]


Parser = Callable[[bytes], object]
