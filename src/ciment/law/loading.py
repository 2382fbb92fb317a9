"""Packs from their TOML files. Whatever is wrong is refused with the file, the rule and the reason."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from ciment.law.errors import PackRefused, UnknownWord
from ciment.law.locating import Place
from ciment.law.reading import list_tables, read_document, read_languages, read_rule, suggest
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
    return load_pack_from(shipped_folder(name))


def shipped_folder(name: str) -> Path:
    """Return the folder of the pack of that name that comes with Ciment; raises UnknownWord if there is none."""
    if name not in shipped_packs():
        raise UnknownWord(f"unknown pack {name!r}; allowed: {', '.join(shipped_packs())}")
    return _SHIPPED / name


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
    drafts: dict[str, Place] = {}
    for file, content in files.items():
        whole, document = read_document(file, content, "rule")
        drafts |= dict.fromkeys(read_languages(whole, "drafts", document.pop("drafts", [])), whole)
        for place, table in _list_rules(whole, document):
            rule = read_rule(place, table)
            if rule.id in placed:
                raise place.refuse(
                    f"duplicate id, first seen in {_tell_place(placed[rule.id][0])}; give one another id", "id"
                )
            placed[rule.id] = place, rule
    if not placed:
        raise PackRefused(name, None, "no rule; write at least one [[rule]] in a file whose name ends in .toml")
    require_overrides(placed)
    languages = _require_languages(placed.values())
    for language, place in drafts.items():
        if language not in languages:
            raise place.refuse(f"unknown language {language!r} of drafts{suggest('', languages)}", "drafts", language)
    return Pack(name, languages, tuple(placed[rule_id][1] for rule_id in sorted(placed)), tuple(sorted(drafts)))


def _list_rules(whole: Place, document: dict[str, object]) -> list[tuple[Place, Mapping[str, object]]]:
    tables = document.pop("rule", [])
    if document:
        key = min(document)
        raise whole.refuse(f"unknown key {key!r}{suggest(key, ('rule', 'drafts'))}", key)
    return list_tables(whole, "id", tables)


def _tell_place(place: Place) -> str:
    line = place.find_line("id")
    return place.file if line is None else f"{place.file}:{line}"


def require_overrides(placed: Mapping[str, tuple[Place, Rule]]) -> None:
    """Refuse rules that override an unknown one, or one another in a circle."""
    for place, rule in placed.values():
        for other in rule.overrides:
            if other not in placed:
                reason = f"unknown override {other!r}{suggest(other, sorted(placed))}"
                raise place.refuse(reason, "overrides", other)
    settled: set[str] = set()
    for place, rule in placed.values():
        if circle := _find_circle(rule.id, {key: value[1].overrides for key, value in placed.items()}, settled, ()):
            raise place.refuse(f"overrides in a circle: {' > '.join(circle)}; take one of them out", "overrides")


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
                raise place.refuse(
                    f'missing language {language!r}; write, as other rules do, text.{language} = "…"', "text"
                )
    return languages
