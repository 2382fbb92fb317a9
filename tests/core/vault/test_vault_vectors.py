import base64
import hashlib
import json
from typing import Any

import pytest
import vault_reference as reference
import vault_vectors as vectors

from ciment import vault
from ciment.canon import CimentError, InvalidEncoding
from ciment.vault import header
from ciment.vault.archive import read_archive, write_archive
from ciment.vault.enrolment import Enrolment, countersign, parse_enrolment, sign_enrolment, verify_countersignature
from ciment.vault.packet import open_age


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in vectors.FOLDER.glob("vault-*.json")}


@pytest.fixture(scope="module")
def blobs(published: dict[str, Any]) -> Any:
    return published["vault-blobs.json"]


def test_the_second_implementation_makes_the_published_vectors(published: dict[str, Any]) -> None:
    assert vectors.documents() == published


def test_member_keys(published: dict[str, Any]) -> None:
    for case in published["vault-member-keys.json"]["members"]:
        keys = vault.MemberKeys.from_seed(bytes.fromhex(case["seed"]))
        public = base64.b64decode(case["public"])
        assert keys.public.encode() == public
        assert vault.MemberPublic.parse(public) == keys.public
        assert keys.derive("draft").hex() == case["derived"]["draft"]
        assert keys.sign(bytes.fromhex(case["message"])).hex() == case["signature"]
        keys.public.verify(bytes.fromhex(case["message"]), bytes.fromhex(case["signature"]))


def test_refused_public_keys(published: dict[str, Any]) -> None:
    document = published["vault-member-keys.json"]
    public = base64.b64decode(document["members"][0]["public"])
    for edit in document["refused edits of the first public key"]:
        changed = vectors.edited(public, edit)
        assert changed != public
        with pytest.raises(InvalidEncoding):
            pytest.fail(f"{edit['name']}: {vault.MemberPublic.parse(changed)}")


@pytest.fixture(scope="module")
def enrolments(published: dict[str, Any]) -> Any:
    return published["vault-enrolment.json"]


def enrolled(case: dict[str, str]) -> bytes:
    return case["statement"].encode() + bytes.fromhex(case["signature"])


def test_enrolments(enrolments: Any) -> None:
    keys, by = (
        vault.MemberKeys.from_seed(bytes.fromhex(enrolments[name])) for name in ("seed", "countersigner's seed")
    )
    for case in enrolments["enrolments"]:
        stated = Enrolment(
            case["institution"], case["member"], keys.public, tuple(case["roles"]), case["title"], case["at"]
        )
        signed, countersignature = enrolled(case), bytes.fromhex(case["countersignature"])
        assert parse_enrolment(signed) == stated
        assert sign_enrolment(stated, keys) == signed
        assert countersign(signed, by) == countersignature
        verify_countersignature(signed, countersignature, by.public)


def test_refused_enrolments(enrolments: Any) -> None:
    first = enrolled(enrolments["enrolments"][0])
    for edit in enrolments["refused edits of the first enrolment"]:
        with pytest.raises(CimentError) as refusal:
            parse_enrolment(vectors.edited(first, edit))
        assert type(refusal.value).__name__ == edit["error"], edit["name"]
    for case in enrolments["refused statements, well signed"]:
        with pytest.raises(InvalidEncoding):
            pytest.fail(f"{case['name']}: {parse_enrolment(enrolled(case))}")


def test_refused_countersignatures(enrolments: Any) -> None:
    first = enrolled(enrolments["enrolments"][0])
    by = vault.MemberKeys.from_seed(bytes.fromhex(enrolments["countersigner's seed"])).public
    for case in enrolments["refused countersignatures of the first enrolment"]:
        given = bytes.fromhex(case["countersignature"])
        with pytest.raises(vault.BadSignature):
            pytest.fail(f"{case['name']}: {verify_countersignature(first, given, by)}")  # type: ignore[func-returns-value]


def test_blobs(blobs: Any) -> None:
    for case in blobs["blobs"]:
        key, content = bytes.fromhex(case["key"]), reference.content_of(case["length"])
        sealed = reference.blob(key, content, case["context"], bytes.fromhex(case["nonce"]))
        assert hashlib.sha256(sealed).hexdigest() == case["sha256"]
        assert vault.open_blob(key, sealed, case["context"]) == content
        assert vault.blob_commitment(sealed) == header.commit(key)
        assert len(vault.seal(key, content, case["context"])) == case["size"]


def test_refused_blobs(blobs: Any) -> None:
    case = blobs["blobs"][0]
    sealed = base64.b64decode(case["blob"])
    for edit in blobs["refused edits of the first blob"]:
        key, context = bytes.fromhex(edit.get("key", case["key"])), edit.get("context", case["context"])
        with pytest.raises(vault.BlobError) as refusal:
            vault.open_blob(key, vectors.edited(sealed, edit), context)
        assert type(refusal.value).__name__ == edit["error"], edit["name"]


def test_streams(blobs: Any) -> None:
    for case in blobs["streams"]:
        key, content, context = bytes.fromhex(case["key"]), reference.content_of(case["length"]), case["context"]
        sealed = reference.stream(key, context, bytes.fromhex(case["h"]), reference.frames(content))
        assert hashlib.sha256(sealed).hexdigest() == case["sha256"]
        assert b"".join(vault.open_stream(key, [sealed], context)) == content
        assert vault.stream_commitment(bytes.fromhex(case["header"])) == header.commit(key)
        sealer = vault.StreamSealer(key, context)
        assert len(sealer.header + sealer.push(content, final=True)) == case["size"]


def test_wraps(blobs: Any) -> None:
    for case in blobs["wraps"]:
        keys = vault.MemberKeys.from_seed(bytes.fromhex(case["seed"]))
        wrap = base64.b64decode(case["wrap"])
        assert vault.unwrap_key(wrap, keys.hpke, case["context"]).hex() == case["key"]


def test_sessions(blobs: Any) -> None:
    case = blobs["session"]
    cookie = bytes.fromhex(case["cookie"])
    assert vault.session_id(cookie) == case["id"]
    assert vault.open_session(base64.b64decode(case["blob"]), cookie).hex() == case["seed"]


def test_passphrases(published: dict[str, Any]) -> None:
    document = published["vault-passphrase.json"]
    for form in document["plain forms"]:
        assert vault.plain_passphrase(form["typed"]) == form["plain"]
    for case in document["seals"]:
        sealed, pepper = base64.b64decode(case["sealed"]), bytes.fromhex(case["pepper"])
        assert vault.open_seed(sealed, case["passphrase"], pepper, case["owner"]).hex() == case["seed"]
        parameters = vault.KdfParameters(case["memory"], case["iterations"], case["lanes"])
        assert vault.parse_parameters(sealed) == parameters


def test_packets(published: dict[str, Any]) -> None:
    document = published["vault-packet.json"]
    files = {name: base64.b64decode(data) for name, data in document["files"].items()}
    archive = base64.b64decode(document["archive"])
    assert write_archive(files) == archive
    assert read_archive(archive) == files
    identity = vault.AgeIdentity(document["identity"])
    assert identity.recipient == vault.parse_recipient(document["recipient"])
    by_key, by_words = (base64.b64decode(document[name]) for name in ("packet", "packet by passphrase"))
    assert vault.open_packet(by_key, identity) == files
    assert vault.open_packet(by_words, vault.Passphrase(document["passphrase"])) == files
    with pytest.raises(CimentError):
        open_age(by_words, identity)
    with pytest.raises(CimentError):
        open_age(by_key, vault.Passphrase(document["passphrase"]))
