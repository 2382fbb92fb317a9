"""Composes law, vault, quorum and register into what an institution discloses: states, approval, execution."""

from ciment.disclosure.approval import approve
from ciment.disclosure.circumstances import Circumstances, Published, verify_circumstances, verify_published
from ciment.disclosure.execution import Execution, execute, preparer_of
from ciment.disclosure.lawfulness import verify_flow_law, verify_flow_law_today, verify_law
from ciment.disclosure.refusals import REASONS, ActRefused
from ciment.disclosure.secret import SECRET_CATEGORY, has_secret, released_items
from ciment.disclosure.standing import Standing, adopt, verify_standing
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
    "REASONS",
    "SECRET_CATEGORY",
    "Act",
    "ActRefused",
    "Circumstances",
    "Execution",
    "ImpossibleTransition",
    "Lane",
    "Published",
    "Standing",
    "State",
    "adopt",
    "advance",
    "approve",
    "execute",
    "has_secret",
    "hash_passphrase",
    "lane_of",
    "possible_acts",
    "preparer_of",
    "releasable",
    "released_items",
    "require_target",
    "verify_circumstances",
    "verify_flow_law",
    "verify_flow_law_today",
    "verify_law",
    "verify_published",
    "verify_standing",
]
