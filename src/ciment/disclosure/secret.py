"""The passphrase of a packet among the items of a decision: the last one, where the target is a passphrase."""

from collections.abc import Sequence

from ciment.disclosure.refusals import ActRefused
from ciment.quorum.decision import Decision, Item

# A category that no law pack knows, so that nothing to communicate can stand under it.
SECRET_CATEGORY = "packet_passphrase"  # noqa: S105 - a category, not a password


def has_secret(decision: Decision) -> bool:
    """Whether the last item is the passphrase of the packet rather than something to communicate."""
    return decision.target is not None and decision.target.kind == "passphrase"


def released_items(decision: Decision) -> Sequence[Item]:
    """Return what is communicated.

    Raises:
        ActRefused: if the passphrase is missing, stands elsewhere than last, or belongs to another decision.
    """
    items = list(decision.items)
    if has_secret(decision):
        last = items.pop()
        if last.label.category != SECRET_CATEGORY or last.label.ids[-1] != decision.id:
            raise ActRefused("not_executable")
    if any(item.label.category == SECRET_CATEGORY for item in items):
        raise ActRefused("not_executable")
    return items
