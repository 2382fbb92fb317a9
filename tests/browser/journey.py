"""The pages of the main job, each with who looks at it: the same list for the tests and for the screenshots."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from people import EXAMPLES, Arrive, Person


@dataclass(frozen=True)
class Stop:
    """A page, the name of its screenshot, and who is looking."""

    name: str
    person: Person


def walk(arrive: Arrive, **wishes: object) -> Iterator[Stop]:
    """Go through the pages; each stop is shown when it is yielded."""
    nobody = arrive(None, **wishes)
    nobody.open("connexion/")
    yield Stop("01-connexion", nobody)
    nobody.open("verifier/")
    yield Stop("02-verifier", nobody)
    nobody.open("danger/")
    yield Stop("02a-danger", nobody)
    worker = arrive("travailleur", **wishes)
    referent = arrive("referent", **wishes)
    yield from _recorded(worker)
    yield from _qualified(worker, referent)
    yield from _helped(worker)
    yield from _knocked(worker, nobody)
    yield from _pressed(worker)
    yield from _signed(arrive("adjoint", **wishes))
    yield from _released(arrive("president", **wishes))
    yield from _accessed(worker, referent)
    yield from _accounted(arrive("dpo", **wishes))
    yield from _flowing(worker, referent)
    signatory = arrive("dg", **wishes)
    yield from _governed(signatory)
    yield from _welcomed(arrive("admin", **wishes), nobody, signatory)
    yield from _filed(nobody, signatory, referent)
    yield from consult(nobody)


def consult(nobody: Person) -> Iterator[Stop]:
    """Let somebody without an account read the law, and try a situation."""
    nobody.open("droit/")
    yield Stop("16-droit", nobody)
    nobody.open("droit/regles/be.necessity/")
    yield Stop("16a-regle", nobody)
    nobody.open("droit/comparer/?avant=2019-03-13&apres=2019-03-14")
    yield Stop("16b-deux-dates", nobody)
    form = nobody.open("droit/situation/")
    yield Stop("16c-situation", nobody)
    form.get_by_label("Qui demande ?").select_option("prosecutor")
    form.get_by_label("Adresse", exact=True).check()
    form.get_by_label("Confidences et propos tenus").check()
    form.get_by_label("Forme de la demande").select_option("written")
    nobody.press("Voir la réponse du droit")
    yield Stop("16d-reponse-du-droit", nobody)
    nobody.open("droit/textes/every-offence/")
    yield Stop("16e-texte", nobody)


def _helped(worker: Person) -> Iterator[Stop]:
    """Let the worker read the reflex card, hand over a situation of necessity, and see what else may happen."""
    worker.open("reflexe/")
    yield Stop("17-carte-reflexe", worker)
    form = worker.open("necessite/nouvelle/")
    yield Stop("17a-necessite", worker)
    form.get_by_label("Que savez-vous ?").fill("Camille dit avoir pris des médicaments et ne répond plus.")
    form.get_by_label("Le danger est…").select_option("grave_and_imminent")
    form.get_by_label("Qui est en danger ?").select_option("person")
    form.get_by_label("D’autres moyens d’éviter le danger").select_option("exhausted")
    form.get_by_label("Ce qu’il faut protéger, face au secret, est de valeur…").select_option("equal_or_higher")
    form.get_by_label("Le danger vient-il de l’institution elle-même ?").select_option("no")
    form.get_by_label("À qui le dire").select_option("emergency_services")
    form.get_by_label("À quelle heure ?").fill("14 h 32")
    worker.press("Enregistrer : l’institution prend le relais")
    yield Stop("17b-necessite-relayee", worker)
    worker.open("mises-en-situation/")
    yield Stop("18-s-entrainer", worker)
    drill = worker.open("mises-en-situation/police-au-guichet/")
    yield Stop("18a-mise-en-situation", worker)
    drill.get_by_role("radio").first.check()
    worker.press("Voir ce que cela donne")
    yield Stop("18b-ce-que-cela-donne", worker)
    worker.open("mises-en-situation/menace-de-suicide/2/1/")
    yield Stop("18c-reflexe", worker)
    worker.open("mises-en-situation/menace-de-suicide/fiche/")
    yield Stop("18d-fiche", worker)
    worker.open("mises-en-situation/equipe/")
    yield Stop("18e-equipe", worker)
    worker.open("deja-repondu/")
    yield Stop("17c-deja-repondu", worker)
    worker.open("cite-en-personne/")
    yield Stop("17d-cite-en-personne", worker)


def _flowing(worker: Person, referent: Person) -> Iterator[Stop]:
    """Let the worker note what a flow allows and what leaves it, and the referent propose another."""
    page = worker.open("flux/")
    yield Stop("18-flux", worker)
    page.get_by_role("link", name="Mutualité de l’Exemple").first.click()
    page.wait_for_load_state()
    yield Stop("18a-flux-en-vigueur", worker)
    worker.press("Noter une communication")
    yield Stop("18b-noter-dans-un-flux", worker)
    page.get_by_label("Aide reçue").check()
    page.get_by_label("Au sujet de qui ?").fill("Camille Exemple")
    page.get_by_label("Où est la pièce ?").fill("Classeur A, pièce 12")
    page.get_by_label("Non : un appel").check()
    worker.press("Noter dans ce flux")
    yield Stop("18c-quitter-le-flux", worker)
    worker.open("journal/")
    yield Stop("18d-actes-de-mission", worker)
    form = referent.open("flux/nouveau/")
    form.get_by_label("À qui l’information va-t-elle ?").select_option("social_security_institution")
    form.get_by_label("Identité").check()
    referent.press("Voir ce que dit le droit")
    yield Stop("18e-proposer-un-flux", referent)


def _governed(director: Person) -> Iterator[Stop]:
    """Let the director general read the settings, and sign a turn of the permanence."""
    director.open("reglages/")
    yield Stop("19-reglages", director)
    form = director.open("reglages/permanence/")
    form.get_by_label("Téléphone de la permanence").fill("081 00 00 01")
    first = form.get_by_role("group", name="Ligne 1")
    first.get_by_label("De permanence").select_option(index=1)
    first.get_by_label("Du", exact=True).fill("2030-07-01T08:00")
    first.get_by_label("Jusqu’au").fill("2030-07-08T08:00")
    form.get_by_label("Votre phrase de passe").fill(director.site.passphrase)
    director.press("Signer ce réglage")
    yield Stop("19a-permanence", director)
    places = ("recusations", "passerelle", "repertoire", "absences", "lettres", "delais")
    for number, place in zip("bcdefg", places, strict=True):
        director.open(f"reglages/{place}/")
        yield Stop(f"19{number}-{place}", director)


def _knocked(worker: Person, nobody: Person) -> Iterator[Stop]:
    """Let the worker note a search, hand something over, and print the inventory."""
    nobody.open("perquisition/")
    yield Stop("20-perquisition", nobody)
    worker.open("perquisition/")
    worker.press("Prévenir les signataires et commencer à noter")
    form = worker.page
    form.get_by_label("Un mandat, une ordonnance d’un juge").check()
    form.get_by_label("La police, envoyée par un juge").check()
    form.get_by_label("Nom et fonction du magistrat qui a signé").fill("Juge d’instruction Exemple")
    yield Stop("20a-titre", worker)
    worker.press("Noter et continuer")
    worker.press("Passer")
    worker.press("Passer")
    form.get_by_label("Quelle pièce ?").fill("Dossier papier no 12, 40 feuillets")
    form.get_by_label("Emportée").check()
    form.get_by_label("Oui, la phrase ci-dessus").check()
    yield Stop("20b-piece", worker)
    worker.press("Noter cette pièce, puis la suivante")
    worker.press("On exige quelque chose qui est dans Ciment : remettre sous contrainte")
    yield Stop("20c-remise", worker)
    form.locator(".pieces a").first.click()
    form.wait_for_load_state()
    yield Stop("20d-remettre", worker)
    worker.press("Revenir à l’inventaire")
    worker.press("Établir l’inventaire")
    yield Stop("20e-inventaire", worker)


def _pressed(worker: Person) -> Iterator[Stop]:
    """Let the worker say in confidence who presses, past the person named."""
    worker.open("pressions/")
    yield Stop("21-pressions", worker)
    worker.press("Le dire en confidence")
    worker.page.get_by_label("Dominique Général").check()
    yield Stop("21a-qui", worker)
    worker.press("Continuer")
    worker.page.get_by_label("Que vous a-t-on dit ou fait ?").fill("« Dis-le-moi, ou ta prolongation… »")
    yield Stop("21b-quoi", worker)
    worker.press("Sceller")
    yield Stop("21c-confidence", worker)


def bring_message(worker: Person, message: str) -> None:
    """Let the worker bring a message of `examples/` as far as the prefilled questions."""
    page = worker.open("demandes/nouvelle/")
    page.get_by_text("J’ai reçu un courriel, une lettre ou une photo").click()
    page.get_by_label("Le message ou la lettre").set_input_files(EXAMPLES / message)
    worker.press("Lire et préremplir")


def state_duty(referent: Person) -> None:
    """Let the referent state, on the inquiry that is open, the facts of article 46bis/1."""
    referent.press("Qualifier la demande")
    form = referent.page
    form.get_by_label("Identité de l’auteur vérifiée").select_option("yes")
    form.get_by_label("Forme de la demande").select_option("written_reasoned")
    form.get_by_label("Motif invoqué").select_option("terrorism_administrative_data")
    form.get_by_label("Infraction en cause").select_option("terrorism")


def add_copy(referent: Person, name: str, category: str, description: str, *, pages: str = "") -> None:
    """Let the referent add a copy of a document of `examples/`, whole unless `pages` says what stays."""
    form = referent.page
    form.get_by_label("Le document", exact=True).set_input_files(EXAMPLES / name)
    form.get_by_label("Catégorie d’information").first.select_option(category)
    form.get_by_label("Description pour les signataires").fill(description)
    form.get_by_label("Pages à garder").fill(pages)
    form.get_by_label("Pourquoi le reste est retiré").fill("Page 2 : confidences" if pages else "")
    referent.press("Ajouter cette copie")


def _first(person: Person, state: str, requester: str = "") -> str:
    """Open the first inquiry of that state on somebody's home page, untied; return its address."""
    page = person.open("")
    row = page.locator("tr", has=page.locator(f".state-{state}"), has_text=requester).first
    address = person.site.address + str(row.get_by_role("link").first.get_attribute("href"))
    person.open(address)
    untied = page.get_by_role("button", name="Non, je peux m’en occuper")
    if untied.count():
        person.press("Non, je peux m’en occuper")
    return address


