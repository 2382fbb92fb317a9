"""Packs from their TOML files. Whatever is wrong is refused with the file, the rule and the reason."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from ciment.law.errors import PackRefused, UnknownWord
from ciment.law.reading import Place, read_languages, read_rule
from ciment.law.rules import Pack, Rule

_SHIPPED = Path(__file__).with_name("packs")


def shipped_packs() -> tuple[str, ...]:
    """Return the names of the packs that come with Ciment."""
    return tuple(sorted(folder.name for folder in _SHIPPED.iterdir() if folder.is_dir()))


@lru_cache(maxsize=16)
def load_pack(name: str) -> Pack:
    """Return the pack of that name that comes with Ciment.

    Raises:
        UnknownWord: no such pack.
        PackRefused: the pack cannot be used.
    """
    if name not in shipped_packs():
        raise UnknownWord(f"unknown pack {name!r}; allowed: {', '.join(shipped_packs())}")
    return load_pack_from(_SHIPPED / name)


def load_pack_from(folder: Path) -> Pack:
    """Return the pack whose rules are the TOML files of a folder, whose name it takes.

    Raises:
        PackRefused: naming file, rule and reason.
    """
    try:
        files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.toml"))}
    except OSError as error:
        raise PackRefused(folder.name, None, f"cannot be read: {error.strerror}") from error
    return parse_pack(folder.name, files)


def parse_pack(name: str, files: Mapping[str, bytes]) -> Pack:
    """Return the pack made of these TOML files (file name to content).

    Raises:
        PackRefused: naming file, rule and reason.
    """
    placed: dict[str, tuple[Place, Rule]] = {}
    drafts: dict[str, str] = {}
    for file, content in files.items():
        document = _parse_file(file, content)
        drafts |= dict.fromkeys(read_languages(Place(file, None), "drafts", document.pop("drafts", [])), file)
        for place, table in _list_rules(file, document):
            rule = read_rule(place, table)
            if rule.id in placed:
                raise place.refuse(f"duplicate id, first seen in {placed[rule.id][0].file}")
            placed[rule.id] = place, rule
    if not placed:
        raise PackRefused(name, None, "no rule")
    _require_overrides(placed)
    languages = _require_languages(placed.values())
    for language, file in drafts.items():
        if language not in languages:
            raise PackRefused(file, None, f"unknown language {language!r} of drafts; allowed: {', '.join(languages)}")
    return Pack(name, languages, tuple(placed[rule_id][1] for rule_id in sorted(placed)), tuple(sorted(drafts)))


def _parse_file(file: str, content: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise PackRefused(file, None, f"not TOML in UTF-8: {error}") from error


def _list_rules(file: str, document: dict[str, object]) -> list[tuple[Place, Mapping[str, object]]]:
    tables = document.pop("rule", [])
    if document:
        raise PackRefused(file, None, f"unknown key {min(document)!r}; allowed: rule, drafts")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise PackRefused(file, None, "rule must be written [[rule]]")
    return [(Place(file, str(table.get("id", f"#{number}"))), table) for number, table in enumerate(tables, 1)]


def _require_overrides(placed: Mapping[str, tuple[Place, Rule]]) -> None:
    for place, rule in placed.values():
        for other in rule.overrides:
            if other not in placed:
                raise place.refuse(f"unknown override {other!r}")
    settled: set[str] = set()
    for place, rule in placed.values():
        if circle := _find_circle(rule.id, {key: value[1].overrides for key, value in placed.items()}, settled, ()):
            raise place.refuse(f"overrides in a circle: {' > '.join(circle)}")


def _find_circle(
    rule: str, overrides: Mapping[str, Sequence[str]], settled: set[str], path: tuple[str, ...]
) -> tuple[str, ...]:
    if rule in path:
        return (*path[path.index(rule) :], rule)
    if rule not in settled:
        for other in overrides[rule]:
            if circle := _find_circle(other, overrides, settled, (*path, rule)):
                return circle
        settled.add(rule)
    return ()


def _require_languages(placed: Iterable[tuple[Place, Rule]]) -> tuple[str, ...]:
    # A language is offered only once every rule speaks it: half a translation would answer some requests in silence.
    rules = tuple(placed)
    languages = tuple(sorted({language for _, rule in rules for language in rule.text}))
    for place, rule in rules:
        for language in languages:
            if language not in rule.text:
                raise place.refuse(f"missing language {language!r}")
    return languages
