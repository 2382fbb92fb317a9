"""The figures of a year: what shows, what is hidden, and that nothing hidden comes back."""

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_samples import ORIGIN, OTHER, SIGNER, write_files

from ciment.canon import InvalidEncoding
from ciment.cli import main
from ciment.register import (
    LEAST,
    AppendLog,
    Entry,
    Frontier,
    MemoryStore,
    YearTally,
    break_down,
    encode_report,
    leaf_hash,
    sign_checkpoint,
    year_of,
)

YEAR = 2026


@dataclass(frozen=True)
class Act:
    """An entry, by what a report reads of it."""

    kind: str
    day: tuple[int, int] = (6, 15)
    requester: str = "police"
    form: str = "oral"
    ground: str = "none"
    categories: tuple[str, ...] = ("aid",)
    verdicts: tuple[str, ...] = ("silence",)
    year: int = YEAR

    def encode(self) -> bytes:
        time = int(datetime(self.year, *self.day, 12, tzinfo=UTC).timestamp()) * 1000
        return Entry(self.kind, time, self._attributes(), bytes(32)).encode()

    def _attributes(self) -> dict[str, tuple[str, ...]]:
        if self.kind == "act":
            return {}
        if self.kind == "received":
            return {"form": (self.form,), "requester": (self.requester,)}
        named = {"ground": (self.ground,), "requester": (self.requester,)}
        return {**named, "categories": tuple(sorted(self.categories)), "verdicts": tuple(sorted(self.verdicts))}


def report(acts: list[Act], year: int = YEAR) -> dict[str, Any]:
    tally = YearTally(year)
    tally.add(act.encode() for act in acts)
    told: dict[str, Any] = tally.report(ORIGIN)
    return told


def without_root(acts: list[Act]) -> dict[str, Any]:
    # The root commits to the hidden numbers without telling them: an entry's commitment is salted.
    return {name: table for name, table in report(acts).items() if name != "register"}


def outputs(names: int, most: int) -> Iterator[tuple[Any, list[tuple[int, ...]]]]:
    """Yield what shows, with every combination of counts up to `most` that shows exactly so."""
    found: dict[Any, list[tuple[int, ...]]] = defaultdict(list)
    for counts in itertools.product(range(most + 1), repeat=names):
        told = break_down({str(at): count for at, count in enumerate(counts)})
        found[told.total, tuple(told.shown.items()), told.rest].append(counts)
    yield from found.items()


@pytest.mark.parametrize(("names", "most"), [(2, 30), (3, 24), (4, 12)])
def test_whoever_knows_the_rule_still_cannot_say_a_hidden_number(names: int, most: int) -> None:
    hidden = 0
    for (total, shown, _rest), candidates in outputs(names, most):
        if (total or 0) > most:
            # Beyond, some candidates are larger than what was tried.
            continue
        visible = {int(name) for name, _count in shown}
        for at in set(range(names)) - visible:
            possible = {counts[at] for counts in candidates}
            hidden += possible != {0}
            assert len(possible) > 1 or possible == {0}, (total, shown, at)
    assert hidden > names


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40)))
def test_what_shows_is_large_and_adds_up(counts: dict[str, int]) -> None:
    told = break_down(counts)
    if told.total is None:
        assert 0 < sum(counts.values()) < LEAST
        assert (told.shown, told.rest) == ({}, None)
        return
    assert told.rest is not None
    assert all(counts[name] == count >= LEAST for name, count in told.shown.items())
    assert sum(told.shown.values()) + told.rest == told.total == sum(counts.values())
    gathered = [count for name, count in counts.items() if count and name not in told.shown]
    assert told.rest == 0 or (told.rest >= LEAST and len(gathered) > 1)


