"""Mutation testing of the law: one small fault at a time in the code, and a test that must fail for each.

    python tools/mutate.py                      every module of ciment.law
    python tools/mutate.py near space           these modules only
    python tools/mutate.py near --only _rank    the mutants whose name holds this text
    python tools/mutate.py near --list          what would be tried

Exits 1 when a mutant survives that docs/law/mutations.md does not explain. Sources are never written to: each mutant
is compiled in a forked process in which the module is imported anew. A mutant is tried on the test files that enter its
function, those that killed others before it first; one that stands outside every function, on all of them.
"""

import argparse
import ast
import builtins
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

import hypothesis
import hypothesis.strategies
import numpy as np
import pytest

# What every mutant would import again, and no mutant changes.
from ciment import canon
from mutants import Mutant, file_of, list_modules, mutants_of

ROOT = Path(__file__).parents[1]
EXPLAINED = ROOT / "docs" / "law" / "mutations.md"
TESTS = ROOT / "tests" / "core" / "law"
# Measures memory over minutes of work; what it would catch, other tests of the batch catch as well.
LEFT_OUT = "not memory"
# Of a processor's time, not of a busy machine's clock: a mutant that never ends is found out.
SECONDS, TIMES_LONGER, BYTES = 10, 5, 3 << 30

_WARM = (hypothesis.strategies, np, canon)


@dataclass(frozen=True)
class Tests:
    """A file of tests that passes without any mutant.

    Attributes:
        seconds: of a processor's time.
        entered: the functions of the law that it enters, as `module.Class.function`.
    """

    file: Path
    seconds: float
    entered: frozenset[str]


class _Changed(importlib.abc.MetaPathFinder):
    """Gives changed modules of the law their place among the imports."""

    def __init__(self, trees: Mapping[str, ast.Module]) -> None:
        self.trees = {f"ciment.law.{module}": (str(file_of(module)), tree) for module, tree in trees.items()}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname not in self.trees:
            return None
        file, tree = self.trees[fullname]
        return importlib.util.spec_from_file_location(fullname, file, loader=_Loader(fullname, file, tree))


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, tree: ast.Module) -> None:
        super().__init__(fullname, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return compile(self.tree, self.path, "exec")


def learn_tests(word: str) -> list[Tests]:
    """Run each test file of the law with this word in its name by itself, and return what it costs and enters.

    Raises:
        SystemExit: one of them fails without any mutant.
    """
    trees = {module: _note_entries(module) for module in list_modules()}
    learnt = []
    for file in sorted(file for file in TESTS.glob("test_*.py") if word in file.stem):
        reading, writing = os.pipe()
        passed, seconds = _fork(trees, file, 600, writing)
        os.close(writing)
        with os.fdopen(reading) as told:
            entered = frozenset(told.read().split())
        if not passed:
            raise SystemExit(f"{file.name} fails without any mutant")
        learnt.append(Tests(file, seconds, entered))
    return learnt


def _note_entries(module: str) -> ast.Module:
    """Return the module, each function of which writes down that it was entered."""
    tree = ast.parse(file_of(module).read_text("utf-8"))

    def note(node: ast.AST, name: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                note(child, f"{name}.{child.name}")
            else:
                note(child, name)
        if isinstance(node, ast.FunctionDef):
            node.body[:0] = ast.parse(f"__entered__.add({name!r})").body

    note(tree, module)
    return ast.fix_missing_locations(tree)


def _fork(trees: Mapping[str, ast.Module], file: Path, seconds: int, told: int | None = None) -> tuple[bool, float]:
    """Say whether a test file passes with these modules, in a process of its own, and how long that took."""
    child = os.fork()
    if child == 0:
        entered: set[str] = set()
        vars(builtins)["__entered__"] = entered
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        code = _run(trees, file)
        if told is not None:
            os.write(told, " ".join(entered).encode())
        os._exit(code)
    _, status, used = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status) == 0, used.ru_utime + used.ru_stime


def _run(trees: Mapping[str, ast.Module], file: Path) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    sys.meta_path.insert(0, _Changed(trees))
    # No assertion is explained: nobody reads it, and explaining takes time.
    plugins = ["--assert=plain", "-p", "no:django", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cov"]
    return int(pytest.main(["-x", "-q", f"--confcutdir={TESTS}", "-k", LEFT_OUT, *plugins, str(file)]))


class Trial:
    """Tries mutants one after another, and remembers which test files kill."""

    def __init__(self, tests: Sequence[Tests]) -> None:
        """Begin with the files that cost least."""
        self.tests = tests
        self.kills: Counter[Path] = Counter()

    def survives(self, mutant: Mutant) -> bool:
        """Say whether every test of the law passes with that mutant."""
        trees = {mutant.module: mutant.tree}
        for tests in self._order(f"{mutant.module}.{mutant.function}"):
            passed, _ = _fork(trees, tests.file, SECONDS + int(TIMES_LONGER * tests.seconds))
            if not passed:
                self.kills[tests.file] += 1
                return False
        return True

    def _order(self, function: str) -> list[Tests]:
        able = [tests for tests in self.tests if function in tests.entered] or list(self.tests)
        return sorted(able, key=lambda tests: tests.seconds / (self.kills[tests.file] + 1))


def main() -> int:
    """Try every mutant asked for, say which survive, and return 1 if any is unexplained."""
    parser = argparse.ArgumentParser(description="mutation testing of ciment.law")
    parser.add_argument("modules", nargs="*", help="names of modules (all)")
    parser.add_argument("--only", action="append", default=[], metavar="TEXT", help="only mutants named so")
    parser.add_argument("--tests", default="", metavar="WORD", help="only test files named so: others may yet kill")
    parser.add_argument("--list", action="store_true", help="only say what would be tried")
    options = parser.parse_args()
    modules = options.modules or list_modules()
    if options.list:
        _say("\n".join(f"{mutant.line}: {mutant.name}" for mutant in _choose(modules, options.only)))
        return 0
    # The same examples for every mutant, so that a verdict does not depend on luck; nobody reads a simpler one.
    profile = hypothesis.settings(
        max_examples=30,
        derandomize=True,
        deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        report_multiple_bugs=False,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.register_profile("mutations", profile)
    hypothesis.settings.load_profile("mutations")
    trial = Trial(learn_tests(options.tests))
    # Counted, then made anew one at a time: a process that holds every tree is slow to fork.
    total = sum(1 for _ in _choose(modules, options.only))
    return _report(_choose(modules, options.only), total, trial)


def _choose(modules: Sequence[str], texts: Sequence[str]) -> Iterator[Mutant]:
    for module in modules:
        for mutant in mutants_of(module):
            if not texts or any(text in mutant.name for text in texts):
                yield mutant


def _report(mutants: Iterable[Mutant], total: int, trial: Trial) -> int:
    explained = EXPLAINED.read_text("utf-8") if EXPLAINED.exists() else ""
    start, unexplained, known = time.monotonic(), 0, 0
    for number, mutant in enumerate(mutants, 1):
        if trial.survives(mutant):
            new = mutant.name not in explained
            unexplained, known = unexplained + new, known + (not new)
            word = "UNEXPLAINED" if new else "explained"
            _say(f"{number}/{total} {word} {mutant.line}: {mutant.name}")
    minutes = (time.monotonic() - start) / 60
    killed = total - unexplained - known
    _say(f"{total} mutants in {minutes:.0f} min: {killed} killed, {known} explained, {unexplained} unexplained")
    return 1 if unexplained else 0


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
