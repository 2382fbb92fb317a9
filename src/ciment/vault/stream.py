"""Sealed files in constant memory: libsodium's secretstream in frames of 64 KiB (docs/formats/blobs.md)."""

from collections.abc import Iterable, Iterator

from nacl import bindings
from nacl.exceptions import RuntimeError as SodiumError

from ciment.canon import JsonObject, u64be
from ciment.vault.errors import BlobError, CorruptedBlob
from ciment.vault.header import HEADER_SIZE, derive_sealing, parse_commitment, verify_header
from ciment.vault.padding import round_up

_MAGIC = b"CIMSTRM1"
_LABEL = "ciment/stream/v1"
STREAM_HEADER_SIZE = HEADER_SIZE + bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
FRAME_SIZE = 64 * 1024
_ROOM = FRAME_SIZE - 8
_SEALED_SIZE = FRAME_SIZE + bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_MESSAGE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class StreamSealer:
    """Seals one file: write `header`, then what each `push` returns; the last push is `final`.

    The bytes depend on the content, never on the sizes of the chunks.
    """

    def __init__(self, key: bytes, context: JsonObject) -> None:
        """Begin a file under `key` (32 bytes) in `context`.

        Raises:
            InvalidEncoding: for a key of another length or a context without canonical form.
        """
        sealing = derive_sealing(key, context, _MAGIC, _LABEL)
        self._data = sealing.data
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        self.header = sealing.header + bindings.crypto_secretstream_xchacha20poly1305_init_push(
            self._state, sealing.key
        )
        self._pending = bytearray()
        self._frames = 0
        self._closed = False

    def push(self, chunk: bytes, *, final: bool = False) -> bytes:
        """Return the next sealed bytes, possibly none; with `final`, all that remain.

        Raises:
            BlobError: after the final push.
        """
        if self._closed:
            raise BlobError("the stream is closed")
        self._pending += chunk
        sealed = bytearray()
        # A frame is sealed only once more content follows it: the last one belongs to `_finish`.
        while len(self._pending) > _ROOM:
            sealed += self._seal_frame(bytes(self._pending[:_ROOM]), _MESSAGE)
            del self._pending[:_ROOM]
        if final:
            sealed += self._finish()
        return bytes(sealed)

    def _finish(self) -> bytes:
        self._closed = True
        rest = bytes(self._pending)
        self._pending.clear()
        empty = round_up(self._frames + 1) - self._frames - 1
        contents = [rest, *([b""] * empty)]
        tags = [_MESSAGE] * empty + [_FINAL]
        return b"".join(self._seal_frame(content, tag) for content, tag in zip(contents, tags, strict=True))

    def _seal_frame(self, content: bytes, tag: int) -> bytes:
        self._frames += 1
        frame = (u64be(len(content)) + content).ljust(FRAME_SIZE, b"\0")
        return bindings.crypto_secretstream_xchacha20poly1305_push(self._state, frame, self._data, tag)


def open_stream(key: bytes, chunks: Iterable[bytes], context: JsonObject) -> Iterator[bytes]:
    """Yield the content of a sealed file given in chunks of any sizes, header first, in pieces of at most 64 KiB.

    Each piece is authentic when it is yielded; that none is missing is known once the iteration ends without error.

    Raises:
        WrongContext: for another key or another context, or when the bytes that say so were changed.
        CorruptedBlob: for a file that was changed, cut short or continued.
        InvalidEncoding: for a key of another length or a context without canonical form.
    """
    sealing = derive_sealing(key, context, _MAGIC, _LABEL)
    pieces = _cut(chunks)
    header = next(pieces, b"")
    verify_header(header[:HEADER_SIZE], sealing)
    if len(header) != STREAM_HEADER_SIZE:
        raise CorruptedBlob("not a sealed file")
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header[HEADER_SIZE:], sealing.key)
    order = _Order()
    for piece in pieces:
        order.verify_open()
        content, tag = _open_frame(state, piece, sealing.data)
        order.verify_frame(len(content), tag)
        if content:
            yield content
    order.verify_end()


def stream_commitment(header: bytes) -> bytes:
    """Return the commitment HKDF(key, "commit") (32 bytes) that a sealed file claims in its first 96 bytes.

    `header` is those bytes or more; opening the file verifies the claim.

    Raises:
        CorruptedBlob: for bytes that do not begin a sealed file.
    """
    return parse_commitment(header, _MAGIC, STREAM_HEADER_SIZE)


class _Order:
    """The one order of frames: full ones, the last of the content, then the empty ones that PADMÉ asks for."""

    def __init__(self) -> None:
        self._frames = 0
        self._contents = 0
        self._partial = False
        self._final = False

    def verify_open(self) -> None:
        if self._final:
            raise CorruptedBlob("bytes after the end of the file")

    def verify_frame(self, size: int, tag: int) -> None:
        if tag not in {_MESSAGE, _FINAL} or (size > 0 and self._partial):
            raise CorruptedBlob("frames that are not canonical")
        self._frames += 1
        self._partial = size < _ROOM
        # An empty file has one content frame, which is empty.
        self._contents += 1 if size > 0 or self._frames == 1 else 0
        self._final = tag == _FINAL

    def verify_end(self) -> None:
        if not self._final:
            raise CorruptedBlob("file cut short")
        if self._frames != round_up(self._contents):
            raise CorruptedBlob("frames that are not canonical")


def _open_frame(
    state: bindings.crypto_secretstream_xchacha20poly1305_state, piece: bytes, data: bytes
) -> tuple[bytes, int]:
    if len(piece) != _SEALED_SIZE:
        raise CorruptedBlob("file cut short or continued")
    try:
        frame, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, piece, data)
    except SodiumError as error:
        raise CorruptedBlob("changed after sealing") from error
    size = int.from_bytes(frame[:8], "big")
    if size > _ROOM or any(frame[8 + size :]):
        raise CorruptedBlob("frame that is not canonical")
    return frame[8 : 8 + size], tag


def _cut(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the header's bytes, then frames, then whatever is left if it is not a whole frame."""
    pending = bytearray()
    wanted = STREAM_HEADER_SIZE
    for chunk in chunks:
        pending += chunk
        while len(pending) >= wanted:
            yield bytes(pending[:wanted])
            del pending[:wanted]
            wanted = _SEALED_SIZE
    if pending:
        yield bytes(pending)
