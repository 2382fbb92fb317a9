"""French counts as French does, wherever Ciment is installed."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

import catalogue

ROOT = Path(__file__).parents[2]
DATA = {
    ".css",
    ".html",
    ".icc",
    ".js",
    ".json",
    ".mo",
    ".po",
    ".svg",
    ".toml",
    ".ttf",
    ".txt",
    ".typ",
    ".typed",
    ".woff2",
}
SENTENCES = sorted(set(catalogue.counted_sentences()))


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence[0])
def test_nothing_and_one_are_singular(sentence: tuple[str, str]) -> None:
    with translation.override("fr"):
        assert [translation.ngettext(*sentence, count) for count in (0, 1, 2, 1_000_000)] == [
            sentence[0], sentence[0], sentence[1], sentence[1],
        ]  # fmt: skip


def test_every_plural_of_a_template_is_found() -> None:
    templates = "".join(path.read_text("utf-8") for path in catalogue.WEB.rglob("*.html"))
    assert 0 < templates.count("{% plural %}") <= len(list(catalogue.counted_sentences()))


def test_a_catalogue_out_of_step_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert catalogue.main(["--check"]) == 0
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    assert catalogue.main(["--check"]) == 1
    assert catalogue.main([]) == 0
    assert catalogue.main(["--check"]) == 0
    monkeypatch.setattr(catalogue, "sentences", lambda: [("un jour", "des jours")])
    assert catalogue.main(["--check"]) == 1
    assert "run make catalogue" in capsys.readouterr().err


def test_what_is_left_to_translate_and_what_is_lost_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogue, "sentences", lambda: ["Bonjour, %(name)s", "Adieu"])
    assert catalogue.main(["--begin", "fr", "nl"]) == 0
    assert catalogue.untranslated_in("nl") == ["Adieu", "Bonjour, %(name)s"]
    path = tmp_path / "nl" / "LC_MESSAGES" / "django.po"
    path.write_text(path.read_text().replace('"Adieu"\nmsgstr ""', '"Adieu"\nmsgstr "Tot ziens"'))
    path.write_text(path.read_text().replace('%(name)s"\nmsgstr ""', '%(name)s"\nmsgstr "Dag, %(naam)s"'))
    assert catalogue.main([]) == 0
    assert catalogue.main(["--check"]) == 1
    assert "a value or a tag is lost in: Dag, %(naam)s" in capsys.readouterr().err
    path.write_text(path.read_text().replace("%(naam)s", "%(name)s"))
    assert catalogue.main([]) == 0
    assert catalogue.main(["--check"]) == 0
    assert catalogue.untranslated_in("nl") == []


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_language_that_is_offered_says_everything(language: str) -> None:
    assert language in catalogue.languages()
    assert language == "fr" or catalogue.untranslated_in(language) == []


@pytest.mark.slow
def test_a_wheel_carries_every_file(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    needed = {str(path.relative_to(tmp_path / "src")) for path in (tmp_path / "src").rglob("*") if path.is_file()}
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "-w", str(tmp_path / "dist"), str(tmp_path)], check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())
    assert "ciment_web/project/locale/fr/LC_MESSAGES/django.mo" in needed
    assert needed - carried == set()
