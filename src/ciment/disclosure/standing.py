"""Accords given once for what recurs: a flow is put into force by them, and every act within it verifies them again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ciment.disclosure.circumstances import Circumstances, Published, verify_circumstances, verify_published
from ciment.disclosure.execution import needs_leading_title, preparer_of
from ciment.disclosure.lawfulness import verify_flow_law_today
from ciment.disclosure.refusals import ActRefused
from ciment.law import Pack
from ciment.quorum.approve import Approval
from ciment.quorum.decision import Decision, Purpose, require_current
from ciment.quorum.execute import require_quorum
from ciment.quorum.roster import Roster, SignedRoster, verify_roster


@dataclass(frozen=True)
class Standing:
    """What an acting member's side gathers to act within a flow.

    `pinned` is the fingerprint of the roster that the member trusts; `pack` the law in force on the day `on`; `now_ms`
    UTC milliseconds.
    """

    decision: Decision
    approvals: Sequence[Approval]
    roster: SignedRoster
    pinned: bytes
    published: Published
    pack: Pack = field(repr=False)
    on: date
    now_ms: int


def adopt(given: Circumstances, approvals: Sequence[Approval], *, declined: bool) -> None:
    """Show that a flow may be put into force, or a freeze lifted: EXECUTE for a decision that opens nothing.

    Raises:
        CimentError: the first step of EXECUTE that does not hold.
    """
    _require_purpose(given.decision, "flow", "reopen")
    verify_circumstances(given)
    if declined:
        raise ActRefused("declined")
    _require_accords(given.decision, approvals, given.roster.roster)


def verify_standing(given: Standing) -> None:
    """Show that a flow stands now: its accords, under the pinned roster, before its end, under today's law.

    Raises:
        RosterRefused, DecisionRefused: for another roster than the pinned one, or a quorum that is no longer the one.
        ApprovalRefused, QuorumRefused: for an accord that does not hold, or too few of them.
        ActRefused: `expired`, `law`, or `not_published`.
    """
    decision = given.decision
    _require_purpose(decision, "flow")
    verify_roster(given.roster, given.pinned)
    require_current(decision, given.roster.roster)
    _require_accords(decision, given.approvals, given.roster.roster)
    verify_published(decision, given.published)
    if decision.has_expired(given.now_ms):
        raise ActRefused("expired")
    verify_flow_law_today(decision, given.pack, given.on)


def _require_purpose(decision: Decision, *purposes: Purpose) -> None:
    if decision.purpose not in purposes:
        raise ActRefused("not_executable")


def _require_accords(decision: Decision, approvals: Sequence[Approval], roster: Roster) -> None:
    require_quorum(
        decision,
        approvals,
        roster,
        preparer_of(decision),
        needs_dg_or_president=needs_leading_title(decision),
    )
