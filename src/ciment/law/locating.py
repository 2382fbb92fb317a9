"""Where something stands in a pack file: the line to show to whoever has to correct it.

The standard TOML reader tells no lines. The shape of a pack is fixed, so its text is enough: the n-th `[[rule]]`, a key
inside it, a value after that key. What is written in another shape has no line rather than a wrong one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ciment.law.errors import PackRefused

# Strings and comments, longest quotes first: what they hold is never a key or a heading.
_HIDDEN = re.compile(r"""\"{3}[\s\S]*?\"{3}|'{3}[\s\S]*?'{3}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*""", re.VERBOSE)
_HEADING = re.compile(r"^[ \t]*\[\[[ \t]*(\w+)[ \t]*\]\]", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """Where something stands in a pack.

    Attributes:
        file: its file.
        rule: its rule, None for what stands outside every rule.
        number: which `[[rule]]` of the file, from 1.
        heading: what stands in these brackets.
        text: the whole file, empty when there is none to show a line of.
        item: which of the tables of a list, from 1.
    """

    file: str
    rule: str | None
    number: int | None = None
    text: str = field(default="", repr=False)
    item: int | None = None
    heading: str = "rule"

    def refuse(self, reason: str, key: str = "", value: str = "") -> PackRefused:
        """Return the refusal to raise, at the line of that value of that key (dotted, from the rule inwards)."""
        return PackRefused(self.file, self.rule, reason, self.find_line(key, value))

    def find_line(self, key: str = "", value: str = "") -> int | None:
        """Return the line of that value of that key, of the rule itself for no key; None where it cannot be told."""
        path: list[str | int] = [part for part in key.split(".") if part]
        if self.item is not None and path:
            path.insert(1, self.item)
        return find_line(self.text, (self.heading, self.number), path, value) if self.text else None


def find_line(text: str, table: tuple[str, int | None], path: Sequence[str | int], value: str = "") -> int | None:
    """Return the line, from 1, of a value under a path of keys; of the last key found when the rest is not.

    Args:
        text: the whole file.
        table: what stands in the double brackets above the table, and which of those it is, from 1; None for what
            stands outside them all.
        path: keys from the outermost, each followed by the number of the item, from 1, when it holds a list of tables.
        value: the word at fault, when it is one.
    """
    bare = _HIDDEN.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    start, end = 0, len(bare)
    heading, number = table
    if number is not None:
        found = [(match[1], match.start()) for match in _HEADING.finditer(bare)] + [("", end)]
        spans = [(here, after) for (name, here), (_, after) in pairwise(found) if name == heading]
        if number > len(spans):
            return None
        start, end = spans[number - 1]
    position = _follow(bare[:end], start, path)
    if position is None:
        # A table has a heading to show; what stands outside them all has nothing.
        return None if number is None else text.count("\n", 0, start) + 1
    if value:
        word = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)").search(text, position, end)
        position = word.start() if word else position
    return text.count("\n", 0, position) + 1


def _follow(bare: str, start: int, path: Sequence[str | int]) -> int | None:
    position = None
    for step in path:
        begin = start if position is None else position
        found = _nth_table(bare, begin, step) if isinstance(step, int) else _find_key(bare, begin, step)
        if found is None:
            break
        position = found
    return position


def _find_key(bare: str, position: int, name: str) -> int | None:
    match = _key(name).search(bare, position)
    return match.start() if match else None


def _nth_table(bare: str, position: int, number: int) -> int | None:
    # Either `key = [{ … }, { … }]`, or a heading `[[rule.key]]` above each.
    heading = re.compile(r"\w+(?=[ \t]*\]\])").match(bare, position)
    pattern = _key(heading[0]) if heading else re.compile(r"\{")
    tables = [match.start() for match in pattern.finditer(bare, position)]
    return tables[number - 1] if number <= len(tables) else None


def _key(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?=[ \t]*[=.\]])")
