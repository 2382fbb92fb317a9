"""The JSON Schema for editors: in step with the vocabulary, true of every shipped pack, false of what packs refuse."""

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ciment.cli import main
from ciment.law import UnknownWord, build_schema, loading

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "docs" / "law" / "pack.schema.json"
PACK_FILES = sorted((Path(loading.__file__).parent / "packs").glob("*/*.toml"))
BAD_FILES = sorted(Path(__file__).with_name("bad_packs").glob("*.toml"))
# What one file alone, or the shape of a value alone, cannot tell.
BEYOND_A_SCHEMA = {
    "unknown_override", "overrides_in_a_circle", "source_that_runs_out", "overlapping_intervals", "empty_interval",
    "duplicate_id", "missing_language", "unknown_draft", "empty_file", "date_in_quotes",
}  # fmt: skip


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Say whether a TOML value fits a schema made of the words below; an unknown word is an error."""
    value = value.isoformat() if type(value) is date else value
    return all(
        _fits_word(value, schema, word) for word in schema.keys() - {"$schema", "title", "description", "x-taplo"}
    )


def _fits_word(value: Any, schema: Mapping[str, Any], word: str) -> bool:  # noqa: PLR0911 - one answer for each word
    asked = schema[word]
    match word:
        case "type":
            return isinstance(value, {"object": dict, "array": list, "string": str}[asked])
        case "enum":
            return value in asked
        case "anyOf":
            return any(fits(value, option) for option in asked)
        case "pattern" | "format":
            pattern = {"date": r"^\d{4}-\d\d-\d\d$"}.get(asked, asked)
            return not isinstance(value, str) or re.search(pattern, value) is not None
        case "minItems" | "minProperties":
            return not isinstance(value, list | dict) or len(value) >= asked
        case "uniqueItems":
            return not isinstance(value, list) or len(set(map(str, value))) == len(value)
        case "items":
            return not isinstance(value, list) or all(fits(item, asked) for item in value)
        case "required":
            return not isinstance(value, dict) or set(asked) <= set(value)
        case "properties" | "patternProperties" | "additionalProperties":
            return not isinstance(value, dict) or all(_fits_key(key, value[key], schema) for key in value)
    raise AssertionError(word)


def _fits_key(key: str, value: Any, schema: Mapping[str, Any]) -> bool:
    patterns = {f"^{re.escape(name)}$": inner for name, inner in schema.get("properties", {}).items()}
    inner = [each for name, each in (patterns | schema.get("patternProperties", {})).items() if re.search(name, key)]
    return all(fits(value, each) for each in inner) and (bool(inner) or schema.get("additionalProperties", True))


def test_the_published_schema_is_the_one_of_the_vocabulary() -> None:
    assert PUBLISHED.read_text("utf-8") == json.dumps(build_schema("fr"), ensure_ascii=False, indent=2) + "\n", (
        "run: ciment law schema > docs/law/pack.schema.json"
    )


@pytest.mark.parametrize("file", PACK_FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_shipped_pack_fits(file: Path) -> None:
    assert fits(tomllib.loads(file.read_text("utf-8")), json.loads(PUBLISHED.read_text("utf-8")))


@pytest.mark.parametrize("file", BAD_FILES, ids=lambda file: file.stem)
def test_what_a_pack_refuses_an_editor_underlines(file: Path) -> None:
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except ValueError:
        return  # the editor says so by itself
    assert fits(document, json.loads(PUBLISHED.read_text("utf-8"))) == (file.stem in BEYOND_A_SCHEMA)


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "schema"]) == 0
    assert capsys.readouterr().out == PUBLISHED.read_text("utf-8")


def test_a_language_without_labels_is_refused() -> None:
    with pytest.raises(UnknownWord, match="unknown language 'xx'; allowed: "):
        build_schema("xx")
