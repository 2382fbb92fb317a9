"""Packs: one bad file per way a pack can be wrong, and a digest that does not depend on how it is written."""

import json
import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciment.law import (
    Interval,
    PackRefused,
    UnknownWord,
    load_pack,
    load_pack_from,
    loading,
    parse_pack,
    shipped_packs,
)

GOOD = """
[[rule]]
id = "x.default"
verdict = "silence"
decided_by = "signatory"
in_force = [{}]
when = {}
sources = [{ ref = "a", url = "https://example.org/a", checked = 2026-01-02, status = "confirmed" }]
text = { fr = "Se taire.", nl = "Zwijgen." }

[[rule]]
id = "x.speak"
verdict = "may"
overrides = ["x.default"]
decided_by = "signatories"
in_force = [{ from = 2020-01-01, to = 2021-01-01 }, { from = 2021-01-01 }]
annulled_on = 2025-01-01
flags = ["personal", "disputed"]
when = { form = ["written_reasoned", "written"], requester = ["police"] }
sources = [{ ref = "b", checked = 2026-01-02, status = "to_confirm" }]
text.fr = "Parler."
text.nl = "Spreken."
"""


def parse(text: str) -> PackRefused | None:
    try:
        parse_pack("x", {"one.toml": text.encode()})
    except PackRefused as refusal:
        return refusal
    return None


def test_the_good_pack_is_read() -> None:
    pack = parse_pack("x", {"one.toml": GOOD.encode()})
    assert [rule.id for rule in pack.rules] == ["x.default", "x.speak"]
    assert pack.languages == ("fr", "nl")
    rule = pack.rules[1]
    assert rule.when == {"requester": ("police",), "form": ("written", "written_reasoned")}
    assert rule.flags == ("disputed", "personal")
    assert rule.annulled_on == date(2025, 1, 1)
    assert rule.status == "to_confirm"


def test_drafts_and_bounds_of_a_source_are_read() -> None:
    written = 'drafts = ["nl"]' + GOOD.replace('ref = "a"', 'ref = "a", from = 2020-01-01').replace(
        "in_force = [{}]", "in_force = [{ from = 2020-01-01 }]"
    )
    pack = parse_pack("x", {"one.toml": written.encode()})
    assert pack.drafts == ("nl",)
    assert pack.rules[0].sources[0].cited == Interval(date(2020, 1, 1), None)
    assert pack.rules[0].sources[0].to_json()["from"] == "2020-01-01"


