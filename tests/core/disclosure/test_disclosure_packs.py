"""Signed packs, packs kept by digest, and decisions replayed from them."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from disclosure_world import FACTS, World
from hypothesis import given
from hypothesis import strategies as st

from ciment.canon import InvalidEncoding
from ciment.cli import main
from ciment.disclosure.packnote import (
    PackUntrusted,
    demonstration_signer,
    parse_trusted,
    sign_pack,
    verify_pack,
)
from ciment.disclosure.replay import NotReplayable, parse_stated, replay
from ciment.law import Pack, load_pack, load_pack_from, parse_facts, qualify
from ciment.law.keeping import NOTE_FILE, keep_pack
from ciment.law.loading import shipped_folder
from ciment.register import NoteSigner
from ciment.register.note import join_note

DAY = date(2026, 11, 24)
VECTORS = Path(__file__).parents[3] / "docs/formats/vectors/law"
FEDERATION = NoteSigner.from_seed("federation.example.org/law", bytes(range(32)))
STRANGER = NoteSigner.from_seed("federation.example.org/law", bytes(32))
TRUSTED = [FEDERATION.verifier]


@pytest.fixture
def vector() -> Pack:
    (folder,) = VECTORS.glob("*/example")
    return load_pack_from(folder)


def test_a_signed_pack_is_believed_by_those_who_trust_the_key(vector: Pack) -> None:
    said = verify_pack(vector, sign_pack(vector, DAY, FEDERATION), TRUSTED)
    assert (said.pack, said.digest, said.day) == ("example", vector.digest, DAY)
    assert said.signers == ("federation.example.org/law",)


def _note(text: str, signer: NoteSigner = FEDERATION) -> bytes:
    return join_note(text, [signer.sign(text)])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda _pack: None, "without a signed note"),
        (lambda pack: sign_pack(pack, DAY, STRANGER), "no signature by a trusted key"),
        (lambda pack: sign_pack(pack, DAY, FEDERATION).replace(b"2026", b"2027"), "bad signature"),
        (lambda _pack: b"", "is refused"),
        (lambda _pack: sign_pack(load_pack("be"), DAY, FEDERATION), "the note is of pack 'be'"),
        (lambda _pack: _note(f"ciment/law/v1/pack\nexample\n{'0' * 64}\n2026-11-24\n"), "000, not of 'example' with"),
        (lambda pack: _note(f"ciment/law/v1/pack\nother\n{pack.digest}\n2026-11-24\n"), "the note is of pack 'other'"),
        (lambda pack: _note(f"ciment/law/v2/pack\nexample\n{pack.digest}\n2026-11-24\n"), "does not say what"),
        (lambda pack: _note(f"ciment/law/v1/pack\nexample\n{pack.digest}\n2026-02-30\n"), "does not say what"),
        (lambda pack: _note(f"ciment/law/v1/pack\nexample\n{pack.digest}\n2026-11-24\nmore\n"), "does not say what"),
    ],
)
def test_a_note_that_does_not_vouch_for_this_pack_is_refused(
    vector: Pack, make: Callable[[Pack], bytes | None], reason: str
) -> None:
    with pytest.raises(PackUntrusted, match=reason):
        verify_pack(vector, make(vector), TRUSTED)


@given(st.binary(max_size=300))
def test_no_bytes_make_a_note_that_nobody_signed(data: bytes) -> None:
    with pytest.raises(PackUntrusted):
        verify_pack(load_pack("be"), data, TRUSTED)


def test_trusted_keys_are_one_a_line() -> None:
    data = f"# who vouches\n\n{FEDERATION.vkey}\n{demonstration_signer().vkey}\n".encode()
    assert parse_trusted(data) == (FEDERATION.verifier, demonstration_signer().verifier)


@pytest.mark.parametrize("data", [b"", b"# nobody\n", b"\xff", b"x\n", FEDERATION.vkey.replace("law", "low").encode()])
def test_a_file_that_holds_no_key_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidEncoding):
        parse_trusted(data)


def test_a_signer_key_is_read_back_as_text() -> None:
    assert NoteSigner.parse(FEDERATION.skey).vkey == FEDERATION.vkey
    for wrong in (
        FEDERATION.vkey,
        FEDERATION.skey[:-4],
        FEDERATION.skey.replace("law", "low"),
        FEDERATION.skey.replace("PRIVATE", "PUBLIC"),
        FEDERATION.skey.replace("+AQ", "+BA"),
    ):
        with pytest.raises(InvalidEncoding):
            NoteSigner.parse(wrong)


def test_a_real_decision_replays_from_the_shipped_pack() -> None:
    pack = load_pack("be")
    found = qualify(pack, parse_facts(FACTS), DAY).verdicts["identity"]
    verdict = {"verdict": found.verdict, "decided_by": found.decided_by, "rules": list(found.rules)}
    decision = World().make_decision(verdicts={"identity": verdict})
    assert replay(parse_stated(json.loads(decision.encode())), pack) == []
    stated = {"verdict": "may", "decided_by": found.decided_by, "rules": list(found.rules)}
    changed = World().make_decision(verdicts={"identity": stated})
    (departure,) = replay(parse_stated(json.loads(changed.encode())), pack)
    assert departure.to_json() == {"category": "identity", "stated": stated, "computed": verdict}


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    try:
        code = main(["law", *map(str, arguments)])
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else -1
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_published_decision_replays_from_the_pack_kept_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    # The pack and the decision are frozen: this fails when a later version reads them, or computes their digest, anew.
    key = demonstration_signer().vkey
    code, out, err = run(capsys, "replay", VECTORS / "decision.json", "--pack-dir", VECTORS, "--key", key)
    assert (code, err) == (0, "")
    assert "La décision dit ce que dit le droit" in out
    assert "signées par ciment-demonstration-key-anybody-can-sign, le 2026-11-24" in out
    code, out, err = run(capsys, "replay", VECTORS / "decision.json", "--pack-dir", VECTORS, "--json")
    assert (code, err, json.loads(out)["same"], json.loads(out)["departures"]) == (0, "", True, [])


def test_a_decision_of_an_older_pack_replays_from_what_was_kept_and_from_nothing_else(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    older = tmp_path / "older" / "be"
    shutil.copytree(shipped_folder("be"), older)
    secret = older / "secret.toml"
    secret.write_text(secret.read_text("utf-8").replace('text.fr = "', 'text.fr = "Autrefois : ', 1), "utf-8")
    pack = load_pack_from(older)
    found = qualify(pack, parse_facts(FACTS), DAY).verdicts["identity"]
    decision: dict[str, Any] = {
        "facts": FACTS,
        "pack": {"pack": "be", "digest": pack.digest, "on": "2026-11-24", "known": "2026-11-24"},
        "verdicts": {
            "identity": {"verdict": found.verdict, "decided_by": found.decided_by, "rules": list(found.rules)}
        },
    }
    path = tmp_path / "decision.json"
    path.write_text(json.dumps(decision))
    code, out, err = run(capsys, "replay", path)
    assert (code, out) == (2, "")
    assert "has moved on" in err
    assert "--pack-dir" in err
    keep_pack(older, tmp_path / "kept")
    keep_pack(shipped_folder("be"), tmp_path / "kept")
    assert run(capsys, "replay", path, "--pack-dir", tmp_path / "kept")[0] == 0
    decision["verdicts"]["identity"]["rules"] = ["be.secret"]
    path.write_text(json.dumps(decision))
    code, out, err = run(capsys, "replay", path, "--pack-dir", tmp_path / "kept", "--lang", "en")
    assert (code, err) == (1, "")
    assert f"identity: the decision says {found.verdict}, {found.decided_by} (be.secret); the law says" in out


def _broken(**changes: object) -> dict[str, object]:
    decision = json.loads((VECTORS / "decision.json").read_text())
    return {key: value for key, value in {**decision, **changes}.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"facts": None}, "facts is missing"),
        ({"pack": []}, "pack is missing, or is not a JSON object"),
        ({"verdicts": None}, "verdicts is missing"),
        ({"verdicts": {}}, "do not speak of the same categories"),
        ({"verdicts": {"identity": 1, "aid": 1}}, "verdicts.identity is missing"),
        ({"verdicts": {"identity": {"verdict": "may"}, "aid": {}}}, "verdicts.identity.rules must be"),
        ({"verdicts": {"identity": {"rules": []}, "aid": {}}}, "verdicts.identity.verdict is missing"),
        (
            {"verdicts": {"identity": {"rules": ["\x1b[2J"], "verdict": "may", "decided_by": "referent"}, "aid": {}}},
            "verdicts.identity.rules is not a word of a law pack",
        ),
        ({"pack": {"pack": "example"}}, "pack.digest is missing"),
        ({"pack": {"pack": "x", "digest": "x", "on": "soon", "known": "2026-11-24"}}, "pack.on is not a day"),
        ({"facts": {"requester": "mayor", "category": ["aid", "identity"]}}, "fact 'requester' has the value 'mayor'"),
        ({"pack": {"pack": "..", "digest": "0", "on": "2026-11-24", "known": "2026-11-24"}}, "no pack is named '..'"),
    ],
)
def test_what_cannot_be_replayed_prints_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, changes: dict[str, object], reason: str
) -> None:
    path = tmp_path / "decision.json"
    path.write_text(json.dumps(_broken(**changes)))
    code, out, err = run(capsys, "replay", path, "--pack-dir", VECTORS)
    assert (code, out) == (2, "")
    assert reason in err


def test_another_pack_is_not_replayed_with() -> None:
    with pytest.raises(PackUntrusted, match="the decision was made under pack 'example'"):
        replay(parse_stated(_broken()), load_pack("be"))
    with pytest.raises(NotReplayable):
        parse_stated({})


def test_a_key_is_made_signs_and_is_never_replaced(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    key = tmp_path / "law.key"
    code, vkey, _ = run(capsys, "key", "federation.example.org/law", key)
    assert (code, key.stat().st_mode & 0o777) == (0, 0o600)
    made = key.read_bytes()
    code, out, err = run(capsys, "key", "federation.example.org/law", key)
    assert (code, out, key.read_bytes()) == (2, "", made)
    assert "cannot be made: File exists" in err
    root = tmp_path / "packs"
    folder = Path(shutil.copytree(next(VECTORS.glob("*/example")), root / "example"))
    assert run(capsys, "sign", folder, "--key", key, "--on", "2026-11-25")[0] == 0
    place = keep_pack(folder, root)
    shutil.copyfile(VECTORS / "decision.json", tmp_path / "decision.json")
    trusted = tmp_path / "federation.vkey"
    trusted.write_text(vkey)
    replayed = ["replay", tmp_path / "decision.json", "--pack-dir", root]
    code, out, _ = run(capsys, *replayed, "--key", f"@{trusted}")
    assert code == 0
    assert "signées par federation.example.org/law, le 2026-11-25" in out
    code, out, err = run(capsys, *replayed, "--key", demonstration_signer().vkey)
    assert (code, out) == (2, "")
    assert "no signature by a trusted key" in err
    (place / NOTE_FILE).unlink()
    code, out, err = run(capsys, *replayed, "--key", vkey.strip())
    assert (code, out) == (2, "")
    assert "without a signed note" in err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("sign", "{packs}", "--key", "{none}"), "cannot be read: No such file"),
        (("sign", "{packs}", "--key", "{other}"), "holds no private key"),
        (("sign", "{none}", "--key", "{key}"), "no rule"),
        (("sign", "{packs}"), "--key"),
        (("key", "no name", "{none}"), "not a key name"),
        (("key", "name", "{none}/x/y"), "cannot be made"),
        (("export", "{other}"), "cannot be written"),
        (("export", "{none}", "--pack", "xx"), "unknown pack 'xx'"),
    ],
)
def test_what_cannot_be_signed_or_kept_prints_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: tuple[str, ...], reason: str
) -> None:
    places = {name: str(tmp_path / name) for name in ("packs", "none", "other", "key")}
    shutil.copytree(next(VECTORS.glob("*/example")), places["packs"])
    Path(places["other"]).write_text("PRIVATE+KEY+secret")
    Path(places["key"]).write_text(FEDERATION.skey)
    code, out, err = run(capsys, *(argument.format(**places) for argument in arguments))
    assert (code, out) == (2, "")
    assert reason in err
    assert "PRIVATE" not in err


def test_an_exported_pack_is_the_shipped_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run(capsys, "export", tmp_path)
    assert (code, err) == (0, "")
    assert load_pack_from(Path(out.strip())).digest == load_pack("be").digest
