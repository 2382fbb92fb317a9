"""Done 4 of the main job: any byte of anything stored, changed or moved behind the application's back, is refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.db import IntegrityError, models, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from web_stories import CONTENT, Prepared, prepare_release, record, silenced, uploaded

from ciment.canon import CimentError
from ciment.vault import open_blob
from ciment_web.blobs.sealing import open_file
from ciment_web.decisions.actions.approve import approve_decision, object_to_decision, reason_context
from ciment_web.decisions.actions.execute import execute_decision, prove_packet
from ciment_web.decisions.actions.reading import read_reading_copy
from ciment_web.decisions.circumstances import circumstances_of, delta_of, letter_of
from ciment_web.decisions.copies import describe
from ciment_web.decisions.models import Approval, Decision, Objection, Packet, ReleaseCopy
from ciment_web.decisions.queries import reading_digest
from ciment_web.decisions.subjects import Subject
from ciment_web.inquiries.actions.draft import keep_draft, take_draft
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.prepare import subject_of
from ciment_web.inquiries.actions.qualify import latest_qualification, read_note
from ciment_web.inquiries.actions.record import NamedFile, NewInquiry, open_attachment, record_inquiry
from ciment_web.inquiries.actions.refuse import refuse_inquiry
from ciment_web.inquiries.documents import open_document, prove_document
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Attachment, Document, Draft, Inquiry
from ciment_web.members.actions import sign_in
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, MemberSession, Role
from ciment_web.members.pin import open_pin
from ciment_web.members.register_key import open_register_key
from ciment_web.project.demonstration import Demonstration
from ciment_web.quorum.actions import open_share
from ciment_web.quorum.trust import trusted_members, trusted_roster
from ciment_web.register.models import Node, PublishedCheckpoint
from ciment_web.register.publisher import publish

pytestmark = pytest.mark.slow


@dataclass
class World:
    """Everything an institution may store, at once."""

    demonstration: Demonstration
    prepared: Prepared
    released: Prepared
    refused: Inquiry
    attached: Inquiry
    draft: Draft

    def person(self, login: str) -> Actor:
        member = Member.objects.select_related("institution", "countersigned_by").get(login=login)
        actor = self.demonstration.people[login]
        return Actor(member, actor.roles, actor.keys)

    @property
    def subject(self) -> Subject:
        inquiry = self.prepared.inquiry
        return subject_of(inquiry, open_key(self.person("dg"), inquiry))

    @property
    def decision(self) -> Decision:
        return Decision.objects.get(id=self.prepared.decision.id)

    @property
    def copy(self) -> ReleaseCopy:
        return ReleaseCopy.objects.get(decision=self.decision)


@pytest.fixture
def world(demonstration: Demonstration) -> World:
    people = demonstration.people
    refused = silenced(demonstration)
    state_recusal(people["dg"], refused, recused=False)
    refuse_inquiry(people["dg"], read_inquiry(people["dg"], refused))
    released = prepare_release(demonstration, b"parti")
    released.release(demonstration)
    prepared = prepare_release(demonstration, b"en attente", reading=True)
    approve_decision(people["dg"], prepared.decision, demonstration.passphrase)
    object_to_decision(people["adjoint"], prepared.decision, "trop large")
    draft, _ = keep_draft(people["travailleur"], uploaded(b"From: a@example.org\n\nBonjour", "m.eml"))
    attached = record_inquiry(
        people["travailleur"],
        NewInquiry("police", "written", ("existence",), CONTENT),
        [NamedFile("lettre.txt", uploaded(b"lettre").keep())],
    )
    return World(demonstration, prepared, released, refused, attached, draft)


def _attachment(world: World) -> bytes:
    row = Attachment.objects.select_related("inquiry").get(inquiry=world.attached)
    _name, identifier, key = open_attachment(world.person("travailleur"), row)
    return b"".join(open_file(key, row.blob, identifier))


def _documents(world: World) -> None:
    inquiry = Inquiry.objects.get(id=world.refused.id)
    key = open_key(world.person("dg"), inquiry)
    for document in Document.objects.filter(inquiry=inquiry):
        open_document(document, key)
        assert prove_document(document, key) is not None


def _reading(world: World) -> bytes:
    stated = reading_digest(delta_of(world.decision), world.copy.id)
    return read_reading_copy(world.person("president"), world.subject, world.copy, stated)


def _execution(world: World) -> None:
    with transaction.atomic():
        approve_decision(world.person("president"), world.decision, world.demonstration.passphrase)
        execute_decision(world.person("president"), world.decision, world.demonstration.passphrase)
        transaction.set_rollback(True)


def _packet(world: World) -> None:
    packet = Packet.objects.select_related("decision", "institution").get(decision_id=world.released.decision.id)
    inquiry = world.released.inquiry
    assert prove_packet(packet, subject_of(inquiry, open_key(world.person("dg"), inquiry))) is not None


def _reason(world: World) -> None:
    row = Objection.objects.get(decision=world.decision)
    open_blob(world.subject.key, bytes(row.sealed_reason), reason_context(world.subject, row))


def _note(world: World) -> None:
    opened = read_inquiry(world.person("dg"), Inquiry.objects.get(id=world.prepared.inquiry.id))
    qualification = latest_qualification(opened.inquiry)
    assert qualification is not None
    read_note(opened, qualification)


# How each binary column is read; a column that is not here makes the inventory test fail.
READERS: dict[str, Callable[[World], Any]] = {
    "members.Member.public_key": lambda w: trusted_members(w.person("referent"), *Role),
    "members.Member.enrolment": lambda w: trusted_members(w.person("referent"), *Role),
    "members.Member.countersignature": lambda w: trusted_members(w.person("referent"), *Role),
    "members.Member.sealed_seed": lambda w: [
        sign_in(w.demonstration.institution, login, w.demonstration.passphrase, login)
        for login in w.demonstration.people
    ],
    "members.Member.sealed_pin": lambda w: [
        open_pin(w.person(x).member, w.person(x).keys) for x in w.demonstration.people
    ],
    "members.RegisterKey.wrapped": lambda w: open_register_key(w.person("dpo")),
    "quorum.RosterRecord.signed": lambda w: trusted_roster(w.person("dg")),
    "quorum.SealedShare.blob": lambda w: [open_share(w.person(x), 1) for x in ("dg", "president", "adjoint")],
    "decisions.Decision.delta": lambda _: [delta_of(row) for row in Decision.objects.all()],
    "decisions.Decision.digest": lambda _: [delta_of(row) for row in Decision.objects.all()],
    "decisions.Decision.sealed_letter": lambda w: letter_of(w.decision, w.subject),
    "decisions.Decision.sealed_opening": lambda w: circumstances_of(w.person("dg"), w.decision, w.subject),
    "decisions.ReleaseCopy.wrap": _execution,
    "decisions.ReleaseCopy.sealed_p": _execution,
    "decisions.ReleaseCopy.sealed_description": lambda w: describe(w.copy, w.subject),
    "decisions.ReadingKey.wrapped": _reading,
    "decisions.Objection.sealed_reason": _reason,
    "decisions.Packet.sha256": _packet,
    "decisions.Packet.sealed_opening": _packet,
    "inquiries.Inquiry.sealed_content": lambda w: read_inquiry(w.person("dg"), Inquiry.objects.get(id=w.refused.id)),
    "inquiries.InquiryKey.wrapped": lambda w: open_key(w.person("dg"), w.refused),
    "inquiries.Attachment.sealed_name": _attachment,
    "inquiries.Draft.sealed_name": lambda w: take_draft(w.person("travailleur"), w.draft.id),
    "inquiries.Qualification.sealed_note": _note,
    "inquiries.RecusalStatement.signature": lambda w: read_inquiry(
        w.person("dg"), Inquiry.objects.get(id=w.refused.id)
    ),
    "inquiries.Document.sha256": _documents,
    "inquiries.Document.sealed_pdf": _documents,
    "inquiries.Document.sealed_opening": _documents,
    "register.LogHead.frontier": lambda w: publish(w.demonstration.institution),
}
# Which row of a table the reader above looks at, where it is not every row.
ROWS: dict[str, Callable[[World], dict[str, Any]]] = {
    "members.Member.countersignature": lambda _: {"login": "referent"},
    "decisions.Decision.sealed_letter": lambda w: {"id": w.prepared.decision.id},
    "decisions.Decision.sealed_opening": lambda w: {"id": w.prepared.decision.id},
    "decisions.ReleaseCopy.wrap": lambda w: {"decision_id": w.prepared.decision.id},
    "decisions.ReleaseCopy.sealed_p": lambda w: {"decision_id": w.prepared.decision.id},
    "decisions.ReleaseCopy.sealed_description": lambda w: {"decision_id": w.prepared.decision.id},
    "decisions.ReadingKey.wrapped": lambda _: {"member__login": "president"},
    "inquiries.Inquiry.sealed_content": lambda w: {"id": w.refused.id},
    "inquiries.InquiryKey.wrapped": lambda w: {"inquiry_id": w.refused.id, "member__login": "dg"},
    "inquiries.RecusalStatement.signature": lambda w: {"inquiry_id": w.refused.id, "member__login": "dg"},
    "inquiries.Qualification.sealed_note": lambda w: {"inquiry_id": w.prepared.inquiry.id},
    "inquiries.Document.sha256": lambda w: {"inquiry_id": w.refused.id},
    "inquiries.Document.sealed_pdf": lambda w: {"inquiry_id": w.refused.id},
    "inquiries.Document.sealed_opening": lambda w: {"inquiry_id": w.refused.id},
}
# Columns without a reader here, each with the reason.
ELSEWHERE = {
    "members.MemberSession.sealed_seed": "below: a changed session is no session",
    "quorum.Ceremony.plan": "spent once the roster stands; the core's tests change its bytes",
    "quorum.CeremonyMessage.message": "spent once the roster stands; the core's tests change its bytes",
    "decisions.Decision.subject_digest": "a name to search by, not read from",
    "decisions.ReleaseCopy.subject_digest": "a name to search by, not read from",
    "decisions.Approval.signed": "below: each holder opens one box of it",
    "decisions.ReleaseCopy.blob_sha256": "a claim used once, to freeze; what is approved is recomputed from the file",
    "decisions.ReleaseCopy.commitment": "a claim used once, to freeze; what is approved is recomputed from the file",
    "decisions.Decision.sealed_secret": "test_attacks_secret.py",
    "decisions.Decision.secret_wrap": "test_attacks_secret.py",
    "decisions.Decision.secret_p": "test_attacks_secret.py",
    "decisions.Packet.sealed_secret": "test_attacks_secret.py",
    "register.Leaf.entry": "the command line finds it: tests/web/transparency",
    "register.Leaf.leaf_hash": "the command line finds it: tests/web/transparency",
    "register.Leaf.sealed_details": "tests/web/transparency, the auditor's page",
    "register.Node.node_hash": "a proof made from it does not verify: below",
    "register.PublishedCheckpoint.note": "a proof made from it does not verify: below",
}


def every_row(world: World) -> dict[str, Any]:
    del world
    return {}


def column_of(name: str) -> tuple[type[models.Model], str]:
    app, model, column = name.split(".")
    return apps.get_model(app, model), column


def expect_refusal(read: Callable[[World], Any], world: World, what: str) -> None:
    """Check that the package itself refuses: no other exception, and never silence."""
    try:
        read(world)
    except CimentError:
        return
    pytest.fail(f"accepted: {what}")


def test_every_binary_column_has_a_reader_or_a_reason() -> None:
    columns = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField)
    }
    assert columns == set(READERS) | set(ELSEWHERE)


def test_any_changed_byte_is_refused(world: World) -> None:
    for name, read in READERS.items():
        read(world)
        model, column = column_of(name)
        rows = model._default_manager.filter(**ROWS.get(name, every_row)(world))
        stored = [(row.pk, bytes(getattr(row, column))) for row in rows.exclude(**{column: b""})]
        assert stored, name
        _change_bytes(world, name, model, column, stored)


def _change_bytes(
    world: World, name: str, model: type[models.Model], column: str, stored: list[tuple[Any, bytes]]
) -> None:
    @settings(max_examples=10, database=None)
    @given(st.data())
    def change(data: st.DataObject) -> None:
        pk, original = data.draw(st.sampled_from(stored))
        place = data.draw(st.integers(0, len(original) - 1))
        mask = data.draw(st.integers(1, 255))
        changed = original[:place] + bytes([original[place] ^ mask]) + original[place + 1 :]
        rows = model._default_manager.filter(pk=pk)
        rows.update(**{column: changed})
        try:
            expect_refusal(READERS[name], world, f"{name}: byte {place} of {len(original)}")
        finally:
            rows.update(**{column: original})

    change()
    READERS[name](world)


def test_a_blob_moved_to_another_row_is_refused(world: World) -> None:
    for name, read in READERS.items():
        model, column = column_of(name)
        target: Any = model._default_manager.filter(**ROWS.get(name, every_row)(world)).exclude(**{column: b""}).first()
        other = model._default_manager.exclude(pk=target.pk).exclude(**{column: bytes(getattr(target, column))})
        source = other.exclude(**{column: b""}).first()
        if source is None:
            continue
        original = bytes(getattr(target, column))
        rows = model._default_manager.filter(pk=target.pk)
        try:
            with transaction.atomic():
                rows.update(**{column: bytes(getattr(source, column))})
        except IntegrityError:
            # A constraint refused it first, which is as good.
            continue
        expect_refusal(read, world, f"{name}: a blob of another row")
        rows.update(**{column: original})


def test_any_changed_byte_of_a_file_is_refused(world: World) -> None:
    blobs = {
        "attachment": (Attachment.objects.get(inquiry=world.attached).blob, _attachment),
        "copy": (world.copy.blob, _execution),
        "reading": (world.copy.reading_blob, _reading),
        "draft": (Draft.objects.get(id=world.draft.id).blob, lambda w: take_draft(w.person("travailleur"), w.draft.id)),
    }
    for name, (blob, read) in blobs.items():
        path = django_settings.CIMENT_BLOBS / blob[:2] / blob
        original = path.read_bytes()
        for place in (0, 5, 8, 40, 80, 96, 100, len(original) // 2, len(original) - 17, len(original) - 1):
            path.write_bytes(original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :])
            expect_refusal(read, world, f"{name}: byte {place}")
        for changed in (b"", original[:-1], original + b"\0", original[: len(original) // 2]):
            path.write_bytes(changed)
            expect_refusal(read, world, f"{name}: another length")
        path.unlink()
        with pytest.raises(CimentError):
            read(world)
        path.write_bytes(original)
        read(world)


def test_a_changed_accord_is_refused(world: World) -> None:
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
        expect_refusal(_execution, world, f"accord: {name}")
    Approval.objects.filter(pk=row.pk).update(signed=original)
    _execution(world)


def test_a_changed_session_is_no_session(demonstration: Demonstration) -> None:
    client = Client()
    client.post("/i/demo/connexion/", {"identifiant": "dg", "phrase": demonstration.passphrase})
    assert client.get("/i/demo/").status_code == 200
    row = MemberSession.objects.get(member__login="dg")
    original = bytes(row.sealed_seed)
    for place in range(0, len(original), 7):
        MemberSession.objects.update(
            sealed_seed=original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :]
        )
        assert client.get("/i/demo/").status_code == 302
    MemberSession.objects.update(sealed_seed=original)
    assert client.get("/i/demo/").status_code == 200


def test_a_changed_node_or_checkpoint_proves_nothing(world: World) -> None:
    original = {row.pk: bytes(row.node_hash) for row in Node.objects.all()}
    Node.objects.update(node_hash=bytes(32))
    with pytest.raises(CimentError):
        _documents(world)
    for pk, value in original.items():
        Node.objects.filter(pk=pk).update(node_hash=value)
    _documents(world)
    PublishedCheckpoint.objects.update(note=b"not a note")
    with pytest.raises(CimentError):
        _documents(world)


def test_record_still_works_beside_it_all(world: World) -> None:
    assert record(world.demonstration).state == "received"