def _recorded(worker: Person) -> Iterator[Stop]:
    yield Stop("03-accueil-travailleur", worker)
    worker.open("demandes/nouvelle/")
    yield Stop("04-noter-une-demande", worker)
    worker.press("Enregistrer : l’institution prend le relais")
    yield Stop("04a-reponses-manquantes", worker)
    bring_message(worker, "2-prosecutor-46bis1.eml")
    yield Stop("04b-message-lu", worker)
    worker.press("Enregistrer : l’institution prend le relais")
    yield Stop("05-attestation", worker)


def _qualified(worker: Person, referent: Person) -> Iterator[Stop]:
    yield Stop("06-accueil-referent", referent)
    referent.open(worker.page.url)
    yield Stop("07-recusation", referent)
    referent.press("Non, je peux m’en occuper")
    yield Stop("08-demande-a-qualifier", referent)
    state_duty(referent)
    referent.press("Voir la réponse sans enregistrer")
    yield Stop("09-qualifier", referent)
    referent.press("Enregistrer la qualification")
    yield Stop("09a-demande-qualifiee", referent)
    referent.press("Préparer la communication")
    add_copy(referent, "2-composition-de-menage.pdf", "household", "Composition de ménage", pages="1")
    yield Stop("09b-preparer", referent)


def _signed(deputy: Person) -> Iterator[Stop]:
    address = _first(deputy, "qualified")
    deputy.open(f"{address}refus/")
    yield Stop("10-signer-la-reponse", deputy)
    _first(deputy, "prepared")
    deputy.press("Voir la décision")
    yield Stop("11-decision", deputy)


