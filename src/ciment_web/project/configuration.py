"""What the host decides, read from `CIMENT_*` variables and from key files outside database and backups."""

import os
import secrets
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

MODES = ("production", "demo", "test")


@dataclass(frozen=True)
class Configuration:
    """The host's decisions. `home` holds sealed files and, on SQLite, the database; keys may lie elsewhere."""

    mode: str
    home: Path
    keys: Path
    signer: Path
    host: str
    database: dict[str, Any] = field(repr=False)
    secret_key: str = field(repr=False)
    pepper: bytes = field(repr=False)
    mail_host: str
    mail_port: int
    mail_from: str
    gateway_networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @property
    def secure(self) -> bool:
        """Whether cookies travel over HTTPS alone: always, except in the demonstration on one's own machine."""
        return self.mode == "production"


def read_configuration(environ: dict[str, str] | None = None) -> Configuration:
    """Return the configuration of this host.

    Raises:
        ImproperlyConfigured: naming the variable and what it accepts; production never starts on a default.
    """
    env = dict(os.environ if environ is None else environ)
    mode = env.get("CIMENT_MODE", "production")
    if mode not in MODES:
        raise ImproperlyConfigured(f"CIMENT_MODE={mode}: one of {', '.join(MODES)}")
    home = Path(env.get("CIMENT_HOME", "var")).resolve()
    host = env.get("CIMENT_HOST", "" if mode == "production" else "localhost")
    if not host:
        raise ImproperlyConfigured(
            "CIMENT_HOST: the name under which people reach this server, for example ciment.example.be"
        )
    keys = Path(env.get("CIMENT_KEYS", home / "keys")).resolve()
    return Configuration(
        mode=mode,
        home=home,
        keys=keys,
        signer=Path(env.get("CIMENT_SIGNER", home / "signer")).resolve(),
        host=host,
        database=_read_database(env.get("CIMENT_DATABASE", f"sqlite:///{home / 'ciment.sqlite3'}")),
        secret_key=read_key(keys / "django-secret", 48, make=mode != "production").hex(),
        pepper=read_key(keys / "pepper", 32, make=mode != "production"),
        mail_host=env.get("CIMENT_MAIL_HOST", ""),
        mail_port=int(env.get("CIMENT_MAIL_PORT", "25")),
        mail_from=env.get("CIMENT_MAIL_FROM", f"ciment@{host}"),
        gateway_networks=_read_networks(env.get("CIMENT_GATEWAY_NETWORKS", "")),
    )


def read_key(path: Path, size: int, *, make: bool) -> bytes:
    """Return the `size` secret bytes of the file `path`, made at mode 0600 when absent and `make` is set.

    Raises:
        ImproperlyConfigured: if the file is missing, of another size, or readable by others.
    """
    if make and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Created exclusively and closed to others from its first byte on.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(size))
    try:
        key, rights = path.read_bytes(), path.stat().st_mode & 0o777
    except OSError as error:
        raise ImproperlyConfigured(f"key file missing: {path} ('ciment manage make_keys' creates it)") from error
    if len(key) != size or rights & 0o077:
        raise ImproperlyConfigured(f"key file {path}: {size} bytes at mode 0600 are expected")
    return key


def _read_networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError as error:
        raise ImproperlyConfigured(
            "CIMENT_GATEWAY_NETWORKS: networks of the inside that an alert may be sent to, for example 10.1.2.0/24"
        ) from error


def _read_database(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path,
            "OPTIONS": {
                # A writer takes the lock at once, so a transaction that read can never fail to write later;
                # FULL makes an acknowledged act survive a power cut.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    " PRAGMA secure_delete=ON; PRAGMA recursive_triggers=ON"
                ),
            },
            "TEST": {"NAME": f"{parts.path}.test"},
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or dict(p.split("=", 1) for p in parts.query.split("&") if "=" in p).get("host", ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured("CIMENT_DATABASE: sqlite:///path or postgresql://user@host/name")
