"""APPROVE: one holder's accord to exactly one decision, given only when everything around it holds."""

from ciment.disclosure.circumstances import Circumstances, verify_circumstances
from ciment.quorum.approve import Approval, Approver, make_approval


def approve(given: Circumstances, approver: Approver) -> Approval:
    """Return the approval, with partials sealed to every holder; nothing of it opens anything below the quorum.

    Raises:
        CimentError: the first step of APPROVE that does not hold; no partial is computed then.
    """
    checkpoint = verify_circumstances(given)
    return make_approval(given.decision, given.roster.roster, given.items, checkpoint, approver)
