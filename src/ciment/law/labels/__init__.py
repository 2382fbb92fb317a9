"""Human words for every public name of the law, one TOML file per language: [kind] then name = "words"."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ciment.law.errors import UnknownWord

_FOLDER = Path(__file__).parent


def label(kind: str, value: str, lang: str) -> str:
    """Return the words for one public name.

    Args:
        kind: an attribute of the vocabulary (for its values), or `attribute`, `verdict`, `decided_by`, `flag`,
            `status`, or `phrase` for the sentences around them.
        value: the public name.
        lang: two letters.

    Raises:
        UnknownWord: no such language, kind or value.
    """
    words = _read_labels(lang)
    if kind not in words:
        raise UnknownWord(f"unknown kind of label {kind!r}; allowed: {', '.join(words)}")
    if value not in words[kind]:
        raise UnknownWord(f"unknown {kind} {value!r}; allowed: {', '.join(words[kind])}")
    return words[kind][value]


@lru_cache(maxsize=16)
def _read_labels(lang: str) -> Mapping[str, Mapping[str, str]]:
    languages = sorted(path.stem for path in _FOLDER.glob("*.toml"))
    if lang not in languages:
        raise UnknownWord(f"unknown language {lang!r}; allowed: {', '.join(languages)}")
    return tomllib.loads((_FOLDER / f"{lang}.toml").read_bytes().decode())
