"""The ceremony through its pages, from nothing to accords in force."""

from collections.abc import Callable

import pytest
from django.test import Client
from web_stories import PASSPHRASE

from ciment_web.founding.establishing import found_institution
from ciment_web.institutions.models import Institution
from ciment_web.members.actions import NewMember
from ciment_web.members.models import Member, Role, Title
from ciment_web.project.demonstration import Demonstration
from ciment_web.quorum.models import Ceremony, RosterRecord, SealedShare

SignIn = Callable[..., Client]
PAGE = "/i/neuf/accords/"


@pytest.fixture
def founded(transactional_db: None) -> Institution:  # noqa: ARG001 - opens the database
    """Return an institution of three signatories and a worker, without a ceremony."""
    founding = found_institution(
        Institution(slug="neuf", name="CPAS neuf", address="Rue 1", contact="-", place="Neufville")
    )
    people = (("dg", Title.DIRECTOR_GENERAL), ("pr", Title.PRESIDENT), ("ad", Title.NONE))
    for login, title in people:
        founding.enrol(NewMember(login, f"Personne {login}", "signataire", (Role.SIGNATORY,), title), PASSPHRASE)
    founding.enrol(NewMember("lou", "Lou", "assistante sociale", (Role.WORKER,)), PASSPHRASE)
    return founding.institution


def go(sign_in: SignIn, login: str) -> Client:
    return sign_in(login, slug="neuf")


def test_from_nothing_to_accords(founded: Institution, sign_in: SignIn) -> None:
    worker = go(sign_in, "lou")
    assert "ne sont pas encore en place" in worker.get(PAGE).content.decode()
    # Without accords nobody could answer: the record says so, and gives back what was typed.
    asked = worker.post(
        "/i/neuf/demandes/nouvelle/", {"requester": "police", "form": "oral", "categories": ["aid"], "text": "Bonjour"}
    )
    assert asked.status_code == 409
    assert "accords" in asked.content.decode()
    assert "Bonjour" in asked.content.decode()
    assert worker.post(f"{PAGE}ceremonie/", {"threshold": "2"}).status_code == 403
    signatories = [go(sign_in, login) for login in ("dg", "pr", "ad")]
    for threshold in ("", "1", "4", "deux"):
        assert signatories[0].post(f"{PAGE}ceremonie/", {"threshold": threshold}).status_code == 409
    assert signatories[0].post(f"{PAGE}ceremonie/", {"threshold": "2"}).status_code == 302
    page = signatories[1].get(PAGE).content.decode()
    for name in ("Personne dg", "Personne pr", "Personne ad"):
        assert name in page
    assert Member.objects.get(login="pr").public_key
    for _round in range(3):
        for client in signatories:
            assert client.post(f"{PAGE}ceremonie/etape/").status_code == 302
    assert RosterRecord.objects.get(institution=founded).generation == 1
    assert SealedShare.objects.filter(institution=founded).count() == 3
    page = signatories[0].get(PAGE).content.decode()
    assert "2 accords sur 3" in page
    assert "Vous faites confiance à cette empreinte" in page
    # A second ceremony would be a second quorum.
    assert signatories[0].post(f"{PAGE}ceremonie/", {"threshold": "3"}).status_code == 409


def test_a_ceremony_begun_anew_forgets_the_first(founded: Institution, sign_in: SignIn) -> None:
    signatories = [go(sign_in, login) for login in ("dg", "pr", "ad")]
    signatories[0].post(f"{PAGE}ceremonie/", {"threshold": "2"})
    for _round in range(2):
        for client in signatories:
            client.post(f"{PAGE}ceremonie/etape/")
    signatories[0].post(f"{PAGE}ceremonie/etape/")
    assert SealedShare.objects.filter(institution=founded).count() == 1
    signatories[1].post(f"{PAGE}ceremonie/", {"threshold": "3"})
    assert SealedShare.objects.filter(institution=founded).count() == 0
    for _round in range(3):
        for client in signatories:
            assert client.post(f"{PAGE}ceremonie/etape/").status_code == 302
    assert RosterRecord.objects.filter(institution=founded).count() == 1
    assert Ceremony.objects.filter(institution=founded).count() == 1


def test_a_round_waits_for_the_one_before(founded: Institution, sign_in: SignIn) -> None:
    first, second = go(sign_in, "dg"), go(sign_in, "pr")
    first.post(f"{PAGE}ceremonie/", {"threshold": "2"})
    first.post(f"{PAGE}ceremonie/etape/")
    # Nothing more to do here until the others have signed the plan.
    assert "Rien à faire de votre côté" in first.get(PAGE).content.decode()
    assert first.post(f"{PAGE}ceremonie/etape/").status_code == 302
    assert "Signer le plan" in second.get(PAGE).content.decode()
    assert founded.slug == "neuf"


def test_the_fingerprint_is_typed_from_paper(demonstration: Demonstration, sign_in: SignIn) -> None:
    from ciment_web.members.pin import Pin, open_pin, seal_pin  # noqa: PLC0415 - to forget what was pinned
    from ciment_web.project.demonstration import roster_fingerprint  # noqa: PLC0415

    actor = demonstration.people["referent"]
    mark = roster_fingerprint(demonstration.people["dg"])
    pin = open_pin(actor.member, actor.keys)
    fresh = Pin(pin.register_key, pin.log)
    Member.objects.filter(pk=actor.member.pk).update(sealed_pin=seal_pin(fresh, actor.member, actor.keys))
    client = sign_in("referent")
    page = client.get("/i/demo/accords/").content.decode()
    # Somebody who has yet to compare is not shown what to copy.
    assert mark[:4] not in page or mark[4:8] not in page
    for typed in ("", mark[:16], "0" * 20, mark[:20][::-1]):
        assert client.post("/i/demo/accords/empreinte/", {"fingerprint": typed}).status_code == 409
    typed = " ".join(mark[place : place + 4] for place in range(0, 20, 4)).upper()
    assert client.post("/i/demo/accords/empreinte/", {"fingerprint": typed}).status_code == 302
    assert "Vous faites confiance à cette empreinte" in client.get("/i/demo/accords/").content.decode()


def test_another_roster_is_never_pinned_over_the_first(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn
) -> None:
    from ciment_web.project.demonstration import roster_fingerprint  # noqa: PLC0415

    foreign = RosterRecord.objects.get(institution=neighbour.institution)
    RosterRecord.objects.filter(institution=demonstration.institution).update(signed=bytes(foreign.signed))
    client = sign_in("referent")
    mark = roster_fingerprint(neighbour.people["dg"])
    assert client.post("/i/demo/accords/empreinte/", {"fingerprint": mark[:20]}).status_code == 409
    # Under a roster that was not pinned nobody holds a role, so nothing can be wrapped to it.
    assert client.get("/i/demo/demandes/nouvelle/").status_code == 403
