"""What a setting is: its name, its form, what holds without it, and who may state it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ciment.canon import CimentError, Json
from ciment_web.institutions.models import Institution

Value = TypeVar("Value")


class SettingRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A value that a setting does not take; `code` says which rule it breaks."""

    def __init__(self, code: str) -> None:
        """Keep the code: the message holds nothing that was typed."""
        super().__init__(f"a setting refuses this value: {code}")
        self.code = code


@dataclass(frozen=True)
class Setting(Generic[Value]):
    """One setting.

    `default` gives what holds as long as nobody has stated it; `strict` what holds where the stored statement cannot
    be verified. `parse` reads a canonical value and raises `SettingRefused` or `InvalidEncoding`; `dump` writes one.
    `check` refuses a change (before, after, author's identifier) that its author may not make; it is asked when the
    change is made, and again whenever it is read.
    """

    name: str
    parse: Callable[[Json], Value]
    dump: Callable[[Value], Json]
    default: Callable[[Institution], Value]
    strict: Callable[[Institution], Value]
    reserved: bool = False
    check: Callable[[Value, Value, str], None] = lambda _before, _after, _author: None
