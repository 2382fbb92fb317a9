"""Mutation testing of the law: one small fault at a time in the code, and a test that must fail for each.

    python tools/mutate.py                      every module of ciment.law
    python tools/mutate.py near space           these modules only
    python tools/mutate.py near --list          what would be tried

Exits 1 when a mutant survives that docs/law/mutations.md does not explain. Sources are never written to: each mutant
is compiled in a forked process in which the module is imported anew.
"""

import argparse
import ast
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

import hypothesis
import hypothesis.strategies
import numpy as np
import pytest

# What every mutant would import again, and no mutant changes.
from ciment import canon

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "src" / "ciment" / "law"
EXPLAINED = ROOT / "docs" / "law" / "mutations.md"
TESTS = ROOT / "tests" / "core" / "law"
# Measures memory over minutes of work; what it would catch, other tests of the batch catch as well.
LEFT_OUT = "not memory"
# Of a processor's time, not of a busy machine's clock: a mutant that never ends is found out.
BEST_SECONDS, OTHER_SECONDS, BYTES = 40, 300, 3 << 30

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
# What a program does not do: types, names of the public interface, and the switches of `dataclass` and of caches.
_NOT_MUTATED = {"annotation", "returns", "decorator_list", "type_params"}

# The tests that know a module best, when they do not have its name.
_BEST_KNOWN = {
    "near": ("near_order", "qualification"),
    "facts": ("facts", "qualification"),
    "loading": ("loading", "bad_packs"),
    "epoch": ("qualification",),
    "rules": ("qualification", "loading"),
    "reading": ("bad_packs", "loading"),
    "locating": ("bad_packs",),
    "errors": ("bad_packs",),
    "explanation": ("explain",),
    "answers": ("batch",),
    "bills": ("difference",),
    "eras": ("proof",),
    "invariants": ("proof",),
    "vocabulary": ("labels", "schema"),
}

_WARM = (hypothesis.strategies, np, canon)

Step = tuple[str, int | None]


@dataclass(frozen=True)
class Mutant:
    """One fault: in this function of this module, this text instead of that one."""

    module: str
    function: str
    line: int
    before: str
    after: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """What identifies the mutant in docs/law/mutations.md, whatever lines move."""
        return f"`{self.module}.{self.function}`: `{self.before}` → `{self.after}`"


def list_modules() -> list[str]:
    """Return the modules of the law, those that are folders with data beside the code included."""
    files = [file.stem for file in FOLDER.glob("*.py") if file.stem != "__init__"]
    return sorted(files + [file.parent.name for file in FOLDER.glob("*/__init__.py")])


def file_of(module: str) -> Path:
    """Return the file of a module of the law."""
    folder = FOLDER / module
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")


def mutants_of(module: str) -> Iterator[Mutant]:
    """Yield every mutant of one module of the law."""
    tree = ast.parse(file_of(module).read_text("utf-8"))
    for path, function, node in _walk(tree, (), "module"):
        for changed in _changes(node):
            mutated = copy.deepcopy(tree)
            _put(mutated, path, changed)
            before, after = (" ".join(ast.unparse(each).split())[:160] for each in (node, changed))
            if before != after:
                yield Mutant(
                    module, function, getattr(node, "lineno", 0), before, after, ast.fix_missing_locations(mutated)
                )


def _walk(node: ast.AST, path: tuple[Step, ...], function: str) -> Iterator[tuple[tuple[Step, ...], str, ast.AST]]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        function = node.name if function == "module" else f"{function}.{node.name}"
    for name, value in ast.iter_fields(node):
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if name in _NOT_MUTATED or not isinstance(child, ast.AST) or _says_nothing(child):
                continue
            step = (*path, (name, place))
            yield step, function, child
            yield from _walk(child, step, function)


