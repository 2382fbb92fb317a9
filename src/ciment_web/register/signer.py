"""The key that signs checkpoints, and its memory of the last one: both outside database and backups."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ciment.canon import CimentError, JsonObject, decode_object, encode, unhex
from ciment.register import NoteSigner
from ciment.register.tree import EMPTY_ROOT
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
    with locked_memory(institution) as memory:
        memory.write(Signed(0, EMPTY_ROOT))
    return signer_of(institution)


def discard_memory(institution: Institution) -> None:
    """Forget the memory of an institution whose founding failed."""
    root: Path = settings.CIMENT_SIGNER_STATE
    for name in (f"{institution.id}.lock", f"{institution.id}.json"):
        with suppress(OSError):
            (root / name).unlink()


def require_ahead(institution: Institution, size: int) -> None:
    """Check that a log of `size` entries is not behind what was signed: a restored backup stops being written to.

    Raises:
        ForkRefused: if it is, or if the signer's memory is gone.
    """
    if _memory_of(institution).read().size > size:
        raise ForkRefused("the register is shorter than what was signed; nothing more is written")


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
        yield _memory_of(institution)


def _memory_of(institution: Institution) -> "Memory":
    root: Path = settings.CIMENT_SIGNER_STATE
    return Memory(root / f"{institution.id}.json")


class Memory:
    """The file that remembers the last signed state."""

    def __init__(self, path: Path) -> None:
        """Use the file `path`."""
        self.path = path

    def read(self) -> Signed:
        """Return the last signed state.

        Raises:
            ForkRefused: if the file is gone or unreadable: without it, another history could be signed.
        """
        try:
            fields = decode_object(self.path.read_bytes(), _FIELDS)
        except (OSError, CimentError) as error:
            raise ForkRefused("the signer's memory is not on this host; nothing more is signed") from error
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
        # Without this a power cut could bring the old memory back.
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
