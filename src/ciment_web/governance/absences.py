"""Absences of signatories, and who deputises by legal title. Seats never move: who has none never combines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from ciment.canon import InvalidEncoding, Json, require_id
from ciment_web.governance.kinds import Setting, SettingRefused
from ciment_web.governance.queries import current, current_on_host
from ciment_web.governance.reading import read_rows, read_text
from ciment_web.institutions.languages import writing_for
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member


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


def acted_for(actor: Actor, member_id: str, moment: datetime) -> list[Member]:
    """Return for whom a member deputised at a moment, by name."""
    day = moment.astimezone(ZoneInfo(actor.institution.timezone)).date()
    away = [absence.member for absence in absences_on(actor, day) if absence.deputy == member_id]
    return list(Member.objects.filter(institution=actor.institution, id__in=away).order_by("name"))


def ids_acted_for(actor: Actor) -> list[Json]:
    """Return the identifiers of those whom the actor deputises now: what the register keeps of it."""
    return [str(member.id) for member in acted_for(actor, actor.id, timezone.now())]


def title_of(actor: Actor) -> str:
    """Return what stands under the actor's own name: the function, and for whom, absent, the actor signs."""
    with writing_for(actor.institution):
        return describe_title(actor.member, acted_for(actor, actor.id, timezone.now()))


def describe_title(member: Member, absent: Sequence[Member]) -> str:
    """Return a member's function, and whom the member deputises."""
    parts = [
        _("pour %(name)s, %(function)s, absent·e") % {"name": each.name, "function": each.function} for each in absent
    ]
    return ", ".join([member.function, *parts])


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


def stand_ins(institution: Institution, members: Sequence[Member]) -> list[Member]:
    """Return whom to tell something that waits for `members` today: in the place of the absent, who deputises.

    Asked where nobody is signed in; a notice says nothing, and its page asks who reads it.
    """
    day = timezone.now().astimezone(ZoneInfo(institution.timezone)).date()
    away = [each for each in current_on_host(institution, ABSENCES).value if each.holds_on(day)]
    deputies = deputies_of(away)
    wanted = [deputies.get(str(member.id), str(member.id)) for member in members]
    there = {str(each.id): each for each in Member.objects.filter(institution=institution, active=True, id__in=wanted)}
    # A deputy who left tells nobody: then the absent member is told after all.
    found = {str(each.id): each for member, at in zip(members, wanted, strict=True) for each in [there.get(at, member)]}
    return list(found.values())


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
