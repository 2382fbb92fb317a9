"""docs/law-packs.md, played: its files are written, its commands typed, its outputs compared."""

import re
import shlex
from pathlib import Path

import pytest

from ciment.cli import main
from ciment.law import DECIDERS, FLAGS, STATUSES, VERDICTS

PAGE = (Path(__file__).parents[3] / "docs" / "law-packs.md").read_text("utf-8")
# A file to write, or a command to type with what it prints.
FILE = r"^`(?P<file>[\w./-]+)` :\n\n```\w+\n(?P<content>.*?)```"
COMMAND = r"^```console\n\$ ciment (?P<typed>.*?)```"
STEPS = re.compile(f"{FILE}|{COMMAND}", re.MULTILINE | re.DOTALL)


def test_the_worked_example_does_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    commands = 0
    for step in STEPS.finditer(PAGE):
        if step["file"]:
            path = Path(step["file"])
            path.parent.mkdir(exist_ok=True)
            path.write_text(step["content"], "utf-8")
        else:
            command, _, shown = step["typed"].partition("\n")
            main(shlex.split(command))
            # Spaces that do not break are for the eye; the page is typed with plain ones.
            said = "".join(capsys.readouterr()).replace("\xa0", " ").replace("\u202f", " ")
            assert _pattern(shown).fullmatch(said), f"{command}\n{said}"
            commands += 1
    assert commands == PAGE.count("$ ciment ") == 6


def _pattern(shown: str) -> re.Pattern[str]:
    # A line with nothing but an ellipsis stands for lines left out.
    return re.compile("".join("(?:.*\n)*" if line == "…\n" else re.escape(line) for line in shown.splitlines(True)))


def test_every_word_of_a_rule_is_on_the_page() -> None:
    assert [word for word in (*VERDICTS, *DECIDERS, *FLAGS, *STATUSES) if f"`{word}`" not in PAGE] == []
