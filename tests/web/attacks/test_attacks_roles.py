"""Roles written into rows by somebody with SQL: a row gives none, and a roster taken away or replaced gives none."""

import pytest
from intruder import Intruder, make_intruder, present

from ciment.quorum.errors import RosterRefused
from ciment_web.members.answering import NotThisMember
from ciment_web.members.models import Role
from ciment_web.members.pin import open_pin
from ciment_web.project import demonstration as cast
from ciment_web.project.demonstration import Demonstration
from ciment_web.quorum.models import RosterRecord


@pytest.fixture
def intruder(demonstration: Demonstration) -> Intruder:
    return make_intruder(demonstration)


def test_a_member_with_another_key_does_not_act(demonstration: Demonstration, intruder: Intruder) -> None:
    intruder.take_over("referent")
    with pytest.raises(NotThisMember):
        present(demonstration, "referent")


@pytest.mark.parametrize("login", ["travailleur", "admin"])
def test_rows_alone_give_no_role(demonstration: Demonstration, intruder: Intruder, login: str) -> None:
    intruder.add_role(login, Role.REFERENT, Role.SIGNATORY, *([Role.DPO] if login == "admin" else []))
    assert present(demonstration, login).roles <= {Role.WORKER, Role.ADMINISTRATOR}


@pytest.mark.parametrize("login", ["travailleur", "admin", "dg"])
def test_an_enrolment_signed_by_oneself_gives_no_role(
    demonstration: Demonstration, intruder: Intruder, login: str
) -> None:
    intruder.promote(login, Role.REFERENT, Role.DPO)
    # Of a holder the roster itself answers for the seat, and for nothing that was added.
    kept = {Role.SIGNATORY} if login == "dg" else set()
    assert present(demonstration, login).roles == kept


@pytest.mark.parametrize("login", ["travailleur", "dg"])
def test_a_roster_taken_away_gives_no_role(demonstration: Demonstration, intruder: Intruder, login: str) -> None:
    """Without the row of the roster, whoever pinned it, from paper or by answering for others, knows there was one."""
    intruder.promote(login, Role.REFERENT, Role.SIGNATORY)
    RosterRecord.objects.all().delete()
    assert present(demonstration, login).roles == frozenset()


def test_a_second_ceremony_takes_no_roster_away(demonstration: Demonstration) -> None:
    """The row of the roster deleted, a ceremony among strangers is refused by whoever acted under the first one."""
    RosterRecord.objects.all().delete()
    director = demonstration.people["dg"]
    with pytest.raises(RosterRefused):
        cast.hold_ceremony([demonstration.people["president"], demonstration.people["adjoint"], director])
    assert open_pin(present(demonstration, "dg").member, director.keys).roster
