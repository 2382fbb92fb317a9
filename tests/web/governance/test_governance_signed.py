"""A setting counts on a signature alone: who may state it, what changed rows do, and what stands in the register."""

import json
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from ciment.canon import decode, encode
from ciment.register import Entry
from ciment.vault import WrongPassphrase
from ciment_web.governance.actions import state_setting
from ciment_web.governance.kinds import SettingRefused
from ciment_web.governance.models import SettingRecord
from ciment_web.governance.queries import Standing, current, current_on_host
from ciment_web.governance.recusals import RECUSALS, Recusals
from ciment_web.governance.rhythm import RHYTHM, Rhythm
from ciment_web.governance.statements import Statement, digest_of, sign_statement
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
PAGE = "/i/demo/reglages/recusations/"


def rule(demonstration: Demonstration, *requesters: str, login: str = "president") -> Recusals:
    return Recusals({demonstration.people[login].id: frozenset(requesters)})


def state(demonstration: Demonstration, value: Recusals, login: str = "dg") -> SettingRecord:
    return state_setting(demonstration.people[login], RECUSALS, value, demonstration.passphrase)


def test_without_a_statement_the_default_counts(demonstration: Demonstration) -> None:
    for actor in demonstration.people.values():
        assert current(actor, RECUSALS).standing is Standing.DEFAULT
        assert current(actor, RECUSALS).value == Recusals()


def test_a_holder_of_a_seat_states_it_and_everybody_reads_it(demonstration: Demonstration) -> None:
    before = Leaf.objects.count()
    row = state(demonstration, rule(demonstration, "municipality"))
    assert Leaf.objects.count() == before + 1
    leaf = Leaf.objects.get(index=before)
    assert Entry.parse(bytes(leaf.entry)).kind == "act"
    for actor in demonstration.people.values():
        found = current(actor, RECUSALS)
        assert (found.standing, found.generation) == (Standing.SIGNED, 1)
        assert found.author == demonstration.people["dg"].id
        assert found.value.covers(demonstration.people["president"].id, "municipality")
        assert not found.value.covers(demonstration.people["president"].id, "police")
        assert not found.value.covers(demonstration.people["dg"].id, "municipality")
    assert current_on_host(demonstration.institution, RECUSALS).value == current(actor, RECUSALS).value
    assert decode(bytes(row.statement)) == json.loads(bytes(row.statement))


def test_the_last_statement_counts(demonstration: Demonstration) -> None:
    state(demonstration, rule(demonstration, "municipality"))
    state(demonstration, rule(demonstration, "municipality", "police"), "adjoint")
    found = current(demonstration.people["travailleur"], RECUSALS)
    assert (found.generation, found.author) == (2, demonstration.people["adjoint"].id)
    assert found.value.covers(demonstration.people["president"].id, "police")


@pytest.mark.parametrize("login", ["travailleur", "referent", "dpo", "admin"])
def test_nobody_without_a_seat_states_a_setting(demonstration: Demonstration, login: str) -> None:
    with pytest.raises(NotAllowed):
        state(demonstration, rule(demonstration, "municipality"), login)
    assert not SettingRecord.objects.exists()


def test_a_reserved_setting_is_the_director_generals(demonstration: Demonstration) -> None:
    for login in ("president", "adjoint"):
        with pytest.raises(NotAllowed):
            state_setting(demonstration.people[login], RHYTHM, Rhythm(24, 5), demonstration.passphrase)
    state_setting(demonstration.people["dg"], RHYTHM, Rhythm(48, 7), demonstration.passphrase)
    assert current(demonstration.people["referent"], RHYTHM).value == Rhythm(48, 7)


def test_the_passphrase_signs(demonstration: Demonstration) -> None:
    with pytest.raises(WrongPassphrase):
        state_setting(demonstration.people["dg"], RECUSALS, rule(demonstration, "police"), "abandon-bambou-cactus")
    assert not SettingRecord.objects.exists()


