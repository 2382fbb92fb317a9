"""Write a line in the journal, and read one's lines."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from ciment.canon import CimentError
from ciment_web.journal.kinds import TOLD_TO, kinds
from ciment_web.journal.models import MissionAct
from ciment_web.journal.permissions import can_record
from ciment_web.journal.queries import visible
from ciment_web.journal.sealing import Words, give_act, open_act, seal_act
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record
from ciment_web.quorum.trust import require_trusted, trusted_members, trusted_roster


class NotAMissionAct(CimentError):  # noqa: N818 - the class names the refusal
    """A kind of act, or a kind of person told, that is not in the lists."""


@dataclass(frozen=True)
class NewAct:
    """What a member notes: the kind, the day, to whom (a word of the law pack), about whom."""

    kind: str
    done_on: date
    told_to: str
    about: str = field(repr=False)


@dataclass(frozen=True)
class Line:
    """A line with its words opened."""

    row: MissionAct
    words: Words = field(repr=False)


def record_act(actor: Actor, new: NewAct) -> MissionAct:
    """Write one line, sealed to its author and the referents.

    Raises:
        NotAllowed: unless the actor is a worker or a referent.
        NotAMissionAct: for a kind that is in no list.
    """
    require(can_record(actor))
    if new.kind not in kinds() or new.told_to not in TOLD_TO:
        raise NotAMissionAct("no such kind")
    author = (actor.member, require_trusted(actor.member, trusted_roster(actor).roster))
    readers = {member.id: (member, public) for member, public in [*trusted_members(actor, Role.REFERENT), author]}
    key = secrets.token_bytes(32)
    with transaction.atomic():
        act = MissionAct(
            id=uuid.uuid4(),
            institution=actor.institution,
            kind=new.kind,
            recorded_by=actor.member,
            recorded_at=timezone.now(),
        )
        act.sealed_words = seal_act(act, key, Words(new.done_on.isoformat(), new.told_to, new.about))
        act.save(force_insert=True)
        give_act(act, key, readers.values())
        record(actor, "mission.recorded", {"line": str(act.id)})
    return act


def read_lines(actor: Actor) -> Sequence[Line]:
    """Open the last lines the actor may read, at most 50; the reading is in the register before they are shown.

    Raises:
        BlobError: if a row was changed behind the application's back.
    """
    rows = list(visible(actor)[:50])
    if not rows:
        return []
    with transaction.atomic():
        lines = [Line(row, open_act(actor, row)) for row in rows]
        record(actor, "mission.read", {"lines": [str(row.id) for row in rows]})
    return lines
