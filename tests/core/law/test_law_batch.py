"""Batches: encoded arrays and lines answer exactly what `qualify` answers, and a long stream takes no memory."""

import io
import json
import os
import random
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_law_qualification import DEFAULT, pack, rule

from ciment.canon import JsonObject
from ciment.cli import main
from ciment.cli.law.files import LARGEST_FILE
from ciment.law import VERDICTS, VOCABULARY, AmbiguousLaw, Facts, Pack, UnknownFact, load_pack, parse_facts, qualify
from ciment.law.answers import LineWriter
from ciment.law.batch import Codes, encode_facts, tables_of

DAY = date(2026, 11, 24)
BEFORE = date(2018, 6, 1)
BE = load_pack("be")
LEFT_OUT = ("near_misses", "sources", "text")

FACTS = st.fixed_dictionaries(
    {
        "requester": st.sampled_from(VOCABULARY["requester"]),
        "category": st.lists(st.sampled_from(VOCABULARY["category"]), min_size=1, max_size=4),
    },
    optional={
        attribute: st.sampled_from(values)
        for attribute, values in VOCABULARY.items()
        if attribute not in ("requester", "category")
    },
)


@st.composite
def near_rules(draw: st.DrawFn) -> JsonObject:
    """Facts that often fall within a rule: drawn at random, then moved into one."""
    facts: JsonObject = {**draw(FACTS)}
    chosen = draw(st.sampled_from(BE.rules))
    moved: JsonObject = {name: draw(st.sampled_from(values)) for name, values in chosen.when.items()}
    return facts | moved if draw(st.booleans()) else facts


def expected(law: Pack, facts: Facts, on: date, known: date) -> JsonObject:
    answer = qualify(law, facts, on, known).to_json("fr")
    for verdict in answer["verdicts"].values():  # type: ignore[union-attr]
        for name in LEFT_OUT:
            del verdict[name]  # type: ignore[union-attr]
    return answer


@given(st.lists(near_rules(), min_size=1, max_size=30), st.sampled_from([DAY, BEFORE]), st.sampled_from([DAY, BEFORE]))
def test_encoded_arrays_answer_as_qualify_does(asked: list[JsonObject], on: date, known: date) -> None:
    facts = [parse_facts(each) for each in asked]
    tables = tables_of(BE, on, known)
    answers = [tables.answers[place] for place in tables.qualify(encode_facts(facts))]
    assert answers == [
        verdict.outcome for each in facts for verdict in qualify(BE, each, on, known).verdicts.values()
    ]  # fmt: skip


def conflicts(law: Pack, facts: Facts) -> set[str]:
    """Return the rules that contradict one another, for each category of a situation by itself."""
    found = set()
    asked = facts.to_json()
    for category in asked["category"]:  # type: ignore[union-attr]  # a list of words
        try:
            qualify(law, parse_facts({**asked, "category": [category]}), DAY)
        except AmbiguousLaw as error:
            found.add(str(error).split(" conflict", maxsplit=1)[0])
    return found


@given(st.data())
def test_encoded_arrays_answer_as_qualify_does_under_random_packs(data: st.DataObject) -> None:
    values = {name: VOCABULARY[name] for name in ("form", "danger", "category", "requester")}
    boxes = st.fixed_dictionaries(
        {}, optional={name: st.sets(st.sampled_from(of), min_size=1).map(tuple) for name, of in values.items()}
    )
    rules = [
        rule(f"r{number}", data.draw(st.sampled_from(VERDICTS)), data.draw(boxes), overrides)
        for number, overrides in enumerate([["default"], ["default", "r0"], ["default", "r0"], ["default", "r2"]])
    ]
    law = pack(DEFAULT, *rules)
    facts = parse_facts(data.draw(FACTS))
    tables, codes = tables_of(law, DAY, DAY), encode_facts([facts])
    try:
        reference = [verdict.outcome for verdict in qualify(law, facts, DAY).verdicts.values()]
    except AmbiguousLaw:
        with pytest.raises(AmbiguousLaw) as refused:
            tables.qualify(codes)
        # Several categories may be ambiguous, each by other rules: which is named first is nobody's promise.
        assert str(refused.value).split(" conflict", maxsplit=1)[0] in conflicts(law, facts)
        with pytest.raises(AmbiguousLaw):
            LineWriter(law, DAY, DAY).answer(facts.to_json())
    else:
        assert [tables.answers[place] for place in tables.qualify(codes)] == reference
        assert json.loads(LineWriter(law, DAY, DAY).answer(facts.to_json())) == expected(law, facts, DAY, DAY)