def _released(president: Person) -> Iterator[Stop]:
    _first(president, "decided", "procureur")
    president.press("Voir la décision et le pli")
    yield Stop("11a-pli", president)
    president.page.go_back()
    yield Stop("12-demande-decidee", president)
    president.open("accords/")
    yield Stop("13-garder", president)


def _accessed(worker: Person, referent: Person) -> Iterator[Stop]:
    """Let a person ask for their own data, and the referent look for what is about them."""
    form = worker.open("acces/nouveau/")
    yield Stop("18-une-personne-demande", worker)
    form.get_by_label("Son nom de famille").fill("Exemple")
    form.get_by_label("Son prénom").fill("Camille")
    form.get_by_label("Carte d’identité vue").check()
    worker.press("Enregistrer la demande")
    yield Stop("18a-sa-demande", worker)
    referent.open(f"{worker.page.url}recherche/")
    referent.press("Chercher")
    yield Stop("18b-etablir-le-releve", referent)
    _first(referent, "answered")
    referent.press("Informer la personne, ou différer")
    yield Stop("18c-informer-ou-differer", referent)
    worker.open("acces/")
    yield Stop("18d-les-personnes", worker)


def _welcomed(admin: Person, nobody: Person, signatory: Person) -> Iterator[Stop]:
    # Another login for each walk: the site is shared, and a login is given once.
    login = f"maude-{secrets.token_hex(4)}"
    admin.open("membres/")
    yield Stop("17-membres", admin)
    admin.press("Inviter quelqu’un")
    form = admin.page
    form.get_by_label("Identifiant").fill(login)
    form.get_by_label("Prénom et nom").fill("Maude Nouvelle")
    form.get_by_label("Fonction").fill("assistante sociale")
    form.get_by_label("Travailleur·euse social·e").check()
    yield Stop("17a-inviter", admin)
    admin.press("Créer l’invitation")
    yield Stop("17b-code", admin)
    nobody.open("invitation/").get_by_label("Le code de votre invitation").fill(
        admin.page.locator(".sheet code").nth(1).inner_text()
    )
    yield Stop("17c-invitation", nobody)
    nobody.press("Voir mon invitation")
    yield Stop("17d-accepter", nobody)
    offered = nobody.page.locator("code").first.inner_text()
    nobody.page.get_by_label("Votre phrase de passe").fill(offered)
    nobody.page.get_by_label("La même, encore une fois").fill(offered)
    nobody.press("Accepter et m’inscrire")
    yield Stop("17e-inscription", nobody)
    signatory.open("accords/")
    yield Stop("17f-qui-attend", signatory)
    signatory.page.get_by_role("link", name="Comparer et répondre").first.click()
    signatory.page.wait_for_load_state()
    yield Stop("17g-repondre", signatory)


