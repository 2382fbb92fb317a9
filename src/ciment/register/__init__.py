"""The register: an append-only Merkle log of acts, its published form and its proofs."""

from ciment.register.checkpoint import (
    Checkpoint,
    cosign_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
    verify_cosignature,
)
from ciment.register.entry import KINDS, Document, Entry, Opening, commit, document_opening, verify_opening
from ciment.register.errors import LogRefused, NoteRefused, PathMissing, ProofRefused
from ciment.register.hashes import MemoryHashes, TileHashes
from ciment.register.log import Appended, AppendLog, Head, LogStore, MemoryStore, place
from ciment.register.note import COSIGNATURE, ED25519, NoteSigner, NoteVerifier, open_note
from ciment.register.proof import Evidence, Proof, build_proof, parse_proof, verify_proof
from ciment.register.report import YearTally, encode_report, year_of
from ciment.register.shield import LEAST, Breakdown, break_down
from ciment.register.tiles import Tile, export_tiles, tiles_of
from ciment.register.tree import (
    Frontier,
    HashReader,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from ciment.register.verify import LogReport, verify_log, verify_tree

__all__ = [
    "COSIGNATURE",
    "ED25519",
    "KINDS",
    "LEAST",
    "AppendLog",
    "Appended",
    "Breakdown",
    "Checkpoint",
    "Document",
    "Entry",
    "Evidence",
    "Frontier",
    "HashReader",
    "Head",
    "LogRefused",
    "LogReport",
    "LogStore",
    "MemoryHashes",
    "MemoryStore",
    "NoteRefused",
    "NoteSigner",
    "NoteVerifier",
    "Opening",
    "PathMissing",
    "Proof",
    "ProofRefused",
    "Tile",
    "TileHashes",
    "YearTally",
    "break_down",
    "build_proof",
    "commit",
    "consistency_proof",
    "cosign_checkpoint",
    "document_opening",
    "encode_report",
    "export_tiles",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "open_note",
    "parse_proof",
    "place",
    "root_of",
    "sign_checkpoint",
    "tiles_of",
    "verify_checkpoint",
    "verify_consistency",
    "verify_cosignature",
    "verify_inclusion",
    "verify_log",
    "verify_opening",
    "verify_proof",
    "verify_tree",
    "year_of",
]
