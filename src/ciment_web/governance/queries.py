"""What counts of a setting, verified under the roster that the reader pinned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Generic

from ciment.canon import CimentError
from ciment.quorum.roster import Roster, fingerprint, parse_signed_roster
from ciment_web.governance.kinds import Setting, Value
from ciment_web.governance.models import SettingRecord
from ciment_web.governance.statements import SettingBroken, Statement, digest_of, parse_statement, verify_statement
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member
from ciment_web.quorum.models import RosterRecord
from ciment_web.quorum.trust import NoQuorum, trusted_roster, verified_roster


class Standing(Enum):
    """Why a value counts."""

    DEFAULT = "default"
    SIGNED = "signed"
    BROKEN = "broken"


@dataclass(frozen=True)
class Current(Generic[Value]):
    """The value that counts now, and why; `author` and `at` only where it is signed."""

    value: Value
    standing: Standing
    generation: int = 0
    author: str = ""
    at: datetime | None = None

    @property
    def is_broken(self) -> bool:
        """Whether a statement is stored that cannot be believed: the page must say so."""
        return self.standing is Standing.BROKEN

    @property
    def is_signed(self) -> bool:
        """Whether somebody stated it."""
        return self.standing is Standing.SIGNED


def current(actor: Actor, setting: Setting[Value]) -> Current[Value]:
    """Return what counts for the actor: the last statement, if it holds under the roster the actor pinned.

    Nothing is raised for a statement that does not hold: the strict value counts, and `standing` says so.
    """
    return _counting(actor.institution, setting, lambda: trusted_roster(actor).roster)


def current_on_host(institution: Institution, setting: Setting[Value]) -> Current[Value]:
    """Return what counts for the server itself, where nobody need be signed in: under the stored roster.

    Whoever changes the database could exchange that roster too; every member who pinned the true one then loses all
    roles, and acts no more. Use it only for what gives nobody access and carries no content.
    """

    def stored() -> Roster:
        row = RosterRecord.objects.filter(institution=institution).order_by("-generation").first()
        if row is None:
            raise NoQuorum("no roster is in force")
        signed = bytes(row.signed)
        return verified_roster(signed, fingerprint(parse_signed_roster(signed)), str(institution.id)).roster

    return _counting(institution, setting, stored)


def last_records(institution: Institution, name: str) -> Sequence[SettingRecord]:
    """Return the last statement of a setting and the one before, latest first, as stored."""
    return list(SettingRecord.objects.filter(institution=institution, name=name).order_by("-generation")[:2])


def signer_of(institution: Institution, current: Current[object]) -> Member | None:
    """Return the member who stated a setting."""
    return Member.objects.filter(institution=institution, id=current.author).first() if current.author else None


def _counting(institution: Institution, setting: Setting[Value], roster_of: Callable[[], Roster]) -> Current[Value]:
    records = last_records(institution, setting.name)
    if not records:
        return Current(setting.default(institution), Standing.DEFAULT)
    try:
        return _verified(setting, records, roster_of())
    except CimentError:
        return Current(setting.strict(institution), Standing.BROKEN, records[0].generation)


def _verified(setting: Setting[Value], records: Sequence[SettingRecord], roster: Roster) -> Current[Value]:
    last, before = records[0], records[1] if len(records) > 1 else None
    statement = _statement_of(last, setting, roster)
    due = digest_of(bytes(before.statement), bytes(before.signature)) if before else b""
    if statement.previous != due:
        raise SettingBroken("a setting that does not follow the one before")
    value = setting.parse(statement.value)
    setting.check(value_before(setting, before, last.institution), value, statement.author)
    at = datetime.fromtimestamp(statement.at / 1000, UTC)
    return Current(value, Standing.SIGNED, statement.generation, statement.author, at)


def value_before(setting: Setting[Value], record: SettingRecord | None, institution: Institution) -> Value:
    """Return what a statement replaced, as far as it can be read: what held by default, or strictly, otherwise."""
    if record is None:
        return setting.default(institution)
    try:
        return setting.parse(parse_statement(bytes(record.statement)).value)
    except CimentError:
        return setting.strict(institution)


def _statement_of(record: SettingRecord, setting: Setting[Value], roster: Roster) -> Statement:
    statement = verify_statement(bytes(record.statement), bytes(record.signature), roster, reserved=setting.reserved)
    stored = (str(record.institution_id), record.name, record.generation)
    if (statement.institution, statement.name, statement.generation) != stored or statement.name != setting.name:
        raise SettingBroken("a statement moved to another row")
    return statement
