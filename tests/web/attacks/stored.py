"""Everything an institution may store, at once, and how each stored column is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from stored_access import ACCESS_READERS, ACCESS_ROWS, read_picture, store_access
from stored_flows import FLOW_READERS, KEYS_OF_THE_READER, store_flows
from web_stories import CONTENT, Prepared, prepare_release, record, silenced, uploaded

from ciment.canon import CimentError
from ciment.vault import open_blob
from ciment_web.arrivals.actions import open_arrivals
from ciment_web.blobs.sealing import open_file
from ciment_web.decisions.actions.approve import approve_decision, object_to_decision, reason_context
from ciment_web.decisions.actions.execute import execute_decision, prove_packet
from ciment_web.decisions.actions.reading import read_reading_copy
from ciment_web.decisions.circumstances import circumstances_of, delta_of, letter_of
from ciment_web.decisions.copies import describe
from ciment_web.decisions.models import Decision, Objection, Packet, ReleaseCopy
from ciment_web.decisions.queries import reading_digest
from ciment_web.decisions.subjects import Subject
from ciment_web.desk.actions.file import NewFiling, file_request
from ciment_web.desk.models import FilingFile
from ciment_web.desk.sealing import Filed, open_filed_file
from ciment_web.desk.sealing import open_key as open_filing_key
from ciment_web.freezes.actions import freeze_inquiry
from ciment_web.freezes.models import Freeze
from ciment_web.freezes.sealing import open_key as open_freeze_key
from ciment_web.freezes.sealing import open_reason
from ciment_web.governance.actions import state_setting
from ciment_web.governance.directory import DIRECTORY, Authority
from ciment_web.governance.queries import current
from ciment_web.governance.statements import SettingBroken
from ciment_web.inquiries.actions.draft import keep_draft, take_draft
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.prepare import subject_of
from ciment_web.inquiries.actions.qualify import latest_qualification, read_note
from ciment_web.inquiries.actions.record import NamedFile, NewInquiry, open_attachment, record_inquiry
from ciment_web.inquiries.actions.refuse import refuse_inquiry
from ciment_web.inquiries.documents import open_document, prove_document
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Attachment, Document, Draft, Inquiry
from ciment_web.mailbox.actions import open_message
from ciment_web.mailbox.models import Message
from ciment_web.mailbox.receiving import receive_message
from ciment_web.members.actions import sign_in
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.members.pin import open_pin
from ciment_web.members.register_key import open_register_key
from ciment_web.necessity.actions import NewStatement, read_necessity, record_necessity
from ciment_web.necessity.models import Necessity
from ciment_web.necessity.sealing import Words
from ciment_web.necessity.sealing import open_key as open_necessity_key
from ciment_web.pressure.actions import NewReport, read_report, tell_report
from ciment_web.pressure.models import Report
from ciment_web.project.demonstration import Demonstration
from ciment_web.quorum.actions import open_share
from ciment_web.quorum.trust import trusted_members, trusted_roster
from ciment_web.register.publisher import publish
from ciment_web.seizures.actions import add_fact, open_seizure, read_photo, read_seizure
from ciment_web.seizures.inventory import make_inventory, open_inventory, prove_inventory
from ciment_web.seizures.models import Fact, Inventory, Seizure
from ciment_web.seizures.sealing import Photo
from ciment_web.seizures.sealing import Words as Noted
from ciment_web.seizures.sealing import open_key as open_seizure_key


@dataclass
class World:
    """Everything an institution may store, at once."""

    demonstration: Demonstration
    prepared: Prepared
    released: Prepared
    refused: Inquiry
    attached: Inquiry
    draft: Draft
    necessity: Necessity
    seizure: Seizure
    report: Report

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


def build_world(demonstration: Demonstration) -> World:
    """Let an institution store one of everything."""
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
    state_setting(people["dg"], DIRECTORY, (Authority("police", "Zone", "081 00"),), demonstration.passphrase)
    necessity = record_necessity(people["travailleur"], NewStatement(Words("Un danger"), {"danger": "grave"}))
    seizure = open_seizure(people["travailleur"])
    add_fact(people["travailleur"], seizure, Noted("item", {"what": "Un dossier"}))
    photo = Photo.of("titre.png", uploaded(b"\x89PNG un titre", "titre.png").keep())
    add_fact(people["travailleur"], seizure, Noted("title", {"title": "warrant"}, photo))
    make_inventory(people["travailleur"], seizure)
    report = tell_report(people["travailleur"], NewReport({"what": "Dis-le."}))
    open_arrivals(people["dg"], ("desk", "mail"), demonstration.passphrase)
    words = Filed("police", "Robin", "", "Valbrume", "aucune", "Camille Exemple", ("existence",), "Est-elle connue ?")
    file_request(demonstration.institution, NewFiling(words, [NamedFile("l.pdf", uploaded(b"%PDF-").keep())]), "::1")
    receive_message(demonstration.institution, b"From: a@exemple.invalid\n\nBonjour\n")
    store_flows(demonstration, released.decision)
    store_access(demonstration)
    freeze_inquiry(people["referent"], record(demonstration), "Un doute.")
    return World(demonstration, prepared, released, refused, attached, draft, necessity, seizure, report)


def read_attachment(world: World) -> bytes:
    row = Attachment.objects.select_related("inquiry").get(inquiry=world.attached)
    _name, identifier, key = open_attachment(world.person("travailleur"), row)
    return b"".join(open_file(key, row.blob, identifier))


def read_filed(world: World) -> bytes:
    row = FilingFile.objects.select_related("filing__key").get()
    return b"".join(open_filed_file(row, open_filing_key(world.person("referent"), row.filing))[1])


def read_mail(world: World) -> bytes:
    return open_message(world.person("referent"), Message.objects.select_related("key").get()).data


def read_seizure_photo(world: World) -> bytes:
    fact = Fact.objects.select_related("seizure__institution", "noted_by").get(seizure=world.seizure, position=2)
    return b"".join(read_photo(world.person("dg"), fact)[1])


def read_mandate_picture(world: World) -> bytes:
    return read_picture(world.person("referent"))


def read_documents(world: World) -> None:
    inquiry = Inquiry.objects.get(id=world.refused.id)
    key = open_key(world.person("dg"), inquiry)
    for document in Document.objects.filter(inquiry=inquiry):
        open_document(document, key)
        assert prove_document(world.person("dg"), document, key) is not None


def read_reading(world: World) -> bytes:
    stated = reading_digest(delta_of(world.decision), world.copy.id)
    return read_reading_copy(world.person("president"), world.subject, world.copy, stated)


def run_execution(world: World) -> None:
    with transaction.atomic():
        approve_decision(world.person("president"), world.decision, world.demonstration.passphrase)
        execute_decision(world.person("president"), world.decision, world.demonstration.passphrase)
        transaction.set_rollback(True)


def read_packet_proof(world: World) -> None:
    packet = Packet.objects.select_related("decision", "institution").get(decision_id=world.released.decision.id)
    inquiry = world.released.inquiry
    reader = world.person("dg")
    assert prove_packet(reader, packet, subject_of(inquiry, open_key(reader, inquiry))) is not None


def read_inventory(world: World) -> None:
    inventory = Inventory.objects.select_related("seizure__institution", "institution").get(seizure=world.seizure)
    open_inventory(world.person("dg"), inventory)
    assert prove_inventory(world.person("dg"), inventory) is not None


def read_reason(world: World) -> None:
    row = Objection.objects.get(decision=world.decision)
    open_blob(world.subject.key, bytes(row.sealed_reason), reason_context(world.subject, row))


def read_qualification_note(world: World) -> None:
    opened = read_inquiry(world.person("dg"), Inquiry.objects.get(id=world.prepared.inquiry.id))
    qualification = latest_qualification(opened.inquiry)
    assert qualification is not None
    read_note(opened.inquiry, opened.key, qualification)


def read_setting(actor: Actor) -> None:
    """Read a setting; a page tells what is broken where this raises."""
    if not current(actor, DIRECTORY).is_signed:
        raise SettingBroken("the directory does not hold")


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
    "decisions.ReleaseCopy.wrap": run_execution,
    "decisions.ReleaseCopy.sealed_p": run_execution,
    "decisions.ReleaseCopy.sealed_description": lambda w: describe(w.copy, w.subject),
    "decisions.ReadingKey.wrapped": read_reading,
    "decisions.Objection.sealed_reason": read_reason,
    "decisions.Packet.sha256": read_packet_proof,
    "decisions.Packet.sealed_opening": read_packet_proof,
    "inquiries.Inquiry.sealed_content": lambda w: read_inquiry(w.person("dg"), Inquiry.objects.get(id=w.refused.id)),
    "inquiries.InquiryKey.wrapped": lambda w: open_key(w.person("dg"), w.refused),
    "inquiries.Attachment.sealed_name": read_attachment,
    "inquiries.Draft.sealed_name": lambda w: take_draft(w.person("travailleur"), w.draft.id),
    "inquiries.Qualification.sealed_note": read_qualification_note,
    "governance.SettingRecord.statement": lambda w: read_setting(w.person("referent")),
    "governance.SettingRecord.signature": lambda w: read_setting(w.person("referent")),
    "inquiries.RecusalStatement.signature": lambda w: read_inquiry(
        w.person("dg"), Inquiry.objects.get(id=w.refused.id)
    ),
    "inquiries.Document.sha256": read_documents,
    "inquiries.Document.sealed_pdf": read_documents,
    "inquiries.Document.sealed_opening": read_documents,
    "necessity.NecessityKey.wrapped": lambda w: open_necessity_key(w.person("dg"), w.necessity),
    "necessity.Statement.sealed_words": lambda w: read_necessity(w.person("dg"), w.necessity),
    "seizures.SeizureKey.wrapped": lambda w: open_seizure_key(w.person("dg"), w.seizure),
    "seizures.Fact.sealed_words": lambda w: read_seizure(w.person("dg"), w.seizure),
    "seizures.Inventory.sha256": read_inventory,
    "seizures.Inventory.sealed_pdf": read_inventory,
    "seizures.Inventory.sealed_opening": read_inventory,
    "pressure.Confidence.sealed_words": lambda w: read_report(w.person("travailleur"), w.report.id),
    "freezes.FreezeKey.wrapped": lambda w: read_freeze(w.person("dg")),
    "freezes.Freeze.sealed_reason": lambda w: read_freeze(w.person("dg")),
    "register.LogHead.frontier": lambda w: publish(w.demonstration.institution),
}


def read_freeze(actor: Actor) -> str:
    freeze = Freeze.objects.get(institution=actor.institution)
    return open_reason(freeze, open_freeze_key(actor, freeze))


def _as(login: str, read: Callable[[Actor], Any]) -> Callable[[World], Any]:
    return lambda world: read(world.person(login))


def _rows(named: Callable[[], dict[str, Any]]) -> Callable[[World], dict[str, Any]]:
    return lambda _: named()


READERS |= {name: _as("referent", read) for name, read in FLOW_READERS.items()}
READERS |= {name: _as(login, read) for name, (login, read) in ACCESS_READERS.items()}
# Which row of a table the reader above looks at, where it is not every row.
ROWS: dict[str, Callable[[World], dict[str, Any]]] = {
    "freezes.FreezeKey.wrapped": lambda _: {"member__login": "dg"},
    "members.Member.countersignature": lambda _: {"login": "referent"},
    "decisions.Decision.sealed_letter": lambda w: {"id": w.prepared.decision.id},
    "decisions.Decision.sealed_opening": lambda w: {"id": w.prepared.decision.id},
    "decisions.ReleaseCopy.wrap": lambda w: {"decision_id": w.prepared.decision.id},
    "decisions.ReleaseCopy.sealed_p": lambda w: {"decision_id": w.prepared.decision.id},
    "decisions.ReleaseCopy.sealed_description": lambda w: {"decision_id": w.prepared.decision.id},
    "decisions.ReadingKey.wrapped": lambda _: {"member__login": "president"},
    "inquiries.Inquiry.sealed_content": lambda w: {"id": w.refused.id},
    "inquiries.InquiryKey.wrapped": lambda w: {"inquiry_id": w.refused.id, "member__login": "dg"},
    "necessity.NecessityKey.wrapped": lambda _: {"member__login": "dg"},
    "seizures.SeizureKey.wrapped": lambda _: {"member__login": "dg"},
    "inquiries.RecusalStatement.signature": lambda w: {"inquiry_id": w.refused.id, "member__login": "dg"},
    "inquiries.Qualification.sealed_note": lambda w: {"inquiry_id": w.prepared.inquiry.id},
    "inquiries.Document.sha256": lambda w: {"inquiry_id": w.refused.id},
    "inquiries.Document.sealed_pdf": lambda w: {"inquiry_id": w.refused.id},
    "inquiries.Document.sealed_opening": lambda w: {"inquiry_id": w.refused.id},
}
ROWS |= {name: lambda _: {"member__login": "referent"} for name in KEYS_OF_THE_READER}
ROWS |= {name: _rows(named) for name, named in ACCESS_ROWS.items()}
# Columns without a reader here, each with the reason.
ELSEWHERE = {
    "pressure.Envelope.wrapped": "tests/web/pressure: one that was changed opens nothing, like those that never did",
    "pressure.Report.sealed_head": "tests/web/pressure: one that was changed opens nothing, as if it were not there",
    "arrivals.ArrivalKey.statement": "tests/web/arrivals: the host pinned its digest",
    "arrivals.ArrivalShare.wrapped": "tests/web/arrivals",
    "desk.Filing.wrapped": "tests/web/desk",
    "desk.Filing.sealed_for_code": "tests/web/desk",
    "desk.Filing.sealed_content": "tests/web/desk",
    "desk.Filing.sealed_receipt": "tests/web/desk",
    "desk.Filing.receipt_sha256": "tests/web/desk",
    "desk.Filing.sealed_opening": "tests/web/desk",
    "desk.Filing.sealed_for_inquiry": "tests/web/desk",
    "desk.FilingFile.sealed_name": "tests/web/desk",
    "mailbox.Message.wrapped": "tests/web/mailbox",
    "members.Invitation.sealed": "tests/web/members/test_members_invitations.py",
    "members.MemberSession.sealed_seed": "test_attacks_accords.py: a changed session is no session",
    "quorum.Ceremony.plan": "test_attacks_accords.py, while the ceremony lasts; spent once the roster stands",
    "quorum.CeremonyMessage.message": "test_attacks_accords.py, while the ceremony lasts; spent once the roster stands",
    "decisions.Decision.subject_digest": "a name to search by, not read from",
    "decisions.ReleaseCopy.subject_digest": "a name to search by, not read from",
    "decisions.Approval.signed": "test_attacks_accords.py: each holder opens one box of it",
    "decisions.ReleaseCopy.blob_sha256": "a claim used once, to freeze; what is approved is recomputed from the file",
    "decisions.ReleaseCopy.commitment": "a claim used once, to freeze; what is approved is recomputed from the file",
    "decisions.Decision.sealed_secret": "test_attacks_secret.py",
    "decisions.Decision.secret_wrap": "test_attacks_secret.py",
    "decisions.Decision.secret_p": "test_attacks_secret.py",
    "decisions.Packet.sealed_secret": "test_attacks_secret.py",
    "register.Leaf.entry": "the command line finds it: tests/web/transparency",
    "register.Leaf.leaf_hash": "the command line finds it: tests/web/transparency",
    "register.Leaf.sealed_details": "tests/web/transparency, the auditor's page",
    "register.Node.node_hash": "test_attacks_accords.py: a proof made from it does not verify",
    "register.PublishedCheckpoint.note": "test_attacks_accords.py: a proof made from it does not verify",
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
