"""`ciment law prove` and `ciment law diff`, as a user meets them."""

import json
from pathlib import Path

import pytest

from ciment.cli import main
from ciment.law import amend, label, load_bill, load_pack, parse_facts, shipped_bills

BROKEN = """
[[rule]]
id = "x.speak"
verdict = "may"
in_force = [{ from = 2020-01-01 }]
decided_by = "signatories"
when = { form = ["written"] }
sources = [{ ref = "art. 1", checked = 2026-11-24, status = "to_confirm" }]
text.fr = "Texte."
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(["law", *arguments])
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else -1
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = tmp_path / "broken"
    folder.mkdir()
    other = BROKEN.replace("x.speak", "x.stop").replace('"may"', '"must"').replace("2020", "2021")
    (folder / "rules.toml").write_text(BROKEN + other, "utf-8")
    return folder


def test_the_shipped_pack_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "prove", "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert list(answer) == ["pack", "digest", "situations", "epochs", "obligations"]
    assert (answer["pack"], answer["digest"], answer["situations"]) == ("be", load_pack("be").digest, 306561024000)
    assert answer["epochs"] > 5
    assert all(each == {"holds": True, "counterexample": None} for each in answer["obligations"].values())
    assert len(answer["obligations"]) > 12


def test_a_proof_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "prove")
    assert code == 0
    assert "306\u202f561\u202f024\u202f000 situations" in out
    assert "démontré — Un consentement retiré n’est pas un consentement. (withdrawn_consent_is_none)" in out
    assert "Tout est démontré" in out
    code, out, _ = run(capsys, "prove", "--lang", "en")
    assert "proved — Consent that was withdrawn is no consent." in out


@pytest.mark.parametrize(
    ("lang", "proved", "title"),
    [
        ("nl", "Een ingetrokken toestemming is geen toestemming.", "Hypothese: medische informatie"),
        ("de", "Eine widerrufene Einwilligung ist keine Einwilligung.", "Hypothese: medizinische Angaben"),
        ("en", "Consent that was withdrawn is no consent.", "Hypothesis: medical information"),
        ("fr", "Un consentement retiré n’est pas un consentement.", "Hypothèse\u00a0: les informations"),
    ],
)
def test_proofs_and_differences_speak_each_language_and_say_which_are_drafts(
    capsys: pytest.CaptureFixture[str], lang: str, proved: str, title: str
) -> None:
    draft = f"! {label('phrase', 'draft', lang)}\n"
    for arguments, words in ((("prove",), proved), (("diff", "be@2026-11-23", "medical-data"), title)):
        _, out, _ = run(capsys, *arguments, "--lang", lang)
        assert words in out
        assert (draft in out) == (lang != "fr")


def test_what_does_not_hold_is_told_in_words_with_exit_1(capsys: pytest.CaptureFixture[str], broken: Path) -> None:
    code, out, err = run(capsys, "prove", "--pack", str(broken))
    assert (code, err) == (1, "")
    assert "FAUX — Jamais deux règles ne décident en sens contraire. (unambiguous)" in out
    assert "Le contre-exemple le plus simple, selon le droit du 01/01/2021 :" in out
    assert "forme de la demande : écrite\n" in out
    assert "Verdicts contraires : faculté / obligation" in out
    assert "Règles qui décident : x.speak, x.stop" in out
    assert "Situations en cause, ce jour-là : 102\u202f187\u202f008\u202f000" in out
    assert "FAUX — Toute situation est prévue par au moins une règle. (complete)" in out
    assert "démontré — Chaque règle décide d’au moins une situation." in out
    assert "Tout est démontré" not in out
    code, out, _ = run(capsys, "prove", "--pack", str(broken), "--json")
    answer = json.loads(out)
    assert code == 1
    told = answer["obligations"]["unambiguous"]["counterexample"]
    assert parse_facts(told["facts"]).values["form"] == "written"
    assert (told["rules"], told["verdicts"]) == (["x.speak", "x.stop"], ["may", "must"])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["prove", "--pack", "zz"], "unknown pack 'zz'; allowed: be"),
        (["prove", "--lang", "xx"], "unknown language 'xx'; allowed: de, en, fr, nl"),
        (["prove", "--lang", "xx", "--json"], "unknown language 'xx'"),
        (["prove", "--bill", "zz"], "unknown bill 'zz'; allowed: 2017-active"),
        (["prove", "--bill", "medical-data", "--pack", "zz"], "unknown pack 'zz'; allowed: be"),
        (["diff", "be@2026-01-01"], "the following arguments are required: B"),
        (["diff", "be@2026-13-01", "be@2026-01-01"], "'2026-13-01' is not a day"),
        (["diff", "be@2026-01-01", "zz@2026-01-01"], "unknown pack 'zz'; allowed: be"),
        (["diff", "be", "be@2026-01-01"], "'be' is a pack without a day; allowed: be@YYYY-MM-DD"),
        (["diff", "be@2026-01-01", "nothing"], "unknown bill 'nothing'; allowed: 2017-active"),
        (["diff", "be@2026-01-01", "./nothing.toml"], "'nothing.toml' cannot be read: No such file"),
        (["diff", "be@2026-01-01", "/dev/zero/"], "'/dev/zero' is too large"),
        (["diff", "be@2026-01-01", "be@2026-01-01", "--lang", "xx"], "unknown language 'xx'"),
    ],
)
def test_bad_input_is_exit_2_and_nothing_on_standard_output(
    capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert reason in err
    assert "Traceback" not in err


def test_a_difference_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "diff", "2017-before", "2017-active", "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert list(answer) == ["a", "b", "changed", "covered_by_necessity", "groups"]
    assert (answer["a"], answer["b"]) == ("2017-before", "2017-active")
    assert answer["changed"] == sum(group["count"] for group in answer["groups"])
    for group in answer["groups"]:
        assert group["boxes"]
        parse_facts(group["example"])


def test_a_difference_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "diff", "be@2026-11-23", "medical-data")
    assert code == 0
    assert out.startswith("De be@2026-11-23\nà medical-data — Hypothèse\u00a0: les informations médicales")
    assert "SE TAIRE → OBLIGATION : " in out
    assert "où la nécessité ou l’assistance permet déjà de parler" in out
    assert "ce ne sont jamais des parts de cas réels" in out
    assert "%" not in out
    code, out, _ = run(capsys, "diff", "be@2026-11-23", "be@2026-11-23")
    assert out.endswith("Aucun verdict ne change.\n")


def test_a_bill_of_ones_own_amends_a_pack_of_ones_own(capsys: pytest.CaptureFixture[str], broken: Path) -> None:
    (broken / "rules.toml").write_text(BROKEN, "utf-8")
    bill = broken.parent / "bill.toml"
    head = 'pack = "broken"\non = 2026-11-24\ntitle.fr = "Titre"\nsummary.fr = "Résumé."\n'
    source = 'sources = [{ ref = "art. 2", checked = 2026-11-24, status = "to_confirm" }]\n'
    bill.write_text(head + source + '[[amend]]\nrule = "x.speak"\nverdict = "must"\ntext.fr = "Texte."\n', "utf-8")
    code, out, err = run(capsys, "diff", f"{broken}@2026-11-24", str(bill), "--json")
    assert (code, err) == (0, "")
    (group,) = json.loads(out)["groups"]
    assert (group["before"], group["after"], group["boxes"]) == ("may", "must", [{"form": ["written"]}])


def test_a_pack_is_proved_as_a_bill_would_make_it(capsys: pytest.CaptureFixture[str], broken: Path) -> None:
    code, out, _ = run(capsys, "prove", "--bill", "medical-data")
    assert code == 1
    assert "Comme le ferait le texte : medical-data — Hypothèse\u00a0: les informations médicales" in out
    assert "FAUX — Ni confidence ni information médicale" in out
    code, out, _ = run(capsys, "prove", "--bill", "medical-data", "--json")
    answer = json.loads(out)
    assert (code, answer["pack"], answer["bill"]) == (1, "be", "medical-data")
    assert answer["digest"] == amend(load_pack("be"), load_bill("medical-data")).digest
    assert [name for name, each in answer["obligations"].items() if not each["holds"]] == [
        "no_confidence_on_administrative_duty"
    ]
    bill = broken.parent / "bill.toml"
    head = 'pack = "broken"\non = 2026-11-24\ntitle.fr = "Titre"\nsummary.fr = "Résumé."\n'
    source = 'sources = [{ ref = "art. 2", checked = 2026-11-24, status = "to_confirm" }]\n'
    bill.write_text(head + source + '[[repeal]]\nrule = "x.stop"\n', "utf-8")
    code, out, _ = run(capsys, "prove", "--bill", str(bill), "--pack", str(broken), "--json")
    assert [name for name, each in json.loads(out)["obligations"].items() if not each["holds"]] == ["complete"]
    code, _, err = run(capsys, "prove", "--bill", str(bill))
    assert (code, "unknown pack 'broken'" in err) == (2, True)


def test_the_shipped_bills_are_those_of_the_mission() -> None:
    assert shipped_bills() == ("2017-active", "2017-annulled", "2017-before", "every-offence", "medical-data")
