"""What is sealed of a filing, to whom, and what each sealed part is bound to."""

import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC
from typing import Any, cast

from ciment.canon import HybridPublicKey, InvalidEncoding, JsonObject, b64, decode, derive, encode, unb64
from ciment.register import NoteVerifier
from ciment.vault import generate_passphrase, open_blob, plain_passphrase, seal, unwrap_key, wrap_key
from ciment_web.arrivals.actions import open_private
from ciment_web.arrivals.opening import Opening
from ciment_web.blobs.sealing import open_file
from ciment_web.desk.models import Filing, FilingFile
from ciment_web.inquiries.actions.record import NamedFile, describe_file
from ciment_web.members.actor import Actor

# Eleven bits a word: 132 bits, which nobody guesses even with a copy of the database.
CODE_WORDS = 12


@dataclass(frozen=True)
class Filed:
    """The words of a request as its author typed them. They print redacted."""

    requester: str
    name: str = field(repr=False)
    service: str = field(repr=False)
    reach: str = field(repr=False)
    basis: str = field(repr=False)
    about: str = field(repr=False)
    categories: tuple[str, ...]
    text: str = field(repr=False)
    # Two requests with the same words have different digests: a receipt shown to somebody cannot be guessed from.
    salt: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)

    def encode(self) -> bytes:
        """Return the canonical bytes whose digest the receipt names."""
        return encode(cast("JsonObject", {**asdict(self), "categories": list(self.categories)}))

    @classmethod
    def parse(cls, data: bytes) -> "Filed":
        """Return the words of their canonical bytes."""
        fields: Any = decode(data)
        if not isinstance(fields, dict) or not isinstance(fields.get("categories"), list):
            raise InvalidEncoding("not the words of a filing")
        return replace(cls(**fields), categories=tuple(str(category) for category in fields["categories"]))


@dataclass(frozen=True)
class Content:
    """What is sealed of a filing: its words, and the keys of the register under which it was entered."""

    filed: Filed
    register_key: HybridPublicKey
    log: NoteVerifier


def new_code() -> str:
    """Return a fresh receipt code."""
    return generate_passphrase(CODE_WORDS)


def keys_of(code: str) -> tuple[str, bytes]:
    """Return what the server searches by, and what opens: one secret, two labels, neither follows from the other.

    Raises:
        PassphraseError: for a text that has no plain form.
    """
    secret = plain_passphrase(code).encode()
    return derive(secret, "ciment/desk/receipt/id/v1").hex(), derive(secret, "ciment/desk/receipt/key/v1")


def seal_keys(filing: Filing, key: bytes, opening: Opening, code_key: bytes) -> None:
    """Seal the filing's key to those who hold the key of arrivals, and under the receipt code."""
    filing.wrapped = wrap_key(key, opening.public, _context(filing, "key"))
    filing.sealed_for_code = seal(code_key, key, _context(filing, "code"))


def open_key_with_code(filing: Filing, code_key: bytes) -> bytes:
    """Return the filing's key; raises BlobError if the row was changed or moved."""
    return open_blob(code_key, bytes(filing.sealed_for_code), _context(filing, "code"))


def open_key(actor: Actor, filing: Filing) -> bytes:
    """Return the filing's key; raises NotAllowed for whoever does not hold the key of arrivals it came under."""
    return unwrap_key(bytes(filing.wrapped), open_private(actor, filing.key), _context(filing, "key"))


def seal_content(filing: Filing, key: bytes, filed: Filed, opening: Opening) -> bytes:
    """Return the words sealed, bound to kind, hour and what the filing follows."""
    content: JsonObject = {
        "filed": filed.encode().decode(),
        "register_key": b64(opening.register_key.encoded),
        "log": opening.log,
    }
    return seal(key, encode(content), _content_context(filing))


def open_content(filing: Filing, key: bytes) -> Content:
    """Return the content; raises BlobError if it, or kind, hour or predecessor in its row, were changed."""
    fields = decode(open_blob(key, bytes(filing.sealed_content), _content_context(filing)))
    if not isinstance(fields, dict):
        raise InvalidEncoding("not the content of a filing")
    return Content(
        Filed.parse(str(fields["filed"]).encode()),
        HybridPublicKey.parse(unb64(fields["register_key"])),
        NoteVerifier.parse(str(fields["log"])),
    )


def seal_part(filing: Filing, key: bytes, part: str, data: bytes) -> bytes:
    """Return `data` sealed as one part of the filing."""
    return seal(key, data, _context(filing, part))


def open_part(filing: Filing, key: bytes, part: str, sealed: bytes | memoryview) -> bytes:
    """Return one part; raises BlobError if a byte changed or it was moved."""
    return open_blob(key, bytes(sealed), _context(filing, part))


def name_file(filing: Filing, key: bytes, side: FilingFile.Side, position: int, file: NamedFile) -> FilingFile:
    """Return the row of a sealed file, its name and key sealed under the filing's."""
    row = FilingFile(institution=filing.institution, filing=filing, side=side, position=position, blob=file.sealed.blob)
    row.sealed_name = seal(key, describe_file(file), _file_context(row))
    return row


def open_filed_file(row: FilingFile, key: bytes) -> tuple[str, Iterator[bytes]]:
    """Return name and content of a file of the filing."""
    fields = decode(open_blob(key, bytes(row.sealed_name), _file_context(row)))
    if not isinstance(fields, dict):
        raise InvalidEncoding("not a file of a filing")
    return str(fields["name"]), open_file(bytes.fromhex(str(fields["key"])), row.blob, str(fields["id"]))


def _content_context(filing: Filing) -> JsonObject:
    return {
        **_context(filing, "content"),
        "requester": filing.requester,
        "at": filing.filed_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "follows": str(filing.follows_id or ""),
    }


def _file_context(row: FilingFile) -> JsonObject:
    return _context(row.filing, f"file/{row.side}/{row.position}")


def _context(filing: Filing, part: str) -> JsonObject:
    return {"institution": str(filing.institution_id), "filing": str(filing.id), "part": part}
