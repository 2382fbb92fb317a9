"""The institution's gateway to telephones: an address it chose, told that something waits, and nothing else.

The message is JSON with a kind, a minute and a link, signed with a key that only the gateway and this host have.
"""

import hashlib
import hmac
import http.client
import ipaddress
import re
import secrets
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from ciment.canon import CimentError, Json, encode
from ciment_web.governance.kinds import Setting, SettingRefused
from ciment_web.governance.queries import current_on_host
from ciment_web.governance.reading import read_object, read_text
from ciment_web.institutions.keyfiles import read_key, write_key
from ciment_web.institutions.models import Institution

_KEY_NAME = re.compile(r"[0-9a-f]{16}")
_PRINTABLE = re.compile(r"[!-~]+")
# Somebody waits in front of the page while the first attempt is made.
_TIMEOUT = 3.0
# A gateway that answers a byte at a time holds nobody longer than this.
_DEADLINE = 6.0


class GatewayFailed(CimentError):  # noqa: N818 - the class names what happened
    """A gateway that was not told; `reason` is one word, for the page."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(f"the gateway was not told: {reason}")
        self.reason = reason


@dataclass(frozen=True)
class Gateway:
    """Where alerts are sent (empty: nowhere), and the name of the key file that signs them."""

    url: str = ""
    key: str = ""


@dataclass(frozen=True)
class NewGateway:
    """A gateway whose key was just made; the key is shown once, to be copied there."""

    gateway: Gateway
    secret: str = field(repr=False)


def gateway_of(institution: Institution) -> Gateway:
    """Return the gateway that counts."""
    return current_on_host(institution, GATEWAY).value


def draft_gateway(url: str) -> NewGateway:
    """Return a gateway with a fresh key, which nothing keeps yet."""
    return NewGateway(Gateway(url, secrets.token_hex(8)), secrets.token_hex(32))


def keep_key(institution: Institution, made: NewGateway) -> None:
    """Keep the key of a gateway in a file of its own, outside the database."""
    write_key(institution, _file(made.gateway.key), made.secret.encode())


def tell_gateway(institution: Institution, gateway: Gateway, message: Json, at: int) -> None:
    """Send a signed message; `at` is UTC seconds.

    The header `Ciment-Signature` is `t=at,v1=HMAC-SHA256(key, "at." ‖ body)` in hexadecimal.

    Raises:
        GatewayFailed: if it did not answer 2xx in time, from an address that this host may call, without redirecting.
        KeyFileMissing: without the key.
    """
    body = encode(message)
    key = read_key(institution, _file(gateway.key))
    mark = hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "Ciment-Signature": f"t={at},v1={mark}", "Connection": "close"}
    try:
        _post(_require_address(gateway.url), body, headers)
    except SettingRefused as error:
        raise GatewayFailed("address") from error
    except ssl.SSLError as error:
        raise GatewayFailed("certificate") from error
    except (OSError, http.client.HTTPException) as error:
        raise GatewayFailed("unreachable") from error


def _post(parts: SplitResult, body: bytes, headers: dict[str, str]) -> None:
    host, secure = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = _allowed_address(host, port)
    # The very address that was checked is called: a name that resolves otherwise a moment later leads nowhere else.
    sock: socket.socket = socket.create_connection((address, port), timeout=_TIMEOUT)
    cut = threading.Timer(_DEADLINE, _close, (sock,))
    cut.daemon = True
    cut.start()
    try:
        if secure:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
        connection.sock = sock
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    finally:
        cut.cancel()
        _close(sock)
    if 300 <= status < 400:
        raise GatewayFailed("redirected")
    if not 200 <= status < 300:
        raise GatewayFailed("refused")


def _close(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()


def _allowed_address(host: str, port: int) -> str:
    found = {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    # One address of the inside is enough to refuse the name: the next attempt could be answered with that one.
    if not found or not all(_is_allowed(each) for each in found):
        raise GatewayFailed("private_address")
    return min(found)


def _is_allowed(text: str) -> bool:
    address = ipaddress.ip_address(text.split("%", 1)[0])
    plain = getattr(address, "ipv4_mapped", None) or address
    if any(plain.version == network.version and plain in network for network in settings.CIMENT_GATEWAY_NETWORKS):
        return True
    return plain.is_global and not plain.is_multicast


def _require_address(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingRefused("webhook_url") from error
    schemes = ("https",) if settings.CIMENT_SECURE else ("https", "http")
    plain = _PRINTABLE.fullmatch(url) and not parts.fragment and parts.username is None and port != 0
    if not plain or parts.scheme not in schemes or not parts.hostname:
        raise SettingRefused("webhook_url")
    return parts


def _file(name: str) -> str:
    return f"gateway-{name}.key"


def _parse(value: Json) -> Gateway:
    fields = read_object(value, "url", "key")
    url, key = read_text(fields["url"], 300), read_text(fields["key"], 16)
    if not url and not key:
        return Gateway()
    _require_address(url)
    if not _KEY_NAME.fullmatch(key):
        raise SettingRefused("webhook_url")
    return Gateway(url, key)


def _dump(gateway: Gateway) -> Json:
    return {"url": gateway.url, "key": gateway.key}


def _none(_institution: object) -> Gateway:
    return Gateway()


GATEWAY: Setting[Gateway] = Setting("gateway", _parse, _dump, _none, _none)