def test_blocks_meet_without_a_seam() -> None:
    draw = np.random.default_rng(5)
    count = 150_001
    codes = np.stack([draw.integers(0, len(values), count, dtype=np.uint8) for values in VOCABULARY.values()])
    tables = tables_of(BE, DAY, DAY)
    whole = tables.qualify(codes)
    for start in (0, 65_000, 130_000):
        assert (tables.qualify(codes[:, start : start + 1000]) == whole[start : start + 1000]).all()
    assert tables.qualify(codes[:, :0]).size == 0


def test_a_number_of_no_value_is_refused() -> None:
    codes = encode_facts([parse_facts({"requester": "police", "category": ["aid", "bank"]})])
    codes[2, 1] = 3
    with pytest.raises(UnknownFact, match=r"fact 'form' has the number 3 in situation 1; allowed: 0 to 2"):
        tables_of(BE, DAY, DAY).qualify(codes)


@pytest.mark.parametrize("codes", [np.zeros((17, 1), np.uint8), np.zeros(18, np.uint8), np.zeros((18, 1), np.int64)])
def test_arrays_of_another_shape_or_type_are_refused(codes: Codes) -> None:
    with pytest.raises(ValueError, match="uint8, 18 rows"):
        tables_of(BE, DAY, DAY).qualify(codes)


@given(near_rules(), st.sampled_from([DAY, BEFORE]), st.randoms())
def test_a_line_answers_as_qualify_does(asked: JsonObject, on: date, order: random.Random) -> None:
    names = list(asked)
    order.shuffle(names)
    line = LineWriter(BE, on, DAY).answer({name: asked[name] for name in names})
    assert json.loads(line) == expected(BE, parse_facts(asked), on, DAY)


@given(
    st.dictionaries(
        st.sampled_from([*VOCABULARY, "x"]),
        st.one_of(st.none(), st.integers(), st.text(), st.lists(st.text()), st.sampled_from(["police", "aid", "yes"])),
    )
)
def test_what_is_no_fact_is_refused_in_the_words_of_the_reader_of_facts(asked: dict[str, object]) -> None:
    writer = LineWriter(BE, DAY, DAY)
    try:
        parsed = parse_facts(asked)
    except UnknownFact as error:
        with pytest.raises(UnknownFact, match=f"^{re.escape(str(error))}$"):
            writer.answer(asked)
    else:
        assert json.loads(writer.answer(asked)) == expected(BE, parsed, DAY, DAY)


def test_orders_of_attributes_are_forgotten_beyond_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ciment.law.answers._MOST_SHAPES", 3)
    writer, kept = LineWriter(BE, DAY, DAY), []
    for name in ("form", "authenticated", "danger", "consent"):
        writer.answer({"requester": "police", name: VOCABULARY[name][0], "category": "aid"})
        kept.append(len(writer._shapes))
    assert kept == [2, 3, 1, 2]


def test_a_category_asked_twice_is_answered_once() -> None:
    line = LineWriter(BE, DAY, DAY).answer({"requester": "police", "category": ["aid", "bank", "aid"]})
    assert (line.count(b'"aid":'), line.count(b'"bank":')) == (1, 1)
    assert b" " not in line


