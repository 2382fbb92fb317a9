"""The key files of an institution on this host: outside database and backups, closed to everyone else."""

import os
import shutil
from pathlib import Path

from django.conf import settings

from ciment.canon import CimentError
from ciment_web.institutions.models import Institution


class KeyFileMissing(CimentError):  # noqa: N818 - the class names the refusal
    """A key file that is not on this host: another key would be another institution."""


def write_key(institution: Institution, name: str, data: bytes) -> None:
    """Create the key file `name`, at mode 0600 from its first byte on; an existing one is never replaced.

    Raises:
        FileExistsError: if there is one already.
    """
    path = _path(institution, name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_key(institution: Institution, name: str, data: bytes) -> None:
    """Put `data` in the key file `name` at once, whatever it held: a reader sees the old bytes or the new ones."""
    path = _path(institution, name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_suffix(".partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)


def remove_key(institution: Institution, name: str) -> None:
    """Remove the key file `name`; removing twice is no error."""
    _path(institution, name).unlink(missing_ok=True)


def read_key(institution: Institution, name: str) -> bytes:
    """Return the bytes of the key file `name`.

    Raises:
        KeyFileMissing: if it is not there, or readable by others.
    """
    path = _path(institution, name)
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileMissing(f"the key file '{name}' is readable by others; set its mode to 0600")
        return path.read_bytes()
    except OSError as error:
        raise KeyFileMissing(f"the key file '{name}' of this institution is not on this host") from error


def discard_keys(institution: Institution) -> None:
    """Remove the key files of an institution whose founding failed: no row names them."""
    shutil.rmtree(_path(institution, ""), ignore_errors=True)


def _path(institution: Institution, name: str) -> Path:
    keys: Path = settings.CIMENT_KEYS
    return keys / str(institution.id) / name
