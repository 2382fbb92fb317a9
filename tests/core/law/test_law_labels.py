"""Every public name has words in every language that is shipped."""

import tomllib
from pathlib import Path

import pytest

from ciment.law import (
    DECIDERS,
    FLAGS,
    STATUSES,
    VERDICTS,
    VOCABULARY,
    UnknownWord,
    label,
    labels,
    load_pack,
    shipped_packs,
)

NAMES = {
    "attribute": tuple(VOCABULARY),
    **VOCABULARY,
    "verdict": VERDICTS,
    "decided_by": DECIDERS,
    "flag": FLAGS,
    "status": STATUSES,
}
FILES = sorted(Path(labels.__file__).parent.glob("*.toml"))
LANGUAGES = [file.stem for file in FILES]
FRENCH = FILES[LANGUAGES.index("fr")]


def words_of(file: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads(file.read_text("utf-8"))


@pytest.mark.parametrize("file", FILES, ids=LANGUAGES)
def test_words_cover_the_public_names_exactly(file: Path) -> None:
    words = words_of(file)
    for kind, names in NAMES.items():
        assert set(words[kind]) == set(names)
        assert len(set(words[kind].values())) == len(names), f"two values of {kind} share their words"
    assert all(text.strip() == text != "" for table in words.values() for text in table.values())


@pytest.mark.parametrize("file", FILES, ids=LANGUAGES)
def test_every_language_has_the_sentences_of_french(file: Path) -> None:
    words, french = words_of(file), words_of(FRENCH)
    assert {kind: set(table) for kind, table in words.items()} == {kind: set(table) for kind, table in french.items()}


@pytest.mark.parametrize("name", shipped_packs())
def test_every_language_of_a_pack_has_words(name: str) -> None:
    assert set(load_pack(name).languages) <= set(LANGUAGES)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("form", "oral", "xx"), "unknown language 'xx'; allowed: de, en, fr, nl"),
        (("form", "oral", "../fr"), "unknown language '../fr'; allowed: de, en, fr, nl"),
        (("colour", "oral", "fr"), f"unknown kind of label 'colour'; allowed: {', '.join(words_of(FRENCH))}"),
        (("form", "shouted", "fr"), "unknown form 'shouted'; allowed: oral, written, written_reasoned"),
    ],
)
def test_unknown_labels_are_refused(arguments: tuple[str, str, str], message: str) -> None:
    with pytest.raises(UnknownWord) as refusal:
        label(*arguments)
    assert str(refusal.value) == message


def test_words_outside_ascii_are_read_as_they_are_written() -> None:
    assert label("form", "written_reasoned", "fr") == "écrite et motivée"


def test_nobody_adds_a_word_to_the_vocabulary_in_passing() -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        VOCABULARY["form"] = ("oral",)  # type: ignore[index]
