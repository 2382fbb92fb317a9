"""A flow: accords given once, verified each time. Each circumstance broken alone gives its own refusal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from disclosure_world import DAY, NOW, PACK, World

from ciment.canon import CimentError, JsonObject
from ciment.disclosure import ActRefused, Circumstances, Execution, Standing, adopt, execute, verify_standing
from ciment.law import parse_facts, qualify
from ciment.quorum.approve import Approval
from ciment.quorum.decision import Decision
from ciment.quorum.errors import ApprovalRefused, DecisionRefused, QuorumRefused, RosterRefused
from ciment.quorum.roster import fingerprint
from ciment.register import NoteVerifier

FLOW: JsonObject = {
    "requester": "social_security_institution",
    "authenticated": "yes",
    "ground": "authorised_flow",
    "statute": "verified",
    "category": ["identity", "aid"],
}
YEAR = 365 * 24 * 3600 * 1000


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def verdicts(facts: JsonObject) -> JsonObject:
    answer = qualify(PACK, parse_facts(facts), DAY)
    return {
        category: {"verdict": each.verdict, "decided_by": each.decided_by, "rules": list(each.rules)}
        for category, each in answer.verdicts.items()
    }


def flow(world: World, **changes: Any) -> Decision:
    fields = {
        "purpose": "flow",
        "facts": FLOW,
        "verdicts": verdicts(FLOW),
        "items": (),
        "target": None,
        "expiry": NOW + YEAR,
    }
    return world.make_decision(**{**fields, **changes})


def around(world: World, decision: Decision, **changes: Any) -> Circumstances:
    return world.circumstances(decision, items=[], **changes)


def agreed(world: World, decision: Decision, seats: tuple[int, ...] = (0, 1)) -> list[Approval]:
    return [world.approval(seat, around(world, decision)) for seat in seats]


def standing(world: World, decision: Decision, approvals: list[Approval], **changes: Any) -> Standing:
    given = around(world, decision)
    stands = Standing(decision, approvals, world.roster, fingerprint(world.roster), given.published, PACK, DAY, NOW)
    return replace(stands, **changes)


def test_accords_put_a_flow_into_force_and_stand(world: World) -> None:
    decision = flow(world)
    approvals = agreed(world, decision)
    adopt(around(world, decision), approvals, declined=False)
    verify_standing(standing(world, decision, approvals))
    # A year less a millisecond later too, under another version of the law that answers the same.
    later = replace(PACK, drafts=(*PACK.drafts, "de"))
    assert later.digest != PACK.digest
    verify_standing(standing(world, decision, approvals, now_ms=NOW + YEAR - 1, pack=later, on=date(2027, 11, 1)))


def test_what_is_lacking_puts_nothing_into_force(world: World) -> None:
    decision, other = flow(world), flow(world)
    one, two = agreed(world, decision)
    with pytest.raises(QuorumRefused):
        adopt(around(world, decision), [one], declined=False)
    with pytest.raises(QuorumRefused):
        adopt(around(world, decision), [one, one], declined=False)
    with pytest.raises(ApprovalRefused):
        adopt(around(world, other), [one, two], declined=False)
    with pytest.raises(ActRefused, match="declined"):
        adopt(around(world, decision), [one, two], declined=True)
    with pytest.raises(ActRefused, match="expired"):
        adopt(around(world, decision, now_ms=NOW + YEAR), [one, two], declined=False)
    with pytest.raises(ActRefused, match="letter"):
        adopt(around(world, decision, letter=b"another text"), [one, two], declined=False)


def test_a_release_is_no_flow_and_a_flow_no_release(world: World) -> None:
    given = world.circumstances()
    approvals = [world.approval(0), world.approval(1)]
    with pytest.raises(ActRefused, match="not_executable"):
        adopt(given, approvals, declined=False)
    with pytest.raises(ActRefused, match="not_executable"):
        verify_standing(standing(world, world.decision, approvals))
    decision = flow(world)
    execution: Execution = world.execution(agreed(world, decision), layers=[])
    with pytest.raises(ActRefused, match="target"):
        execute(around(world, decision), execution, lambda _position: "x", {})


Break = Callable[[World, Standing], Standing]
GONE = replace(PACK, rules=tuple(rule for rule in PACK.rules if rule.id != "be.flow"))
BREAKS: dict[str, tuple[Break, type[CimentError], str]] = {
    "another roster is pinned": (lambda _, s: replace(s, pinned=bytes(32)), RosterRefused, "."),
    "an accord is missing": (lambda _, s: replace(s, approvals=s.approvals[:1]), QuorumRefused, "."),
    "an accord is forged": (
        lambda _, s: replace(s, approvals=[s.approvals[0], replace(s.approvals[1], signature=bytes(64))]),
        ApprovalRefused,
        ".",
    ),
    "an accord is given twice": (lambda _, s: replace(s, approvals=[s.approvals[0]] * 2), QuorumRefused, "."),
    "its end has come": (lambda _, s: replace(s, now_ms=NOW + YEAR), ActRefused, "expired"),
    "the rule is gone": (lambda _, s: replace(s, pack=GONE), ActRefused, "law"),
    "it stands in no log of ours": (
        lambda w, s: replace(s, published=replace(s.published, proof=w.prove(flow(w)))),
        ActRefused,
        "not_published",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_flow_that_does_not_stand(world: World, name: str) -> None:
    decision = flow(world)
    break_it, error, reason = BREAKS[name]
    given = standing(world, decision, agreed(world, decision))
    verify_standing(given)
    with pytest.raises(error, match=reason):
        verify_standing(break_it(world, given))


def test_a_new_quorum_gives_its_own_accords(world: World) -> None:
    decision = flow(world)
    other = World()
    given = standing(world, decision, agreed(world, decision), roster=other.roster, pinned=fingerprint(other.roster))
    with pytest.raises(DecisionRefused):
        verify_standing(given)
    assert isinstance(given.published.verifier, NoteVerifier)


def test_the_law_decides_what_may_flow(world: World) -> None:
    """Silence, a verdict of the director general's own, a category nobody named: none of them is agreed to."""
    silent: JsonObject = {**FLOW, "category": ["medical"]}
    duty: JsonObject = {
        "requester": "prosecutor", "form": "written_reasoned", "authenticated": "yes",
        "ground": "terrorism_administrative_data", "offence": "terrorism", "category": ["identity"],
    }  # fmt: skip
    for facts, given in (
        (silent, verdicts(silent)),
        (duty, verdicts(duty)),
        (FLOW, verdicts({**FLOW, "category": ["identity"]})),
        ({**FLOW, "category": ["identity"]}, verdicts(FLOW)),
        (FLOW, {**verdicts(FLOW), "aid": {"verdict": "must", "decided_by": "signatories", "rules": []}}),
        (FLOW, {}),
    ):
        decision = flow(world, facts=facts, verdicts=given)
        with pytest.raises(ActRefused, match="law"):
            world.approval(0, around(world, decision))


def test_other_rules_for_the_same_answer_are_another_law(world: World) -> None:
    named = {category: {**each, "rules": ["be.consent"]} for category, each in verdicts(FLOW).items()}  # type: ignore[dict-item]
    decision = flow(world, verdicts=named)
    with pytest.raises(ActRefused, match="law"):
        verify_standing(standing(world, decision, agreed(world, decision)))
    broken = replace(standing(world, flow(world), []), approvals=agreed(world, flow(world)))
    with pytest.raises(CimentError):
        verify_standing(broken)
