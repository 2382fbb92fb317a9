"""Beside the record: whoever answered already, whoever is summoned; nothing of either is written anywhere."""

from collections.abc import Callable

import pytest
from django.test import Client

from ciment.register import Entry
from ciment_web.inquiries.models import Inquiry
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
TOLD, SUMMONED = "/i/demo/deja-repondu/", "/i/demo/cite-en-personne/"
CANARY = "CanariDejaZyx"


def test_both_are_one_tap_from_the_record(demonstration: Demonstration, sign_in: SignIn) -> None:
    assert demonstration.institution.slug == "demo"
    page = sign_in("travailleur").get("/i/demo/demandes/nouvelle/").content.decode()
    assert f'href="{TOLD}"' in page
    assert f'href="{SUMMONED}"' in page


def test_having_answered_keeps_the_hour_and_tells_the_officer_alone(
    demonstration: Demonstration, sign_in: SignIn, mailbox: list[object], capfd: pytest.CaptureFixture[str]
) -> None:
    assert demonstration.institution.slug == "demo"
    worker = sign_in("travailleur")
    first = Leaf.objects.count()
    page = worker.get(TOLD).content.decode()
    # Advice comes before anything is sent, and there is nothing to type in.
    assert "peut être saisi" in page
    assert "<textarea" not in page
    assert Leaf.objects.count() == first
    answer = worker.post(TOLD, {"text": CANARY})
    assert f"entrée no {first}" in answer.content.decode()
    entry = Entry.parse(bytes(Leaf.objects.get(index=first).entry))
    assert (entry.kind, dict(entry.attributes)) == ("act", {})
    (message,) = mailbox
    assert message.recipients == ["dpo@demo.invalid"]  # type: ignore[attr-defined]
    assert b"Travailleur" not in message.content  # type: ignore[attr-defined]
    assert CANARY not in answer.content.decode() + "".join(capfd.readouterr())
    assert not Inquiry.objects.exists()
    # The officer reads who and when; nobody else does.
    seen = {login: sign_in(login).post(f"/i/demo/registre/{first}/").content.decode() for login in ("dpo", "dg")}
    assert ["a dit avoir déjà répondu" in seen[login] for login in ("dpo", "dg")] == [True, False]


def test_the_page_of_a_summons_stores_nothing(demonstration: Demonstration, sign_in: SignIn) -> None:
    assert demonstration.institution.slug == "demo"
    client = sign_in("travailleur")
    first = Leaf.objects.count()
    page = client.get(SUMMONED).content.decode()
    assert "lui seul choisit" in page
    assert "<textarea" not in page
    assert client.post(SUMMONED).status_code == 405
    assert Leaf.objects.count() == first


def test_who_may_not_record_has_answered_nobody(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn
) -> None:
    assert demonstration.institution != neighbour.institution
    assert sign_in("admin").post(TOLD).status_code == 403
    for path in (TOLD, SUMMONED):
        assert Client().get(path).status_code == 302
        assert sign_in("dg", slug="voisin").get(path).status_code == 302
