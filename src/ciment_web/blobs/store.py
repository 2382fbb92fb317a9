"""The store of sealed files. A name is 32 random hexadecimal digits and says nothing; the bytes are sealed before."""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from ciment.canon import CimentError

_NAME = re.compile(r"[0-9a-f]{32}")
_CHUNK = 64 * 1024


class BlobMissing(CimentError):  # noqa: N818 - the class names the refusal
    """A sealed file that is no longer in the store."""


class Writer:
    """A sealed file being written: it exists under its name only once complete, and durably so."""

    def __init__(self) -> None:
        """Open a new file under a fresh random name."""
        self.name = secrets.token_hex(16)
        self.digest = hashlib.sha256()
        self._path = _path(self.name)
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._partial = self._path.with_suffix(".partial")
        self._file = os.fdopen(os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def write(self, sealed: bytes) -> None:
        """Add `sealed` bytes."""
        self.digest.update(sealed)
        self._file.write(sealed)

    def complete(self) -> None:
        """Make the file durable under its name: the row that names it is committed next."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._partial.rename(self._path)
        # Without this a power cut could keep the row and lose the name.
        flush_folder(self._path.parent)

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._partial.unlink(missing_ok=True)


def write(chunks: Iterable[bytes]) -> Writer:
    """Store sealed `chunks` and return the completed writer (name and digest); what fails half-way leaves nothing."""
    writer = Writer()
    try:
        for chunk in chunks:
            writer.write(chunk)
        writer.complete()
    except BaseException:
        writer.abandon()
        raise
    return writer


@contextmanager
def discarding(*names: str) -> Iterator[None]:
    """Remove files if the body fails. Use it inside the transaction that names them.

    Once the body has ended, the commit decides alone: whatever fails afterwards, a committed row keeps its file, and
    the sweep removes what no row came to name.
    """
    try:
        yield
    except BaseException:
        for name in names:
            remove(name)
        raise


def flush_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_partials(older_than: float) -> int:
    """Remove what a crash left half-written more than `older_than` seconds ago; return how many."""
    root: Path = settings.CIMENT_BLOBS
    stale = [path for path in root.glob("??/*.partial") if time.time() - path.stat().st_mtime > older_than]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


def read(name: str) -> Iterator[bytes]:
    """Yield the sealed bytes of `name` in pieces.

    Raises:
        BlobMissing: if the store has no such file.
    """
    try:
        with _path(name).open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except FileNotFoundError as error:
        raise BlobMissing("a sealed file is missing from the store") from error


def remove(name: str) -> None:
    """Remove `name`; removing twice is no error."""
    _path(name).unlink(missing_ok=True)


def names() -> Iterator[str]:
    """Yield the name of every complete file of the store."""
    root: Path = settings.CIMENT_BLOBS
    for path in root.glob("??/*"):
        if _NAME.fullmatch(path.name):
            yield path.name


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise BlobMissing("not the name of a sealed file")
    root: Path = settings.CIMENT_BLOBS
    return root / name[:2] / name


def age_in_seconds(name: str) -> float:
    """Return how long ago `name` was completed; 0 if it is gone."""
    try:
        return time.time() - _path(name).stat().st_mtime
    except FileNotFoundError:
        return 0.0