def test_nobody_lifts_their_own_recusal(demonstration: Demonstration) -> None:
    state(demonstration, rule(demonstration, "municipality", "police"))
    for lighter in (Recusals(), rule(demonstration, "municipality")):
        with pytest.raises(SettingRefused, match="own_recusal"):
            state(demonstration, lighter, "president")
    state(demonstration, rule(demonstration, "municipality", "police", "press"), "president")
    state(demonstration, Recusals(), "adjoint")
    assert current(demonstration.people["dg"], RECUSALS).value == Recusals()


def test_a_recusal_lifted_by_oneself_in_the_rows_does_not_count_either(demonstration: Demonstration) -> None:
    """The president signs it with real keys, and an accomplice writes the row."""
    first = state(demonstration, rule(demonstration, "municipality"))
    president = demonstration.people["president"]
    forge(first, president, [], generation=2)
    found = current(demonstration.people["dg"], RECUSALS)
    assert found.is_broken
    assert found.value.covers(president.id, "municipality")


def forge(
    before: SettingRecord, author: object, value: object, *, generation: int, previous: bytes | None = None
) -> None:
    due = digest_of(bytes(before.statement), bytes(before.signature))
    statement = Statement(
        str(before.institution_id), "recusals", value, generation, due if previous is None else previous,  # type: ignore[arg-type]
        author.id, 1,  # type: ignore[attr-defined]
    )  # fmt: skip
    SettingRecord.objects.create(
        institution=before.institution, name="recusals", generation=generation, statement=statement.encode(),
        signature=sign_statement(statement, author.keys.sign), signed_by=author.member,  # type: ignore[attr-defined]
    )  # fmt: skip


def test_a_statement_of_somebody_without_a_seat_or_out_of_its_chain_does_not_count(
    demonstration: Demonstration,
) -> None:
    first = state(demonstration, rule(demonstration, "municipality"))
    dg = demonstration.people["dg"]
    for author, previous in ((demonstration.people["referent"], None), (dg, bytes(32))):
        forge(first, author, [], generation=2, previous=previous)
        assert current(dg, RECUSALS).is_broken
        SettingRecord.objects.get(generation=2).delete()
    forge(first, dg, [], generation=2)
    assert current(dg, RECUSALS).value == Recusals()


def test_a_changed_row_does_not_count_and_is_signed_anew(demonstration: Demonstration, sign_in: SignIn) -> None:
    row = state(demonstration, rule(demonstration, "municipality"))
    kept = (bytes(row.statement), bytes(row.signature))
    dg, president = demonstration.people["dg"], demonstration.people["president"]
    fields = decode(kept[0])
    assert isinstance(fields, dict)
    changes = (
        {"statement": encode({**fields, "value": []})},
        {"statement": encode({**fields, "generation": 2, "previous": "00" * 32}), "generation": 2},
        {"statement": b"{}"},
        {"signature": bytes(64)},
        {"signature": b""},
        {"name": "rhythm"},
        {"generation": 3},
    )
    for change in changes:
        SettingRecord.objects.filter(pk=row.pk).update(**change)
        name = str(change.get("name", "recusals"))
        assert (current(dg, RHYTHM) if name == "rhythm" else current(dg, RECUSALS)).is_broken, change
        SettingRecord.objects.filter(pk=row.pk).update(
            statement=kept[0], signature=kept[1], name="recusals", generation=1
        )
        assert current(dg, RECUSALS).is_signed
    SettingRecord.objects.filter(pk=row.pk).update(signature=bytes(64))
    # The strict value: nobody takes part in anything until it is signed again.
    assert current(dg, RECUSALS).value.covers(dg.id, "press")
    page = sign_in("referent").get(PAGE).content.decode()
    assert "ne correspond plus à ce qui a été signé" in page
    state(demonstration, rule(demonstration, "municipality"))
    assert current(dg, RECUSALS).value == rule(demonstration, "municipality")
    assert current(president, RECUSALS).generation == 2


