"""The law an institution applies: vouched for by a key it pinned, refused otherwise, and kept once applied."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from web_stories import prepare_release, record

from ciment.cli import main
from ciment.disclosure.packnote import PackUntrusted, demonstration_signer, sign_pack, verify_pack
from ciment.law import load_pack, shipped_packs
from ciment.law.keeping import NOTE_FILE
from ciment.law.loading import shipped_folder
from ciment.register import NoteSigner
from ciment_web import law
from ciment_web.decisions.actions.approve import approve_decision
from ciment_web.decisions.circumstances import delta_of
from ciment_web.inquiries.actions.qualify import latest_qualification
from ciment_web.law import TRUSTED_FILE, pack_of, pin_demonstration_key
from ciment_web.project.demonstration import Demonstration

FEDERATION = NoteSigner.from_seed("federation.example.org/law", bytes(range(32)))
SENTENCE = "n’est signé par aucune clé que l’institution reconnaît"


@pytest.fixture(autouse=True)
def fresh_packs(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Verify every pack anew, and keep it where no other test looks."""
    settings.CIMENT_PACKS = tmp_path / "packs"
    law._verified_pack.cache_clear()
    yield
    law._verified_pack.cache_clear()


@pytest.fixture
def pin(settings: Settings) -> Callable[[Demonstration, str], None]:
    """Return a way to change which keys an institution trusts, as its administrator does on the host."""

    def write(demonstration: Demonstration, text: str) -> None:
        keys: Path = settings.CIMENT_KEYS
        path = keys / str(demonstration.institution.id) / TRUSTED_FILE
        path.write_text(text)
        path.chmod(0o600)

    return write


Pin = Callable[[Demonstration, str], None]


@pytest.mark.parametrize("name", shipped_packs())
def test_every_shipped_pack_is_signed_as_it_is(name: str) -> None:
    note = (shipped_folder(name) / NOTE_FILE).read_bytes()
    assert verify_pack(load_pack(name), note, [demonstration_signer().verifier]).digest == load_pack(name).digest


def test_a_key_pinned_or_taken_back_counts_at_once(demonstration: Demonstration, pin: Pin) -> None:
    institution = demonstration.institution
    assert pack_of(institution).digest == load_pack("be").digest
    for text in (FEDERATION.vkey, "", "not a key", demonstration_signer().vkey.replace("demonstration", "federation")):
        pin(demonstration, text)
        with pytest.raises(PackUntrusted):
            pack_of(institution)
    pin(demonstration, f"{FEDERATION.vkey}\n{demonstration_signer().vkey}\n")
    assert pack_of(institution).digest == load_pack("be").digest


def test_an_institution_that_pinned_no_key_applies_no_law(demonstration: Demonstration, settings: Settings) -> None:
    keys: Path = settings.CIMENT_KEYS
    (keys / str(demonstration.institution.id) / TRUSTED_FILE).unlink()
    with pytest.raises(PackUntrusted, match="no key is pinned"):
        pack_of(demonstration.institution)
    pin_demonstration_key(demonstration.institution)
    assert pack_of(demonstration.institution).digest == load_pack("be").digest
    with pytest.raises(FileExistsError):
        pin_demonstration_key(demonstration.institution)


def test_an_institution_at_work_is_not_taken_in_by_the_key_of_the_demonstration(
    demonstration: Demonstration, settings: Settings, pin: Pin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CIMENT_SECURE = True
    with pytest.raises(PackUntrusted, match="no signature by a trusted key"):
        pack_of(demonstration.institution)
    # With a note of a federation beside its rules, and the federation's key pinned, the same pack is believed.
    folder = Path(shutil.copytree(shipped_folder("be"), tmp_path / "shipped" / "be"))
    pack = load_pack("be")
    (folder / NOTE_FILE).write_bytes(sign_pack(pack, date(2026, 11, 24), FEDERATION))
    monkeypatch.setattr("ciment.law.loading._SHIPPED", folder.parent)
    pin(demonstration, FEDERATION.vkey)
    assert pack_of(demonstration.institution).digest == pack.digest
    (folder / NOTE_FILE).unlink()
    law._verified_pack.cache_clear()
    with pytest.raises(PackUntrusted, match="without a signed note"):
        pack_of(demonstration.institution)


def test_a_referent_is_told_in_french_and_nothing_is_qualified(
    demonstration: Demonstration, pin: Pin, sign_in: Callable[..., Client]
) -> None:
    inquiry = record(demonstration)
    pin(demonstration, FEDERATION.vkey)
    referent, where = sign_in("referent"), f"/i/demo/demandes/{inquiry.id}/"
    referent.post(f"{where}recusation/", {"tied": "no"})
    answer = referent.post(f"{where}qualification/", {"categories": ["address"], "form": "oral"})
    assert answer.status_code == 409
    assert SENTENCE in answer.content.decode()
    assert latest_qualification(inquiry) is None
    inquiry.refresh_from_db()
    assert inquiry.state == "received"


def test_nothing_is_approved_under_a_pack_that_nobody_trusts_any_more(demonstration: Demonstration, pin: Pin) -> None:
    prepared = prepare_release(demonstration, b"la fiche")
    pin(demonstration, FEDERATION.vkey)
    with pytest.raises(PackUntrusted):
        approve_decision(demonstration.people["dg"], prepared.decision, demonstration.passphrase)
    pin(demonstration, demonstration_signer().vkey)
    approve_decision(demonstration.people["dg"], prepared.decision, demonstration.passphrase)


def test_what_was_decided_is_replayed_from_what_the_server_kept(
    demonstration: Demonstration, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared = prepare_release(demonstration, b"la fiche")
    delta = delta_of(prepared.decision)
    answer = latest_qualification(prepared.inquiry)
    assert answer is not None
    # Decision and qualification name pack, digest, both days, and the rules of each verdict.
    assert set(json.loads(delta.encode())["pack"]) == {"pack", "digest", "on", "known"} <= set(answer.answer)
    for verdicts in (json.loads(delta.encode())["verdicts"], answer.answer["verdicts"]):
        assert all(verdict["rules"] for verdict in verdicts.values())
    decision = tmp_path / "decision.json"
    decision.write_bytes(delta.encode())
    kept = str(settings.CIMENT_PACKS)
    assert main(["law", "replay", str(decision), "--pack-dir", kept, "--key", demonstration_signer().vkey]) == 0
    assert "La décision dit ce que dit le droit" in capsys.readouterr().out