@pytest.mark.parametrize(
    ("old", "new", "rule", "reason"),
    [
        (
            'verdict = "may"',
            'verdict = "perhaps"',
            "x.speak",
            "unknown value 'perhaps' of verdict; allowed: silence, may",
        ),
        ('"signatories"', '"anyone"', "x.speak", "unknown value 'anyone' of decided_by; allowed: holder_now"),
        ('"personal"', '"urgent"', "x.speak", "unknown value 'urgent' of flags; allowed: disputed"),
        ('"personal"', '"disputed"', "x.speak", "flags names a value twice"),
        (
            "when = { form",
            "when = { colour",
            "x.speak",
            "unknown attribute 'when.colour'; allowed: requester, recipient",
        ),
        ('"written"]', '"shouted"]', "x.speak", "unknown value 'shouted' of when.form; allowed: oral, written"),
        ('["written_reasoned", "written"]', "[]", "x.speak", "empty box: when.form accepts no value"),
        ('["written_reasoned", "written"]', '"written"', "x.speak", "when.form must be a list"),
        ('["written_reasoned", "written"]', "[1]", "x.speak", "when.form must be a text that is not empty"),
        ('["written_reasoned", "written"]', '["written", "written"]', "x.speak", "when.form names a value twice"),
        ("when = {}", "when = []", "x.default", "when must hold tables"),
        ('overrides = ["x.default"]', 'overrides = ["x.absent"]', "x.speak", "unknown override 'x.absent'"),
        ('overrides = ["x.default"]', 'overrides = ["x.speak"]', "x.speak", "overrides in a circle: x.speak > x.speak"),
        (
            'decided_by = "signatory"',
            'decided_by = "signatory"\noverrides = ["x.speak"]',
            "x.default",
            "overrides in a circle: x.default > x.speak > x.default",
        ),
        ('sources = [{ ref = "b", checked = 2026-01-02, status = "to_confirm" }]', "", "x.speak", "missing source"),
        ('[{ ref = "b", checked = 2026-01-02, status = "to_confirm" }]', "[]", "x.speak", "missing source"),
        ('status = "to_confirm"', 'status = "confirmed"', "x.speak", "missing source: without a url"),
        ('status = "to_confirm"', 'status = "sure"', "x.speak", "unknown value 'sure' of sources.status"),
        ('ref = "b", ', "", "x.speak", "missing 'sources.ref'"),
        ('ref = "b"', 'ref = " "', "x.speak", "sources.ref must be a text that is not empty"),
        (
            'ref = "b"',
            'ref = "b", page = 3',
            "x.speak",
            "unknown key 'sources.page'; allowed: ref, checked, status, url, from, to",
        ),
        ('ref = "b"', 'ref = "b", from = 2021-01-01, to = 2020-01-01', "x.speak", "empty interval in sources"),
        ('ref = "b"', 'ref = "b", from = 2020-01-02', "x.speak", "missing source: none is cited on 2020-01-01, a day"),
        ('ref = "b"', 'ref = "b", to = 2022-01-01', "x.speak", "missing source: none is cited on 2022-01-01, a day"),
        ('ref = "a"', 'ref = "a", from = 2022-01-01', "x.default", "missing source: none is cited on 0001-01-01"),
        ("https://example.org/a", "javascript:alert(1)", "x.default", "sources.url must be a web address"),
        (
            'checked = 2026-01-02, status = "to',
            'checked = "2026-01-02", status = "to',
            "x.speak",
            "sources.checked must be a date",
        ),
        (
            'checked = 2026-01-02, status = "to',
            'checked = 2026-01-02T10:00:00, status = "to',
            "x.speak",
            "sources.checked must be a date",
        ),
        ("to = 2021-01-01", "to = 2021-01-02", "x.speak", "overlapping intervals in in_force"),
        (", to = 2021-01-01", "", "x.speak", "overlapping intervals in in_force"),
        ("{ from = 2021-01-01 }", "{}", "x.speak", "overlapping intervals in in_force"),
        ("to = 2021-01-01", "to = 2020-01-01", "x.speak", "empty interval in in_force"),
        (
            "{ from = 2021-01-01 }",
            "{ since = 2021-01-01 }",
            "x.speak",
            "unknown key 'in_force.since'; allowed: from, to",
        ),
        ("in_force = [{}]", "in_force = []", "x.default", "in_force holds no interval"),
        ("in_force = [{}]", "in_force = {}", "x.default", "in_force must be a list"),
        ("in_force = [{}]", "in_force = [1]", "x.default", "in_force must hold tables"),
        ("annulled_on = 2025-01-01", "annulled_on = true", "x.speak", "annulled_on must be a date"),
        ('id = "x.speak"', 'id = "x.default"', "x.default", "duplicate id, first seen in one.toml"),
        ('id = "x.speak"', 'id = "X speak"', "X speak", "id must be lower-case words joined by dots"),
        ('id = "x.speak"', "", "#2", "missing 'id'"),
        ('verdict = "may"', "", "x.speak", "missing 'verdict'"),
        ('verdict = "may"', 'verdict = "may"\npriority = 3', "x.speak", "unknown key 'priority'; allowed: id, verdict"),
        ('text.nl = "Spreken."', "", "x.speak", "missing language 'nl'"),
        ('text.nl = "Spreken."', 'text.nl = ""', "x.speak", "text.nl must be a text that is not empty"),
        ('text.nl = "Spreken."', 'text.dutch = "Spreken."', "x.speak", "unknown language 'dutch'"),
        ('text.fr = "Parler."\ntext.nl = "Spreken."', "", "x.speak", "missing language"),
        ('text = { fr = "Se taire.", nl = "Zwijgen." }', "text = {}", "x.default", "missing language"),
    ],
)
def test_each_fault_is_refused_with_file_rule_and_reason(old: str, new: str, rule: str, reason: str) -> None:
    assert old in GOOD
    refusal = parse(GOOD.replace(old, new))
    assert refusal is not None
    assert (refusal.file, refusal.rule) == ("one.toml", rule)
    assert refusal.reason.startswith(reason), refusal.reason
    assert str(refusal).startswith(f"one.toml:{refusal.line}: rule {rule}: ")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[[rule]", "not TOML in UTF-8"),
        (b"a = 1\na = 2", "not TOML in UTF-8"),
        (b"\xff", "not TOML in UTF-8"),
        (b"a = " + b"[" * 100_000, "not TOML in UTF-8"),
        (b"[rule]\nid = 'x'", "rule must be written [[rule]]"),
        (b"rule = [1]", "rule must be written [[rule]]"),
        (b"[[regle]]", "unknown key 'regle'; did you mean 'rule'? allowed: rule, drafts"),
        (b"drafts = 'nl'", "drafts must be a list"),
        (b"drafts = ['Dutch']", "unknown language 'Dutch': two lower-case letters"),
        (b"drafts = ['nl', 'nl']", "drafts names a value twice"),
        (b"drafts = ['de']" + GOOD.encode(), "unknown language 'de' of drafts; allowed: fr, nl"),
    ],
)
def test_a_file_that_is_no_pack_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(PackRefused, match=re.escape(reason)) as refusal:
        parse_pack("x", {"one.toml": content})
    assert (refusal.value.file, refusal.value.rule) == ("one.toml", None)


def test_a_duplicate_in_another_file_names_both() -> None:
    with pytest.raises(PackRefused, match=r"two\.toml:3: rule x\.default: duplicate id, first seen in one\.toml:3"):
        parse_pack("x", {"one.toml": GOOD.encode(), "two.toml": GOOD.encode()})


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackRefused, match="no rule"):
        load_pack_from(tmp_path)


