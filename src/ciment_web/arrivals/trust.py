"""Which key arrivals are sealed to, when nobody is signed in to vouch for it.

No pin of a member can be opened then. The host keeps its own: a key file outside database and backups names, by its
digest, the one statement that a holder of a seat signed. From there everything follows – the roster by the fingerprint
in the statement, the signature by the roster – and no row is believed (docs/decisions/0037).
"""

import hashlib
from dataclasses import dataclass

from ciment.canon import CimentError
from ciment.quorum.errors import RosterRefused
from ciment.quorum.roster import Roster
from ciment.vault import MemberPublic
from ciment_web.arrivals.models import ArrivalKey
from ciment_web.arrivals.opening import Opening, parse_opening
from ciment_web.institutions.keyfiles import read_key
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.pin import open_pin
from ciment_web.quorum.models import RosterRecord
from ciment_web.quorum.trust import trusted_roster, verified_roster

PIN = "arrivals.pin"


class ArrivalsClosed(CimentError):  # noqa: N818 - the class names the refusal
    """An institution that nobody opened to this channel, or whose opening does not hold."""


@dataclass(frozen=True)
class OpenArrivals:
    """The key in force: its row and the verified statement."""

    row: ArrivalKey
    opening: Opening


def open_arrivals_of(institution: Institution, channel: str = "") -> OpenArrivals:
    """Return the key in force for `channel` (any, when empty), verified from the host's pin on.

    Raises:
        ArrivalsClosed: if nobody opened it, or if anything between pin, roster and signature does not hold.
    """
    try:
        found = _verify_from(read_key(institution, PIN), institution)
    except CimentError as error:
        # No pin, no row for it, another roster, a signature that does not hold: nothing may be sealed to such a key.
        raise ArrivalsClosed("nobody opened this institution to arrivals, or what opened it does not hold") from error
    if channel and channel not in found.opening.channels:
        raise ArrivalsClosed("not open to this channel")
    return found


def is_shared_trust(actor: Actor, opening: Opening) -> bool:
    """Tell whether an opening rests on the roster and the register that the actor pinned: shown, never assumed."""
    try:
        roster = trusted_roster(actor).roster
        pin = open_pin(actor.member, actor.keys)
        _holder(roster, opening.by)
    except CimentError:
        return False
    same_register = (pin.register_key.encoded, pin.log) == (opening.register_key.encoded, opening.log)
    return same_register and pin.trusted == opening.roster


def _verify_from(pinned: bytes, institution: Institution) -> OpenArrivals:
    for row in ArrivalKey.objects.filter(institution=institution, closed_at=None):
        statement = bytes(row.statement)
        if hashlib.sha256(statement).digest() == pinned:
            signed = parse_opening(statement)
            _require_own(signed.opening, row)
            signed.verify(_holder(_roster(institution, signed.opening), signed.opening.by))
            return OpenArrivals(row, signed.opening)
    raise ArrivalsClosed("no row holds the opening that this host pinned")


def _require_own(opening: Opening, row: ArrivalKey) -> None:
    """Check that a statement speaks of its own row and institution; raises ArrivalsClosed otherwise."""
    if (opening.institution, opening.key) != (str(row.institution_id), str(row.id)):
        raise ArrivalsClosed("the opening of another institution or key")


def _roster(institution: Institution, opening: Opening) -> Roster:
    record = RosterRecord.objects.filter(institution=institution).order_by("-generation").first()
    if record is None:
        raise RosterRefused("no roster is in force")
    return verified_roster(bytes(record.signed), opening.roster, str(institution.id)).roster


def _holder(roster: Roster, member: str) -> MemberPublic:
    for holder in roster.holders:
        if holder.member_id == member:
            return MemberPublic(holder.hpke, holder.ed25519)
    raise RosterRefused("signed by somebody without a seat")
