"""A demonstration institution on a host of its own, and the ways into it."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from pytest_django import Settings
from web_stories import PASSPHRASE

from ciment_web.project.demonstration import Demonstration, found_demonstration


@pytest.fixture(autouse=True)
def own_host(settings: Settings, tmp_path: Path) -> None:
    """Give every test keys, files and a signer's memory that no other test has seen."""
    settings.CIMENT_KEYS = tmp_path / "keys"
    settings.CIMENT_BLOBS = tmp_path / "blobs"
    settings.CIMENT_SIGNER_STATE = tmp_path / "signer"


@pytest.fixture
def demonstration(transactional_db: None) -> Demonstration:  # noqa: ARG001 - acts commit, as they do in life
    """Found the institution `demo` with its people and its quorum of two out of three."""
    return found_demonstration(PASSPHRASE)


@pytest.fixture
def neighbour(demonstration: Demonstration) -> Demonstration:  # noqa: ARG001 - there is somebody to be a neighbour of
    """Found a second institution on the same host."""
    return found_demonstration(PASSPHRASE, slug="voisin")


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """Return a way in through the real page: sign_in(login, slug="demo") gives a client with a session."""

    def enter(login: str, slug: str = "demo") -> Client:
        client = Client()
        answer = client.post(f"/i/{slug}/connexion/", {"identifiant": login, "phrase": PASSPHRASE})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return enter


@dataclass
class Mail:
    """One message as the sink received it."""

    sender: str
    recipients: list[str]
    content: bytes


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[list[Mail]]:
    """Run a real SMTP server on loopback and give what it received."""
    received: list[Mail] = []

    class Sink:
        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802 - aiosmtpd's name
            del server, session
            received.append(Mail(envelope.mail_from, envelope.rcpt_tos, envelope.content))  # type: ignore[attr-defined]
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield received
    controller.stop()
