"""A ZIP archive written while it is sent: one file in memory at a time."""

import io
from collections.abc import Iterable, Iterator
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def stream_zip(files: Iterable[tuple[str, bytes]], folder: str) -> Iterator[bytes]:
    """Yield the bytes of a ZIP archive of `files` (path, content), all of them under `folder`.

    The archive depends on nothing but the files: no clock, no rights. When `files` raises, the archive has no end, so
    that it cannot pass for a whole one.
    """
    outlet = _Outlet()
    archive = ZipFile(outlet, "w", ZIP_DEFLATED)
    for path, content in files:
        info = ZipInfo(f"{folder}/{path}")
        info.compress_type = ZIP_DEFLATED
        archive.writestr(info, content)
        yield outlet.take()
    archive.close()
    yield outlet.take()


class _Outlet(io.RawIOBase):
    """A file that can only be written on, emptied by whoever sends it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: Any, /) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
