"""Rules of the whole project that no linter knows."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRACKED = [ROOT / name for name in subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()]
TEXTS = [
    path for path in TRACKED if path.suffix in {".py", ".md", ".toml", ".html", ".css", ".typ", ".json", ".yml", ""}
]
SOURCES = [path for path in TRACKED if path.suffix == ".py" and path.is_relative_to(ROOT / "src")]

# Names that say nothing about what lives there.
_EMPTY_NAMES = {"utils", "helpers", "common", "services", "manager", "misc", "base"}
# Addresses of one machine, and hosts of package registries.
_PLACES = re.compile(r"/root/|/home/[a-z]+/|/work/(?!er)|pypi\.org|pythonhosted|npmjs\.(org|com)|registry\.npm")


def test_no_module_has_an_empty_name() -> None:
    assert [path for path in SOURCES if {part.removesuffix(".py") for part in path.parts} & _EMPTY_NAMES] == []


def test_no_text_names_a_machine_or_a_registry() -> None:
    found = []
    for path in TEXTS:
        # The lists of vendored files say where they come from; this file names what it forbids.
        if path.name in {"VENDORED.toml", "test_rules.py"} or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {match}" for match in _PLACES.findall(text)]
        found += [str(path.relative_to(ROOT)) for _ in _PLACES.finditer(text)]
    assert found == []


def test_source_files_are_short_enough_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in SOURCES
        if "migrations" not in path.parts
    }
    assert {name: lines for name, lines in long.items() if lines > 300} == {}


def test_no_work_is_left_as_a_note() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
    found = [str(path) for path in SOURCES if marks.search(path.read_text())]
    assert found == []


def test_models_hold_no_logic() -> None:
    # No save(), no signals: what an act does stands in one function, in one transaction.
    found = [
        str(path)
        for path in SOURCES
        if path.is_relative_to(ROOT / "src" / "ciment_web")
        and re.search(r"def save\(|django\.db\.models\.signals|@receiver", path.read_text())
    ]
    assert found == []


def test_templates_carry_neither_inline_style_nor_script() -> None:
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE)
    pages = [path for path in TRACKED if path.suffix == ".html"]
    assert pages
    assert [str(path) for path in pages if inline.search(path.read_text())] == []


def test_every_template_marks_its_words_for_translation() -> None:
    # Words outside tags and template commands: letters in a row that no {% translate %} covers.
    found = []
    for path in (path for path in TRACKED if path.suffix == ".html"):
        text = re.sub(
            r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}|<!--.*?-->", "", path.read_text(), flags=re.DOTALL
        )
        text = re.sub(r"\{% blocktranslate.*?\{% endblocktranslate %\}", "", text, flags=re.DOTALL)
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
        text = re.sub(r"<(script|style|code)\b.*?</\1>", "", text, flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", " ", text, flags=re.DOTALL)
        words = [word for word in re.findall(r"[^\W\d_]{3,}", text) if word != "Ciment"]
        if words:
            found.append(f"{path.relative_to(ROOT)}: {words}")
    assert found == []


def test_locks_carry_hashes_and_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert not re.search(r"^--(index-url|find-links|extra-index-url)", text, flags=re.MULTILINE)


def test_the_extra_and_the_commands_are_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "EUPL-1.2"
    assert set(project["entry-points"]["ciment.commands"]) == {"demo", "found", "serve", "manage"}
    core = " ".join(project["dependencies"])
    assert "django" not in core
    assert {"cryptography", "pynacl"} <= {name.split(">")[0] for name in project["dependencies"]}


@pytest.mark.parametrize(
    "name", ["README.md", "README.fr.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"]
)
def test_the_documents_of_a_project_are_there(name: str) -> None:
    assert (ROOT / name).stat().st_size > 500


def test_the_gate_runs_what_the_readme_says() -> None:
    readme = (ROOT / "README.md").read_text()
    gate = (ROOT / ".ci" / "run").read_text()
    for command in ("make test", "make run", "make demo"):
        assert command in readme
    assert "make test" in gate
    assert "make check" in gate
