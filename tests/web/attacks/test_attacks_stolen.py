"""Done 3 of the main job: accords on one decision open that one and no neighbour, even for whoever holds everything."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from stolen import steal
from web_stories import DUTY, Prepared, prepare_release, qualify, record, uploaded

from ciment_web.decisions.actions.approve import approve_decision
from ciment_web.decisions.actions.copies import NewCopy, add_copy
from ciment_web.inquiries.actions.open import read_inquiry
from ciment_web.inquiries.actions.prepare import subject_of
from ciment_web.project.demonstration import Demonstration

Attack = Callable[..., dict[str, Any]]


@pytest.fixture
def attack(tmp_path: Path, demonstration: Demonstration) -> Attack:
    """Return a theft: copy everything now, and let the thief work in a fresh process."""
    thefts = iter(range(100))

    def run(
        login: str = "dg", passphrase: str = demonstration.passphrase, pepper: bytes | None = None
    ) -> dict[str, Any]:
        copy = steal(tmp_path / f"loot{next(thefts)}")
        pepper = settings.CIMENT_PEPPER if pepper is None else pepper
        script = Path(__file__).with_name("attacker.py")
        # Nothing of this process goes along: no settings, no path, no key but those given.
        done = subprocess.run(
            [sys.executable, "-I", str(script), str(copy), login, passphrase, pepper.hex()],
            capture_output=True,
            text=True,
            check=False,
            env={},
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


@pytest.fixture
def neighbours(demonstration: Demonstration) -> tuple[Prepared, Prepared]:
    """Return two decisions that wait for accords, about two documents of the same kind."""
    return prepare_release(demonstration, b"premier document"), prepare_release(demonstration, b"second document")


def closed(found: str) -> bool:
    """Whether it stayed closed although there was something to try."""
    return found.startswith("closed:") and "Refused" in found


def test_one_signatory_with_everything_opens_nothing(
    attack: Attack, neighbours: tuple[Prepared, Prepared], demonstration: Demonstration
) -> None:
    approve_decision(demonstration.people["dg"], neighbours[0].decision, demonstration.passphrase)
    found = attack("dg")
    # The first accord is the thief's own: with everything else that can be forged or borrowed, both stay closed.
    assert sorted(found["decisions"]) == ["1", "2"]
    assert all(closed(each) for each in found["decisions"].values())
    assert (found["files"], found["share"]) == ([], True)


def test_a_passphrase_is_worth_its_own_accord_and_no_more(
    attack: Attack, neighbours: tuple[Prepared, Prepared], demonstration: Demonstration
) -> None:
    """Whoever steals the second signatory, after the first agreed, has the accords required on that decision alone."""
    approve_decision(demonstration.people["dg"], neighbours[0].decision, demonstration.passphrase)
    for login in ("president", "adjoint"):
        found = attack(login)
        assert found["decisions"]["1"] == "open:premier document"
        assert closed(found["decisions"]["2"])


def test_without_any_accord_each_is_closed_to_each(attack: Attack, neighbours: tuple[Prepared, Prepared]) -> None:
    assert len(neighbours) == 2
    for login in ("dg", "president", "adjoint"):
        found = attack(login)
        assert all(closed(each) for each in found["decisions"].values())
        assert found["files"] == []


@pytest.mark.parametrize("login", ["dg", "president"])
def test_the_second_accord_opens_exactly_that_decision(
    attack: Attack, neighbours: tuple[Prepared, Prepared], demonstration: Demonstration, login: str
) -> None:
    for approver in ("dg", "president"):
        approve_decision(demonstration.people[approver], neighbours[0].decision, demonstration.passphrase)
    found = attack(login)
    assert found["decisions"]["1"] == "open:premier document"
    assert closed(found["decisions"]["2"])
    approve_decision(demonstration.people[login], neighbours[1].decision, demonstration.passphrase)
    found = attack(login)
    assert found["decisions"]["1"] == "open:premier document"
    # One accord, the thief's own, on the neighbour: still closed, with four partials of the first at hand.
    assert closed(found["decisions"]["2"])
    assert found["files"] == []


def test_who_holds_no_seat_opens_nothing_even_then(
    attack: Attack, neighbours: tuple[Prepared, Prepared], demonstration: Demonstration
) -> None:
    for login in ("dg", "president"):
        approve_decision(demonstration.people[login], neighbours[0].decision, demonstration.passphrase)
    for login in ("referent", "travailleur", "dpo", "admin"):
        # No share, and no key that opens a release copy: there is nothing to begin with.
        assert attack(login) == {"decisions": {}, "files": [], "share": False}


def test_a_copy_of_no_decision_is_closed_and_a_reading_copy_is_its_readers(
    attack: Attack, demonstration: Demonstration
) -> None:
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity", "household"))
    qualify(demonstration, inquiry, DUTY)
    referent = demonstration.people["referent"]
    subject = subject_of(inquiry, read_inquiry(referent, inquiry).key)
    add_copy(referent, subject, uploaded(b"sans lecture"), NewCopy("identity", "Fiche"))
    add_copy(referent, subject, uploaded(b"avec lecture"), NewCopy("identity", "Fiche", reading=True))
    # Given to signatories to read, and only because the referent chose so: that proves that the search opens files.
    assert attack("dg") == {"decisions": {}, "files": ["avec lecture"], "share": True}
    assert attack("referent")["files"] == []


@pytest.mark.usefixtures("neighbours")
def test_without_the_pepper_or_the_passphrase_no_seed_opens(attack: Attack) -> None:
    assert attack(pepper=bytes(32)) == {"seed": "WrongPassphrase"}
    assert attack(passphrase="abandon-bambou-cactus-dauphin-ecureuil-fabuleux-gamelle") == {"seed": "WrongPassphrase"}


def test_an_executed_decision_leaves_no_box_behind(demonstration: Demonstration, attack: Attack) -> None:
    prepared = prepare_release(demonstration, b"parti")
    prepared.release(demonstration)
    # The packet went to its recipient; what approvers had sealed to one another is gone.
    assert closed(attack("dg")["decisions"]["1"])
