"""The key that signs checkpoints, and its memory of the last one: both outside database and backups."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ciment.canon import CimentError, JsonObject, decode_object, encode, unhex
from ciment.register import NoteSigner
from ciment_web.institutions.keyfiles import read_key, write_key
from ciment_web.institutions.models import Institution

KEY_FILE = "register.seed"
_FIELDS = frozenset({"size", "root"})


class ForkRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A log shorter than, or different from, what was already signed: most often a restored backup."""


@dataclass(frozen=True)
class Signed:
    """The last state this signer put its name to."""

    size: int
    root: bytes


def signer_of(institution: Institution) -> NoteSigner:
    """Return the signer of the institution's checkpoints; raises KeyFileMissing if its seed is not on this host."""
    return NoteSigner.from_seed(origin_of(institution), read_key(institution, KEY_FILE))


def make_signer(institution: Institution) -> NoteSigner:
    """Create the key of a new institution's register."""
    write_key(institution, KEY_FILE, os.urandom(32))
    return signer_of(institution)


def origin_of(institution: Institution) -> str:
    """Return the origin line of the institution's checkpoints."""
    return f"{settings.CIMENT_HOST}/i/{institution.slug}"


@contextmanager
def locked_memory(institution: Institution) -> Iterator["Memory"]:
    """Give exclusive use of the signer's memory: compare and swap happen under one lock."""
    root: Path = settings.CIMENT_SIGNER_STATE
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (root / f"{institution.id}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Memory(root / f"{institution.id}.json")


class Memory:
    """The file that remembers the last signed state."""

    def __init__(self, path: Path) -> None:
        """Use the file `path`."""
        self.path = path

    def read(self) -> Signed:
        """Return the last signed state; size 0 before the first."""
        if not self.path.exists():
            return Signed(0, b"")
        fields = decode_object(self.path.read_bytes(), _FIELDS)
        size = fields["size"]
        if not isinstance(size, int):
            raise ForkRefused("the signer's memory cannot be read")
        return Signed(size, unhex(fields["root"], 32))

    def write(self, state: Signed) -> None:
        """Remember `state` durably: the signature it allows is made only afterwards."""
        statement: JsonObject = {"size": state.size, "root": state.root.hex()}
        partial = self.path.with_suffix(".partial")
        with partial.open("wb") as file:
            file.write(encode(statement))
            file.flush()
            os.fsync(file.fileno())
        partial.rename(self.path)