days = st.tuples(st.integers(1, 12), st.integers(1, 28))
received = st.builds(
    Act,
    kind=st.just("received"),
    day=days,
    requester=st.sampled_from(["bailiff", "housing", "police", "school"]),
    form=st.sampled_from(["oral", "written"]),
)
answered = st.builds(
    Act,
    kind=st.sampled_from(["refused", "refused", "refused", "released"]),
    day=days,
    requester=st.sampled_from(["bailiff", "police"]),
    ground=st.sampled_from(["none", "none", "shared_secret", "statutory_duty"]),
    categories=st.lists(st.sampled_from(["aid", "address", "bank"]), min_size=1, max_size=2, unique=True).map(tuple),
    verdicts=st.sampled_from([("silence",), ("must",), ("may",)]),
)


def redistributions(acts: list[Act], field: str, kinds: tuple[str, ...], hidden: set[str]) -> Iterator[list[Act]]:
    """Yield years in which the hidden values of one attribute are shared out otherwise, everything else the same."""
    places = [at for at, act in enumerate(acts) if act.kind in kinds and getattr(act, field) in hidden]
    names = sorted(hidden)
    for shares in itertools.product(range(len(places) + 1), repeat=len(names) - 1):
        if sum(shares) > len(places):
            continue
        values = [
            name for name, share in zip(names, (*shares, len(places) - sum(shares)), strict=True) for _ in range(share)
        ]
        changed = list(acts)
        for at, value in zip(places, values, strict=True):
            other: Any = {field: value}
            changed[at] = replace(changed[at], **other)
        yield changed


@settings(max_examples=60, deadline=None)
@given(st.lists(received, max_size=24), st.lists(answered, max_size=24))
def test_a_hidden_number_may_be_another_in_a_year_with_the_very_same_report(asked: list[Act], told: list[Act]) -> None:
    """Across all tables published together: not subtraction, not the rule, not another table gives a number back."""
    acts = [*asked, *told]
    seen = without_root(acts)
    tables = (
        ("requester", ("received",), seen["received"]["requesters"]),
        ("form", ("received",), seen["received"]["forms"]),
        ("requester", ("refused", "released"), seen["answered"]["requesters"]),
        ("ground", ("refused", "released"), seen["answered"]["grounds"]),
        ("kind", ("refused", "released"), seen["answered"]["outcomes"]),
    )
    for field, kinds, table in tables:
        counts = Counter(getattr(act, field) for act in acts if act.kind in kinds)
        hidden = {name for name in counts if name not in table["shown"]}
        if not hidden or table["of"] is None:
            continue
        possible: dict[str, set[int]] = defaultdict(set)
        for other in redistributions(acts, field, kinds, hidden):
            if without_root(other) == seen:
                for name in hidden:
                    possible[name].add(sum(getattr(act, field) == name for act in other if act.kind in kinds))
        assert all(len(possible[name]) > 1 for name in hidden), (field, table, counts)


def test_the_figures_of_a_year() -> None:
    acts = [Act("received", (1, 5))] * 6 + [Act("received", (3, 5), "housing", "written")] * 7 + [Act("act")] * 3
    acts += [Act("refused", (2, 1), ground="none", categories=("aid", "bank"))] * 8
    acts += [Act("refused", (5, 1), ground="statutory_duty")] * 5 + [Act("released", ground="shared_secret")] * 2
    told = report(acts)
    assert told["received"] == {
        "forms": {"of": 13, "rest": 0, "shown": {"oral": 6, "written": 7}},
        "months": {"of": 13, "rest": 0, "shown": {"m01": 6, "m03": 7}},
        "requesters": {"of": 13, "rest": 0, "shown": {"housing": 7, "police": 6}},
    }
    assert told["answered"] == {
        "categories": {"of": 23, "rest": 0, "shown": {"aid": 15, "bank": 8}},
        # Two shared secrets hide the next by name with them, so that subtraction does not give the two back.
        "grounds": {"of": 15, "rest": 10, "shown": {"statutory_duty": 5}},
        "grounds_by_quarter": {
            "rest": {"of": 10, "rest": 10, "shown": {}},
            "statutory_duty": {"of": 5, "rest": 0, "shown": {"q2": 5}},
        },
        "outcomes": {"of": 15, "rest": 15, "shown": {}},
        "requesters": {"of": 15, "rest": 0, "shown": {"police": 15}},
        "verdicts": {"of": 15, "rest": 0, "shown": {"silence": 15}},
    }
    frontier = Frontier().extend(leaf_hash(act.encode()) for act in acts)
    assert told["register"] == {"origin": ORIGIN, "root": frontier.root().hex(), "size": len(acts)}
    assert (told["v"], told["year"], told["zone"], told["least"]) == (1, 2026, "UTC", 5)
    assert encode_report(told).endswith(b'"zone":"UTC"}\n')


