"""The member's seed sealed under the passphrase: opening it is the sign-in (docs/formats/passphrase.md)."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from ciment.canon import InvalidEncoding, JsonObject, u64be
from ciment.vault.blob import blob_commitment, open_blob, seal
from ciment.vault.errors import BlobError, CorruptedBlob, PassphraseError, WrongPassphrase
from ciment.vault.header import commit, require_key
from ciment.vault.words import generate_passphrase, plain_passphrase, require_strong

__all__ = [
    "SEALED_SEED_SIZE",
    "SIGNATORY",
    "WORKER",
    "KdfParameters",
    "generate_passphrase",
    "open_seed",
    "parse_parameters",
    "plain_passphrase",
    "require_strong",
    "seal_seed",
]

_MAGIC = b"CIMSEED1"
_SALT_SIZE = 16
_BODY_START = len(_MAGIC) + 3 * 8 + _SALT_SIZE
SEALED_SEED_SIZE = 448


@dataclass(frozen=True)
class KdfParameters:
    """What one Argon2id run costs (RFC 9106), within bounds that no stored seal can exceed.

    Raises:
        InvalidEncoding: out of bounds.
    """

    memory_kib: int
    iterations: int = 3
    lanes: int = 1

    def __post_init__(self) -> None:
        # The floor is for tests; the ceilings keep a tampered row from exhausting the host before it is refused.
        bounded = 8 * 1024 <= self.memory_kib <= 256 * 1024 and 3 <= self.iterations <= 8 and 1 <= self.lanes <= 4
        if not bounded:
            raise InvalidEncoding("Argon2id parameters out of bounds")

    def encode(self) -> bytes:
        """Return the three numbers as u64be: 24 bytes."""
        return u64be(self.memory_kib) + u64be(self.iterations) + u64be(self.lanes)

    @classmethod
    def parse(cls, encoded: bytes) -> "KdfParameters":
        """Return the parameters of 24 bytes.

        Raises:
            InvalidEncoding: for another length or out of bounds.
        """
        if len(encoded) != 24:
            raise InvalidEncoding("not Argon2id parameters")
        return cls(*(int.from_bytes(encoded[start : start + 8], "big") for start in (0, 8, 16)))


WORKER = KdfParameters(64 * 1024)
SIGNATORY = KdfParameters(128 * 1024)


def seal_seed(seed: bytes, passphrase: str, pepper: bytes, parameters: KdfParameters, owner: str) -> bytes:
    """Return `seed` (32 bytes) sealed for the member whose identifier is `owner`: 448 bytes.

    `pepper` is the host's 32 bytes, kept apart from the database. Strength is the caller's question (`require_strong`).

    Raises:
        PassphraseError: for a passphrase without plain form.
        InvalidEncoding: for a seed or pepper of another length.
    """
    salt = secrets.token_bytes(_SALT_SIZE)
    root = _stretch(plain_passphrase(passphrase), require_key(pepper), parameters, salt)
    blob = seal(root, require_key(seed), _context(parameters, salt, owner))
    body = _MAGIC + parameters.encode() + salt + blob
    return body + hashlib.sha256(body).digest()


def open_seed(sealed: bytes, passphrase: str, pepper: bytes, owner: str) -> bytes:
    """Return the seed of `owner` sealed in `sealed`, after exactly one Argon2id run.

    Raises:
        CorruptedBlob: for bytes that are no sealed seed, are damaged, or are another member's.
        WrongPassphrase: for another passphrase or another pepper.
        InvalidEncoding: for a pepper that is not 32 bytes.
    """
    parameters, salt, blob = _parse(sealed)
    try:
        plain = plain_passphrase(passphrase)
    except PassphraseError as error:
        raise WrongPassphrase("wrong passphrase") from error
    root = _stretch(plain, require_key(pepper), parameters, salt)
    if not hmac.compare_digest(blob_commitment(blob), commit(root)):
        raise WrongPassphrase("wrong passphrase")
    try:
        return require_key(open_blob(root, blob, _context(parameters, salt, owner)))
    except (BlobError, InvalidEncoding) as error:
        raise CorruptedBlob("damaged, or another member's") from error


def parse_parameters(sealed: bytes) -> KdfParameters:
    """Return what `sealed` says its Argon2id run costs, for instance to seal anew when the cost is raised.

    Raises:
        CorruptedBlob: for bytes that are no sealed seed.
    """
    return _parse(sealed)[0]


def _parse(sealed: bytes) -> tuple[KdfParameters, bytes, bytes]:
    body, digest = sealed[:-32], sealed[-32:]
    if len(sealed) != SEALED_SEED_SIZE or not body.startswith(_MAGIC):
        raise CorruptedBlob("not a sealed seed")
    # No defence, whoever writes can recompute it: it keeps damage from being reported as a wrong passphrase.
    if hashlib.sha256(body).digest() != digest:
        raise CorruptedBlob("damaged sealed seed")
    try:
        parameters = KdfParameters.parse(body[len(_MAGIC) : len(_MAGIC) + 24])
    except InvalidEncoding as error:
        raise CorruptedBlob("not a sealed seed") from error
    return parameters, body[_BODY_START - _SALT_SIZE : _BODY_START], body[_BODY_START:]


def _stretch(plain: str, pepper: bytes, parameters: KdfParameters, salt: bytes) -> bytes:
    argon2id = Argon2id(
        salt=salt,
        length=32,
        iterations=parameters.iterations,
        lanes=parameters.lanes,
        memory_cost=parameters.memory_kib,
        secret=pepper,
    )
    return argon2id.derive(plain.encode())


def _context(parameters: KdfParameters, salt: bytes, owner: str) -> JsonObject:
    return {
        "iterations": parameters.iterations,
        "lanes": parameters.lanes,
        "memory": parameters.memory_kib,
        "owner": owner,
        "salt": salt.hex(),
        "use": "sealed seed v1",
    }
