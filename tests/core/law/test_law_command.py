"""`ciment law qualify`, as a user meets it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ciment.cli import main
from ciment.law import label, load_pack

PROSECUTOR = {
    "requester": "prosecutor",
    "form": "written",
    "authenticated": "yes",
    "ground": "terrorism_administrative_data",
    "offence": "terrorism",
    "category": ["identity", "confidence"],
}


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(PROSECUTOR), "utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(["law", "qualify", *arguments])
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else -1
    said = capsys.readouterr()
    return code, said.out, said.err


def test_json_has_the_published_shape(capsys: pytest.CaptureFixture[str], facts: Path) -> None:
    code, out, err = run(capsys, str(facts), "--json", "--on", "2026-11-24")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert list(answer) == ["pack", "digest", "on", "known", "assumed", "reveals_existence", "verdicts"]
    assert (answer["pack"], answer["on"], answer["known"]) == ("be", "2026-11-24", "2026-11-24")
    assert answer["digest"] == load_pack("be").digest
    assert answer["reveals_existence"] is False
    identity = answer["verdicts"]["identity"]
    assert list(identity) == [
        "verdict", "rules", "decided_by", "flags", "status", "near_misses", "sources", "text",
    ]  # fmt: skip
    assert (identity["verdict"], identity["rules"]) == ("silence", ["be.secret"])
    assert {"verdict": "must", "changes": {"form": ["written_reasoned"]}} in identity["near_misses"]
    assert list(identity["sources"][0]) == ["ref", "url", "checked", "status"]


def test_the_day_defaults_to_today(capsys: pytest.CaptureFixture[str], facts: Path) -> None:
    answer = json.loads(run(capsys, str(facts), "--json")[1])
    today = datetime.now(tz=UTC).date()
    assert answer["on"] == answer["known"]
    assert answer["on"] in {(today + timedelta(days=shift)).isoformat() for shift in (-1, 0, 1)}


def test_known_is_kept_apart(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "active.json"
    path.write_text(
        '{"requester": "nobody", "recipient": "prosecutor", "ground": "terrorism_serious_indications",'
        ' "offence": "terrorism", "category": "aid"}'
    )
    then = json.loads(run(capsys, str(path), "--json", "--on", "2018-06-01")[1])
    since = json.loads(run(capsys, str(path), "--json", "--on", "2018-06-01", "--known", "2019-03-14")[1])
    assert then["verdicts"]["aid"]["verdict"] == "must"
    assert since["known"] == "2019-03-14"
    assert since["verdicts"]["aid"]["verdict"] == "silence"


def test_people_are_answered_in_plain_french(capsys: pytest.CaptureFixture[str], facts: Path) -> None:
    code, out, err = run(capsys, str(facts), "--on", "2026-11-24")
    assert (code, err) == (0, "")
    assert "IDENTITÉ : se taire" in out
    assert "obligation — forme de la demande : écrite et motivée" in out
    assert "Droit applicable au 24/11/2026" in out
    assert "révèle que la personne est connue" not in out
    assert "prosecutor" not in out
    assert "written" not in out


@pytest.mark.parametrize("lang", ["nl", "de", "en"])
def test_a_draft_language_is_marked_so(capsys: pytest.CaptureFixture[str], facts: Path, lang: str) -> None:
    assert run(capsys, str(facts), "--lang", lang)[1].startswith(label("phrase", "draft", lang))
    assert json.loads(run(capsys, str(facts), "--lang", lang, "--json")[1])["draft"] is True
    assert label("phrase", "draft", "fr") not in run(capsys, str(facts))[1]
    for spoken in (lang, "fr"):
        assert main(["law", "explain", "be.secret", "--lang", spoken]) == 0
        assert (label("phrase", "draft", spoken) in capsys.readouterr().out) == (spoken == lang)


def test_a_grant_says_what_it_reveals_and_its_flags(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "consent.json"
    path.write_text(
        json.dumps(
            {
                "requester": "housing",
                "form": "written",
                "authenticated": "yes",
                "consent": "express_specific_written",
                "category": "aid",
            }
        )
    )
    _, out, _ = run(capsys, str(path))
    assert "AIDE REÇUE : faculté" in out
    assert "les sources ne s’accordent pas" in out
    assert "révèle que la personne est connue" in out


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ["is not JSON in UTF-8", "one JSON object"]),
        (b"{", ["is not JSON in UTF-8"]),
        (b"\xff\xfe{}", ["is not JSON in UTF-8"]),
        (b"[" * 200_000, ["is not JSON in UTF-8"]),
        (b"9" * 5000, ["is not JSON in UTF-8"]),
        (b"[]", ["holds a JSON list", "one JSON object"]),
        (b"null", ["holds a JSON NoneType"]),
        (b'{"form": "oral", "form": "written"}', ["'form' is given twice"]),
        (b'{"category": {"a": 1, "a": 2}}', ["'a' is given twice"]),
        (b'{"requester": "police"}', ["'category' is missing", "existence"]),
        (b'{"requester": "police", "category": []}', ["'category'", "[]", "existence"]),
        (b'{"requester": "wizard", "category": "aid"}', ["'requester'", "'wizard'", "nobody, police"]),
        (b'{"requester": "police", "category": "aid", "form": NaN}', ["'form'", "nan", "oral"]),
        (b'{"requester": "police", "category": "aid", "\\ud800": 1}', ["unknown fact '\\ud800'", "requester"]),
        (b" " * (1 << 20) + b"{}", ["is too large"]),
    ],
)
def test_unusable_facts_exit_2_and_print_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, expected: list[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(content)
    code, out, err = run(capsys, str(path), "--json")
    assert (code, out) == (2, "")
    assert all(part in err for part in expected), err
    assert "Traceback" not in err


def test_a_byte_order_mark_is_no_mistake(capsys: pytest.CaptureFixture[str], facts: Path) -> None:
    facts.write_bytes(b"\xef\xbb\xbf" + facts.read_bytes())
    assert run(capsys, str(facts))[0] == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--on", "2026-02-30"), ["--on", "'2026-02-30'", "YYYY-MM-DD"]),
        (("--on", "20260201"), ["--on", "'20260201'", "YYYY-MM-DD"]),
        (("--known", "tomorrow"), ["--known", "'tomorrow'", "YYYY-MM-DD"]),
        (("--on", "0000-01-01"), ["--on", "'0000-01-01'"]),
        (("--pack", "fr"), ["unknown pack 'fr'", "be"]),
        (("--pack", "../be"), ["unknown pack '../be'", "be"]),
        (("--lang", "xx"), ["language 'xx'", "de, en, fr, nl"]),
        (("--color",), ["--color"]),
    ],
)
def test_unusable_options_exit_2_and_print_nothing(
    capsys: pytest.CaptureFixture[str], facts: Path, arguments: tuple[str, ...], expected: list[str]
) -> None:
    code, out, err = run(capsys, str(facts), *arguments)
    assert (code, out) == (2, "")
    assert all(part in err for part in expected), err


@pytest.mark.parametrize("name", ["absent.json", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    code, out, err = run(capsys, str(tmp_path / name) if "\0" not in name else name)
    assert (code, out) == (2, "")
    assert "cannot be read" in err
