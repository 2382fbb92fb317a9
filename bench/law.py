"""Qualify one request and category, with reasons and sources, against rule engines that give the verdict alone.

The Belgian pack of the day is written in each engine's own language: its rules in an order in which the first that
holds gives the verdict. The verdicts of all are compared on random situations before anything is timed.
"""

import io
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import cycle
from typing import Any

import cedarpy
import cel
import numpy as np
import orjson
import regopy
import zen

from ciment.cli.law.batch import answer_lines
from ciment.law import VOCABULARY, Rule, load_pack, parse_facts, qualify
from ciment.law.answers import LineWriter
from ciment.law.batch import encode_facts, tables_of
from harness import Report, Row, Size

DAY = date(2026, 11, 24)
PACK = load_pack("be")
Facts = Mapping[str, str]


def ordered_rules() -> list[Rule]:
    """Return the rules in force so that whoever overrides stands before whom it overrides."""
    rules = [rule for rule in PACK.rules if rule.holds(DAY, DAY)]
    known = {rule.id: rule for rule in rules}
    done: list[Rule] = []

    def place(rule: Rule) -> None:
        if rule in done:
            return
        for other in rules:
            if rule.id in other.overrides:
                place(other)
        done.append(rule)

    for rule in known.values():
        place(rule)
    return done


RULES = ordered_rules()


def ours(facts: Facts) -> str:
    verdict = qualify(PACK, parse_facts(facts), DAY).verdicts[facts["category"]]
    # The reasons and the sources are part of the answer.
    assert verdict.text("fr")
    assert verdict.sources
    return verdict.verdict


def near(facts: Facts) -> str:
    verdict = qualify(PACK, parse_facts(facts), DAY).verdicts[facts["category"]]
    # None is a possible answer; computing it is what takes time.
    assert isinstance(verdict.near_misses, tuple)
    return verdict.verdict


def in_cel() -> Callable[[Facts], str]:
    def condition(rule: Rule) -> str:
        return " && ".join(f"{name} in {json.dumps(list(values))}" for name, values in rule.when.items()) or "true"

    text = "".join(f"({condition(rule)}) ? '{rule.verdict}' : " for rule in RULES) + "'silence'"
    program = cel.compile(text)
    return lambda facts: str(program.execute(dict(facts)))


def in_cedar() -> Callable[[Facts], str]:
    def condition(rule: Rule) -> str:
        parts = [f"{json.dumps(list(values))}.contains(context.{name})" for name, values in rule.when.items()]
        return " && ".join(parts) or "true"

    # One policy a rule; the ones that hold are named in the answer, and the first of them is the verdict.
    text = "\n".join(f"permit(principal, action, resource) when {{ {condition(rule)} }};" for rule in RULES)
    policies = cedarpy.PolicySet.from_str(text)
    request = {"principal": 'U::"u"', "action": 'A::"a"', "resource": 'R::"r"'}

    def decide(facts: Facts) -> str:
        answer = cedarpy.is_authorized({**request, "context": dict(facts)}, policies, [])
        held = sorted(int(name.removeprefix("policy")) for name in answer.diagnostics.reasons)
        return RULES[held[0]].verdict if held else "silence"

    return decide


def in_zen() -> Callable[[Facts], str]:
    names = list(VOCABULARY)
    inputs = [{"id": name, "name": name, "field": name} for name in names]
    table = [
        {"_id": rule.id, "verdict": json.dumps(rule.verdict)}
        | {
            name: ",".join(json.dumps(value) for value in rule.when[name]) if name in rule.when else ""
            for name in names
        }
        for rule in RULES
    ]
    content = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "verdict", "name": "v", "field": "verdict"}],
        "rules": table,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {"id": "t", "type": "decisionTableNode", "name": "t", "position": {"x": 0, "y": 0}, "content": content},
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
    ]
    edges = [{"id": "1", "sourceId": "in", "targetId": "t"}, {"id": "2", "sourceId": "t", "targetId": "out"}]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def decide(facts: Facts) -> str:
        result: dict[str, Any] = decision.evaluate(dict(facts))["result"] or {}
        return str(result.get("verdict", "silence"))

    return decide


def in_rego() -> Callable[[Facts], str]:
    def condition(rule: Rule) -> str:
        return "\n".join(f"  input.{name} in {json.dumps(list(values))}" for name, values in rule.when.items())

    chain = " else := ".join(f'"{rule.verdict}" if {{\n{condition(rule) or "  true"}\n}}' for rule in RULES)
    module = f'package ciment\nimport rego.v1\ndefault verdict := "silence"\nverdict := {chain}\n'
    engine = regopy.Interpreter()
    engine.add_module("ciment.rego", module)

    def decide(facts: Facts) -> str:
        engine.set_input_term(json.dumps(dict(facts)))
        return str(json.loads(str(engine.query("data.ciment.verdict")))["expressions"][0])

    return decide


