"""The demonstration does what people do: the same functions as the views, and no row written beside them."""

import ast
from pathlib import Path

import pytest

import ciment_web

WEB = Path(ciment_web.__file__).parent
VIEWS = sorted([*WEB.glob("*/views.py"), *WEB.glob("*/views/*.py")])
PLAYED = [WEB / "project" / name for name in ("stories.py", "demo.py")]
# Founding a centre has no page: `demonstration.py` founds one, and holds its ceremony as the page of the accords does.
CEREMONY = WEB / "project" / "demonstration.py"
# A founding enrols without an invitation and countersigns what it made: the pages ask for a code and a passphrase.
WITHOUT_A_PAGE = {("ciment_web.quorum.actions", "countersign_member"), ("ciment_web.members.actions", "NewMember")}
WRITES = {
    "save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "raw", "cursor",
    "execute", "save_base", "_base_manager",
}  # fmt: skip


def actions_of(path: Path) -> set[tuple[str, str]]:
    """Return (module, name) of everything that a file takes from a module of actions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    taken, modules = set(), {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        for name in node.names:
            if "actions" in node.module.split("."):
                taken.add((node.module, name.name))
            elif name.name == "actions":
                modules[name.asname or name.name] = f"{node.module}.actions"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            taken.add((modules[node.value.id], node.attr))
    return taken


def writes_of(path: Path) -> list[str]:
    """Return every call in a file that writes a row without an action: a manager's, a row's, or plain SQL."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            on_manager = any(isinstance(each, ast.Attribute) and each.attr == "objects" for each in ast.walk(node.func))
            if node.func.attr in WRITES or (node.func.attr == "update" and on_manager):
                found.append(f"{path.name}:{node.lineno} {node.func.attr}")
    return found


SEEN_BY_VIEWS = set().union(*(actions_of(path) for path in VIEWS))


@pytest.mark.parametrize("path", PLAYED, ids=lambda path: path.name)
def test_the_demonstration_acts_through_what_the_views_call(path: Path) -> None:
    assert actions_of(path) <= SEEN_BY_VIEWS


def test_the_stories_go_through_every_step_of_the_main_job() -> None:
    played = {name for path in PLAYED for _module, name in actions_of(path)}
    assert played >= {
        "keep_draft", "take_draft", "record_inquiry", "state_recusal", "read_inquiry", "qualify_inquiry",
        "refuse_inquiry", "add_copy", "prepare_decision", "approve_decision", "execute_decision", "answer_inquiry",
    }  # fmt: skip


def test_the_ceremony_is_held_as_on_its_page() -> None:
    assert actions_of(CEREMONY) - WITHOUT_A_PAGE <= SEEN_BY_VIEWS


@pytest.mark.parametrize("path", [*PLAYED, CEREMONY, *VIEWS], ids=lambda path: f"{path.parent.name}-{path.name}")
def test_nobody_writes_rows_beside_the_actions(path: Path) -> None:
    assert writes_of(path) == []


def test_what_this_test_looks_for_is_found(tmp_path: Path) -> None:
    file = tmp_path / "views.py"
    file.write_text(
        "from ciment_web.quorum import actions as acts\nfrom ciment_web.inquiries.actions.answer import close_inquiry\n"
        "acts.deal(1)\nInquiry.objects.filter(pk=1).update(state='closed')\ninquiry.save()\n{}.update(a=1)\n"
    )
    assert actions_of(file) == {
        ("ciment_web.quorum.actions", "deal"), ("ciment_web.inquiries.actions.answer", "close_inquiry"),
    }  # fmt: skip
    assert writes_of(file) == ["views.py:4 update", "views.py:5 save"]
