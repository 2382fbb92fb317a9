"""Done 4 of the main job, for what many read: an accord's boxes, sessions, the ceremony's messages, the register."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import models, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from stored import World, build_world, expect_refusal, read_documents, run_execution

from ciment.canon import CimentError
from ciment.quorum.approve import parse_approval, verify_approval
from ciment.quorum.execute import open_partials
from ciment.vault import generate_passphrase
from ciment_web.decisions.circumstances import delta_of
from ciment_web.decisions.models import Approval
from ciment_web.founding.establishing import found_institution
from ciment_web.inquiries.documents import open_document, prove_document
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Document
from ciment_web.institutions.models import Institution
from ciment_web.members.actions import NewMember
from ciment_web.members.actor import Actor
from ciment_web.members.models import MemberSession, Role, Title
from ciment_web.project.demonstration import Demonstration
from ciment_web.quorum.actions import agree_to_plan, confirm, deal, plan_ceremony
from ciment_web.quorum.models import Ceremony, CeremonyMessage, RosterRecord, SealedShare
from ciment_web.quorum.trust import trusted_roster
from ciment_web.register.models import Node, PublishedCheckpoint

pytestmark = pytest.mark.slow


@pytest.fixture
def world(demonstration: Demonstration) -> World:
    return build_world(demonstration)


def flip(original: bytes, place: int, mask: int) -> bytes:
    return original[:place] + bytes([original[place] ^ mask]) + original[place + 1 :]


def try_bytes(rows: "models.QuerySet[Any]", column: str, check: Callable[[int], None], *, examples: int = 40) -> None:
    """Change one byte of one row at a time, let `check` look, and put the row back."""
    originals = [(row.pk, bytes(getattr(row, column))) for row in rows]

    @settings(max_examples=examples, database=None)
    @given(st.data())
    def change(data: st.DataObject) -> None:
        pk, original = data.draw(st.sampled_from(originals))
        place, mask = data.draw(st.integers(0, len(original) - 1)), data.draw(st.integers(1, 255))
        rows.filter(pk=pk).update(**{column: flip(original, place, mask)})
        try:
            check(place)
        finally:
            rows.filter(pk=pk).update(**{column: original})

    change()


def test_any_byte_of_an_accord_is_refused_by_somebody(world: World) -> None:
    """Each holder opens one box: a changed byte is refused by all, or by exactly the holder whose box it is in."""
    row = Approval.objects.get(decision=world.decision)
    delta, roster = delta_of(world.decision), trusted_roster(world.person("dg")).roster
    holders = [world.person(login) for login in ("dg", "president", "adjoint")]

    def refusals(_place: int) -> None:
        signed = bytes(Approval.objects.get(pk=row.pk).signed)
        refused = [holder.id for holder in holders if _refuses(signed, holder)]
        assert len(refused) in (1, 3), "accepted by everybody"

    def _refuses(signed: bytes, holder: Actor) -> bool:
        try:
            approval = parse_approval(signed)
            verify_approval(approval, roster, delta)
            open_partials(approval, holder.id, holder.keys.hpke)
        except CimentError:
            return True
        return False

    try_bytes(Approval.objects.filter(pk=row.pk), "signed", refusals, examples=200)
    assert not any(_refuses(bytes(row.signed), holder) for holder in holders)


def test_a_changed_field_of_an_accord_stops_the_execution(world: World) -> None:
    row = Approval.objects.get(decision=world.decision)
    original = bytes(row.signed)
    fields = json.loads(original)
    mine = world.person("president").id
    for name, value in fields.items():
        other: Any
        if name == "boxes":
            other = {**value, mine: value[mine][:200] + ("A" if value[mine][200] != "A" else "B") + value[mine][201:]}
        elif isinstance(value, int):
            other = value + 1
        else:
            other = value[:-3] + ("0" if value[-3] != "0" else "1") + value[-2:]
        changed = json.dumps({**fields, name: other}, sort_keys=True, separators=(",", ":")).encode()
        Approval.objects.filter(pk=row.pk).update(signed=changed)
        expect_refusal(run_execution, world, f"accord: {name}")
    Approval.objects.filter(pk=row.pk).update(signed=original)
    run_execution(world)


def test_a_changed_session_is_no_session(demonstration: Demonstration) -> None:
    client = Client()
    client.post("/i/demo/connexion/", {"identifiant": "dg", "phrase": demonstration.passphrase})
    assert client.get("/i/demo/").status_code == 200

    def closed(place: int) -> None:
        assert client.get("/i/demo/").status_code == 302, place

    try_bytes(MemberSession.objects.filter(member__login="dg"), "sealed_seed", closed)
    assert client.get("/i/demo/").status_code == 200


def test_a_session_of_somebody_else_is_no_session(demonstration: Demonstration) -> None:
    clients = {login: Client() for login in ("dg", "travailleur")}
    for login, client in clients.items():
        client.post("/i/demo/connexion/", {"identifiant": login, "phrase": demonstration.passphrase})
    director = MemberSession.objects.get(member__login="dg")
    MemberSession.objects.filter(member__login="travailleur").update(sealed_seed=bytes(director.sealed_seed))
    assert clients["travailleur"].get("/i/demo/").status_code == 302
    MemberSession.objects.filter(member__login="travailleur").update(member=director.member)
    assert clients["travailleur"].get("/i/demo/").status_code == 302


def test_any_byte_of_a_checkpoint_proves_nothing(world: World) -> None:
    """A proof that the application gives out holds, or none is given: a requester would be told that we lie."""
    newest = PublishedCheckpoint.objects.filter(institution=world.demonstration.institution).order_by("-size")[:1]
    rows = PublishedCheckpoint.objects.filter(pk__in=[row.pk for row in newest])
    try_bytes(rows, "note", lambda place: expect_refusal(read_documents, world, f"checkpoint: byte {place}"))
    read_documents(world)


def test_a_changed_hash_gives_no_false_proof(world: World) -> None:
    """A hash that a proof does not need may change unseen by it; one that it needs stops it. None gives another."""
    reader = world.person("dg")
    key = open_key(reader, world.refused)
    documents = list(Document.objects.filter(inquiry=world.refused).select_related("inquiry", "institution"))
    proofs = {document.pk: prove_document(reader, document, key) for document in documents}

    def same_or_none(_place: int) -> None:
        for document in documents:
            assert open_document(document, key).startswith(b"%PDF-")
            try:
                proof = prove_document(reader, document, key)
            except CimentError:
                continue
            assert proof == proofs[document.pk]

    try_bytes(Node.objects.filter(institution=world.demonstration.institution), "node_hash", same_or_none)
    Node.objects.update(node_hash=bytes(32))
    with pytest.raises(CimentError):
        read_documents(world)


# -- the ceremony ----------------------------------------------------------------------------------------------------


@pytest.fixture
def signatories(transactional_db: None) -> list[Actor]:  # noqa: ARG001 - opens the database
    founding = found_institution(
        Institution(slug="neuf", name="CPAS neuf", address="Rue 1", contact="-", place="Valbrume")
    )
    titles = {"dg": Title.DIRECTOR_GENERAL, "president": Title.PRESIDENT, "adjoint": Title.NONE}
    return [
        founding.enrol(NewMember(login, login, "x", (Role.SIGNATORY,), title), generate_passphrase())
        for login, title in titles.items()
    ]


def _refused(act: Callable[[Actor, Ceremony], None], actor: Actor, ceremony: Ceremony) -> None:
    """Check that a step is refused by the package itself, and leaves nothing."""
    before = CeremonyMessage.objects.count(), SealedShare.objects.count(), RosterRecord.objects.count()
    with pytest.raises(CimentError), transaction.atomic():
        act(actor, Ceremony.objects.get(pk=ceremony.pk))
    assert (CeremonyMessage.objects.count(), SealedShare.objects.count(), RosterRecord.objects.count()) == before


def test_any_byte_of_a_plan_stops_the_ceremony(signatories: list[Actor]) -> None:
    ceremony = plan_ceremony(signatories[0], 2)
    for actor in signatories[:2]:
        agree_to_plan(actor, ceremony)
    rows = Ceremony.objects.filter(pk=ceremony.pk)
    agreed = signatories[2]
    agree_to_plan(agreed, ceremony)
    # Everybody signed: whoever deals next sees that it is another plan.
    try_bytes(rows, "plan", lambda _: _refused(deal, signatories[0], ceremony))
    deal(signatories[0], ceremony)


def test_any_byte_of_what_was_dealt_stops_the_ceremony(signatories: list[Actor]) -> None:
    ceremony = plan_ceremony(signatories[0], 2)
    for step in (agree_to_plan, deal):
        for actor in signatories:
            step(actor, ceremony)
    for round_name in ("plan", "contribution"):
        rows = CeremonyMessage.objects.filter(ceremony=ceremony, round=round_name)
        try_bytes(rows, "message", lambda _: _refused(confirm, signatories[1], ceremony))
    for actor in signatories:
        confirm(actor, ceremony)
    assert RosterRecord.objects.count() == 1
