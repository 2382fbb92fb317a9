"""The on-call rota: whose turn it is, who deputises, and the service numbers that the reflex card prints."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from ciment.canon import InvalidEncoding, Json, require_id
from ciment_web.governance.kinds import Setting, SettingRefused
from ciment_web.governance.queries import current_on_host
from ciment_web.governance.reading import read_number, read_object, read_rows, read_text
from ciment_web.institutions.models import Institution

_PHONE = re.compile(r"(?:\+|0)[0-9 ./()-]{2,28}")


@dataclass(frozen=True)
class Turn:
    """One turn, from `start` up to `end`: the member on call, then those called when nobody reads."""

    member: str
    start: datetime
    end: datetime
    deputies: tuple[str, ...]


@dataclass(frozen=True)
class Rota:
    """The turns, the service numbers (empty: written on the card by hand), the minutes before the next are called."""

    turns: tuple[Turn, ...] = ()
    phone: str = ""
    second_phone: str = ""
    minutes: int = 10

    def turn_at(self, moment: datetime) -> Turn | None:
        """Return the turn that holds at a moment."""
        return next((turn for turn in self.turns if turn.start <= moment < turn.end), None)


Steps = list[tuple[str, timedelta, tuple[str, ...]]]


def steps_at(rota: Rota, moment: datetime, readers: Sequence[str], everybody: Sequence[str]) -> Steps:
    """Return whom to alert, as what, and how long after `moment`: nobody twice, nobody who is not among `readers`.

    Those on call at once, their deputies after the rota's minutes, `everybody` else after twice as many. Without a
    turn, or where nobody of it may read, everybody at once: a gap in the rota delays nothing.
    """
    turn = rota.turn_at(moment)
    first = tuple(each for each in ((turn.member,) if turn else ()) if each in readers)
    second = tuple(each for each in (turn.deputies if turn else ()) if each in readers and each not in first)
    rest = tuple(each for each in everybody if each not in first + second)
    wait = timedelta(minutes=rota.minutes)
    steps = [(name, group) for name, group in (("on_call", first), ("deputies", second), ("everybody", rest)) if group]
    return [(name, wait * place, group) for place, (name, group) in enumerate(steps)]


def phones_of(institution: Institution) -> tuple[str, ...]:
    """Return the service numbers of the rota, in the order to try them."""
    rota = current_on_host(institution, ROTA).value
    return tuple(each for each in (rota.phone, rota.second_phone) if each)


def read_phone(value: Json) -> str:
    """Return a telephone number, or an empty one; raises SettingRefused `phone` for anything that is none."""
    text = read_text(value, 30)
    if text and not _PHONE.fullmatch(text):
        raise SettingRefused("phone")
    return text


def _parse(value: Json) -> Rota:
    fields = read_object(value, "turns", "phone", "second_phone", "minutes")
    turns = tuple(
        Turn(
            require_id(row["member"]),
            _read_moment(row["start"]),
            _read_moment(row["end"]),
            _read_members(row["deputies"]),
        )
        for row in read_rows(fields["turns"], "member", "start", "end", "deputies")
    )
    if any(turn.start >= turn.end for turn in turns):
        raise SettingRefused("backwards")
    if any(turn.member in turn.deputies for turn in turns):
        raise SettingRefused("own_deputy")
    ordered = tuple(sorted(turns, key=lambda turn: turn.start))
    if any(before.end > after.start for before, after in pairwise(ordered)):
        raise SettingRefused("overlap")
    return Rota(
        ordered,
        read_phone(fields["phone"]),
        read_phone(fields["second_phone"]),
        read_number(fields["minutes"], 1, 120),
    )


def _read_moment(value: Json) -> datetime:
    seconds = read_number(value, 0, 2**40)
    return datetime.fromtimestamp(seconds, UTC)


def _read_members(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > 4:
        raise InvalidEncoding("not a few deputies")
    return tuple(dict.fromkeys(require_id(each) for each in value))


def _dump(rota: Rota) -> Json:
    return {
        "turns": [
            {
                "member": turn.member,
                "start": int(turn.start.timestamp()),
                "end": int(turn.end.timestamp()),
                "deputies": list(turn.deputies),
            }
            for turn in rota.turns
        ],
        "phone": rota.phone,
        "second_phone": rota.second_phone,
        "minutes": rota.minutes,
    }


def _nobody(_institution: object) -> Rota:
    return Rota()


ROTA: Setting[Rota] = Setting("rota", _parse, _dump, _nobody, _nobody)
