"""One file per way a pack can be wrong, with what its author is told beside it."""

from pathlib import Path

import pytest

from ciment.law import PackRefused, parse_pack

FOLDER = Path(__file__).with_name("bad_packs")
FAULTS = sorted(path.stem for path in FOLDER.glob("*.toml"))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_is_refused_with_its_line_and_a_remedy(fault: str) -> None:
    file = FOLDER / f"{fault}.toml"
    with pytest.raises(PackRefused) as refusal:
        parse_pack("xx", {file.name: file.read_bytes()})
    assert str(refusal.value) == (FOLDER / f"{fault}.txt").read_text("utf-8").rstrip("\n")


def test_each_message_has_its_file_and_says_what_to_do() -> None:
    messages = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.txt")}
    assert sorted(messages) == FAULTS
    assert all(
        ";" in message or "did you mean" in message or "must come after" in message for message in messages.values()
    )
    # Only a file in which there is nothing has no line.
    assert [fault for fault, message in messages.items() if not message.startswith(f"{fault}.toml:")] == ["empty_file"]


LONG_FORM = """[[rule]]
id = "xx.a"
verdict = "may"
decided_by = "signatories"
[rule.when]
form = ["written"]
[[rule.in_force]]
[rule.text]
fr = "Parler."
[[rule.sources]]
ref = "art. 1"
checked = 2026-01-31
status = "to_confirm"
"""


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (3, 'verdict = "x"'),
        (4, 'decided_by = "x"'),
        (6, 'form = ["x"]'),
        (9, "fr = 1"),
        (11, "ref = 1"),
        (12, "checked = 1"),
        (13, 'status = "x"'),
    ],
)
def test_lines_are_found_in_the_long_form_too(line: int, wrong: str) -> None:
    lines = LONG_FORM.splitlines()
    lines[line - 1] = wrong
    with pytest.raises(PackRefused) as refusal:
        parse_pack("xx", {"long.toml": "\n".join(lines).encode()})
    assert refusal.value.line == line


def test_a_second_source_under_a_heading_is_found() -> None:
    source = '[[rule.sources]]\nref = "art. 2"\nchecked = 1\nstatus = "to_confirm"\n'
    with pytest.raises(PackRefused) as refusal:
        parse_pack("xx", {"long.toml": (LONG_FORM + source).encode()})
    assert refusal.value.line == 16


def test_rules_written_inline_have_no_line_rather_than_a_wrong_one() -> None:
    with pytest.raises(PackRefused) as refusal:
        parse_pack("xx", {"inline.toml": b'rule = [{ id = "xx.a", verdict = "x" }]'})
    assert refusal.value.line is None
    assert str(refusal.value).startswith("inline.toml: rule xx.a: ")


def test_a_byte_order_mark_is_no_mistake() -> None:
    good = (FOLDER / "unknown_verdict.toml").read_text("utf-8").replace('"maybe"', '"may"')
    assert (
        parse_pack("xx", {"a.toml": good.encode("utf-8-sig")}).digest
        == parse_pack("xx", {"a.toml": good.encode()}).digest
    )


def line_of(content: str) -> int | None:
    with pytest.raises(PackRefused) as refusal:
        parse_pack("xx", {"a.toml": content.encode()})
    return refusal.value.line


ONE_A_LINE = """[[rule]]
id = "xx.a"
verdict = "may"
decided_by = "referent"
in_force = [{}]
sources = []
text = { fr = "T." }
[rule.when]
form = [
"""


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (("oral", "shouted"), 11),
        (("written_reasoned", "written", "reasoned"), 12),  # not inside another word
        (("oral", "or(al"), 11),
        (("", "oral"), 9),
    ],
)
def test_a_value_on_a_line_of_its_own_is_found(values: tuple[str, ...], line: int) -> None:
    assert line_of(ONE_A_LINE + "".join(f'  "{value}",\n' for value in values) + "]\n") == line


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('drafts = ["zz", "zz"]', 1),
        ('\n\ndrafts = ["zz", "zz"]', 3),
        ('\n"a key" = 1', None),  # in quotes: not seen, and no line rather than a wrong one
        ('\n[[rule]]\n"a(b" = 1', 2),
        (
            ONE_A_LINE.replace(
                "sources = []", '"sources" = [\n{ ref = 1, checked = 2026-01-31, status = "to_confirm" }]'
            )
            + '"oral"]',
            1,
        ),
        ("\n[[rule]]\nid = 1", 2),
    ],
)
def test_what_is_not_found_is_shown_at_its_rule_or_nowhere(content: str, line: int | None) -> None:
    assert line_of(content) == line


