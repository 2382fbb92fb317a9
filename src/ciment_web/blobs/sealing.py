"""Seal a file into the store and open it again, in constant memory."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ciment.canon import JsonObject, new_id
from ciment.vault import StreamSealer, open_stream, stream_commitment
from ciment_web.blobs import store


@dataclass(frozen=True)
class SealedFile:
    """A file of the store with the key that opens it. `id` is what the stream is bound to."""

    id: str
    blob: str
    sha256: bytes
    commitment: bytes
    key: bytes = field(repr=False)


class FileSealer:
    """Seals a file piece by piece, as it arrives, under a fresh key."""

    def __init__(self) -> None:
        """Start a file; nothing of it is on disk in clear at any time."""
        self.id = new_id()
        self.size = 0
        self._key = secrets.token_bytes(32)
        self._sealer = StreamSealer(self._key, file_context(self.id))
        self._commitment = stream_commitment(self._sealer.header)
        self._writer = store.Writer()
        self._writer.write(self._sealer.header)

    def push(self, plaintext: bytes) -> None:
        """Add the next piece."""
        self.size += len(plaintext)
        self._writer.write(self._sealer.push(plaintext))

    def finish(self) -> SealedFile:
        """End the stream and make the file durable."""
        self._writer.write(self._sealer.push(b"", final=True))
        self._writer.complete()
        return SealedFile(self.id, self._writer.name, self._writer.digest.digest(), self._commitment, self._key)

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._writer.abandon()


def seal_file(chunks: Iterable[bytes]) -> SealedFile:
    """Seal `chunks` into the store under a fresh key."""
    sealer = FileSealer()
    try:
        for chunk in chunks:
            sealer.push(chunk)
        return sealer.finish()
    except BaseException:
        sealer.abandon()
        raise


def open_file(key: bytes, blob: str, identifier: str) -> Iterator[bytes]:
    """Yield the plaintext of a sealed file; raises BlobError if a byte of it changed, or its end is missing."""
    return open_stream(key, store.read(blob), file_context(identifier))


def file_context(identifier: str) -> JsonObject:
    """Return what a sealed file is bound to."""
    return {"use": "file", "id": identifier}
