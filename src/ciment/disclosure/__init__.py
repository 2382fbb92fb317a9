"""Composes law, vault, quorum and register into what an institution discloses: states, approval, execution."""

from ciment.disclosure.approval import approve
from ciment.disclosure.circumstances import ActRefused, Circumstances, Published, verify_circumstances, verify_published
from ciment.disclosure.execution import SECRET_CATEGORY, Execution, execute, has_secret
from ciment.disclosure.states import (
    Act,
    ImpossibleTransition,
    Lane,
    State,
    advance,
    lane_of,
    possible_acts,
    releasable,
)
from ciment.disclosure.target import hash_passphrase, require_target

__all__ = [
    "SECRET_CATEGORY",
    "Act",
    "ActRefused",
    "Circumstances",
    "Execution",
    "ImpossibleTransition",
    "Lane",
    "Published",
    "State",
    "advance",
    "approve",
    "execute",
    "has_secret",
    "hash_passphrase",
    "lane_of",
    "possible_acts",
    "releasable",
    "require_target",
    "verify_circumstances",
    "verify_published",
]
