"""An institution, its neighbour, and the way in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings
from transparency_house import House, found_house
from web_stories import PASSPHRASE

from ciment_web.members.actor import Actor


@pytest.fixture(autouse=True, scope="session")
def _static_root() -> None:
    # Installing collects the static files here; WhiteNoise warns where the folder is missing.
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _places(settings: Settings, tmp_path: Path) -> None:
    settings.CIMENT_KEYS = tmp_path / "keys"
    settings.CIMENT_BLOBS = tmp_path / "blobs"
    settings.CIMENT_SIGNER_STATE = tmp_path / "signer"
    settings.CIMENT_CHEAP_HASHING = True


@pytest.fixture
def house(db: None) -> House:  # noqa: ARG001 - opens the database
    return found_house("valbrume")


@pytest.fixture
def neighbour(house: House) -> House:  # noqa: ARG001 - there is a house to be a neighbour of
    return found_house("clairval")


@pytest.fixture
def sign_in() -> Callable[[Actor], Client]:
    def enter(actor: Actor) -> Client:
        client = Client()
        slug = actor.institution.slug
        answer = client.post(f"/i/{slug}/connexion/", {"identifiant": actor.member.login, "phrase": PASSPHRASE})
        assert answer.status_code == 302
        return client

    return enter
