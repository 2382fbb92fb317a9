"""The demonstration: headless, with everything verified by the command line; or seeded, to be looked at in a browser."""

import json
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from ciment.disclosure.packnote import demonstration_signer
from ciment.register import export_tiles
from ciment.vault import AgeIdentity, generate_passphrase
from ciment_web.blobs import store
from ciment_web.decisions.actions.execute import prove_packet
from ciment_web.decisions.circumstances import delta_of, prove_decision
from ciment_web.decisions.models import Packet
from ciment_web.inquiries.actions.answer import answer_inquiry, close_inquiry, withdraw_inquiry
from ciment_web.inquiries.actions.prepare import subject_of
from ciment_web.inquiries.documents import open_document, prove_document
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Inquiry
from ciment_web.institutions.models import Institution
from ciment_web.law import pin_demonstration_key
from ciment_web.members.pin import open_pin, pinned_log
from ciment_web.project.demonstration import CAST, found_demonstration
from ciment_web.project.flow_stories import seed_flows
from ciment_web.project.stories import Stories
from ciment_web.register.queries import entries, latest_checkpoint

STEMS = {"certificate": "attestation", "refusal": "reponse", "reply": "communication"}
# The plain name of what the packet must hold; the names of the copies come from the files.
EXPECTED_IN_PACKET = ("01-2-fiche-identite.pdf", "02-2-composition-de-menage.pdf", "lettre.pdf", "decision.tlog-proof")


class DemoFailed(Exception):  # noqa: N818 - the class names what happened
    """A document, proof or packet that did not verify."""


@dataclass
class Written:
    """What was written, to be verified by fresh processes that know nothing but files and the key."""

    out: Path
    vkey: str
    documents: list[tuple[Path, Path]] = field(default_factory=list)
    packets: list[tuple[Path, Path]] = field(default_factory=list)
    decisions: list[Path] = field(default_factory=list)


