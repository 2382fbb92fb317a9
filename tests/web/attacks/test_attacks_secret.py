"""The passphrase of a packet: the quorum's before, its preparer's afterwards, nobody else's."""

from typing import Any

import pytest
from web_stories import DUTY, qualify, record, uploaded

from ciment.canon import CimentError
from ciment.vault import Passphrase, open_packet
from ciment_web.blobs import store
from ciment_web.decisions.actions.approve import approve_decision
from ciment_web.decisions.actions.copies import NewCopy, add_copy
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.decisions.circumstances import delta_of
from ciment_web.decisions.models import Decision, Packet
from ciment_web.decisions.secret import read_secret
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.prepare import prepare_decision, subject_of
from ciment_web.project.demonstration import Demonstration

pytestmark = pytest.mark.slow


@pytest.fixture
def decision(demonstration: Demonstration) -> Decision:
    """Return a decision whose packet a generated passphrase opens, with every accord it needs."""
    people = demonstration.people
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity",))
    qualify(demonstration, inquiry, DUTY)
    opened = read_inquiry(people["referent"], inquiry)
    add_copy(people["referent"], subject_of(inquiry, opened.key), uploaded(b"la fiche"), NewCopy("identity", "Fiche"))
    decision = prepare_decision(people["referent"], opened, "")
    for login in ("dg", "president"):
        state_recusal(people[login], inquiry, recused=False)
        approve_decision(people[login], decision, demonstration.passphrase)
    return decision


def execute(demonstration: Demonstration, decision: Decision) -> Packet:
    return execute_decision(demonstration.people["dg"], decision, demonstration.passphrase)


def test_the_preparer_alone_receives_it_and_it_opens_the_packet(
    demonstration: Demonstration, decision: Decision
) -> None:
    packet = execute(demonstration, decision)
    preparer = demonstration.people["referent"]
    said = read_secret(preparer, packet, preparer.id)
    assert said is not None
    files = open_packet(b"".join(store.read(packet.blob)), Passphrase(said))
    assert b"la fiche" in files.values()
    for login in ("travailleur", "dg", "president", "adjoint"):
        assert read_secret(demonstration.people[login], packet, preparer.id) is None
        # Named as the preparer by a changed row, somebody else still holds no key to it.
        with pytest.raises(CimentError):
            read_secret(demonstration.people[login], packet, demonstration.people[login].id)


def test_a_preparer_changed_in_the_database_receives_nothing(demonstration: Demonstration, decision: Decision) -> None:
    worker = demonstration.people["travailleur"]
    Decision.objects.filter(pk=decision.pk).update(prepared_by=worker.member)
    packet = execute(demonstration, decision)
    delta: Any = delta_of(packet.decision)
    assert delta.copies["preparer"] == demonstration.people["referent"].id
    assert read_secret(worker, packet, delta.copies["preparer"]) is None
    assert read_secret(demonstration.people["referent"], packet, delta.copies["preparer"]) is not None


@pytest.mark.parametrize("column", ["sealed_secret", "secret_wrap", "secret_p"])
def test_a_changed_byte_of_it_stops_the_execution(
    demonstration: Demonstration, decision: Decision, column: str
) -> None:
    decision.refresh_from_db()
    original = bytes(getattr(decision, column))
    for place in range(0, len(original), max(1, len(original) // 7)):
        changed = original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :]
        Decision.objects.filter(pk=decision.pk).update(**{column: changed})
        with pytest.raises(CimentError):
            execute(demonstration, Decision.objects.get(pk=decision.pk))
    Decision.objects.filter(pk=decision.pk).update(**{column: original})
    execute(demonstration, Decision.objects.get(pk=decision.pk))
