"""Absences of signatories, and who deputises by legal title. Seats never move: who has none never combines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ciment.canon import InvalidEncoding, Json, require_id
from ciment_web.governance.kinds import Setting, SettingRefused
from ciment_web.governance.queries import current
from ciment_web.governance.reading import read_rows, read_text
from ciment_web.members.actor import Actor


@dataclass(frozen=True)
class Absence:
    """One member away from `first` to `last`, both days included; `title` names the document that makes the deputy."""

    member: str
    first: date
    last: date
    deputy: str
    title: str

    def holds_on(self, day: date) -> bool:
        """Tell whether the member is away on that day."""
        return self.first <= day <= self.last


Absences = tuple[Absence, ...]


def absences_on(actor: Actor, day: date) -> Absences:
    """Return the absences that count for the actor on one day."""
    return tuple(absence for absence in current(actor, ABSENCES).value if absence.holds_on(day))


def deputies_of(absences: Sequence[Absence]) -> dict[str, str]:
    """Return who takes the notices of whom: absent member to deputy, followed to somebody who is there.

    A circle of deputies who are all away leads back to the absent member: a notice is never lost.
    """
    direct = {absence.member: absence.deputy for absence in absences}
    found = {}
    for member, deputy in direct.items():
        seen, at = {member}, deputy
        while at in direct and at not in seen:
            seen.add(at)
            at = direct[at]
        found[member] = member if at in direct else at
    return found


def _parse(value: Json) -> Absences:
    rows = tuple(
        Absence(
            require_id(row["member"]),
            _read_day(row["first"]),
            _read_day(row["last"]),
            require_id(row["deputy"]),
            read_text(row["title"], 120),
        )
        for row in read_rows(value, "member", "first", "last", "deputy", "title")
    )
    for row in rows:
        if row.first > row.last:
            raise SettingRefused("backwards")
        if row.member == row.deputy:
            raise SettingRefused("own_deputy")
        if not row.title.strip():
            raise SettingRefused("no_title")
    for place, row in enumerate(rows):
        if any(
            each.member == row.member and each.first <= row.last and row.first <= each.last for each in rows[:place]
        ):
            raise SettingRefused("overlap")
    return rows


def _read_day(value: Json) -> date:
    try:
        return date.fromisoformat(read_text(value, 10))
    except ValueError as error:
        raise InvalidEncoding("not a day") from error


def _dump(absences: Absences) -> Json:
    return [
        {
            "member": each.member,
            "first": each.first.isoformat(),
            "last": each.last.isoformat(),
            "deputy": each.deputy,
            "title": each.title,
        }
        for each in sorted(absences, key=lambda each: (each.first, each.member))
    ]


def _nobody(_institution: object) -> Absences:
    return ()


ABSENCES: Setting[Absences] = Setting("absences", _parse, _dump, _nobody, _nobody)