def test_a_folder_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").mkdir()
    with pytest.raises(PackRefused, match=r": cannot be read: Is a directory$"):
        load_pack_from(tmp_path)


@pytest.mark.parametrize("name", ["fr", "", "..", "be/../be", "/etc", "BE"])
def test_only_shipped_packs_have_a_name(name: str) -> None:
    with pytest.raises(UnknownWord, match=f"unknown pack '{name}'; allowed: be"):
        load_pack(name)


def test_files_are_read_in_order(tmp_path: Path) -> None:
    for number in range(9, 0, -1):
        (tmp_path / f"f{number}.toml").write_text(GOOD, "utf-8")
    with pytest.raises(PackRefused, match=r"^f2\.toml:3: rule x\.default: duplicate id, first seen in f1\.toml:3;"):
        load_pack_from(tmp_path)


def test_packs_are_the_folders_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_SHIPPED", tmp_path)
    (tmp_path / "a file").touch()
    names = [f"p{number}" for number in range(9)]
    for name in reversed(names):
        (tmp_path / name).mkdir()
    assert shipped_packs() == tuple(names)
    with pytest.raises(UnknownWord) as refusal:
        load_pack("other")
    assert str(refusal.value) == f"unknown pack 'other'; allowed: {', '.join(names)}"


def write_toml(value: object) -> str:
    """Write one value in another way than the files do: inline, keys in reverse order."""
    if isinstance(value, dict):
        return "{" + ",".join(f'"{key}"={write_toml(value[key])}' for key in sorted(value, reverse=True)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(write_toml, value)) + "]"
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    assert isinstance(value, str)
    return '"' + "".join(f"\\u{ord(letter):04x}" for letter in value) + '"'


def test_the_digest_does_not_depend_on_how_the_files_are_written(tmp_path: Path) -> None:
    folder = Path(loading.__file__).parent / "packs"
    for name in shipped_packs():
        files = [tomllib.loads(file.read_text("utf-8")) for file in (folder / name).glob("*.toml")]
        rules = [rule for file in files for rule in file.get("rule", [])]
        drafts = sorted((word for file in files for word in file.get("drafts", [])), reverse=True)
        other = tmp_path / name
        other.mkdir()
        (other / "all.toml").write_text(f"rule = {write_toml(rules[::-1])}\ndrafts = {write_toml(drafts)}", "utf-8")
        assert load_pack_from(other).digest == load_pack(name).digest


CHANGES: list[Callable[[str], str]] = [
    lambda text: text.replace("Parler.", "Parler !"),
    lambda text: text.replace("2021-01-01", "2021-01-02"),
    lambda text: text.replace('"written"]', '"oral"]'),
    lambda text: text.replace('"personal", ', ""),
    lambda text: text.replace("annulled_on = 2025-01-01", ""),
    lambda text: text.replace('overrides = ["x.default"]', ""),
    lambda text: text.replace('ref = "b"', 'ref = "c"'),
    lambda text: text.replace('ref = "b"', 'ref = "b", from = 2019-01-01'),
    lambda text: 'drafts = ["nl"]' + text,
    lambda text: text.replace('"signatories"', '"referent"'),
]


def test_the_digest_depends_on_everything_a_rule_says() -> None:
    digests = {parse_pack("x", {"one.toml": change(GOOD).encode()}).digest for change in CHANGES}
    assert len(digests | {parse_pack("x", {"one.toml": GOOD.encode()}).digest}) == len(CHANGES) + 1


def test_the_form_that_is_digested_is_fixed() -> None:
    # Decisions and signed notes name packs by digest for years: a change here would orphan them all.
    pack = parse_pack("x", {"one.toml": b'drafts = ["nl"]' + GOOD.encode()})
    assert json.loads(json.dumps(pack.rules[1].to_json())) == {
        "id": "x.speak",
        "verdict": "may",
        "decided_by": "signatories",
        "when": {"requester": ["police"], "form": ["written", "written_reasoned"]},
        "in_force": [{"from": "2020-01-01", "to": "2021-01-01"}, {"from": "2021-01-01", "to": None}],
        "annulled_on": "2025-01-01",
        "overrides": ["x.default"],
        "flags": ["disputed", "personal"],
        "sources": [{"ref": "b", "url": "", "checked": "2026-01-02", "status": "to_confirm"}],
        "text": {"fr": "Parler.", "nl": "Spreken."},
    }
    assert pack.digest == "064c26afa443475f843c8ac36ad313b75615e3958c4c65857f0cf09960e43e2a"


def test_a_rule_holds_or_not() -> None:
    rule = parse_pack("x", {"one.toml": GOOD.encode()}).rules[1]
    assert rule.holds(date(2020, 1, 1), date(2024, 12, 31)) is True
    assert rule.holds(date(2020, 1, 1), date(2025, 1, 1)) is False
    assert rule.holds(date(2019, 12, 31), date(2019, 12, 31)) is False


@given(st.integers(0, len(GOOD) - 1), st.characters(codec="utf-8"))
def test_a_mistyped_letter_is_read_or_refused_never_a_crash(position: int, letter: str) -> None:
    parse(GOOD[:position] + letter + GOOD[position + 1 :])