GOOD = '{"requester":"police","category":"aid"}'
BAD = {
    '{"requester":"police","requester":"police","category":"aid"}': "key 'requester' is given twice",
    '{"requester":"mayor","category":"aid"}': "fact 'requester' has the value 'mayor'; allowed: nobody",
    '{"requester":"police","category":[]}': "fact 'category' has the value []",
    '{"requester":"police","category":{"aid":1}}': "fact 'category' has the value",
    '{"requester":"police"}': "fact 'category' is missing",
    '{"x:y":1,"requester":"police","category":"aid"}': "unknown fact 'x:y'",
    '{"category":"aid"}': "fact 'requester' is missing",
    "": "the line is not JSON in UTF-8",
    "[1]": "the line holds a JSON list; allowed: one JSON object",
    "\udcff": "the line is not JSON in UTF-8",
    "[" * 100_000: "the line is not JSON in UTF-8",
    " " * LARGEST_FILE + GOOD: "the line is too long",
}


def test_a_bad_line_is_told_in_its_place_and_the_others_are_answered(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "facts.jsonl"
    lines = [each for bad in BAD for each in (GOOD, bad)]
    path.write_bytes("\n".join([*lines, GOOD]).encode(errors="surrogateescape"))
    assert main(["law", "batch", str(path), "--on", "2026-11-24"]) == 2
    said = capsys.readouterr()
    answers = [json.loads(line) for line in said.out.splitlines()]
    assert len(answers) == 2 * len(BAD) + 1
    good = expected(BE, parse_facts(json.loads(GOOD)), DAY, DAY)
    assert answers[0::2] == [good] * (len(BAD) + 1)
    for number, reason in zip(range(2, 2 * len(BAD) + 1, 2), BAD.values(), strict=True):
        assert answers[number - 1]["line"] == number
        assert reason in answers[number - 1]["error"]
        assert f"ciment: line {number}: {answers[number - 1]['error']}\n" in said.err
    assert said.err.count("\n") == len(BAD)


def test_without_a_bad_line_the_code_is_0_and_standard_input_is_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{GOOD}\n{GOOD}\n".encode())))
    assert main(["law", "batch", "-", "--on", "2018-06-01", "--known", "2026-11-24"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert [json.loads(line) for line in said.out.splitlines()] == [
        expected(BE, parse_facts(json.loads(GOOD)), BEFORE, DAY)
    ] * 2


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nowhere.jsonl"], "'nowhere.jsonl' cannot be read"),
        ([f"{os.sep}"], "cannot be read"),
        (["-", "--pack", "xx"], "unknown pack 'xx'; allowed:"),
        (["-", "--on", "tomorrow"], "'tomorrow' is not a day"),
    ],
)
def test_what_cannot_begin_prints_nothing(
    capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    try:
        code = main(["law", "batch", *arguments])
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else -1
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert reason in said.err


# What `wait4` tells of a child begins with the memory of its parent: the child reads its own.
_MEASURED = """
import sys
from pathlib import Path
from ciment.cli import main
code = main(["law", "batch", "-"])
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), file=sys.stderr)
sys.exit(code)
"""


def _peak_memory(stream: Path) -> tuple[int, int]:
    """Put a file through the command; return its peak resident memory in KiB and how many lines it wrote."""
    with stream.open("rb") as file:
        command = [sys.executable, "-c", _MEASURED]
        done = subprocess.run(command, stdin=file, capture_output=True, check=True)
    return int(done.stderr), done.stdout.count(b"\n")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
def test_a_long_stream_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    draw = random.Random(3)  # noqa: S311 - the same stream in every run
    lines = []
    for _ in range(30_000):
        facts: list[tuple[str, object]] = [(name, draw.choice(values)) for name, values in VOCABULARY.items()]
        # Every order of the names is new: what is remembered of orders must be bounded too.
        draw.shuffle(facts)
        lines.append(json.dumps(dict(facts)))
    long, short = tmp_path / "long.jsonl", tmp_path / "short.jsonl"
    short.write_text("".join(f"{line}\n" for line in lines[:2000]))
    long.write_text("".join(f"{line}\n" for line in lines) * 5)
    (least, few), (most, many) = _peak_memory(short), _peak_memory(long)
    assert (few, many) == (2000, 150_000)
    # The long stream alone weighs more than 60 MiB, its answers as much.
    assert most - least < 8 * 1024
