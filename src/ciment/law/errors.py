"""What `ciment.law` refuses, and why."""

from ciment.canon import CimentError


class UnknownFact(CimentError):  # noqa: N818 - the class names the refusal, as its siblings do
    """A fact that is unknown, of the wrong type, or missing. The message names key, value and what is allowed."""


class UnknownWord(CimentError):  # noqa: N818 - the class names the refusal, as its siblings do
    """A pack, a language or a label that does not exist. The message names it and what is allowed."""


class PackRefused(CimentError):  # noqa: N818 - the class names the refusal, as its siblings do
    """A pack that cannot be used.

    Attributes:
        file: the name of the file at fault, without its folder.
        rule: the identifier of the rule at fault, or its position, or None when the file itself is at fault.
        reason: what is wrong, and what to write instead.
        line: where, from 1; None when it cannot be told.
    """

    def __init__(self, file: str, rule: str | None, reason: str, line: int | None = None) -> None:
        self.file, self.rule, self.reason, self.line = file, rule, reason, line
        super().__init__(f"{_tell_place(file, line)}: {f'rule {rule}: ' if rule else ''}{reason}")


class ScenarioRefused(CimentError):  # noqa: N818 - the class names the refusal, as its siblings do
    """A file of scenarios that cannot be used; the message names the file, the line if it can be told, and why."""

    def __init__(self, file: str, scenario: str | None, reason: str, line: int | None) -> None:
        super().__init__(f"{_tell_place(file, line)}: {f'scenario {scenario}: ' if scenario else ''}{reason}")


class AmbiguousLaw(CimentError):  # noqa: N818 - the class names the refusal, as its siblings do
    """Rules with different verdicts decide the same situation, and none of them overrides the others."""


def _tell_place(file: str, line: int | None) -> str:
    # Editors and terminals make a link of `file:line`.
    return file if line is None else f"{file}:{line}"