@pytest.mark.parametrize(("content", "line"), [(b"\n\xff", 2), (b"[[rule]", 1), (b"\n\na = 1\na = 2", 4)])
def test_what_is_no_toml_has_a_line_too(content: bytes, line: int) -> None:
    with pytest.raises(PackRefused) as refusal:
        parse_pack("xx", {"a.toml": content})
    assert refusal.value.line == line


WHOLE = """drafts = []
[[rule]]
id = "xx.a"
verdict = "may"
decided_by = "referent"
in_force = [{ from = 2020-01-31, to = 2021-01-31 }]
annulled_on = 2022-01-31
overrides = []
flags = []
when = {}
text = { fr = "T." }
[[rule.sources]]
ref = "a"
url = "https://a"
checked = 2026-01-31
status = "confirmed"
from = 2019-01-31
to = 2023-01-31
"""


@pytest.mark.parametrize(
    ("good", "wrong", "remedy"),
    [
        ("drafts = []", "drafts = 1", 'drafts = ["nl"]'),
        ('id = "xx.a"', "id = 1", 'id = "xx.topic"'),
        ('verdict = "may"', "verdict = 1", 'verdict = "silence"'),
        ('decided_by = "referent"', "decided_by = 1", 'decided_by = "signatories"'),
        (
            "in_force = [{ from",
            "in_force = 1 # [{ from",
            "in_force = [{ from = 2020-01-31 }], or [{}] for no known bound",
        ),
        ("from = 2020-01-31", "from = 1", "from = 2020-01-31"),
        ("to = 2021-01-31", "to = 1", "to = 2020-01-31"),
        ("annulled_on = 2022-01-31", "annulled_on = 1", "annulled_on = 2020-01-31"),
        ("overrides = []", "overrides = 1", 'overrides = ["xx.secret"]'),
        ("flags = []", "flags = 1", 'flags = ["disputed"], or leave flags out'),
        ("when = {}", "when = 1", 'when = { form = ["written"] }, or {} for every situation'),
        ("when = {}", "when = { form = 1 }", 'form = ["written_reasoned"]'),
        ('ref = "a"', "ref = 1", 'ref = "art. 1"'),
        ('url = "https://a"', "url = 1", 'url = "https://…"'),
        ("checked = 2026-01-31", "checked = 1", "checked = 2020-01-31"),
        ('status = "confirmed"', "status = 1", 'status = "to_confirm"'),
        ("from = 2019-01-31", "from = 1", "from = 2020-01-31"),
        ("to = 2023-01-31", "to = 1", "to = 2020-01-31"),
        ('text = { fr = "T." }', "text = 1", 'text.fr = "…"'),
        ('fr = "T."', "fr = 1", 'text.fr = "…"'),
    ],
)
def test_whatever_is_of_another_kind_is_told_how_to_write_it(good: str, wrong: str, remedy: str) -> None:
    assert parse_pack("xx", {"a.toml": WHOLE.encode()}).rules
    assert WHOLE.count(good) == 1
    written = WHOLE.replace(good, wrong)
    with pytest.raises(PackRefused) as refusal:
        parse_pack("xx", {"a.toml": written.encode()})
    assert refusal.value.reason.endswith(f"; write, for instance, {remedy}")
    assert refusal.value.line == next(number for number, line in enumerate(written.splitlines(), 1) if wrong in line)


def test_a_language_is_found_by_its_key_not_by_a_word_of_a_sentence() -> None:
    assert line_of(WHOLE.replace('text = { fr = "T." }', 'text.fr = "In dutch."\ntext.dutch = "T."')) == 12


def test_overrides_are_in_order() -> None:
    other = WHOLE.replace("drafts = []\n", "").replace('"xx.a"', '"xx.b"')
    third = other.replace('"xx.b"', '"xx.c"').replace("overrides = []", 'overrides = ["xx.b", "xx.a"]')
    assert parse_pack("xx", {"a.toml": (WHOLE + other + third).encode()}).rules[2].overrides == ("xx.a", "xx.b")


def test_the_interval_at_fault_is_shown_not_the_first() -> None:
    intervals = "in_force = [\n  { from = 2019-01-31, to = 2020-01-31 },\n  { from = 1, to = 2021-01-31 },\n]"
    content = WHOLE.replace("in_force = [{ from = 2020-01-31, to = 2021-01-31 }]", intervals)
    assert line_of(content) == content.splitlines().index("  { from = 1, to = 2021-01-31 },") + 1
