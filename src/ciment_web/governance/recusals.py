"""Recusal by setting: whoever also sits where certain requests come from takes no part in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ciment.canon import InvalidEncoding, Json, require_id
from ciment.law import VOCABULARY
from ciment_web.governance.kinds import Setting, SettingRefused
from ciment_web.governance.queries import current
from ciment_web.governance.reading import read_rows
from ciment_web.members.actor import Actor


@dataclass(frozen=True)
class Recusals:
    """Who is recused (member identifier) from the requests of which kinds of requester; or everybody from all."""

    by_member: Mapping[str, frozenset[str]] = field(default_factory=dict)
    everybody: bool = False

    def covers(self, member_id: str, requester: str) -> bool:
        """Tell whether a member takes no part in a request of this kind of requester."""
        return self.everybody or requester in self.by_member.get(member_id, frozenset())


def recusals_of(actor: Actor) -> Recusals:
    """Return the recusals that count for the actor."""
    return current(actor, RECUSALS).value


def _parse(value: Json) -> Recusals:
    found: dict[str, frozenset[str]] = {}
    for row in read_rows(value, "member", "requesters"):
        member, kinds = require_id(row["member"]), row["requesters"]
        if not isinstance(kinds, list | tuple) or member in found:
            raise InvalidEncoding("not one list of requesters for each member")
        if not kinds or not set(kinds) <= set(VOCABULARY["requester"]):
            raise SettingRefused("requester")
        found[member] = frozenset(str(kind) for kind in kinds)
    return Recusals(found)


def _dump(recusals: Recusals) -> Json:
    return [
        {"member": member, "requesters": sorted(kinds)} for member, kinds in sorted(recusals.by_member.items()) if kinds
    ]


def _check(before: Recusals, after: Recusals, author: str) -> None:
    # Whoever is recused does not lift it: another holder of a seat says so.
    if not before.everybody and not before.by_member.get(author, frozenset()) <= after.by_member.get(
        author, frozenset()
    ):
        raise SettingRefused("own_recusal")


RECUSALS: Setting[Recusals] = Setting(
    name="recusals",
    parse=_parse,
    dump=_dump,
    default=lambda _institution: Recusals(),
    # A setting that was changed behind the application's back may have hidden anybody: nobody takes part until a
    # holder of a seat states it anew.
    strict=lambda _institution: Recusals(everybody=True),
    check=_check,
)
