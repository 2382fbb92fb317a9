"""The published vectors of the quorum: run as a program, it writes them to docs/formats/vectors anew."""

import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from quorum_cases import (
    CHECKPOINT,
    INSTITUTION,
    Case,
    Person,
    World,
    draws,
    make_decision,
    make_plan,
    make_world,
    sign_by_all,
    stretch,
)

from ciment.canon import Json, JsonObject, b64
from ciment.quorum.approve import make_approval
from ciment.quorum.deal import accept, assemble, contribute
from ciment.quorum.execute import open_partials
from ciment.quorum.group import SECOND_BASE, Draw, H, Hs, number_scalar
from ciment.quorum.partial import encode_partials
from ciment.quorum.roster import fingerprint, format_fingerprint, sign_roster
from ciment.quorum.share import encode_share
from ciment.quorum.wrap import Label, Wrap, commit, wrap

FOLDER = Path(__file__).parents[3] / "docs" / "formats" / "vectors"
NAME = "vecteurs"


class Record:
    """A source of bytes that keeps what it gave, so that a vector can publish it."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self.given = b""

    def __call__(self, size: int) -> bytes:
        data = self._draw(size)
        self.given += data
        return data


def consume(data: bytes) -> Draw:
    """A source of bytes that gives `data` in order."""
    rest = bytearray(data)

    def draw(size: int) -> bytes:
        taken = bytes(rest[:size])
        del rest[:size]
        return taken

    return draw


def group_vectors() -> JsonObject:
    order = 2**252 + 27742317777372353535851937790883648493
    points = {
        "identity": (1).to_bytes(32, "little"),
        "order two": (2**255 - 20).to_bytes(32, "little"),
        "order four": bytes(32),
        "not canonical": (2**255 - 18).to_bytes(32, "little"),
        "off the curve": b"\x02" + bytes(31),
    }
    numbers = {"zero": 0, "order": order, "order and one": order + 1, "all ones": 2**256 - 1}
    return {
        "second_base": SECOND_BASE.hex(),
        "hash": {"tag": "tag", "parts": ["bytes 6162", "text é", "integer 7", "list 78 (empty)"],
                 "H": H("tag", b"ab", "é", 7, [b"x", b""]).hex(), "Hs": Hs("tag", b"ab", "é", 7, [b"x", b""]).hex()},
        "refused_points": {name: point.hex() for name, point in points.items()},
        "refused_scalars": {name: number.to_bytes(32, "little").hex() for name, number in numbers.items()},
    }  # fmt: skip


def world_of_vectors() -> World:
    return make_world(2, 3, NAME)


def make_cases(world: World) -> list[Case]:
    cases = []
    for name in ("premiere", "seconde"):
        key = stretch(f"{NAME}/{name}", 32)
        ids = (Person(f"{NAME}/demande").id, Person(f"{NAME}/{name}").id)
        label = Label(world.roster.kappa, "copy", ids, 0, 1, "revenus", sha256(name.encode()).digest(), commit(key))
        cases.append(Case(key, label, wrap(key, label, world.roster, consume(stretch(f"{NAME}/{name}/p", 32)))))
    return cases


def wrap_vectors(world: World, cases: Sequence[Case]) -> JsonObject:
    first = cases[0]
    other = cases[1]
    wraps: dict[str, tuple[Label, Wrap]] = {
        "another label": (other.label, first.copy.wrap),
        "another version": (replace(first.label, version=2), first.copy.wrap),
        "another category": (replace(first.label, category="sante"), first.copy.wrap),
        "first point of another wrap": (first.label, replace(first.copy.wrap, point=other.copy.wrap.point)),
        "second point of another wrap": (first.label, replace(first.copy.wrap, second=other.copy.wrap.second)),
        "ciphertext changed": (first.label, replace(first.copy.wrap, ciphertext=bytes(48))),
        "challenge changed": (first.label, replace(first.copy.wrap, challenge=number_scalar(5))),
        "response changed": (first.label, replace(first.copy.wrap, response=number_scalar(5))),
    }
    refused: list[Json] = [
        {"why": why, "label": label.value(), "wrap": wrapped.encode().hex()} for why, (label, wrapped) in wraps.items()
    ]
    return {
        "group": group_vectors(),
        "institution": INSTITUTION,
        "kappa": world.roster.kappa.hex(),
        "public": world.roster.public.hex(),
        "hybrid_seed": world.acceptances[0].share.hybrid_seed.hex(),
        "wraps": [
            {
                "key": case.key.hex(),
                "p": stretch(f"{NAME}/{name}/p", 32).hex(),
                "label": case.label.value(),
                "label_bytes": case.label.encode().decode(),
                "wrap": case.copy.wrap.encode().hex(),
                "p_ct": b64(case.copy.p_ct),
            }
            for name, case in zip(("premiere", "seconde"), cases, strict=True)
        ],
        "check_refuses": refused,
    }


def roster_vectors() -> tuple[World, JsonObject]:
    people = tuple(Person(f"{NAME}/{place}") for place in range(3))
    deputies = (Person(f"{NAME}/suppleance/0"),)
    plan = sign_by_all(make_plan(2, people, deputies), people)
    records = [Record(draws(f"{NAME}/deal/{place}")) for place in range(3)]
    parts = [contribute(plan, p.id, p.sign, record) for p, record in zip(people, records, strict=True)]
    acceptances = tuple(accept(plan, parts, person.id, person.private) for person in people)
    roster = acceptances[0].roster
    signed = assemble(roster, {person.id: sign_roster(roster, person.sign) for person in people})
    document: JsonObject = {
        "members": [
            {
                "member": person.id,
                "signing_seed": stretch(person.name + "/sign", 32).hex(),
                "hybrid_secret": stretch(person.name + "/hpke", 96).hex(),
            }
            for person in (*people, *deputies)
        ],
        "signed_plan": plan.encode().decode(),
        "contributions": [
            {"randomness": record.given.hex(), "contribution": part.encode().decode()}
            for record, part in zip(records, parts, strict=True)
        ],
        "shares": [encode_share(acceptance.share).decode() for acceptance in acceptances],
        "signed_roster": signed.encode().decode(),
        "fingerprint": fingerprint(roster).hex(),
        "fingerprint_on_paper": format_fingerprint(fingerprint(roster)),
    }
    return World(plan, people, deputies, acceptances, signed), document


def decision_vectors(world: World, cases: Sequence[Case]) -> JsonObject:
    decision = make_decision(world, cases, f"{NAME}/decision")
    items = [(case.label, case.copy.wrap) for case in cases]
    approvals: list[Json] = []
    for seat in (1, 3):
        record = Record(draws(f"{NAME}/approve/{seat}"))
        approval = make_approval(decision, world.roster, items, CHECKPOINT, world.approver(seat, record))
        reader = world.people[0]
        partials = open_partials(approval, reader.id, reader.private).partials
        approvals.append(
            {
                "share": encode_share(world.acceptances[seat - 1].share).decode(),
                "randomness": record.given.hex(),
                "partials": encode_partials(partials).hex(),
                "approval": approval.encode().decode(),
            }
        )
    return {
        "roster": "the one of quorum-roster.json",
        "decision": decision.encode().decode(),
        "digest": decision.digest.hex(),
        "wraps": [{"wrap": case.copy.wrap.encode().hex(), "p_ct": b64(case.copy.p_ct)} for case in cases],
        "reader": world.people[0].id,
        "approvals": approvals,
        "keys": [case.key.hex() for case in cases],
    }


def write_vectors() -> None:
    world, roster = roster_vectors()
    cases = make_cases(world)
    documents = {"roster": roster, "wrap": wrap_vectors(world, cases), "decision": decision_vectors(world, cases)}
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
        (FOLDER / f"quorum-{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_vectors()
