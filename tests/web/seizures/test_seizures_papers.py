"""What leaves on paper or as a file: the inventory, and what a member hands over under constraint."""

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.utils import timezone
from web_stories import CONTENT, prepare_release, record, uploaded

from ciment.register import Entry
from ciment.vault import BlobError
from ciment_web.decisions.models import ReleaseCopy
from ciment_web.freezes.actions import freeze_inquiry
from ciment_web.inquiries.actions.open import state_recusal
from ciment_web.inquiries.actions.record import NamedFile, NewInquiry, record_inquiry
from ciment_web.inquiries.keys import NotReader
from ciment_web.inquiries.models import Inquiry
from ciment_web.institutions.keyfiles import read_key
from ciment_web.letters import verify_seal
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf
from ciment_web.register.signer import signer_of
from ciment_web.seizures.actions import add_fact, open_seizure, read_seizure
from ciment_web.seizures.handover import Objection, hand_over, list_pieces
from ciment_web.seizures.inventory import ChangedInventory, make_inventory, open_inventory, prove_inventory
from ciment_web.seizures.models import Inventory, Seizure
from ciment_web.seizures.sealing import Words

SignIn = Callable[..., Client]
SAID = Objection("said")
LONG = "m" * 60


def read(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def said(page: bytes) -> str:
    return unescape(page.decode()).replace("\u00a0", " ")


@pytest.fixture
def seizure(demonstration: Demonstration) -> Seizure:
    return open_seizure(demonstration.people["travailleur"])


def attached(demonstration: Demonstration) -> Inquiry:
    """Record a request with a file, by the worker."""
    asked = NewInquiry("police", "written", ("existence",), CONTENT)
    file = NamedFile("../../lettre de Camille.txt", uploaded(b"lettre").keep())
    return record_inquiry(demonstration.people["travailleur"], asked, [file])


def test_the_inventory_says_what_was_noted_under_seal_and_proof(
    demonstration: Demonstration, seizure: Seizure, sign_in: SignIn, tmp_path: Path
) -> None:
    worker = demonstration.people["travailleur"]
    add_fact(worker, seizure, Words("title", {"title": "warrant", "magistrate": "Juge Exemple"}))
    add_fact(worker, seizure, Words("present", {"who": f"Agent Exemple\n{LONG}"}))
    for what, objection in ((f"Dossier {LONG}", "said"), ("Agenda", "none")):
        add_fact(worker, seizure, Words("item", {"what": what, "done": "taken", "objection": objection}))
    other = {"what": "Clé", "done": "sealed", "objection": "other", "objection_words": "Non, pas cela."}
    add_fact(worker, seizure, Words("item", other))
    client = sign_in("dg")
    where = f"/i/demo/perquisition/{seizure.id}/"
    before = Leaf.objects.count()
    assert client.post(f"{where}inventaire/").status_code == 302
    assert [Entry.parse(bytes(leaf.entry)).kind for leaf in Leaf.objects.filter(index__gte=before)] == ["act"]
    answer = client.get(f"{where}inventaire/1.pdf")
    text = read(answer.content)
    for words in (
        "Juge Exemple", "Un mandat", "Agent Exemple ; m", "Emportée", "Le secret professionnel couvre cette pièce.",
        "Aucune objection notée.", "Non, pas cela.", "Mise sous scellés", "ni une communication",
        "une ou un juriste doit encore le relire", "Nom et qualité", "Pour l’institution", seizure.reference,
    ):  # fmt: skip
        assert words in text, words
    assert "m" * 20 in text
    certificate = read_key(demonstration.institution, "seal.cert.pem")
    assert "Inventaire" in verify_seal(answer.content, certificate, at=timezone.now()).reason
    # The command that the paper names verifies it, in a process that knows the core alone.
    (tmp_path / "i.pdf").write_bytes(answer.content)
    (tmp_path / "i.tlog-proof").write_bytes(client.get(f"{where}inventaire/1.tlog-proof").content)
    key = signer_of(demonstration.institution).verifier.vkey
    command = [str(Path(sys.executable).with_name("ciment")), "proof", "verify", "i.tlog-proof", "--key", key]
    for document, code in ((tmp_path / "i.pdf", 0), (Path(__file__), 1)):
        done = subprocess.run([*command, "--document", str(document)], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == code, done.stderr
    # Printed again it is another paper, with what was noted since; the first one stays.
    add_fact(worker, seizure, Words("end", {"ended": "11 h 59"}))
    make_inventory(worker, seizure)
    assert "11 h 59" in read(client.get(f"{where}inventaire/2.pdf").content)
    assert client.get(f"{where}inventaire/1.pdf").content == answer.content
    assert client.get(f"{where}inventaire/3.pdf").status_code == 404


def test_an_empty_inventory_is_printed_too(demonstration: Demonstration, seizure: Seizure) -> None:
    dg = demonstration.people["dg"]
    assert "Aucune pièce n’a été notée." in read(open_inventory(dg, make_inventory(dg, seizure)))


@pytest.mark.parametrize(
    ("column", "error"), [("sealed_pdf", BlobError), ("sealed_opening", BlobError), ("sha256", ChangedInventory)]
)
def test_a_changed_inventory_is_refused(
    demonstration: Demonstration, seizure: Seizure, column: str, error: type[Exception]
) -> None:
    dg = demonstration.people["dg"]
    made = make_inventory(dg, seizure)
    stored = bytes(getattr(made, column))
    Inventory.objects.update(**{column: stored[:-1] + bytes([stored[-1] ^ 1])})
    changed = Inventory.objects.select_related("seizure__institution", "institution").get()
    read_it = prove_inventory if column == "sealed_opening" else open_inventory
    with pytest.raises(error):
        read_it(dg, changed)


def test_the_auditor_finds_the_details_of_a_printing_true(
    demonstration: Demonstration, seizure: Seizure, sign_in: SignIn
) -> None:
    made = make_inventory(demonstration.people["dg"], seizure)
    page = said(sign_in("dpo").post(f"/i/demo/registre/{made.leaf_index}/").content)
    assert "a établi un inventaire" in page


def test_one_piece_leaves_as_it_is_and_several_together(
    demonstration: Demonstration, seizure: Seizure, sign_in: SignIn
) -> None:
    inquiry = attached(demonstration)
    worker = sign_in("travailleur")
    where = f"/i/demo/perquisition/{seizure.id}/remise/"
    page = said(worker.get(where).content)
    assert inquiry.reference in page
    assert "Ce n’est pas une communication par l’institution" in page
    assert "Les copies à communiquer restent fermées" in page
    assert inquiry.reference in said(worker.get(where, {"reference": inquiry.reference}).content)
    assert f"{inquiry.id}" not in worker.get(where, {"reference": "1999-9"}).content.decode()
    for odd in ("x", "9" * 400, "²-³", "2026-", "-"):
        assert worker.get(where, {"reference": odd}).status_code == 200
    one = f"{where}{inquiry.id}/"
    form = said(worker.get(one).content)
    for title in ("Les mots de la demande", "Attestation de relais", "Pièce reçue no 1"):
        assert title in form
    assert "Camille" not in form
    before = Leaf.objects.count()
    alone = worker.post(one, {"parts": ["document-certificate"], "objection": "said"})
    assert read(alone.content).startswith("CPAS")
    assert "attestation-" in alone["Content-Disposition"]
    assert Leaf.objects.count() == before + 1
    chosen = {"parts": ["words", "attachment-0"], "objection": "other", "objection_words": "Je m’y oppose."}
    both = worker.post(one, chosen)
    assert Leaf.objects.count() == before + 3
    with zipfile.ZipFile(io.BytesIO(both.content)) as packed:
        names = packed.namelist()
        assert [packed.read(name) for name in names][1] == b"lettre"
        assert "Camille est-elle connue ?" in packed.read(names[0]).decode()
    assert not any("/" in name or name.startswith(".") for name in names)
    lines = [each.words.answers for each in read_seizure(demonstration.people["dg"], seizure)]
    assert [(line["done"], line["objection"], line.get("objection_words", "")) for line in lines] == [
        ("constraint", "said", ""),
        ("constraint", "other", "Je m’y oppose."),
        ("constraint", "other", "Je m’y oppose."),
    ]
    assert all(inquiry.reference in line["what"] and "Camille" not in line["what"] for line in lines)


@pytest.mark.parametrize(
    "sent",
    [
        {"objection": "said"},
        {"parts": ["words"]},
        {"parts": ["words"], "objection": "other"},
        {"parts": ["document-reply"], "objection": "said"},
        {"parts": ["attachment-9"], "objection": "said"},
        {"parts": ["copy-0"], "objection": "said"},
    ],
)
def test_a_wrong_answer_hands_nothing_over(
    demonstration: Demonstration, seizure: Seizure, sign_in: SignIn, sent: dict[str, Any]
) -> None:
    inquiry = attached(demonstration)
    answer = sign_in("travailleur").post(f"/i/demo/perquisition/{seizure.id}/remise/{inquiry.id}/", sent)
    assert answer.status_code == 422
    assert not seizure.facts.exists()


def test_nobody_hands_over_what_they_cannot_read(
    demonstration: Demonstration, neighbour: Demonstration, seizure: Seizure, sign_in: SignIn
) -> None:
    people = demonstration.people
    inquiry = record(demonstration)
    own = open_seizure(people["dpo"])
    for login, one in (("dpo", own), ("admin", open_seizure(people["admin"]))):
        with pytest.raises(NotReader):
            hand_over(people[login], one, inquiry, ["words"], SAID)
        where = f"/i/demo/perquisition/{one.id}/remise/"
        client = sign_in(login)
        assert "Aucune demande à remettre" in said(client.get(where).content)
        for answer in (client.get(f"{where}{inquiry.id}/"), client.post(f"{where}{inquiry.id}/", {"parts": ["words"]})):
            assert answer.status_code == 404
    foreign = open_seizure(neighbour.people["dg"])
    with pytest.raises(NotReader):
        hand_over(neighbour.people["dg"], foreign, inquiry, ["words"], SAID)
    with pytest.raises(NotReader):
        hand_over(people["travailleur"], own, record(demonstration), ["words"], SAID)
    # A signatory who did not say whether a tie exists, or is recused, reads nothing here either.
    for login, recused in (("dg", None), ("president", True)):
        if recused:
            state_recusal(people[login], inquiry, recused=True)
        with pytest.raises(NotAllowed):
            list_pieces(people[login], inquiry)
        with pytest.raises(NotAllowed):
            hand_over(people[login], seizure, inquiry, ["words"], SAID)
        answer = sign_in(login).get(f"/i/demo/perquisition/{seizure.id}/remise/{inquiry.id}/")
        assert answer.status_code == 403
        assert ("récusé" in said(answer.content)) is bool(recused)
    assert not seizure.facts.exists()


def test_release_copies_stay_closed_before_and_after_their_accords(
    demonstration: Demonstration, seizure: Seizure
) -> None:
    content = b"CanariCopieZyx"
    prepared = prepare_release(demonstration, content, reading=True)
    for login in ("travailleur", "referent", "dg"):
        person = demonstration.people[login]
        if login == "dg":
            state_recusal(person, prepared.inquiry, recused=False)
        parts = [piece.part for piece in list_pieces(person, prepared.inquiry)]
        assert parts == ["words", "document-certificate"]
        exported = hand_over(person, seizure, prepared.inquiry, parts, SAID)
        with zipfile.ZipFile(io.BytesIO(exported.content)) as packed:
            assert not any(content in packed.read(name) for name in packed.namelist())
        copy = ReleaseCopy.objects.get()
        for part in (f"copy-{copy.id}", f"document-{copy.id}", "packet"):
            with pytest.raises(NotAllowed):
                hand_over(person, seizure, prepared.inquiry, [part], SAID)
    prepared.release(demonstration)
    parts = [piece.part for piece in list_pieces(demonstration.people["dg"], prepared.inquiry)]
    assert parts == ["words", "document-certificate", "document-reply"]
    exported = hand_over(demonstration.people["dg"], seizure, prepared.inquiry, parts, SAID)
    assert content not in exported.content


def test_a_freeze_never_stops_a_judge(demonstration: Demonstration, seizure: Seizure, sign_in: SignIn) -> None:
    inquiry = record(demonstration)
    freeze_inquiry(demonstration.people["referent"], inquiry, "Un doute.")
    worker = sign_in("travailleur")
    assert "L’accès est gelé" in said(worker.get(f"/i/demo/demandes/{inquiry.id}/").content)
    exported = hand_over(demonstration.people["travailleur"], seizure, inquiry, ["words"], SAID)
    assert CONTENT.about.encode() in exported.content
    assert worker.get(f"/i/demo/perquisition/{seizure.id}/remise/{inquiry.id}/").status_code == 200


def test_what_is_handed_over_has_its_entries_or_does_not_leave(
    demonstration: Demonstration, seizure: Seizure, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def fail_at_the_second(*given: Any, **_named: Any) -> None:
        calls.append(given)
        if len(calls) == 2:
            raise NotAllowed("broken")

    inquiry = attached(demonstration)
    before = Leaf.objects.count()
    monkeypatch.setattr("ciment_web.seizures.handover.leave_trace", fail_at_the_second)
    with pytest.raises(NotAllowed):
        hand_over(demonstration.people["travailleur"], seizure, inquiry, ["words", "attachment-0"], SAID)
    assert not seizure.facts.exists()
    assert Leaf.objects.count() == before


def test_an_inventory_digest_is_that_of_its_bytes(demonstration: Demonstration, seizure: Seizure) -> None:
    dg = demonstration.people["dg"]
    made = make_inventory(dg, seizure)
    assert hashlib.sha256(open_inventory(dg, made)).digest() == bytes(made.sha256)