def _says_nothing(node: ast.AST) -> bool:
    """Say whether a node is a docstring, an import, the list of public names, or how a dataclass prints itself."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) == "__all__"
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) == "field"
    return isinstance(node, ast.Import | ast.ImportFrom)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Constant):
        yield from _change_constant(node.value)
    elif isinstance(node, ast.Call):
        yield from _change_call(node)
    elif isinstance(node, ast.expr):
        yield from _change_operation(node)
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield _with(node, ifs=node.ifs[1:])
    else:
        yield from _change_statement(node)
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def _change_constant(value: object) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str):
        yield ast.Constant(f"{value}×")


def _change_call(node: ast.Call) -> Iterator[ast.AST]:
    keywords = node.keywords
    if len(node.args) == 1 and not keywords and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]
    yield from (_with(node, keywords=[*keywords[:place], *keywords[place + 1 :]]) for place in range(len(keywords)))


def _change_operation(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left, [operator, *rest], others):
            yield ast.Compare(left, [_COMPARISONS[type(operator)](), *rest], others)
        case ast.BinOp(left, binary, right):
            yield ast.BinOp(left, _OPERATORS[type(binary)](), right)
        case ast.UnaryOp(_, operand):
            yield operand
        case ast.BoolOp(boolean, values):
            yield ast.BoolOp(ast.Or() if isinstance(boolean, ast.And) else ast.And(), values)


def _change_statement(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Return(ast.expr()):
            yield ast.Return(ast.Constant(None))
        case ast.Assign() | ast.AugAssign() | ast.Expr() | ast.Raise():
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _put(tree: ast.AST, path: Sequence[Step], changed: ast.AST) -> None:
    *above, (name, place) = path
    parent = tree
    for field, index in above:
        child = getattr(parent, field)
        parent = child if index is None else child[index]
    if place is None:
        setattr(parent, name, changed)
    else:
        getattr(parent, name)[place] = changed


class _Mutated(importlib.abc.MetaPathFinder):
    """Gives the mutated module its place among the imports."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = f"ciment.law.{mutant.module}"
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname != self.name:
            return None
        file = str(file_of(self.mutant.module))
        return importlib.util.spec_from_file_location(fullname, file, loader=_Loader(fullname, file, self.mutant.tree))


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, tree: ast.Module) -> None:
        super().__init__(fullname, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return compile(self.tree, self.path, "exec")


def survives(mutant: Mutant) -> bool:
    """Say whether every test of the law passes with that mutant."""
    # Most mutants die in the first of the two, without the other being as much as collected.
    best, others = order_tests(mutant.module)
    return passes(mutant, best, BEST_SECONDS) and passes(mutant, others, OTHER_SECONDS)


def passes(mutant: Mutant | None, tests: Sequence[str], seconds: int) -> bool:
    """Say whether these tests pass with that mutant, or with none, in a process of its own."""
    if not tests:
        return True
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        os._exit(_run(mutant, tests))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _run(mutant: Mutant | None, tests: Sequence[str]) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    if mutant is not None:
        sys.meta_path.insert(0, _Mutated(mutant))
    # No assertion is explained: nobody reads it, and explaining takes time.
    plugins = ["--assert=plain", "-p", "no:django", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cov"]
    return int(pytest.main(["-x", "-q", f"--confcutdir={TESTS}", "-k", LEFT_OUT, *plugins, *tests]))


def order_tests(module: str) -> tuple[list[str], list[str]]:
    """Return the test files of the law that know a module best, and all the others, the small ones first."""
    words = _BEST_KNOWN.get(module, (module,))
    files = sorted(TESTS.glob("test_*.py"), key=lambda file: file.stat().st_size)
    best = [str(file) for file in files if any(word in file.stem for word in words)]
    return best, [str(file) for file in files if str(file) not in best]


def main() -> int:
    """Try every mutant asked for, say which survive, and return 1 if any is unexplained."""
    parser = argparse.ArgumentParser(description="mutation testing of ciment.law")
    parser.add_argument("modules", nargs="*", help="names of modules (all)")
    parser.add_argument("--list", action="store_true", help="only say what would be tried")
    options = parser.parse_args()
    modules = options.modules or list_modules()
    mutants = [mutant for module in modules for mutant in mutants_of(module)]
    if options.list:
        _say("\n".join(f"{mutant.line}: {mutant.name}" for mutant in mutants))
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
    if not passes(None, [str(TESTS)], OTHER_SECONDS):
        _say("the tests fail without any mutant")
        return 2
    return _report(mutants)


def _report(mutants: Sequence[Mutant]) -> int:
    explained = EXPLAINED.read_text("utf-8") if EXPLAINED.exists() else ""
    start, unexplained, known = time.monotonic(), 0, 0
    for number, mutant in enumerate(mutants, 1):
        if survives(mutant):
            new = mutant.name not in explained
            unexplained, known = unexplained + new, known + (not new)
            word = "UNEXPLAINED" if new else "explained"
            _say(f"{number}/{len(mutants)} {word} {mutant.line}: {mutant.name}")
    minutes = (time.monotonic() - start) / 60
    killed = len(mutants) - unexplained - known
    _say(f"{len(mutants)} mutants in {minutes:.0f} min: {killed} killed, {known} explained, {unexplained} unexplained")
    return 1 if unexplained else 0


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
