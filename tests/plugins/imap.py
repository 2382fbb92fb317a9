"""A real IMAP server on loopback, with a mailbox that starts empty and a certificate of its own.

It is `pymap`, which `tools/setup` installs; it needs no root and runs as root too. `$CIMENT_TEST_PYMAP` names another
program of it.
"""

import datetime as dt
import imaplib
import ipaddress
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "demandes", "mot-de-passe-de-courrier"


@dataclass
class MailServer:
    """Where it listens, and the certificate to trust."""

    port: int
    authority: Path
    password: str = field(default=PASSWORD, repr=False)

    @contextmanager
    def signed_in(self) -> Iterator[imaplib.IMAP4]:
        """Give a session of the mailbox's owner, as a mail program has one."""
        server = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        server.starttls(ssl.create_default_context(cafile=str(self.authority)))
        server.login(USER, PASSWORD)
        server.select("INBOX")
        yield server
        server.logout()

    def deliver(self, *messages: bytes) -> None:
        """Put messages into the mailbox."""
        with self.signed_in() as server:
            for message in messages:
                status, _said = server.append("INBOX", "", "", message)
                assert status == "OK"

    def count(self) -> int:
        """Return how many messages are there and not marked as deleted."""
        with self.signed_in() as server:
            found = server.uid("SEARCH", "UNDELETED")[1][0]
        return len(found.split())


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[MailServer]:
    """Run the server for one test."""
    beside = Path(sys.executable).with_name("pymap")
    program = os.environ.get("CIMENT_TEST_PYMAP") or (str(beside) if beside.is_file() else shutil.which("pymap"))
    if program is None:
        pytest.fail("no pymap: run tools/setup again, or set CIMENT_TEST_PYMAP to its program")
    certificate, key = _make_certificate(tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    where = ["--host", "127.0.0.1", "--port", str(port), "--cert", str(certificate), "--key", str(key)]
    services = ["--no-service", "managesieve", "--no-service", "admin"]
    accounts = ["--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
    log = (tmp_path / "pymap.log").open("wb")
    running = subprocess.Popen([program, *services, *where, "dict", *accounts], stdout=log, stderr=log, env={})
    try:
        _wait(port, running, tmp_path / "pymap.log")
        server = MailServer(port, certificate)
        with server.signed_in() as session:
            # It comes with a few messages of its own.
            session.store("1:*", "+FLAGS.SILENT", r"(\Deleted)")
            session.expunge()
        yield server
    finally:
        running.terminate()
        running.wait(20)
        log.close()


def _wait(port: int, running: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        if running.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"pymap did not start: {log.read_text()}")


def _make_certificate(folder: Path) -> tuple[Path, Path]:
    """Return a certificate of 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "mail.cert.pem", folder / "mail.key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private
