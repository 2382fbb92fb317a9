"""Done 2 of the main job: three stories, five people, and proofs that the command line verifies."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pypdfium2
import pyrage
import pytest
from journey import add_copy, bring_message, state_duty
from people import EXAMPLES, Arrive, Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def ciment(*arguments: str) -> str:
    """Run the command line in a fresh process and return what it said."""
    command = str(Path(sys.executable).with_name("ciment"))
    done = subprocess.run([command, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def verify(document: Path, proof: Path, vkey: str) -> str:
    return ciment("proof", "verify", str(proof), "--key", vkey, "--document", str(document))


def key_of_register(person: Person) -> str:
    """Read the verification key where the register shows it."""
    page = person.open("registre/")
    keys = [text for text in page.locator("code").all_inner_texts() if text.startswith("localhost") and "+" in text]
    assert keys, page.locator("code").all_inner_texts()
    return keys[0].strip()


def certificate(person: Person, folder: Path) -> tuple[Path, Path]:
    return (
        person.download("Document PDF : Attestation de relais", folder),
        person.download("Preuve : Attestation de relais", folder),
    )


def page_count(document: bytes) -> int:
    with pypdfium2.PdfDocument(document) as pdf:
        return len(pdf)


def step_in(person: Person, address: str) -> None:
    """Open an inquiry and say not to be tied to it."""
    person.open(address)
    person.press("Non, je peux m’en occuper")


def note_by_keyboard(worker: Person) -> None:
    """Record what an officer asks at the counter, from the home page on, without a mouse."""
    page = worker.page
    worker.reach(page.get_by_role("link", name="On me demande une information"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # The sentence comes before any question.
    assert "ne veut dire ni oui ni non" in page.locator("blockquote").first.inner_text()
    for label, keys in (
        ("Qui demande ?", "police"),
        ("Son nom, son service", "Alex Témoin, inspecteur"),
        ("Comment lui répondre", "Rue du Central imaginaire 3"),
        ("De vive voix ou par téléphone", " "),
        ("Au sujet de qui ?", "Camille Exemple"),
        ("Adresse", " "),
    ):
        worker.reach(page.get_by_label(label, exact=label == "Adresse"))
        page.keyboard.type(keys)
    worker.reach(page.get_by_role("button", name="Enregistrer : l’institution prend le relais"))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_police_officer_asks_at_the_counter(arrive: Arrive, tmp_path: Path) -> None:
    worker = arrive("travailleur")
    page = worker.open("")
    note_by_keyboard(worker)
    assert page.get_by_text("L’institution a pris le relais").is_visible()
    document, proof = certificate(worker, tmp_path)
    address = page.url

    referent = arrive("referent")
    step_in(referent, address)
    referent.press("Qualifier la demande")
    referent.press("Enregistrer la qualification")
    president = arrive("president")
    step_in(president, address)
    president.press("Relire la lettre et signer")
    president.press("Signer la réponse")
    letter = president.download("Document PDF : Lettre de réponse", tmp_path)
    letter_proof = president.download("Preuve : Lettre de réponse", tmp_path)
    referent.open(address)
    referent.press("La réponse est partie")
    referent.press("Clore la demande")
    assert referent.page.get_by_text("Cette demande est close.").is_visible()

    auditor = arrive("dpo")
    vkey = key_of_register(auditor)
    assert "attestation de relais" in verify(document, proof, vkey)
    assert "lettre" in verify(letter, letter_proof, vkey)
    # The worker's own page leads to the certificate and to no decision to take.
    assert worker.open(address).get_by_text("Attestation de relais").first.is_visible()
    assert worker.page.get_by_role("link", name="Qualifier la demande").count() == 0


def test_a_landlord_writes(arrive: Arrive, tmp_path: Path) -> None:
    worker = arrive("travailleur", width=375)
    bring_message(worker, "3-landlord.eml")
    page = worker.page
    assert page.get_by_text("Message lu et scellé").is_visible()
    assert page.get_by_label("Qui demande ?").input_value() == "housing"
    worker.press("Enregistrer : l’institution prend le relais")
    assert page.get_by_role("link", name="3-landlord.eml").is_visible()
    document, proof = certificate(worker, tmp_path)
    address = page.url

    referent = arrive("referent")
    step_in(referent, address)
    referent.press("Qualifier la demande")
    referent.press("Enregistrer la qualification")
    adjoint = arrive("adjoint")
    step_in(adjoint, address)
    adjoint.press("Relire la lettre et signer")
    draft = adjoint.download("Lire la lettre (PDF)", tmp_path)
    adjoint.press("Signer la réponse")
    letter = adjoint.download("Document PDF : Lettre de réponse", tmp_path)
    # What was signed is what was read, under the institution's seal.
    assert letter.read_bytes().startswith(draft.read_bytes())
    vkey = key_of_register(adjoint)
    adjoint.open(address)
    verify(letter, adjoint.download("Preuve : Lettre de réponse", tmp_path), vkey)
    verify(document, proof, vkey)


def test_a_prosecutor_writes_and_the_signatories_decide(arrive: Arrive, tmp_path: Path) -> None:
    worker = arrive("travailleur")
    bring_message(worker, "2-prosecutor-46bis1.eml")
    worker.press("Enregistrer : l’institution prend le relais")
    address = worker.page.url
    relay, relay_proof = certificate(worker, tmp_path)

    referent = arrive("referent")
    step_in(referent, address)
    state_duty(referent)
    form = referent.page
    # The answer of the law follows the facts, before anything is stored.
    form.locator("#verdicts").get_by_text("Obligation").first.wait_for()
    referent.press("Enregistrer la qualification")
    referent.press("Préparer la communication")
    recipient = pyrage.x25519.Identity.generate()
    add_copy(referent, "2-fiche-identite.pdf", "identity", "Fiche d’identité")
    add_copy(referent, "2-composition-de-menage.pdf", "household", "Composition de ménage", pages="1")
    assert form.get_by_text("Fiche d’identité").first.is_visible()
    assert form.get_by_text("Retiré : Page 2 : confidences").is_visible()
    form.get_by_label("Clé du destinataire").fill("age1pas-une-cle")
    referent.press("Figer et soumettre")
    assert "clé de destinataire" in form.locator(".error").first.inner_text()
    form.get_by_label("Clé du destinataire").fill(str(recipient.to_public()))
    referent.press("Figer et soumettre")
    decision = form.url
    assert form.get_by_text("Aucun accord donné, 2 requis sur 3 sièges").is_visible()

    for login in ("dg", "president"):
        signatory = arrive(login)
        step_in(signatory, address)
        page = signatory.open(decision)
        page.get_by_label("Votre phrase de passe").fill("ce n’est pas elle")
        signatory.press("Donner mon accord")
        assert page.get_by_text("Rien n’a été signé").first.is_visible()
        page.get_by_label("Votre phrase de passe").fill(signatory.site.passphrase)
        signatory.press("Donner mon accord")
    page.get_by_label("Votre phrase de passe").fill(signatory.site.passphrase)
    signatory.press("Sceller le pli")
    assert page.get_by_text("Pli scellé au destinataire").is_visible()
    packet = signatory.download("Télécharger le pli", tmp_path)
    packet_proof = signatory.download("Télécharger sa preuve", tmp_path)
    vkey = key_of_register(signatory)
    assert "pli" in verify(packet, packet_proof, vkey)
    signatory.open(address)
    letter = signatory.download("Document PDF : Lettre de communication", tmp_path)
    verify(letter, signatory.download("Preuve : Lettre de communication", tmp_path), vkey)
    verify(relay, relay_proof, vkey)

    opened = zipfile.ZipFile(io.BytesIO(pyrage.decrypt(packet.read_bytes(), [recipient])))
    assert {"01-2-fiche-identite.pdf", "02-2-composition-de-menage.pdf", "lettre.pdf"} <= set(opened.namelist())
    assert opened.read("lettre.pdf") == letter.read_bytes()
    # Of the second document, one page of its two leaves.
    assert page_count((EXAMPLES / "2-composition-de-menage.pdf").read_bytes()) == 2
    assert page_count(opened.read("02-2-composition-de-menage.pdf")) == 1


def test_a_session_that_ends_loses_nothing(arrive: Arrive) -> None:
    worker = arrive("travailleur")
    page = worker.open("demandes/nouvelle/")
    page.get_by_label("Qui demande ?").select_option("housing")
    page.get_by_label("De vive voix ou par téléphone").check()
    page.get_by_label("Adresse", exact=True).check()
    page.get_by_label("Les mots de la demande").fill("Un propriétaire insiste depuis dix minutes.")
    page.context.clear_cookies(name="ciment")
    worker.press("Enregistrer : l’institution prend le relais")
    assert page.get_by_text("Votre session a pris fin").is_visible()
    page.get_by_label("Identifiant").fill("travailleur")
    page.get_by_label("Phrase de passe").fill(worker.site.passphrase)
    worker.press("Se connecter")
    worker.press("Envoyer à nouveau")
    assert page.get_by_text("L’institution a pris le relais").is_visible()
    assert page.get_by_text("Un propriétaire insiste depuis dix minutes.").is_visible()
