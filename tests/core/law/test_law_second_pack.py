"""Another jurisdiction, a fictional one: nothing of the first pack's country is in the code."""

import json
import re
from pathlib import Path

import pytest

from ciment import law
from ciment.cli import main
from ciment.law import load_pack, load_pack_from, shipped_packs

EXAMPLES = Path(__file__).parents[3] / "examples" / "packs"
FOLDER = EXAMPLES / "exemple"
CODE = sorted(Path(law.__file__).parent.glob("*.py"))
# Its country, institutions, texts, courts and places; the one public name that quotes an article stays as published.
TERMS = (
    r"belg|cpas|ocmw|ösz|wallon|vlaams|flamand|flander|brussel|bruxel|li[eè]ge|"
    r"procureur|auditeur|parquet|juge|c\.?i\.?cr|code p[eé]nal|strafwetboek|"
    r"46bis|458(?!bis\")|422bis|csil|rgpd|apd|cassation|cour constit|moniteur|justel|\bbe\.[a-z0-9]|\"be\"|'be'"
)


def test_no_term_of_the_first_country_is_in_the_code() -> None:
    assert len(CODE) > 8
    lines = [
        (file.name, number, line)
        for file in CODE
        for number, line in enumerate(file.read_text("utf-8").replace('"listed_458bis"', "").splitlines(), 1)
        if re.search(TERMS, line, re.IGNORECASE)
    ]
    assert lines == []


def test_the_terms_would_be_found_where_they_do_belong() -> None:
    text = "".join(file.read_text("utf-8") for file in (Path(law.__file__).parent / "packs" / "be").glob("*.toml"))
    found = {match.lower() for match in re.findall(TERMS, text, re.IGNORECASE)}
    assert {"cpas", "46bis", "procureur", "be.s"} <= found


def test_it_says_everywhere_that_it_is_fictional_and_unconfirmed() -> None:
    pack = load_pack_from(FOLDER)
    assert pack.name == "exemple"
    assert pack.name not in shipped_packs()  # no institution can choose it
    for rule in pack.rules:
        assert rule.text["fr"].startswith("Exemple fictif. ")
        assert rule.text["en"].startswith("Fictional example. ")
        assert {(source.status, source.url) for source in rule.sources} == {("to_confirm", "")}


def test_it_shares_no_rule_with_the_first_pack() -> None:
    assert {rule.id for rule in load_pack_from(FOLDER).rules}.isdisjoint(rule.id for rule in load_pack("be").rules)


def test_its_scenarios_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "test", "--pack", str(FOLDER), str(EXAMPLES / "exemple.scenarios.toml")]) == 0
    assert capsys.readouterr().out == "10 scenarios, 0 failed\n"


def test_it_qualifies_otherwise_than_the_first_pack(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(
        json.dumps(
            {
                "requester": "court",
                "form": "written_reasoned",
                "authenticated": "yes",
                "title": "production_order",
                "category": "documents",
            }
        )
    )
    verdicts = []
    for pack in ("be", str(FOLDER)):
        assert main(["law", "qualify", str(facts), "--on", "2026-11-24", "--pack", pack, "--json"]) == 0
        verdicts.append(json.loads(capsys.readouterr().out)["verdicts"]["documents"]["verdict"])
    assert verdicts == ["silence", "must"]


def test_it_is_told_in_its_other_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "explain", "exemple.tax", "--pack", str(FOLDER), "--lang", "en", "--on", "2026-11-24"]) == 0
    told = capsys.readouterr().out
    assert "In force : since 01/01/2018 until the day before 01/01/2020 ; since 01/06/2021" in told
    assert "Annulled on 01/03/2022" in told


def test_it_is_proved_in_every_situation_at_every_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "prove", "--pack", str(FOLDER), "--json"]) == 0
    proof = json.loads(capsys.readouterr().out)
    assert (proof["pack"], proof["epochs"]) == ("exemple", 5)
    assert {name for name, each in proof["obligations"].items() if each["holds"]} == {
        "complete",
        "unambiguous",
        "no_dead_rule",
    }


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ('overrides  = ["exemple.secret", "exemple.consent"]', 'overrides  = ["exemple.secret"]', "unambiguous"),
        (', "exemple.order"]', "]", "unambiguous"),
        ("title = [", 'setting = ["sworn_testimony"], title = [', "no_dead_rule"),
        ('id         = "exemple.secret"', 'annulled_on = 2000-01-01\nid         = "exemple.secret"', "complete"),
    ],
)
def test_a_fault_in_it_is_found_by_proof(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, old: str, new: str, broken: str
) -> None:
    text = (FOLDER / "exemple.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "exemple.toml").write_text(text.replace(old, new), "utf-8")
    assert main(["law", "prove", "--pack", str(tmp_path), "--json"]) == 1
    proof = json.loads(capsys.readouterr().out)
    assert broken in {name for name, each in proof["obligations"].items() if not each["holds"]}


def test_no_folder_stands_in_for_a_shipped_pack(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "be").mkdir()
    (tmp_path / "be" / "x.toml").write_bytes((FOLDER / "exemple.toml").read_bytes())
    assert main(["law", "explain", "exemple.secret", "--pack", "./be"]) == 0
    assert main(["law", "explain", "exemple.secret", "--pack", "be"]) == 2
    assert "unknown rule 'exemple.secret' of pack 'be'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["a\0/b", "./absent", "exemple", "be/"])
def test_what_is_neither_a_pack_nor_a_folder_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["law", "prove", "--pack", name]) == 2
    assert "unknown pack" in capsys.readouterr().err
