"""The pages of the main job, each with who looks at it: the same list for the tests and for the screenshots."""

from collections.abc import Iterator
from dataclasses import dataclass

from people import Arrive, Person


@dataclass(frozen=True)
class Stop:
    """A page, the name of its screenshot, and who is looking."""

    name: str
    person: Person


def _reference(person: Person, state: str) -> str:
    """Return the address of the first inquiry of the seeded demonstration that is in `state`."""
    page = person.open("")
    row = page.locator("tr", has=page.locator(f".state-{state}")).last
    return str(row.get_by_role("link").first.get_attribute("href"))


def walk(arrive: Arrive, **wishes: object) -> Iterator[Stop]:
    """Go through the pages; each stop is shown when it is yielded."""
    nobody = arrive(None, **wishes)
    nobody.open("connexion/")
    yield Stop("01-connexion", nobody)
    nobody.open("verifier/")
    yield Stop("02-verifier", nobody)

    worker = arrive("travailleur", **wishes)
    yield Stop("03-accueil-travailleur", worker)
    worker.open("demandes/nouvelle/")
    yield Stop("04-noter-une-demande", worker)
    home = worker.site.address
    received = _reference(worker, "received")
    worker.open(home + received)
    yield Stop("05-attestation", worker)

    referent = arrive("referent", **wishes)
    yield Stop("06-accueil-referent", referent)
    referent.open(home + received)
    if referent.page.get_by_role("button", name="Non, je peux m’en occuper").count():
        yield Stop("07-recusation", referent)
        referent.press("Non, je peux m’en occuper")
    yield Stop("08-demande-a-qualifier", referent)
    referent.open(f"{home}{received}qualification/")
    yield Stop("09-qualifier", referent)

    deputy = arrive("adjoint", **wishes)
    qualified = _reference(deputy, "qualified")
    deputy.open(home + qualified)
    if deputy.page.get_by_role("button", name="Non, je peux m’en occuper").count():
        deputy.press("Non, je peux m’en occuper")
    deputy.open(f"{home}{qualified}refus/")
    yield Stop("10-signer-la-reponse", deputy)
    prepared = _reference(deputy, "prepared")
    deputy.open(home + prepared)
    if deputy.page.get_by_role("button", name="Non, je peux m’en occuper").count():
        deputy.press("Non, je peux m’en occuper")
    deputy.press("Voir la décision")
    yield Stop("11-decision", deputy)

    president = arrive("president", **wishes)
    rows = president.open("").locator("tr", has_text="procureur")
    decided = [str(link.get_attribute("href")) for link in rows.get_by_role("link").all()]
    for address in decided:
        president.open(home + address)
        if president.page.get_by_text("Lettre de communication").count():
            break
    yield Stop("12-demande-decidee", president)
    president.open("accords/")
    yield Stop("13-garder", president)
    auditor = arrive("dpo", **wishes)
    auditor.open("registre/")
    yield Stop("14-registre", auditor)
    auditor.open("registre/5/")
    yield Stop("15-entree", auditor)