def situations(count: int) -> list[dict[str, str]]:
    """Return random situations; half of them start from a rule, so that every verdict occurs."""
    draw = random.Random(7)  # noqa: S311 - the same situations in every run
    made = []
    for number in range(count):
        facts = {name: draw.choice(values) for name, values in VOCABULARY.items()}
        if number % 2:
            facts |= {name: draw.choice(values) for name, values in draw.choice(RULES).when.items()}
        made.append(facts)
    return made


def turned(decide: Callable[[Facts], str], probes: list[dict[str, str]]) -> Callable[[], str]:
    """Return a call that puts the next situation to `decide`."""
    turns = cycle(probes)
    return lambda: decide(next(turns))


def arrays(size: Size, probes: list[dict[str, str]]) -> Report:
    """Qualify encoded situations, drawn at random for each round, after those of the probes were compared."""
    tables = tables_of(PACK, DAY, DAY)
    places = tables.qualify(encode_facts(parse_facts(facts) for facts in probes))
    for facts, place in zip(probes, places, strict=True):
        assert tables.answers[place] == qualify(PACK, parse_facts(facts), DAY).verdicts[facts["category"]].outcome
    count = 1 << (18 if size.quick else 21)
    draw = np.random.default_rng(7)
    rates = []
    for _ in range(size.rounds):
        codes = np.stack([draw.integers(0, len(values), count, dtype=np.uint8) for values in VOCABULARY.values()])
        start = time.perf_counter()
        tables.qualify(codes)
        rates.append(count / (time.perf_counter() - start) / 1e6)
    found = {"median": statistics.median(rates), "min": min(rates), "max": max(rates)}
    figures = {name: round(rate, 1) for name, rate in found.items()} | {"unit": "million a second", "target": 10}
    note = "{median} [{min}–{max}] million (request, category) a second, one core; target ≥ 10".format(**figures)
    return Report("qualify encoded arrays", f"{note}; {count:,} situations a round, checks included", figures)


def lines(size: Size) -> Row:
    """Answer a stream of JSON lines, three categories each, as `ciment law batch` does."""
    draw = random.Random(11)  # noqa: S311 - the same lines in every run
    probes = situations(500 if size.quick else 5000)
    asked = [facts | {"category": draw.sample(VOCABULARY["category"], 3)} for facts in probes]
    stream = b"".join(json.dumps(facts).encode() + b"\n" for facts in asked)
    writer = LineWriter(PACK, DAY, DAY)

    def ours() -> bytes:
        written = io.BytesIO()
        answer_lines(writer, io.BytesIO(stream), written)
        return written.getvalue()

    answers = [orjson.loads(line) for line in ours().splitlines()]
    for facts, answer in zip(asked, answers, strict=True):
        expected = qualify(PACK, parse_facts(facts), DAY).verdicts
        assert {name: each["verdict"] for name, each in answer["verdicts"].items()} == {
            name: each.verdict for name, each in expected.items()
        }

    def rival() -> bytes:
        written = io.BytesIO()
        for line, answer in zip(io.BytesIO(stream), answers, strict=True):
            orjson.loads(line)
            written.write(orjson.dumps(answer))
            written.write(b"\n")
        return written.getvalue()

    return Row(
        f"answer {len(asked):,} JSON lines", "orjson: parse each, dump its answer", ours, rival, 2.0,
        note=f"three categories a line, {len(stream) // len(asked)} bytes in, {len(ours()) // len(asked)} out",
    )  # fmt: skip


def rows(size: Size) -> Iterator[Row | Report]:
    engines = {"CEL, compiled": in_cel, "Cedar": in_cedar, "ZEN": in_zen, "OPA (regopy)": in_rego}
    probes = situations(40 if size.quick else 400)
    met = len({ours(facts) for facts in probes})
    for name, make in engines.items():
        decide = make()
        for facts in probes:
            assert decide(facts) == ours(facts), (name, facts)
        yield Row(
            "qualify, with reasons and sources", f"{name}: verdict alone", turned(ours, probes), turned(decide, probes),
            1.0, 100 if size.quick else 800,
            note=f"{len(RULES)} rules; equal on {len(probes)} situations, {met} verdicts",
        )  # fmt: skip
    silent = [facts for facts in probes if ours(facts) == "silence"]
    yield Row(
        "the same, with every near miss", "CEL, compiled: verdict alone", turned(near, silent),
        turned(in_cel(), silent), None, 5 if size.quick else 40,
        note="on silence: what would have had to differ, which no rival computes",
    )  # fmt: skip
    yield arrays(size, probes)
    yield lines(size)
