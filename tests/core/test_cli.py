"""The `ciment` command as a whole: its parts are tested beside what they show."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from ciment import cli


def test_without_a_command_it_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "usage" in said.err


@pytest.mark.parametrize("name", cli.WEB_COMMANDS)
def test_without_the_web_application_its_commands_name_the_extra(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "entry_points", lambda **_: [])
    assert cli.main([name, "--anything"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "pip install 'ciment[web]'" in said.err


def test_a_web_command_that_does_not_load_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken:
        name = "demo"

        def load(self) -> Callable[[list[str]], int]:
            raise ModuleNotFoundError("django")

    monkeypatch.setattr(cli, "entry_points", lambda **_: [Broken()])
    assert cli.main(["demo"]) == 2
    assert "ciment[web]" in capsys.readouterr().err


def test_a_web_command_receives_what_follows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Found:
        name = "serve"

        def load(self) -> Callable[[list[str]], int]:
            return lambda rest: 0 if rest == ["--port", "1"] else 1

    monkeypatch.setattr(cli, "entry_points", lambda **_: [Found()])
    assert cli.main(["serve", "--port", "1"]) == 0


def test_the_core_commands_load_neither_django_nor_the_web() -> None:
    script = (
        "import sys; from ciment.cli import main; main(['law', 'qualify', '/nowhere.json']);"
        " print([m for m in sys.modules if m.startswith(('django', 'ciment_web'))])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


@pytest.mark.parametrize(
    "run",
    [
        "main(['law', 'qualify', '/nowhere.json']); report()",
        "cli._run_web_command = lambda name, rest: report() or 0; main(['serve'])",
    ],
)
def test_no_command_leaves_a_core_dump(run: str) -> None:
    script = (
        "import resource\nfrom ciment import cli\nfrom ciment.cli import main\n"
        "_, most = resource.getrlimit(resource.RLIMIT_CORE)\nresource.setrlimit(resource.RLIMIT_CORE, (most, most))\n"
        f"def report():\n    print(most, resource.getrlimit(resource.RLIMIT_CORE))\n{run}"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    most, left = done.stdout.strip().split(" ", 1)
    assert left == "(0, 0)", most


def test_a_system_without_such_limits_runs_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert cli.main(["law", "qualify", "/nowhere.json"]) == 2


def test_a_reader_who_has_enough_ends_the_command_without_a_traceback() -> None:
    script = "import sys; from ciment.cli import main; sys.exit(main(['law', 'prove']))"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.close()
        assert writer.stderr.read() == b""
    assert writer.returncode == cli.CLOSED_PIPE
