"""Our published vectors, made by the second implementation; run as a program, this file writes them anew.

The wraps are the exception: HPKE draws its own randomness, so those on file are kept and only their opening is tested.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import vault_reference as reference
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from ciment.canon import HybridPublicKey, JsonObject
from ciment.vault import wrap_key

FOLDER = Path(__file__).parents[3] / "docs" / "formats" / "vectors"
Document = dict[str, Any]

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
CONTEXT: JsonObject = {"inquiry": "11111111-1111-4111-8111-111111111111", "item": "texte", "version": 1}
OTHER_CONTEXT: JsonObject = {**CONTEXT, "version": 2}
PLAIN_FORMS = {
    "éléphant": "elephant",
    "Ele\u0301phant": "elephant",
    "  ELEPHANT — Zèbre\tœuf ": "elephant-zebre-œuf",
    "abeille-abolir-aborder": "abeille-abolir-aborder",
    "abeille, abolir. aborder": "abeille-abolir-aborder",
    "l’été_l'hiver": "l-ete-l-hiver",
    "ﬁn\u00adale\u200d": "finale",
    "Straße": "strasse",
    "日本語 キー": "日本語-キー",
}
SEEDS = (bytes([1]) * 32, bytes([2]) * 32)
ENROLLED: JsonObject = {
    "institution": "11111111-1111-4111-8111-111111111111",
    "member": "22222222-2222-4222-8222-222222222222",
    "roles": ["referent", "worker"],
    "title": "",
    "at": 1_764_000_000_000,
}
FILES = {"lettre.pdf": b"%PDF-1.7 synthetique", "pi\u00e8ce 1.txt": "Pièce jointe.\n".encode(), "vide.txt": b""}


def flip(offset: int, size: int) -> Document:
    return {"xor": "01", "at": offset % size}


def edited(data: bytes, edit: Document) -> bytes:
    """Apply one of the edits of the vectors: xor at, truncate, append, replace at."""
    if "xor" in edit:
        return data[: edit["at"]] + bytes([data[edit["at"]] ^ int(edit["xor"], 16)]) + data[edit["at"] + 1 :]
    if "truncate" in edit:
        return data[: edit["truncate"]]
    if "append" in edit:
        return data + bytes.fromhex(edit["append"])
    if "replace" in edit:
        new = bytes.fromhex(edit["replace"])
        return data[: edit["at"]] + new + data[edit["at"] + len(new) :]
    return data


def member_document() -> Document:
    cases = [reference.member(bytes([fill]) * 32, f"message {fill}".encode()) for fill in (0, 1, 255)]
    order, x25519, ed25519 = (2**255 - 19), 1184, 1216
    points = {
        "ML-KEM coefficient out of range": (0, "ff" * 3),
        "X25519 zero": (x25519, bytes(32).hex()),
        "X25519 one, of low order": (x25519, (1).to_bytes(32, "little").hex()),
        "X25519 equal to the field's order": (x25519, order.to_bytes(32, "little").hex()),
        "X25519 with its high bit set": (x25519, (9 + 2**255).to_bytes(32, "little").hex()),
        "Ed25519 identity": (ed25519, (1).to_bytes(32, "little").hex()),
        "Ed25519 of order two": (ed25519, (order - 1).to_bytes(32, "little").hex()),
        "Ed25519 of order four": (ed25519, bytes(32).hex()),
        "Ed25519 not canonical": (ed25519, (order + 1).to_bytes(32, "little").hex()),
        "Ed25519 not on the curve": (ed25519, (2).to_bytes(32, "little").hex()),
        # The base point plus the point of order two: on the curve, not small, outside the prime-order subgroup.
        "Ed25519 outside the subgroup": (ed25519, mixed_order_point().hex()),
    }
    refused: list[Document] = [{"name": name, "replace": new, "at": at} for name, (at, new) in points.items()]
    refused += [{"name": "short", "truncate": 1247}, {"name": "long", "append": "00"}]
    return {"format": "member-keys.md", "members": cases, "refused edits of the first public key": refused}


def mixed_order_point() -> bytes:
    base = (4 * pow(5, -1, 2**255 - 19)) % (2**255 - 19)
    # Adding (0, −1) negates both coordinates: y becomes −y, and x, which is even for B, becomes odd.
    return ((2**255 - 19 - base) + 2**255).to_bytes(32, "little")


def enrolment_document() -> Document:
    differences: list[JsonObject] = [
        {},
        {"roles": [], "at": 0},
        {"roles": ["signatory"], "title": "director_general"},
        {"title": "présidente « élue »"},
    ]
    return {
        "format": "enrolment.md",
        "seed": SEEDS[0].hex(),
        "countersigner's seed": SEEDS[1].hex(),
        "enrolments": [enrolment_case({**ENROLLED, **changes}) for changes in differences],
        "refused edits of the first enrolment": enrolment_edits(),
        "refused statements, well signed": enrolment_forms(),
        "refused countersignatures of the first enrolment": countersignature_refusals(),
    }


def enrolment_case(fields: JsonObject) -> Document:
    enrolled = reference.enrolment(SEEDS[0], reference.statement(SEEDS[0], fields))
    case = {**fields, "statement": enrolled[:-64].decode(), "signature": enrolled[-64:].hex()}
    return case | {"countersignature": reference.countersignature(SEEDS[1], enrolled).hex()}


def enrolment_edits() -> list[Document]:
    first = reference.enrolment(SEEDS[0], reference.statement(SEEDS[0], ENROLLED))
    other = reference.enrolment(SEEDS[1], reference.statement(SEEDS[0], ENROLLED))
    role = first.index(b"referent")
    edits: list[tuple[str, Document, str]] = [
        ("another role", {"replace": b"referees".hex(), "at": role}, "BadSignature"),
        ("signature", flip(-1, len(first)), "BadSignature"),
        ("signed with other keys", {"replace": other[-64:].hex(), "at": len(first) - 64}, "BadSignature"),
        ("one byte less", {"truncate": len(first) - 1}, "InvalidEncoding"),
        ("one byte more", {"append": "00"}, "InvalidEncoding"),
        ("statement alone", {"truncate": len(first) - 64}, "InvalidEncoding"),
        ("nothing", {"truncate": 0}, "InvalidEncoding"),
    ]
    return [{"name": name, **edit, "error": error} for name, edit, error in edits]


def enrolment_forms() -> list[Document]:
    changes: dict[str, JsonObject] = {
        "another version": {"v": 2},
        "an identifier in upper case": {"member": "AAAAAAAA-2222-4222-8222-222222222222"},
        "roles out of order": {"roles": ["worker", "referent"]},
        "a role twice": {"roles": ["worker", "worker"]},
        "a role that is no text": {"roles": [1]},
        "no title": {"title": None},
        "before 1970": {"at": -1},
        "a moment that is no number": {"at": "1764000000000"},
        "one field more": {"name": "Alex"},
        "a key of low order": {"public": base64.b64encode(bytes(1248)).decode()},
    }
    stated = {name: reference.statement(SEEDS[0], {**ENROLLED, **change}) for name, change in changes.items()}
    canonical = reference.statement(SEEDS[0], ENROLLED)
    stated["not canonical: a space"] = canonical.replace(b":", b": ", 1)
    stated["not canonical: an escape"] = canonical.replace(b"worker", b"\\u0077orker")
    return [
        {"name": name, "statement": text.decode(), "signature": reference.enrolment(SEEDS[0], text)[-64:].hex()}
        for name, text in stated.items()
    ]


def countersignature_refusals() -> list[Document]:
    first = reference.enrolment(SEEDS[0], reference.statement(SEEDS[0], ENROLLED))
    later = reference.enrolment(SEEDS[0], reference.statement(SEEDS[0], {**ENROLLED, "at": 1}))
    refused = {
        "by the member itself": reference.countersignature(SEEDS[0], first),
        "of another enrolment": reference.countersignature(SEEDS[1], later),
        "of the statement alone": reference.countersignature(SEEDS[1], first[:-64]),
        "the member's own signature": first[-64:],
        "the countersigner's signature as an enrolment": reference.enrolment(SEEDS[1], first)[-64:],
        "one byte less": reference.countersignature(SEEDS[1], first)[:-1],
    }
    return [{"name": name, "countersignature": given.hex()} for name, given in refused.items()]


def blob_cases() -> list[Document]:
    cases = []
    for length in (0, 1, 248, 249, 4088, 4089, 20000):
        nonce = hashlib.sha256(str(length).encode()).digest()[:24]
        plaintext = reference.content_of(length)
        sealed = reference.blob(KEY, plaintext, CONTEXT, nonce)
        case = {"key": KEY.hex(), "context": CONTEXT, "length": length, "nonce": nonce.hex(), "size": len(sealed)}
        case["sha256"] = hashlib.sha256(sealed).hexdigest()
        if length < 256:
            case |= {"plaintext": plaintext.hex(), "blob": base64.b64encode(sealed).decode()}
        cases.append(case)
    return cases


def blob_refusals() -> list[Document]:
    edits: list[tuple[str, Document, str]] = [
        ("other kind", flip(0, 368), "CorruptedBlob"),
        ("key commitment", flip(8, 368), "WrongContext"),
        ("context tag", flip(40, 368), "WrongContext"),
        ("nonce", flip(72, 368), "CorruptedBlob"),
        ("ciphertext", flip(96, 368), "CorruptedBlob"),
        ("AEAD tag", flip(-1, 368), "CorruptedBlob"),
        ("one byte less", {"truncate": 367}, "CorruptedBlob"),
        ("header only", {"truncate": 72}, "CorruptedBlob"),
        ("nothing", {"truncate": 0}, "CorruptedBlob"),
        ("one byte more", {"append": "00"}, "CorruptedBlob"),
        ("other context", {"context": OTHER_CONTEXT}, "WrongContext"),
        ("other key", {"key": OTHER_KEY.hex()}, "WrongContext"),
    ]
    return [{"name": name, **edit, "error": error} for name, edit, error in edits]


def stream_cases() -> list[Document]:
    cases = []
    for length in (0, 1, 65528, 65529, 1_200_000):
        h = hashlib.sha256(str(length).encode()).digest()[:24]
        sealed = reference.stream(KEY, CONTEXT, h, reference.frames(reference.content_of(length)))
        case = {"key": KEY.hex(), "context": CONTEXT, "length": length, "h": h.hex()}
        case |= {"header": sealed[:96].hex(), "size": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()}
        cases.append(case)
    return cases


def wrap_cases(kept: list[Document]) -> list[Document]:
    if kept:
        return kept
    seed = bytes([1]) * 32
    public = HybridPublicKey.parse(base64.b64decode(reference.member(seed, b"")["public"])[:1216])
    wrap = base64.b64encode(wrap_key(KEY, public, CONTEXT)).decode()
    return [{"seed": seed.hex(), "context": CONTEXT, "key": KEY.hex(), "wrap": wrap}]


def session_case() -> Document:
    cookie, seed, nonce = bytes([7]) * 32, bytes([1]) * 32, bytes([9]) * 24
    sealed = reference.blob(reference.hkdf(cookie, "key"), seed, {"use": "session"}, nonce)
    identifier = reference.hkdf(cookie, "id").hex()
    case = {"cookie": cookie.hex(), "id": identifier, "seed": seed.hex(), "nonce": nonce.hex()}
    return case | {"blob": base64.b64encode(sealed).decode()}


def blob_document(kept: list[Document]) -> Document:
    return {
        "format": "blobs.md",
        "content": "the first `length` bytes of SHAKE-128('ciment vectors')",
        "blobs": blob_cases(),
        "refused edits of the first blob": blob_refusals(),
        "streams": stream_cases(),
        "wraps": wrap_cases(kept),
        "session": session_case(),
    }


def passphrase_document() -> Document:
    seals = []
    for number, typed in enumerate(("Éléphant Abeille", "abeille-abolir-aborder-absolu-abriter-accident")):
        case: Document = {"passphrase": typed, "seed": bytes([number]).hex() * 32, "pepper": "5a" * 32}
        case |= {"owner": CONTEXT["inquiry"], "memory": 8192, "iterations": 3 + number, "lanes": 1 + number}
        case |= {"salt": bytes(range(number, number + 16)).hex(), "nonce": bytes([number]).hex() * 24}
        plain = "elephant-abeille" if number == 0 else typed
        seals.append({**case, "sealed": base64.b64encode(reference.sealed_seed(case, plain)).decode()})
    forms = [{"typed": typed, "plain": plain} for typed, plain in PLAIN_FORMS.items()]
    return {"format": "passphrase.md", "plain forms": forms, "seals": seals}


def packet_document() -> Document:
    archive = reference.archive(FILES)
    secret, file_key, nonce = bytes([2]) * 32, bytes([3]) * 16, bytes([4]) * 16
    point = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    by_key = reference.age_x25519(point, bytes([5]) * 32, file_key, nonce, archive)
    words = "abeille-abolir-aborder-absolu-abriter-accident"
    by_words = reference.age_passphrase(words, bytes([6]) * 16, file_key, nonce, archive)
    return {
        "format": "packet.md",
        "files": {name: base64.b64encode(data).decode() for name, data in FILES.items()},
        "archive": base64.b64encode(archive).decode(),
        "identity": reference.bech32("age-secret-key-", secret).upper(),
        "recipient": reference.bech32("age", point),
        "packet": base64.b64encode(by_key).decode(),
        "passphrase": words,
        "packet by passphrase": base64.b64encode(by_words).decode(),
    }


def documents() -> dict[str, Document]:
    blobs = FOLDER / "vault-blobs.json"
    kept = json.loads(blobs.read_text(encoding="utf-8"))["wraps"] if blobs.exists() else []
    return {
        "vault-member-keys.json": member_document(),
        "vault-enrolment.json": enrolment_document(),
        "vault-blobs.json": blob_document(kept),
        "vault-passphrase.json": passphrase_document(),
        "vault-packet.json": packet_document(),
    }


def write_all() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, document in documents().items():
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_all()
