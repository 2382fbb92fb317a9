"""The published vectors of the register: `documents()` makes them; running this file writes them."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from register_samples import (
    DETAILS,
    LETTER,
    ORIGIN,
    RECEIVED,
    SIGNER,
    START_MS,
    WITNESS,
    make_proof,
    publish,
    salt_of,
)

from ciment.canon import JsonObject, b64
from ciment.register import (
    Checkpoint,
    Document,
    Entry,
    Frontier,
    Opening,
    build_proof,
    cosign_checkpoint,
    document_opening,
    leaf_hash,
    sign_checkpoint,
)

FOLDER = Path(__file__).parents[3] / "docs" / "formats" / "vectors"
QUALIFIED = {
    "categories": ("address", "confidence"),
    "ground": (),
    "requester": ("housing",),
    "verdicts": ("silence",),
}
TIME_S = 1_795_529_000


def entry_vectors() -> dict[str, Any]:
    letter = Document("letter", sha256(LETTER).digest())
    plain: JsonObject = {"act": "reading", "note": 3}
    openings = [Opening(salt_of(1), plain), document_opening(salt_of(2), DETAILS, [letter])]
    entries = [
        Entry("act", START_MS, {}, openings[0].commit()),
        Entry("received", START_MS, RECEIVED, openings[0].commit()),
        Entry("refused", START_MS, QUALIFIED, openings[1].commit()),
    ]
    return {
        "openings": [{"encoded": o.encode().decode(), "commitment": o.commit().hex()} for o in openings],
        "documents": {
            "salt": salt_of(2).hex(),
            "details": DETAILS,
            "documents": [letter.to_json()],
            "opening": openings[1].encode().decode(),
        },
        "entries": [{"encoded": e.encode().decode(), "leaf_hash": leaf_hash(e.encode()).hex()} for e in entries],
        "refused": [
            entries[0].encode().decode() + "\n",
            entries[0].encode().decode().replace('"act"', '"police"'),
            entries[0].encode().decode().replace("{}", '{"requester":["police"]}'),
            entries[1].encode().decode().replace("police", "85073003328"),
            entries[2].encode().decode().replace('["address","confidence"]', '["confidence","address"]'),
        ],
    }


def checkpoint_vectors() -> dict[str, Any]:
    checkpoint = Checkpoint(ORIGIN, 3, sha256(b"root").digest())
    signed = sign_checkpoint(checkpoint, SIGNER)
    return {
        "log": {"seed": bytes(range(32)).hex(), "vkey": SIGNER.vkey},
        "witness": {"seed": bytes(range(32, 64)).hex(), "vkey": WITNESS.vkey, "time_s": TIME_S},
        "root": checkpoint.root.hex(),
        "signed": signed.decode(),
        "cosigned": cosign_checkpoint(signed, WITNESS, TIME_S).decode(),
    }


def log_vectors() -> dict[str, Any]:
    leaves = [sha256(b"%d" % number).digest() for number in range(7)]
    return {
        "vkey": SIGNER.vkey,
        "witness_vkey": WITNESS.vkey,
        "files": {path: b64(data) for path, data in publish(3).items()},
        "files_of_600_sha256": {path: sha256(data).hexdigest() for path, data in publish(600).items()},
        "frontiers": [
            {"size": size, "encoded": found.encode().hex(), "root": found.root().hex()}
            for size in range(8)
            for found in [Frontier().extend(leaves[:size])]
        ],
    }


def proof_vectors() -> dict[str, Any]:
    return {
        "vkey": SIGNER.vkey,
        "witness_vkey": WITNESS.vkey,
        "document": LETTER.decode(),
        "proof": build_proof(make_proof()).decode(),
    }


def documents() -> dict[str, Any]:
    return {
        "register-entries.json": entry_vectors(),
        "register-checkpoint.json": checkpoint_vectors(),
        "register-log.json": log_vectors(),
        "register-proof.json": proof_vectors(),
    }


if __name__ == "__main__":
    for name, document in documents().items():
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        (FOLDER / name).write_text(text, encoding="utf-8")