def test_a_statement_of_another_institution_does_not_count(
    demonstration: Demonstration, neighbour: Demonstration
) -> None:
    row = state(neighbour, rule(neighbour, "municipality"))
    SettingRecord.objects.create(
        institution=demonstration.institution, name="recusals", generation=1, statement=bytes(row.statement),
        signature=bytes(row.signature), signed_by=demonstration.people["dg"].member,
    )  # fmt: skip
    assert current(demonstration.people["dg"], RECUSALS).is_broken
    assert current(neighbour.people["dg"], RECUSALS).is_signed


def test_the_database_takes_a_generation_once(demonstration: Demonstration) -> None:
    row = state(demonstration, rule(demonstration, "municipality"))
    with pytest.raises(IntegrityError), transaction.atomic():
        SettingRecord.objects.create(
            institution=row.institution, name="recusals", generation=1, statement=b"", signature=b"",
            signed_by=row.signed_by,
        )  # fmt: skip


def form(seen: int, passphrase: str, *rows: dict[str, str], **fields: str) -> dict[str, str]:
    """Return what a browser sends for a page with lines."""
    sent = {"seen": str(seen), "phrase": passphrase, "rows-INITIAL_FORMS": "0", "rows-TOTAL_FORMS": str(len(rows))}
    for place, row in enumerate(rows):
        sent |= {f"rows-{place}-{name}": value for name, value in row.items()}
    return sent | fields


def test_the_page_states_a_setting(demonstration: Demonstration, sign_in: SignIn) -> None:
    president = demonstration.people["president"].id
    dg = sign_in("dg")
    line = {"member": president, "requester": "municipality"}
    assert dg.post(PAGE, form(0, demonstration.passphrase, line, {"member": "", "requester": ""})).status_code == 302
    text = dg.get(PAGE).content.decode()
    assert "Claude Présidente" in text
    assert "Signé par Dominique Général" in text
    assert current(demonstration.people["dg"], RECUSALS).value == rule(demonstration, "municipality")
    # An old page, a wrong passphrase and a line half filled in change nothing, and say why.
    for sent, said in (
        (form(0, demonstration.passphrase, line), "entre-temps"),
        (form(1, "abandon-bambou", line), "Ce n’est pas votre phrase de passe"),
        (form(1, demonstration.passphrase, {"member": president, "requester": ""}), "Une ligne de la liste"),
        (form(1, demonstration.passphrase, {"member": "x" * 60, "requester": "police"}), "Une ligne de la liste"),
    ):
        answer = dg.post(PAGE, sent)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert demonstration.passphrase not in answer.content.decode()
    assert SettingRecord.objects.count() == 1
    lifted = sign_in("president").post(PAGE, form(1, demonstration.passphrase))
    assert lifted.status_code == 422
    assert "votre propre récusation" in lifted.content.decode()


@pytest.mark.parametrize("login", ["travailleur", "referent", "dpo", "admin"])
def test_every_member_reads_the_settings_and_only_seats_sign(
    demonstration: Demonstration, sign_in: SignIn, login: str
) -> None:
    client = sign_in(login)
    for page in ("", "recusations/", "permanence/", "absences/", "lettres/", "delais/"):
        text = client.get(f"/i/demo/reglages/{page}").content.decode()
        assert "Réglages" in text
        assert 'name="phrase"' not in text
        if page:
            assert client.post(f"/i/demo/reglages/{page}", form(0, demonstration.passphrase)).status_code == 403
    assert not SettingRecord.objects.exists()


def test_a_stranger_finds_no_settings(demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn) -> None:
    assert (demonstration.institution.slug, neighbour.institution.slug) == ("demo", "voisin")
    assert Client().get(PAGE).status_code == 302
    state(demonstration, rule(demonstration, "municipality"))
    assert "Par défaut" in sign_in("dg", slug="voisin").get("/i/voisin/reglages/recusations/").content.decode()
