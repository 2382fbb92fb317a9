"""Checkpoints (C2SP tlog-checkpoint): the size and root of a register, signed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ciment.canon import InvalidEncoding, b64, unb64
from ciment.register.errors import NoteRefused
from ciment.register.note import NoteSigner, NoteVerifier, join_note, open_note, require_name, split_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """The log `origin` holds `size` entries under the root hash `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def encode(self) -> str:
        """Return the note text: origin, size and root, each on its line.

        Raises:
            InvalidEncoding: for an origin that is not a key name: Ciment signs under the origin itself.
        """
        require_name(self.origin)
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Return the checkpoint of a note text.

        Extension lines are refused: Ciment writes none, and nobody could audit what they say.

        Raises:
            InvalidEncoding: for any other text.
        """
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not _SIZE.fullmatch(lines[1]):
            raise InvalidEncoding("not a checkpoint")
        return cls(require_name(lines[0]), int(lines[1]), unb64(lines[2], 32))

    @classmethod
    def read(cls, data: bytes) -> "Checkpoint":
        """Return what the signed note `data` claims, verifying no signature.

        Raises:
            NoteRefused: for bytes that are no checkpoint.
        """
        return _parse(split_note(data)[0])


def sign_checkpoint(checkpoint: Checkpoint, signer: NoteSigner) -> bytes:
    """Return the checkpoint signed by the key of its log.

    Raises:
        NoteRefused: when the signer's name is not the origin.
    """
    if signer.verifier.name != checkpoint.origin:
        raise NoteRefused("a log signs its own checkpoints only")
    text = checkpoint.encode()
    return join_note(text, [signer.sign(text)])


def cosign_checkpoint(data: bytes, witness: NoteSigner, time_s: int) -> bytes:
    """Return the signed checkpoint `data` with one more line, by `witness` at `time_s` (POSIX seconds).

    Whether the log only grew is for the witness to have verified before.
    """
    text, _ = split_note(data)
    _parse(text)
    return data + (witness.cosign(text, time_s) + "\n").encode()


def verify_checkpoint(data: bytes, verifiers: Sequence[NoteVerifier], origin: str | None = None) -> Checkpoint:
    """Return the checkpoint of the log `origin` that one of `verifiers` signed.

    Without `origin`, it is the name of a key that signed: a key that serves two logs must not make one pass for the
    other.

    Raises:
        NoteRefused: for a malformed note, a bad signature, or another log.
    """
    text, names = open_note(data, verifiers)
    checkpoint = _parse(text)
    if checkpoint.origin not in ((origin,) if origin is not None else names):
        raise NoteRefused("checkpoint of another log")
    return checkpoint


def verify_cosignature(data: bytes, witness: NoteVerifier) -> int:
    """Return when (POSIX seconds) `witness` cosigned the checkpoint `data`; the latest time when it did so twice.

    Raises:
        NoteRefused: when it did not.
    """
    text, signatures = split_note(data)
    _parse(text)
    times = [
        witness.verify(text, signature)
        for name, key_id, signature in signatures
        if (name, key_id) == (witness.name, witness.key_id)
    ]
    if not times:
        raise NoteRefused(f"not cosigned by {witness.name}")
    return max(times)


def _parse(text: str) -> Checkpoint:
    try:
        return Checkpoint.parse(text)
    except InvalidEncoding as error:
        raise NoteRefused("not a checkpoint") from error
