"""Fetch a mailbox over IMAP (RFC 9051, RFC 4315), under TLS only; a message leaves it once it is durable here."""

import imaplib
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from ciment.canon import CimentError

KEY_FILE = "imap.json"
SECONDS = 60
_FIELDS = frozenset({"host", "port", "user", "password", "folder", "security", "authority"})


class MailServerRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A mail server that cannot be reached under TLS, or an account file that cannot be used; messages stay there."""


@dataclass(frozen=True)
class Account:
    """A mailbox of a mail server. `authority` is the file of the certificate to trust, empty for the system's own."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    security: Literal["tls", "starttls"] = "tls"
    authority: str = ""


def parse_account(data: bytes) -> Account:
    """Return the account of a key file: a JSON object with host, port, user, password, and optional others.

    Raises:
        MailServerRefused: naming the field at fault, never its value.
    """
    try:
        fields: Any = json.loads(data)
    except ValueError as error:
        raise MailServerRefused(f"the key file '{KEY_FILE}' is not a JSON object") from error
    if not isinstance(fields, dict) or not {"host", "port", "user", "password"} <= set(fields) <= _FIELDS:
        raise MailServerRefused(f"the key file '{KEY_FILE}' holds host, port, user, password; nothing unknown")
    texts = all(isinstance(value, str) for name, value in fields.items() if name != "port")
    if not texts or not isinstance(fields["port"], int) or fields.get("security", "tls") not in ("tls", "starttls"):
        raise MailServerRefused(f"a field of the key file '{KEY_FILE}' has another type; security is tls or starttls")
    return Account(**fields)


@dataclass
class Fetched:
    """How many messages were taken, were known already, or were left on the server."""

    taken: int = 0
    again: int = 0
    left: int = 0


def fetch_messages(account: Account, largest: int, receive: Callable[[bytes], bool]) -> Fetched:
    """Give each message of the folder to `receive`, and remove it from the server once that returned.

    `receive` tells whether the message was new; what it raises ends the fetching, and the message stays.

    Raises:
        MailServerRefused: if the server cannot be reached under a certificate that holds, or refuses the account.
    """
    done = Fetched()
    with _signed_in(account) as server:
        for uid in _uids(server):
            data = _fetch(server, uid, largest)
            if data is None:
                done.left += 1
                continue
            if receive(data):
                done.taken += 1
            else:
                done.again += 1
            _remove(server, uid)
    return done


@contextmanager
def _signed_in(account: Account) -> Iterator[imaplib.IMAP4]:
    try:
        server = _connect(account)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailServerRefused("the mail server cannot be reached under TLS") from error
    try:
        server.login(account.user, account.password)
        _expect(server.select(_quote(account.folder)))
    except (OSError, imaplib.IMAP4.error) as error:
        # The server's words may repeat the account: the type says enough.
        server.shutdown()
        raise MailServerRefused("the mail server refuses the account or its folder") from error
    try:
        yield server
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailServerRefused("the mail server broke off") from error
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _connect(account: Account) -> imaplib.IMAP4:
    # Verified as any browser would: name, validity, authority. There is no way to turn this off.
    context = ssl.create_default_context(cafile=account.authority or None)
    if account.security == "tls":
        return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=context, timeout=SECONDS)
    server = imaplib.IMAP4(account.host, account.port, timeout=SECONDS)
    try:
        # Nothing of the account is said before this: a server without STARTTLS raises here.
        server.starttls(ssl_context=context)
    except BaseException:
        server.shutdown()
        raise
    return server


def _uids(server: imaplib.IMAP4) -> list[str]:
    found = _expect(server.uid("SEARCH", "UNDELETED"))
    return found[0].decode("ascii").split() if found and found[0] else []


def _fetch(server: imaplib.IMAP4, uid: str, largest: int) -> bytes | None:
    """Return the message, or None where it is gone or larger than anything that is kept."""
    sized = _expect(server.uid("FETCH", uid, "(RFC822.SIZE)"))
    size = _number_after(b"RFC822.SIZE", sized)
    if size is None or size > largest:
        return None
    # Peeking leaves the message unseen: whoever looks into the folder sees what was not taken yet.
    for part in _expect(server.uid("FETCH", uid, "(BODY.PEEK[])")):
        if isinstance(part, tuple):
            return bytes(part[1])
    return None


def _remove(server: imaplib.IMAP4, uid: str) -> None:
    _expect(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
    # Without UIDPLUS an expunge would remove what somebody else marked: the mark is left for the server's own cleaning.
    if "UIDPLUS" in server.capabilities:
        _expect(server.uid("EXPUNGE", uid))


def _expect(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error("refused")
    return data


def _number_after(word: bytes, answer: list[Any]) -> int | None:
    for line in answer:
        text = line if isinstance(line, bytes) else line[0] if isinstance(line, tuple) else b""
        _before, found, rest = text.partition(word)
        digits = rest.strip().split(b")")[0].split(b" ")[0] if found else b""
        if digits.isdigit():
            return int(digits)
    return None


def _quote(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
