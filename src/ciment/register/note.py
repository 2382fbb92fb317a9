"""Signed notes (C2SP signed-note) with Ed25519 keys, and the cosignatures of witnesses (C2SP tlog-cosignature)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ciment.canon import InvalidEncoding, b64, u64be, unb64
from ciment.register.errors import NoteRefused

# The signature types that C2SP signed-note assigns: a log's own key, and a witness's timestamped cosignature.
ED25519 = 0x01
COSIGNATURE = 0x04
# The specification asks for at least 16; a bound keeps a hostile note from costing unbounded verifications.
MAX_SIGNATURES = 64
MAX_NOTE = 256 * 1024
_MAX_TIME = 2**63 - 1
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DASH = "— "


@dataclass(frozen=True)
class NoteVerifier:
    """A public key with the name it signs under. `algorithm` is ED25519 or COSIGNATURE."""

    name: str
    key_id: bytes
    algorithm: int
    public: bytes
    _key: Ed25519PublicKey = field(repr=False, compare=False)

    @classmethod
    def parse(cls, vkey: str, algorithm: int = ED25519) -> "NoteVerifier":
        """Return the verifier of a `name+id+base64` key of this `algorithm`.

        Raises:
            InvalidEncoding: for another form or algorithm, or an id that is not derived from the key.
        """
        # The base64 part may hold "+" itself, so only the first two separate.
        parts = vkey.split("+", 2)
        if len(parts) != 3:
            raise InvalidEncoding("not a verifier key")
        encoded = unb64(parts[2], 33)
        if encoded[0] != algorithm:
            raise InvalidEncoding("verifier key of another signature type")
        verifier = cls.from_public(parts[0], encoded[1:], algorithm)
        if verifier.key_id.hex() != parts[1]:
            raise InvalidEncoding("verifier key with the wrong id")
        return verifier

    @classmethod
    def from_public(cls, name: str, public: bytes, algorithm: int = ED25519) -> "NoteVerifier":
        """Return the verifier of the Ed25519 key `public` (32 bytes) under `name`.

        Raises:
            InvalidEncoding: for a name that a signature line cannot carry, or a key of another length.
        """
        require_name(name)
        if len(public) != 32:
            raise InvalidEncoding("an Ed25519 key is 32 bytes")
        key_id = sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]
        return cls(name, key_id, algorithm, public, Ed25519PublicKey.from_public_bytes(public))

    @property
    def vkey(self) -> str:
        """The key as text: name, id and base64 of type and key, joined by `+`."""
        return f"{self.name}+{self.key_id.hex()}+{b64(bytes([self.algorithm]) + self.public)}"

    def verify(self, text: str, signature: bytes) -> int:
        """Require that `signature` is this key's over `text`; return its time (POSIX seconds; 0 for a log's key).

        Raises:
            NoteRefused: otherwise.
        """
        try:
            if self.algorithm == ED25519:
                self._key.verify(signature, text.encode())
                return 0
            time_s = int.from_bytes(signature[:8], "big")
            if time_s > _MAX_TIME:
                raise NoteRefused("cosignature with a time out of range")
            self._key.verify(signature[8:], _cosigned(text, time_s))
        except InvalidSignature as error:
            raise NoteRefused(f"bad signature under the name {self.name}") from error
        return time_s


@dataclass(frozen=True)
class NoteSigner:
    """A private Ed25519 key with its name. It prints redacted."""

    verifier: NoteVerifier
    _key: Ed25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, name: str, seed: bytes, algorithm: int = ED25519) -> "NoteSigner":
        """Return the signer of the key whose RFC 8032 seed is `seed` (32 bytes)."""
        if len(seed) != 32:
            raise InvalidEncoding("an Ed25519 seed is 32 bytes")
        key = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(NoteVerifier.from_public(name, key.public_key().public_bytes_raw(), algorithm), key)

    @classmethod
    def parse(cls, skey: str) -> "NoteSigner":
        """Return the signer of a `PRIVATE+KEY+name+id+base64` key, as other tools for signed notes keep them.

        Raises:
            InvalidEncoding: for another form or signature type, or an id that is not derived from the key.
        """
        parts = skey.split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
            raise InvalidEncoding("not a signer key")
        encoded = unb64(parts[4], 33)
        if encoded[0] != ED25519:
            raise InvalidEncoding("signer key of another signature type")
        signer = cls.from_seed(parts[2], encoded[1:])
        if signer.verifier.key_id.hex() != parts[3]:
            raise InvalidEncoding("signer key with the wrong id")
        return signer

    @property
    def skey(self) -> str:
        """The private key as text, which `parse` reads; whoever writes it down closes the file to others."""
        key = b64(bytes([self.verifier.algorithm]) + self._key.private_bytes_raw())
        return f"PRIVATE+KEY+{self.verifier.name}+{self.verifier.key_id.hex()}+{key}"

    @property
    def vkey(self) -> str:
        """The matching public key as text."""
        return self.verifier.vkey

    def sign(self, text: str) -> str:
        """Return the signature line of a log's key over the note text `text`, without its newline."""
        _require(self.verifier.algorithm == ED25519, "a witness key cosigns, with a time")
        return self._line(self._key.sign(text.encode()))

    def cosign(self, text: str, time_s: int) -> str:
        """Return the line by which a witness cosigns the checkpoint `text` at `time_s` (POSIX seconds)."""
        _require(self.verifier.algorithm == COSIGNATURE, "a log key signs, without a time")
        _require(0 <= time_s <= _MAX_TIME, "time out of range")
        return self._line(u64be(time_s) + self._key.sign(_cosigned(text, time_s)))

    def _line(self, signature: bytes) -> str:
        return f"{_DASH}{self.verifier.name} {b64(self.verifier.key_id + signature)}"