def test_a_year_without_a_request_says_nought() -> None:
    told = report([Act("received", year=2025)] * 9)
    assert told["received"]["months"] == {"of": 0, "rest": 0, "shown": {}}
    assert told["answered"]["grounds_by_quarter"] == {}
    assert told["register"]["size"] == 0


def test_a_year_with_few_requests_hides_even_their_number() -> None:
    told = report([Act("received")] * (LEAST - 1))
    assert told["received"]["months"] == {"of": None, "rest": None, "shown": {}}


def test_what_comes_later_does_not_change_a_closed_year() -> None:
    acts = [Act("received")] * 5
    assert report(acts) == report([*acts, Act("received", year=2027), Act("act", year=2027)])


def test_a_year_begins_and_ends_in_universal_time() -> None:
    first, last = (
        int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 1000,
        int(datetime(2027, 1, 1, tzinfo=UTC).timestamp()) * 1000,
    )
    for time, inside in ((first - 1, False), (first, True), (last - 1, True), (last, False)):
        tally = YearTally(2026)
        tally.add([Entry("act", time, {}, bytes(32)).encode()])
        told: Any = tally.report(ORIGIN)
        assert (told["register"]["size"] == 1) is inside
        assert (year_of(time) == 2026) is inside


@pytest.mark.parametrize("year", [1969, 9999, -1])
def test_a_year_that_no_entry_has_is_refused(year: int) -> None:
    with pytest.raises(InvalidEncoding, match="between"):
        YearTally(year)


def published(acts: list[Act]) -> dict[str, bytes]:
    log = AppendLog(MemoryStore())
    for act in acts:
        log.append(Entry.parse(act.encode()))
    return dict(log.export(sign_checkpoint(log.store.lock_head().checkpoint(ORIGIN), SIGNER)))


def test_the_command_computes_the_same_bytes_from_the_published_register(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    acts = [Act("received", requester=name) for name in ("police", "housing", "bailiff") for _ in range(100)]
    write_files(published([*acts, Act("act", year=2027)]), tmp_path)
    arguments = ["register", "report", str(tmp_path), "--year", "2026", "--key", SIGNER.vkey]
    assert main(arguments) == 0
    told = capsys.readouterr().out
    assert told.encode() == encode_report(report(acts))
    assert json.loads(told)["received"]["requesters"]["shown"] == {"bailiff": 100, "housing": 100, "police": 100}


def test_the_command_tells_nothing_of_a_register_that_does_not_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_files(published([Act("received")] * 9), tmp_path)
    path = tmp_path / "tile" / "entries" / "000.p" / "9"
    path.write_bytes(path.read_bytes().replace(b'"police"', b'"school"', 1))
    arguments = ["register", "report", str(tmp_path), "--year", "2026", "--key"]
    for key, wrong in ((SIGNER.vkey, "no 0"), (OTHER.vkey, "clé")):
        assert main([*arguments, key]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert wrong in told.err


def test_the_command_refuses_a_year_that_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(published([Act("received")]), tmp_path)
    assert main(["register", "report", str(tmp_path), "--year", "12", "--key", SIGNER.vkey]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "1970" in told.err
