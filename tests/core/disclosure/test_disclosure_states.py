"""The life of an inquiry: every (state, act, lane) against a table written here, by hand."""

from itertools import product

import pytest

from ciment.disclosure import Act, ImpossibleTransition, Lane, State, advance, lane_of, possible_acts, releasable

# (state, act) → (the state it leads to, the only lane it belongs to or None for any).
TABLE = {
    ("received", "qualify"): ("qualified", None),
    ("qualified", "qualify"): ("qualified", None),
    ("qualified", "refuse"): ("decided", "silence"),
    ("qualified", "prepare"): ("prepared", "release"),
    ("qualified", "close"): ("closed", "personal"),
    ("prepared", "prepare"): ("prepared", "release"),
    ("prepared", "lapse"): ("prepared", None),
    ("prepared", "decline"): ("qualified", None),
    ("prepared", "release"): ("decided", None),
    ("decided", "answer"): ("answered", None),
    ("answered", "close"): ("closed", None),
    ("received", "withdraw"): ("withdrawn", None),
    ("qualified", "withdraw"): ("withdrawn", None),
    ("prepared", "withdraw"): ("withdrawn", None),
}
LANES: tuple[Lane | None, ...] = (None, *Lane)


@pytest.mark.parametrize(("state", "act", "lane"), list(product(State, Act, LANES)))
def test_every_transition_is_in_the_table_or_impossible(state: State, act: Act, lane: Lane | None) -> None:
    leads_to, only = TABLE.get((state.value, act.value), (None, None))
    possible = leads_to is not None and (only is None or (lane is not None and only == lane.value))
    if possible:
        assert advance(state, act, lane).value == leads_to
    else:
        with pytest.raises(ImpossibleTransition):
            advance(state, act, lane)
    assert (act in possible_acts(state, lane)) == possible


def test_nothing_leads_out_of_the_end() -> None:
    for state in (State.CLOSED, State.WITHDRAWN):
        assert all(possible_acts(state, lane) == frozenset() for lane in LANES)


@pytest.mark.parametrize(
    ("verdicts", "silenced", "lane"),
    [
        ({}, (), Lane.SILENCE),
        ({"identity": ("silence", "signatory")}, (), Lane.SILENCE),
        ({"identity": ("must", "dg_or_president"), "medical": ("silence", "signatory")}, (), Lane.RELEASE),
        ({"identity": ("may", "signatories")}, (), Lane.RELEASE),
        ({"identity": ("own_right", "referent")}, (), Lane.RELEASE),
        ({"identity": ("may", "signatories")}, ("identity",), Lane.SILENCE),
        ({"identity": ("may_testify", "summoned_person")}, (), Lane.PERSONAL),
        ({"identity": ("do_not_obstruct", "holder_now")}, (), Lane.PERSONAL),
        ({"identity": ("may", "holder_now")}, (), Lane.PERSONAL),
        # A word this version does not know opens nothing.
        ({"identity": ("unheard_of", "signatories")}, (), Lane.PERSONAL),
        ({"identity": ("must", "unheard_of")}, (), Lane.PERSONAL),
    ],
)
def test_the_lane_follows_the_verdicts(
    verdicts: dict[str, tuple[str, str]], silenced: tuple[str, ...], lane: Lane
) -> None:
    assert lane_of(verdicts, frozenset(silenced)) is lane
    assert bool(releasable(verdicts, frozenset(silenced))) == (lane is Lane.RELEASE)


def test_only_what_the_law_opens_is_releasable() -> None:
    verdicts = {
        "identity": ("must", "dg_or_president"),
        "household": ("may", "signatories"),
        "medical": ("silence", "signatory"),
        "bank": ("may", "holder_now"),
    }
    assert releasable(verdicts) == {"identity", "household"}
    assert releasable(verdicts, frozenset({"identity"})) == {"household"}
