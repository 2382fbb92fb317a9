"""Done 3 of the main job: accords on one decision open that one and no neighbour, even for whoever holds everything."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from stolen import steal
from web_stories import Prepared, prepare_release

from ciment_web.decisions.actions.approve import approve_decision
from ciment_web.project.demonstration import Demonstration

Attack = Callable[..., dict[str, str]]


@pytest.fixture
def attack(tmp_path: Path, demonstration: Demonstration) -> Attack:
    """Return a theft: copy everything now, and let the thief work in a fresh process."""
    thefts = iter(range(100))

    def run(
        login: str = "dg", passphrase: str = demonstration.passphrase, pepper: bytes | None = None
    ) -> dict[str, str]:
        copy = steal(tmp_path / f"loot{next(thefts)}")
        pepper = settings.CIMENT_PEPPER if pepper is None else pepper
        script = Path(__file__).with_name("attacker.py")
        done = subprocess.run(
            [sys.executable, str(script), str(copy), login, passphrase, pepper.hex()],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, str] = json.loads(done.stdout)
        return found

    return run


@pytest.fixture
def neighbours(demonstration: Demonstration) -> tuple[Prepared, Prepared]:
    """Return two decisions that wait for accords, about two documents of the same kind."""
    return prepare_release(demonstration, b"premier document"), prepare_release(demonstration, b"second document")


def test_one_signatory_with_everything_opens_nothing(
    attack: Attack, neighbours: tuple[Prepared, Prepared], demonstration: Demonstration
) -> None:
    approve_decision(demonstration.people["dg"], neighbours[0].decision, demonstration.passphrase)
    found = attack("dg")
    assert set(found) == {"1", "2"}
    # The first was approved once: both the protocol and a lowered threshold fail, and nothing else is there to try.
    assert found["1"] == "closed:QuorumRefused,WrapRefused"
    assert found["2"] == "closed:"


def test_the_second_accord_opens_exactly_that_decision(
    attack: Attack, neighbours: tuple[Prepared, Prepared], demonstration: Demonstration
) -> None:
    for login in ("dg", "president"):
        approve_decision(demonstration.people[login], neighbours[0].decision, demonstration.passphrase)
    approve_decision(demonstration.people["dg"], neighbours[1].decision, demonstration.passphrase)
    found = attack("dg")
    assert found["1"] == "open:premier document"
    assert found["2"] == "closed:QuorumRefused,WrapRefused"


def test_who_holds_no_seat_opens_nothing_even_then(
    attack: Attack, neighbours: tuple[Prepared, Prepared], demonstration: Demonstration
) -> None:
    for login in ("dg", "president"):
        approve_decision(demonstration.people[login], neighbours[0].decision, demonstration.passphrase)
    with pytest.raises(AssertionError, match="StopIteration"):
        # The referent holds no share: there is nothing to begin with.
        attack("referent")


@pytest.mark.usefixtures("neighbours")
def test_without_the_pepper_or_the_passphrase_no_seed_opens(attack: Attack) -> None:
    assert attack(pepper=bytes(32)) == {"seed": "WrongPassphrase"}
    assert attack(passphrase="abandon-bambou-cactus-dauphin-ecureuil-fabuleux-gamelle") == {"seed": "WrongPassphrase"}


def test_an_executed_decision_leaves_no_box_behind(demonstration: Demonstration, attack: Attack) -> None:
    prepared = prepare_release(demonstration, b"parti")
    prepared.release(demonstration)
    # The packet went to its recipient; what approvers had sealed to one another is gone.
    assert attack("dg") == {"1": "closed:"}
