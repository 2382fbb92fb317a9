"""The faults of mutation testing: one small change at a time in the source of a module of the law."""

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "ciment" / "law"

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
    """Say whether a node is a docstring, an import, a list of public names, a type, a `field` or an assertion."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) == "__all__"
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in {"field", "TypeVar"}
    if isinstance(node, ast.Raise):
        return node.exc is not None and ast.unparse(node.exc).startswith("AssertionError")
    return isinstance(node, ast.Import | ast.ImportFrom) or _is_assertion(node)


def _is_assertion(node: ast.AST) -> bool:
    """Say whether a node is the `strict=True` of `zip`: no input tells a program from the same without it."""
    return isinstance(node, ast.keyword) and node.arg == "strict"


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
    yield from (
        _with(node, keywords=[*keywords[:place], *keywords[place + 1 :]])
        for place, each in enumerate(keywords)
        if not _is_assertion(each)
    )


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