def require_name(name: str) -> str:
    """Return `name` if a key may bear it: not empty, no space of any alphabet, no `+`, no control character.

    Raises:
        InvalidEncoding: otherwise.
    """
    if not name or any(char == "+" or char < " " or char.isspace() for char in name):
        raise InvalidEncoding("not a key name")
    return name


def join_note(text: str, lines: Sequence[str]) -> bytes:
    """Return the note of `text` (ending in a newline) signed by `lines`.

    Raises:
        InvalidEncoding: for a text that a note cannot carry.
    """
    if not text.endswith("\n") or _CONTROL.search(text):
        raise InvalidEncoding("not the text of a note")
    return (text + "\n" + "".join(f"{line}\n" for line in lines)).encode()


def split_note(data: bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Return the text of a note and its signatures (name, key id, signature), none of them verified.

    Raises:
        NoteRefused: for bytes that are not one note.
    """
    _require(len(data) <= MAX_NOTE, "note too long")
    try:
        note = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteRefused("not a note in UTF-8") from error
    _require(not _CONTROL.search(note), "control character in a note")
    # The last empty line separates: the text may hold empty lines of its own.
    text, blank, block = note.rpartition("\n\n")
    _require(bool(blank and block.endswith("\n")), "note without a signature block")
    lines = block[:-1].split("\n")
    _require(len(lines) <= MAX_SIGNATURES, "too many signatures")
    return text + "\n", [_parse_line(line) for line in lines]


def open_note(data: bytes, verifiers: Sequence[NoteVerifier]) -> tuple[str, tuple[str, ...]]:
    """Return the text of a note and the names of the `verifiers` that signed it, in their order.

    Signatures of unknown keys are ignored; one bad signature of a known key refuses the whole note.

    Raises:
        NoteRefused: for a malformed note, a bad signature, or none by these verifiers.
    """
    text, signatures = split_note(data)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    verified = set()
    for name, key_id, signature in signatures:
        if verifier := known.get((name, key_id)):
            verifier.verify(text, signature)
            verified.add((name, key_id))
    _require(bool(verified), "no signature by a trusted key")
    return text, tuple(name for name, key_id in known if (name, key_id) in verified)


def _parse_line(line: str) -> tuple[str, bytes, bytes]:
    name, space, signature = line.removeprefix(_DASH).partition(" ")
    _require(line.startswith(_DASH) and bool(space), "not a signature line")
    try:
        require_name(name)
        decoded = unb64(signature)
    except InvalidEncoding as error:
        raise NoteRefused("not a signature line") from error
    _require(len(decoded) > 4, "signature too short")
    return name, decoded[:4], decoded[4:]


def _cosigned(text: str, time_s: int) -> bytes:
    return f"cosignature/v1\ntime {time_s}\n{text}".encode()


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NoteRefused(otherwise)
