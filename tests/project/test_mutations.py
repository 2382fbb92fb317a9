"""The mutants of the law: faults that compile, each once, and no explanation of one that is not there."""

import re
from pathlib import Path

import pytest

import mutants as faults
import mutate


def test_every_mutant_differs_from_the_source_and_compiles() -> None:
    source = Path(faults.FOLDER, "space.py").read_text("utf-8")
    mutants = list(faults.mutants_of("space"))
    assert len(mutants) > 60
    for mutant in mutants:
        assert mutant.before != mutant.after
        compile(mutant.tree, "space.py", "exec")
    assert Path(faults.FOLDER, "space.py").read_text("utf-8") == source


def test_every_module_of_the_law_is_mutated() -> None:
    assert {"space", "near", "labels", "scenarios"} <= set(faults.list_modules())
    assert all(faults.file_of(module).is_file() for module in faults.list_modules())


@pytest.mark.parametrize(
    "name",
    [
        "`space.subtract`: `mask & field & ~removed` → `mask & field | ~removed`",
        "`space.simplify`: `boxes.add(pair[0] | pair[1])` → `pass`",
        "`space.bits`: `1` → `2`",
        "`space._joinable`: `left | right in (left, right)` → `left | right not in (left, right)`",
    ],
)
def test_faults_of_each_kind_are_among_them(name: str) -> None:
    assert name in {mutant.name for mutant in faults.mutants_of("space")}


@pytest.mark.slow
def test_every_explanation_is_of_a_mutant_that_exists() -> None:
    page = mutate.EXPLAINED.read_text("utf-8")
    explained = set(re.findall(r"^- (`.+?`: `.+?` → `.*?`) ", page, re.MULTILINE))
    assert len(explained) == page.count("\n- `")
    assert explained <= {mutant.name for module in faults.list_modules() for mutant in faults.mutants_of(module)}
