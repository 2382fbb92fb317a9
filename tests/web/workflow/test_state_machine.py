"""Done 5 of the main job: whatever random people do in two institutions, the mission's invariants hold.

Nothing leaves without the accords required for exactly that item; every act is in the register, and no refused act is;
two institutions never mix.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from web_stories import DUTY
from workflow_acts import Acts
from workflow_tries import MATTERS, SEEN, WATCHED
from workflow_watch import Watch, foreign_references

from ciment.quorum.decision import parse_decision
from ciment_web.decisions.models import Approval, Decision, Packet
from ciment_web.inquiries.actions.answer import answer_inquiry, close_inquiry
from ciment_web.inquiries.actions.prepare import subject_of
from ciment_web.inquiries.models import Document
from ciment_web.project.demonstration import Demonstration

# Qualified, frozen, one accord, two, executed, answered: every stage is somewhere to begin.
STAGES = st.integers(1, 6)
STEPS = st.integers(1, 4)
SILENCE: dict[str, Any] = {"form": "written", "category": ["identity"]}
PERSONAL: dict[str, Any] = {"form": "written", "setting": "search_or_seizure", "category": ["identity"]}
REPLIES = st.sampled_from([DUTY, DUTY, SILENCE, PERSONAL])


class Centres(Acts):
    """The acts, the work going on between them, and what holds after each of them."""

    # -- the work going on: without it nobody would ever get far ---------------------------------------------------

    @initialize(stages=st.tuples(STAGES, STAGES, STAGES), facts=REPLIES)
    def begin(self, stages: tuple[int, ...], facts: dict[str, Any]) -> None:
        """Three matters, each somewhere on its way: one to release, one to refuse, one the neighbour's."""
        for number, (slug, given) in enumerate((("demo", DUTY), ("demo", SILENCE), ("voisin", facts))):
            self.record(slug, "travailleur", "prosecutor", ["identity", "household"])
            self.go_on(number, stages[number], given)

    @rule(number=MATTERS, steps=STEPS, facts=REPLIES)
    def go_on(self, number: int, steps: int, facts: dict[str, Any]) -> None:
        """Let the right people do what a matter waits for next."""
        inquiry = self._matter(number)
        for login in ("referent", "dg", "president", "adjoint"):
            if not inquiry.recusals.filter(member__login=login).exists():
                self.say_tie(number, login, tied=False)
        for _ in range(steps):
            self._step(number, facts)

    def _step(self, number: int, facts: dict[str, Any]) -> None:
        inquiry = self._matter(number)
        if inquiry.state == "received":
            self.qualify(number, "referent", facts, set())
        elif inquiry.state == "qualified" and inquiry.lane == "silence":
            self.refuse(number, "dg")
        elif inquiry.state == "qualified" and inquiry.lane == "personal":
            self.finish(number, "referent", close_inquiry)
        elif inquiry.state == "decided":
            self.finish(number, "referent", answer_inquiry)
        elif inquiry.decision_id is None and inquiry.state in ("qualified", "prepared"):
            self.add(number, "referent", "identity")
            self.freeze(number, "referent", short=False)
        elif inquiry.state == "prepared":
            spoken = set(inquiry.decision.approvals.values_list("member__login", flat=True)) if inquiry.decision else ()
            silent = [login for login in ("president", "dg") if login not in spoken]
            if silent:
                self.approve(number, silent[0])
            else:
                self.execute(number, "dg")

    # -- what always holds -----------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_decided_without_its_reason(self) -> None:
        for number in range(len(self.matters)):
            inquiry = self._matter(number)
            watch, named = WATCHED[inquiry.institution.slug], str(inquiry.id)
            kinds = set(Document.objects.filter(inquiry=inquiry).values_list("kind", flat=True)) - {"certificate"}
            refusals = watch.count("inquiry.refused", inquiry=named)
            releases = watch.count("decision.executed", subject=named)
            # One of the two at most; both the paper and the state say which.
            assert (refusals, releases) == (int("refusal" in kinds), int("reply" in kinds))
            assert refusals + releases == int(inquiry.decided_at is not None) <= 1
            assert inquiry.state not in ("decided", "answered") or inquiry.decided_at is not None

    @invariant()
    def what_left_was_executed_once(self) -> None:
        for decision in self._decisions():
            executed = decision.state == Decision.State.EXECUTED
            told = WATCHED[decision.institution.slug].count("decision.executed", decision=str(decision.id))
            assert told == Packet.objects.filter(decision=decision).count() == int(executed)

    @invariant()
    def standing_accords_are_those_of_the_register(self) -> None:
        for decision in self._decisions():
            rows = {bytes(row.signed) for row in Approval.objects.filter(decision=decision)}
            if decision.state == Decision.State.OPEN:
                accords = WATCHED[decision.institution.slug].standing(parse_decision(bytes(decision.delta)))
                assert rows == {accord.encode() for accord in accords}
            else:
                # What served, or will never serve, must not be found later.
                assert rows <= {b""}

    def _decisions(self) -> list[Decision]:
        digests = [subject_of(matter, b"").digest for matter in self.matters]
        return list(Decision.objects.filter(subject_digest__in=digests).select_related("institution"))

    @invariant()
    def the_registers_verify(self) -> None:
        for watch in WATCHED.values():
            watch.verify_register()

    def teardown(self) -> None:
        """Look over everything, once for each example: it costs too much after every step."""
        assert foreign_references() == []
        for watch in WATCHED.values():
            watch.verify_history()


@pytest.mark.slow
def test_whatever_people_do(demonstration: Demonstration, neighbour: Demonstration) -> None:
    WATCHED.update(demo=Watch(demonstration), voisin=Watch(neighbour))
    SEEN.clear()
    for watch in WATCHED.values():
        watch.read_new()
    # Both centres live on from one example to the next, as in life; each example has matters of its own.
    run_state_machine_as_test(
        Centres,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            database=None,
            # Shrinking would replay every step hundreds of times, for minutes.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    # The machine is worth something only if things did leave, and things were refused.
    acts = ("inquiry.refused", "decision.frozen", "decision.approved", "decision.executed", "inquiry.answer")
    assert all(SEEN[act] for act in acts), SEEN
    assert any(act.startswith("refused") for act in SEEN), SEEN