def play(examples: Path, out: Path) -> int:
    """Play the stories, write what leaves, verify it; the last line says how much was verified."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    stories = Stories(found_demonstration(generate_passphrase()), examples, print)
    print(f"Institution : {stories.demonstration.institution.name}. Accords requis : 2 sur 3.")
    reader = stories.person("dg")
    written = Written(out, open_pin(reader.member, reader.keys).log)
    (out / "register.vkey").write_text(written.vkey + "\n", encoding="utf-8")
    prosecutor = AgeIdentity.generate()

    police = stories.refused(stories.police_asks(), "dg")
    landlord = stories.refused(stories.message_arrives("3-landlord.eml"), "president")
    request = stories.message_arrives("2-prosecutor-46bis1.eml")
    stories.prepared(request, prosecutor.recipient.text)
    stories.approved(request, "dg")
    stories.approved(request, "president")
    packet = stories.executed(request, "president")

    for inquiry in (police, landlord, request):
        _write_documents(stories, inquiry, written)
    _write_packet(stories, request, packet, written)
    _write_register(stories.demonstration.institution, out)
    # As the server kept it when it first applied it: what a decision says can be computed again from there.
    shutil.copytree(settings.CIMENT_PACKS, out / "packs")
    (out / "law.vkey").write_text(demonstration_signer().vkey + "\n", encoding="utf-8")
    identity_file = out / "prosecutor-age-key.txt"
    identity_file.write_text(prosecutor.text + "\n", encoding="utf-8")
    return _verify(written, identity_file)


def seed(examples: Path, port: int) -> list[str]:
    """Found the demonstration unless it exists, with a request in every state; return what to tell the person."""
    notes: Path = settings.CIMENT_KEYS / "demo-passphrase"
    if not Institution.objects.filter(slug="demo").exists():
        passphrase = generate_passphrase()
        stories = Stories(found_demonstration(passphrase), examples, lambda _line: None)
        _seed_states(stories)
        seed_flows(stories.demonstration)
        notes.write_text(passphrase, encoding="utf-8")
        notes.chmod(0o600)
    _pin_law()
    passphrase = notes.read_text(encoding="utf-8")
    people = "\n".join(f"  {newcomer.login:<12} {newcomer.name} – {newcomer.function}" for newcomer in CAST)
    return [
        "Ciment, démonstration : personnes, lieux et demandes fictifs.",
        f"Adresse : http://localhost:{port}/i/demo/",
        "Identifiants :",
        people,
        f"Phrase de passe de tous : {passphrase}",
        "Ctrl-C pour arrêter.",
    ]


def _pin_law() -> None:
    # An institution of an earlier version has no such file yet; whatever one pinned since then stays.
    with suppress(FileExistsError):
        pin_demonstration_key(Institution.objects.get(slug="demo"))


def _seed_states(stories: Stories) -> None:
    referent = stories.person("referent")
    stories.police_asks()
    stories.refused(stories.police_asks(), "dg")
    answered = stories.refused(stories.police_asks(), "adjoint")
    answer_inquiry(referent, answered)
    closed = stories.refused(stories.police_asks(), "president")
    answer_inquiry(referent, closed)
    closed.refresh_from_db()
    close_inquiry(referent, closed)
    withdrawn = stories.police_asks()
    stories.opened(withdrawn, "referent")
    withdraw_inquiry(referent, withdrawn)
    landlord = stories.message_arrives("3-landlord.eml")
    stories.qualified(landlord, {"form": "written", "category": list(landlord.categories)})
    waiting = stories.message_arrives("2-prosecutor-46bis1.eml")
    stories.prepared(waiting, "")
    done = stories.message_arrives("2-prosecutor-46bis1.eml")
    stories.prepared(done, AgeIdentity.generate().recipient.text)
    stories.approved(done, "dg")
    stories.approved(done, "president")
    stories.executed(done, "president")


def _write_documents(stories: Stories, inquiry: Inquiry, written: Written) -> None:
    reader = stories.person("referent")
    key = open_key(reader, inquiry)
    for document in inquiry.documents.select_related("inquiry__institution").order_by("made_at"):
        path = written.out / f"{STEMS[document.kind]}-{inquiry.reference}.pdf"
        path.write_bytes(open_document(document, key))
        _add_proof(written.documents, path, prove_document(reader, document, key))


def _write_packet(stories: Stories, inquiry: Inquiry, packet: Packet, written: Written) -> None:
    reader = stories.person("dg")
    subject = subject_of(inquiry, open_key(reader, inquiry))
    path = written.out / f"pli-{inquiry.reference}.age"
    path.write_bytes(b"".join(store.read(packet.blob)))
    _add_proof(written.packets, path, prove_packet(reader, packet, subject))
    delta = delta_of(packet.decision)
    decision = written.out / f"decision-{inquiry.reference}.json"
    decision.write_bytes(delta.encode())
    written.decisions.append(decision)
    _add_proof(written.documents, decision, prove_decision(pinned_log(reader), packet.decision, delta, subject))


def _add_proof(pairs: list[tuple[Path, Path]], path: Path, proof: bytes | None) -> None:
    if proof is None:
        raise DemoFailed(f"{path.name}: no published proof")
    proof_path = path.with_suffix(".tlog-proof")
    proof_path.write_bytes(proof)
    pairs.append((path, proof_path))


def _write_register(institution: Institution, out: Path) -> None:
    published = latest_checkpoint(institution)
    if published is None:
        raise DemoFailed("the register was not published")
    for name, content in export_tiles(entries(institution), bytes(published.note)):
        path = out / "register" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _verify(written: Written, identity_file: Path) -> int:
    """Verify everything in fresh processes that are given files and the key, nothing else."""
    print("Vérification, par les seuls outils en ligne de commande :")
    _run([_command(), "register", "verify", str(written.out / "register"), "--key", written.vkey])
    pairs = [*written.documents, *written.packets]
    for document, proof in pairs:
        _run([_command(), "proof", "verify", str(proof), "--key", written.vkey, "--document", str(document)])
    for decision in written.decisions:
        law = ["--pack-dir", str(written.out / "packs"), "--key", f"@{written.out / 'law.vkey'}"]
        _run([_command(), "law", "replay", str(decision), *law])
    for packet, _proof in written.packets:
        _open_packet(packet, identity_file)
    print(f"verified: {len(written.documents)} documents, {len(pairs)} proofs, {len(written.packets)} packet")
    return 0


def _open_packet(packet: Path, identity_file: Path) -> None:
    age = shutil.which("age") or shutil.which("rage")
    zip_path = packet.with_suffix(".zip")
    if age is not None:
        _run([age, "--decrypt", "-i", str(identity_file), "-o", str(zip_path), str(packet)])
    else:
        _run([sys.executable, "-c", _OPEN_WITH_PYRAGE, str(identity_file), str(packet), str(zip_path)])
    listed = subprocess.run(  # noqa: S603 - our own interpreter, fixed arguments
        [sys.executable, "-c", _LIST_ZIP, str(zip_path)], check=True, capture_output=True, text=True
    )
    names = json.loads(listed.stdout)
    missing = [name for name in EXPECTED_IN_PACKET if name not in names]
    if missing:
        raise DemoFailed(f"the packet lacks {', '.join(missing)}")
    print(f"Le pli s’ouvre avec la clé du destinataire : {', '.join(sorted(names))}")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - fixed arguments
    if done.returncode:
        raise DemoFailed(f"{' '.join(command[:3])}: {done.stdout}{done.stderr}")
    if done.stdout.strip():
        print("  " + done.stdout.strip().replace("\n", "\n  "))


def _command() -> str:
    return str(Path(sys.executable).with_name("ciment"))


# A standard age implementation (rage) in a fresh process that never imports Ciment.
_OPEN_WITH_PYRAGE = (
    "import sys, pyrage; key = open(sys.argv[1]).read().strip();"
    " out = pyrage.decrypt(open(sys.argv[2], 'rb').read(), [pyrage.x25519.Identity.from_str(key)]);"
    " open(sys.argv[3], 'wb').write(out)"
)
_LIST_ZIP = "import json, sys, zipfile; print(json.dumps(zipfile.ZipFile(sys.argv[1]).namelist()))"
