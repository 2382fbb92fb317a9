"""The report of a year in words: one table for each question, in the order a council would ask them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ciment.canon import JsonObject
from ciment.law import UnknownWord
from ciment.register.report import REST
from ciment_web.law import word_for

MONTHS = tuple(f"m{month:02d}" for month in range(1, 13))
QUARTERS = ("q1", "q2", "q3", "q4")


@dataclass(frozen=True)
class Row:
    """One line: its words, its count (None when it may not show), and whether it gathers what does not show."""

    name: str
    label: str
    count: int | None
    gathered: bool = False


@dataclass(frozen=True)
class Table:
    """One breakdown in words. `total` is None when even the total is too small to show."""

    name: str
    title: str
    question: str
    total: int | None
    rows: tuple[Row, ...]

    @property
    def largest(self) -> int:
        """The largest count that shows, at least 1: what the longest bar stands for."""
        return max((row.count or 0 for row in self.rows), default=0) or 1

    @property
    def is_gathered(self) -> bool:
        """Whether nothing shows but the line that gathers everything: no picture of that says anything."""
        return bool(self.rows) and all(row.gathered or row.count is None for row in self.rows)


@dataclass(frozen=True)
class Series:
    """One ground over the four quarters; a quarter whose count may not show has None."""

    label: str
    total: int
    quarters: tuple[Row, ...]


@dataclass(frozen=True)
class Figures:
    """Everything the page and the report say of a year."""

    received: int | None
    answered: int | None
    tables: tuple[Table, ...]
    series: tuple[Series, ...]


def tell_figures(report: JsonObject) -> Figures:
    """Return the figures in the words of the page under way."""
    received, answered = _section(report, "received"), _section(report, "answered")
    tables = (
        _over(MONTHS, _Asked("months", _("Demandes reçues, mois par mois"), _("Quand nous a-t-on interrogés ?")), received),
        _among(_Asked("requesters", _("Demandes reçues, par auteur"), _("Qui nous interroge ?")), received, "requester"),
        _among(_Asked("forms", _("Demandes reçues, par forme"), _("De vive voix ou par écrit ?")), received, "form"),
        _among(_Asked("outcomes", _("Demandes traitées, par réponse"), _("Qu’avons-nous répondu ?")), answered, tell_outcome),
        _among(_Asked("grounds", _("Demandes traitées, par motif invoqué"), _("Au nom de quoi ?")), answered, "ground"),
        _among(
            _Asked("categories", _("Informations demandées"), _("Que veut-on savoir ? Une demande peut en viser plusieurs.")),
            answered,
            "category",
        ),
        _among(
            _Asked("verdicts", _("Ce que dit le droit"), _("Une demande peut appeler plusieurs réponses du droit.")),
            answered,
            "verdict",
        ),
    )  # fmt: skip
    total = answered["outcomes"]["of"]
    return Figures(received["months"]["of"], total, tables, _tell_series(answered["grounds_by_quarter"]))


def tell_outcome(name: str) -> str:
    """Return the words for how a request was answered."""
    return {
        "refused": _("refus, sans consulter aucun dossier"),
        "released": _("communication, par décision collégiale"),
    }.get(name, name)


def tell_ground(name: str) -> str:
    """Return the words for a ground; of the line that gathers the others too."""
    if name == REST:
        return _("Autres motifs, regroupés")
    return capfirst(_say("ground", name))


def tell_quarter(name: str) -> str:
    """Return the words for a quarter."""
    return {"q1": _("janv.–mars"), "q2": _("avril–juin"), "q3": _("juil.–sept."), "q4": _("oct.–déc.")}[name]


def tell_month(name: str) -> str:
    """Return the name of a month."""
    names = (
        _("janvier"), _("février"), _("mars"), _("avril"), _("mai"), _("juin"),
        _("juillet"), _("août"), _("septembre"), _("octobre"), _("novembre"), _("décembre"),
    )  # fmt: skip
    return capfirst(names[MONTHS.index(name)])


@dataclass(frozen=True)
class _Asked:
    name: str
    title: str
    question: str


def _section(report: JsonObject, name: str) -> Mapping[str, Any]:
    section = report[name]
    if not isinstance(section, dict):
        raise TypeError("a report has two sections")
    return section


def _among(asked: _Asked, section: Mapping[str, Any], kind: str | Callable[[str], str]) -> Table:
    """Return the values that show, the most frequent first, and one line for the others."""
    told = section[asked.name]
    ordered = sorted(told["shown"].items(), key=lambda each: (-each[1], each[0]))
    rows = [Row(name, capfirst(kind(name) if callable(kind) else _say(kind, name)), count) for name, count in ordered]
    if told["rest"]:
        rows.append(Row(REST, _("Autres, regroupés"), told["rest"], gathered=True))
    return Table(asked.name, asked.title, asked.question, told["of"], tuple(rows))


def _over(names: tuple[str, ...], asked: _Asked, section: Mapping[str, Any]) -> Table:
    told = section[asked.name]
    rows = _spread(names, told, tell_month) if told["of"] else ()
    return Table(asked.name, asked.title, asked.question, told["of"], rows)


def _spread(names: tuple[str, ...], told: Mapping[str, Any], tell: Callable[[str], str]) -> tuple[Row, ...]:
    # A name that does not show is nought only when nothing is hidden; otherwise it may be anything.
    absent = None if told["rest"] else 0
    return tuple(Row(name, tell(name), told["shown"].get(name, absent)) for name in names)


def _tell_series(lines: Mapping[str, Any]) -> tuple[Series, ...]:
    ordered = sorted(lines.items(), key=lambda each: (each[0] == REST, -each[1]["of"], each[0]))
    return tuple(Series(tell_ground(name), told["of"], _spread(QUARTERS, told, tell_quarter)) for name, told in ordered)


def _say(kind: str, value: str) -> str:
    try:
        return word_for(kind, value)
    except UnknownWord:
        # A word of a pack that is no longer shipped is shown as it was written.
        return value