def _filed(nobody: Person, signatory: Person, referent: Person) -> Iterator[Stop]:
    """Open the desk, file a request without an account, follow it, and see it from inside."""
    page = signatory.open("arrivees/")
    if page.get_by_role("button", name="Fermer", exact=True).count():
        signatory.press("Fermer")
    yield Stop("22-ouvrir-le-guichet", signatory)
    nobody.open("guichet/")
    yield Stop("22a-guichet-ferme", nobody)
    page.get_by_label("Votre phrase de passe").fill(signatory.site.passphrase)
    signatory.press("Signer et ouvrir")
    yield Stop("22b-guichet-ouvert", signatory)
    form = nobody.open("guichet/")
    yield Stop("22c-guichet", nobody)
    form.get_by_label("À quel titre demandez-vous").select_option("bailiff")
    form.get_by_label("Votre nom et votre fonction").fill("Robin Exemple, huissier de justice")
    form.get_by_label("Comment vous joindre").fill("Place de l’Exemple 2, 0000 Valbrume")
    form.get_by_label("Au sujet de qui").fill("Camille Exemple")
    form.get_by_label("Adresse", exact=True).check()
    form.get_by_label("Votre demande, et ses motifs").fill("Je dois signifier un acte à cette personne.")
    nobody.press("Déposer ma demande")
    yield Stop("22d-guichet-a-corriger", nobody)
    form.get_by_label("La disposition légale que vous invoquez").fill("aucune")
    nobody.press("Déposer ma demande")
    yield Stop("22e-demande-deposee", nobody)
    code = nobody.page.locator("code").first.inner_text()
    nobody.open("guichet/suivi/").get_by_label("Le code de votre demande").fill(code)
    nobody.press("Voir où elle en est")
    yield Stop("22f-suivi", nobody)
    referent.open("guichet/demandes/")
    yield Stop("22g-au-guichet", referent)
    referent.open("courriels/")
    yield Stop("22h-courriels", referent)


def _accounted(auditor: Person) -> Iterator[Stop]:
    auditor.open("registre/")
    yield Stop("14-registre", auditor)
    auditor.open("registre/5/")
    yield Stop("15-entree", auditor)
    auditor.open("chiffres/")
    yield Stop("15a-chiffres", auditor)
