"""Evidence files (C2SP tlog-proof v1): one offline file shows that a document is in a register.

Format: docs/formats/proof.md.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ciment.canon import InvalidEncoding, JsonObject, b64, decode_object, encode, unb64
from ciment.register.checkpoint import Checkpoint, verify_checkpoint, verify_cosignature
from ciment.register.entry import Document, Entry, Opening, verify_opening
from ciment.register.errors import NoteRefused, ProofRefused
from ciment.register.note import NoteVerifier
from ciment.register.tree import leaf_hash, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF = 1024 * 1024
# An evidence file is handed to anybody: its opening names documents and commits to the rest, nothing else.
_SHOWN = frozenset(("documents", "private"))
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MAX_HASHES = 63


@dataclass(frozen=True)
class Proof:
    """A parsed evidence file, nothing of it verified."""

    entry: Entry
    opening: Opening
    subject: Document
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes

    def encode(self) -> bytes:
        """Return the evidence file."""
        extra: JsonObject = {
            "entry": self.entry.to_json(),
            "opening": self.opening.to_json(),
            "subject": self.subject.to_json(),
        }
        lines = [HEADER, f"extra {b64(encode(extra))}", f"index {self.index}", *map(b64, self.hashes), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


@dataclass(frozen=True)
class Evidence:
    """What a verified evidence file shows: the `subject` was entered under this number, then, in this register."""

    kind: str
    time_ms: int
    attributes: Mapping[str, tuple[str, ...]]
    subject: Document
    index: int
    checkpoint: Checkpoint


def build_proof(proof: Proof) -> bytes:
    """Return the evidence file of `proof`: its opening made by `document_opening`, its hashes at the checkpoint's size.

    Raises:
        ProofRefused: when the file would not verify, or would show more than documents.
        NoteRefused: when its checkpoint is none (the signature is not verified here).
    """
    if not _SHOWN.issuperset(proof.opening.details):
        raise ProofRefused("an opening with other details than documents cannot be handed out", "opening_differs")
    _verify_content(proof)
    _verify_place(proof, Checkpoint.read(proof.checkpoint))
    return proof.encode()


def parse_proof(data: bytes) -> Proof:
    """Return the parts of the evidence file `data`, none of them verified.

    Raises:
        InvalidEncoding: for bytes that are not exactly one evidence file.
    """
    if len(data) > MAX_PROOF:
        raise InvalidEncoding("evidence file too long")
    head, blank, checkpoint = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise InvalidEncoding("not an evidence file") from error
    if not blank or len(lines) < 3 or lines[0] != HEADER or not lines[1].startswith("extra "):
        raise InvalidEncoding("not an evidence file")
    index = _INDEX.fullmatch(lines[2])
    if not index or len(lines) > 3 + _MAX_HASHES:
        raise InvalidEncoding("not an evidence file")
    entry, opening, subject = _parse_extra(unb64(lines[1].removeprefix("extra ")))
    hashes = tuple(unb64(line, 32) for line in lines[3:])
    return Proof(entry, opening, subject, int(index[1]), hashes, checkpoint)


def verify_proof(
    data: bytes, verifier: NoteVerifier, document: bytes | None = None, witnesses: Sequence[NoteVerifier] = ()
) -> Evidence:
    """Return what the evidence file `data` shows under the log key `verifier`.

    Args:
        data: the evidence file.
        verifier: the key of the register; it never comes from the file.
        document: the bytes of the document, which are then required to be its subject.
        witnesses: each of them must have cosigned the checkpoint.

    Raises:
        InvalidEncoding: for bytes that are no evidence file.
        ProofRefused: when anything does not verify.
    """
    proof = parse_proof(data)
    try:
        checkpoint = verify_checkpoint(proof.checkpoint, [verifier])
    except NoteRefused as error:
        raise ProofRefused(str(error), "checkpoint_refused") from error
    _require_cosigned(proof.checkpoint, witnesses)
    _verify_content(proof)
    _verify_place(proof, checkpoint)
    if document is not None and sha256(document).digest() != proof.subject.sha256:
        raise ProofRefused("this is not the document that was entered", "document_differs")
    entry = proof.entry
    return Evidence(entry.kind, entry.time_ms, entry.attributes, proof.subject, proof.index, checkpoint)


def _parse_extra(extra: bytes) -> tuple[Entry, Opening, Document]:
    parts = decode_object(extra, frozenset(("entry", "opening", "subject")))
    # The entry stands inside as an object; canonical bytes of a part are those of the part alone.
    return Entry.parse(encode(parts["entry"])), Opening.of_json(parts["opening"]), Document.of_json(parts["subject"])


def _require_cosigned(checkpoint: bytes, witnesses: Sequence[NoteVerifier]) -> None:
    for witness in witnesses:
        try:
            verify_cosignature(checkpoint, witness)
        except NoteRefused as error:
            raise ProofRefused(str(error), "witness_missing") from error


def _verify_content(proof: Proof) -> None:
    try:
        verify_opening(proof.entry, proof.opening)
        documents = proof.opening.documents
    except InvalidEncoding as error:
        raise ProofRefused(str(error), "opening_differs") from error
    if proof.subject not in documents:
        raise ProofRefused("the entry does not name this document", "document_unnamed")


def _verify_place(proof: Proof, checkpoint: Checkpoint) -> None:
    leaf = leaf_hash(proof.entry.encode())
    verify_inclusion(proof.index, checkpoint.size, leaf, proof.hashes, checkpoint.root)
