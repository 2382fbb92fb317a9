"""Done 5 of the main job: whatever random people do in two institutions, the mission's invariants hold.

Nothing leaves without the accords required for exactly that item; every act is in the register, and no refused act is;
two institutions never mix.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from web_stories import CONTENT, DUTY, uploaded

from ciment.canon import CimentError
from ciment.law import VOCABULARY
from ciment.quorum.approve import parse_approval, verify_approval
from ciment.quorum.decision import parse_decision
from ciment.register import Checkpoint, Frontier, leaf_hash
from ciment_web.decisions.actions.approve import approve_decision, lapse_decision, object_to_decision
from ciment_web.decisions.actions.copies import NewCopy, add_copy, remove_copy
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.decisions.models import Approval, Decision, Packet, ReleaseCopy
from ciment_web.inquiries.actions.answer import answer_inquiry, close_inquiry, withdraw_inquiry
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.prepare import add_nothing_held, prepare_decision, subject_of
from ciment_web.inquiries.actions.qualify import Assessment, qualify_inquiry
from ciment_web.inquiries.actions.record import NewInquiry, record_inquiry
from ciment_web.inquiries.actions.refuse import refuse_inquiry
from ciment_web.inquiries.keys import NotReader, open_key
from ciment_web.inquiries.models import Document, Inquiry
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.project.demonstration import Demonstration
from ciment_web.quorum.trust import trusted_roster
from ciment_web.register.models import Leaf, LogHead, PublishedCheckpoint

pytestmark = pytest.mark.slow
WORLD: dict[str, Demonstration] = {}
# Decision → members whose accord was accepted and stands. The institutions live on from one example to the next, as in
# life, and so does this.
ACCORDS: dict[str, set[str]] = {}
PEOPLE = ("travailleur", "referent", "dg", "president", "adjoint", "dpo", "admin")
# What a member may be told instead of having an act done.
REFUSALS = (CimentError, NotReader)
FACTS = st.fixed_dictionaries(
    {
        "category": st.lists(
            st.sampled_from(["identity", "household", "confidence", "address"]), min_size=1, unique=True
        )
    },
    optional={
        name: st.sampled_from(values) for name, values in VOCABULARY.items() if name not in ("category", "requester")
    },
)


def rows_of_everything() -> dict[str, int]:
    """Return how many rows each table holds, the register's own and the throttle's left out."""
    ours = (model for model in apps.get_models() if model._meta.app_label != "register")
    return {model._meta.db_table: model._default_manager.count() for model in ours if model.__name__ != "SignInFailure"}


class Centre(RuleBasedStateMachine):
    """Two institutions, seven people each, and whatever they try."""

    def __init__(self) -> None:
        super().__init__()
        self.entries = {slug: self._size(slug) for slug in WORLD}
        self.seen: dict[str, set[int]] = {slug: set() for slug in WORLD}

    # -- how an act is tried ---------------------------------------------------------------------------------------

    def _size(self, slug: str) -> int:
        return LogHead.objects.get(institution=WORLD[slug].institution).size

    def _try(self, slug: str, act: Callable[[], Any], entries: int = 1) -> Any:
        """Try an act: done, it left so many entries; refused, it left none and no row of any table."""
        before = rows_of_everything()
        try:
            done = act()
        except REFUSALS:
            assert self._size(slug) == self.entries[slug], "a refused act is in the register"
            assert rows_of_everything() == before, "a refused act left something behind"
            return None
        assert self._size(slug) == self.entries[slug] + entries, "an act without its entry"
        self.entries[slug] += entries
        return done

    def _read(self, actor: Actor, inquiry: Inquiry) -> Any:
        return self._try(actor.institution.slug, lambda: read_inquiry(actor, inquiry))

    @staticmethod
    def _inquiry(number: int) -> Inquiry | None:
        rows = list(Inquiry.objects.select_related("institution", "decision").order_by("received_at"))
        return rows[number % len(rows)] if rows else None

    @staticmethod
    def _decision(number: int) -> Decision | None:
        rows = list(Decision.objects.select_related("institution").order_by("frozen_at"))
        return rows[number % len(rows)] if rows else None

    # -- what people do --------------------------------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        for slug, world in WORLD.items():
            for login in ("travailleur", "referent"):
                asked = NewInquiry("prosecutor", "written", ("identity", "household"), CONTENT)
                self._try(slug, lambda w=world, p=login, a=asked: record_inquiry(w.people[p], a))  # type: ignore[misc]

    @rule(
        slug=st.sampled_from(["demo", "voisin"]),
        login=st.sampled_from(PEOPLE),
        requester=st.sampled_from(["police", "prosecutor"]),
    )
    def record(self, slug: str, login: str, requester: str) -> None:
        asked = NewInquiry(requester, "written", ("identity",), CONTENT)
        self._try(slug, lambda: record_inquiry(WORLD[slug].people[login], asked))

    @rule(
        slug=st.sampled_from(["demo", "voisin"]),
        login=st.sampled_from(PEOPLE),
        number=st.integers(0, 9),
        recused=st.booleans(),
    )
    def say_tie(self, slug: str, login: str, number: int, recused: bool) -> None:
        inquiry, actor = self._inquiry(number), WORLD[slug].people[login]
        if inquiry is None or inquiry.institution.slug != slug:
            return
        # Mostly not tied: a world of recused people does nothing.
        tied = recused and number % 3 == 0
        self._try(slug, lambda: state_recusal(actor, inquiry, recused=tied))
        if tied and inquiry.decision_id:
            ACCORDS.get(str(inquiry.decision_id), set()).discard(actor.id)

    @rule(
        login=st.sampled_from(PEOPLE),
        number=st.integers(0, 9),
        facts=st.one_of(FACTS, st.just(DUTY)),
        silent=st.booleans(),
    )
    def qualify(self, login: str, number: int, facts: dict[str, Any], silent: bool) -> None:
        inquiry = self._inquiry(number)
        if inquiry is None:
            return
        slug = inquiry.institution.slug
        silenced = frozenset(facts["category"][:1]) if silent and number % 4 == 0 else frozenset()
        assessment = Assessment(facts, "note", silenced)
        self._try(slug, lambda: qualify_inquiry(WORLD[slug].people[login], inquiry, assessment))

    @rule(number=st.integers(0, 9), who=st.sampled_from(["dg", "president", "referent"]))
    def refuse(self, number: int, who: str) -> None:
        inquiry = self._inquiry(number)
        if inquiry is None:
            return
        actor = WORLD[inquiry.institution.slug].people[who]
        if opened := self._read(actor, inquiry):
            self._try(actor.institution.slug, lambda: refuse_inquiry(actor, opened))

    @rule(
        number=st.integers(0, 9),
        category=st.sampled_from(["identity", "household", "confidence"]),
        nothing=st.booleans(),
    )
    def add(self, number: int, category: str, nothing: bool) -> None:
        inquiry = self._inquiry(number)
        if inquiry is None:
            return
        actor = WORLD[inquiry.institution.slug].people["referent"]
        if opened := self._read(actor, inquiry):
            subject = subject_of(inquiry, opened.key)
            if nothing:
                self._try(actor.institution.slug, lambda: add_nothing_held(actor, opened, category))
            else:
                new = NewCopy(category, "copie")
                self._try(actor.institution.slug, lambda: add_copy(actor, subject, uploaded(b"contenu"), new))

    @rule(number=st.integers(0, 9))
    def remove(self, number: int) -> None:
        copy = ReleaseCopy.objects.order_by("added_at").first()
        inquiry = self._inquiry(number)
        if copy is None or inquiry is None:
            return
        actor = WORLD[inquiry.institution.slug].people["referent"]
        if opened := self._read(actor, inquiry):
            self._try(actor.institution.slug, lambda: remove_copy(actor, subject_of(inquiry, opened.key), copy))

    @rule(number=st.integers(0, 9))
    def freeze(self, number: int) -> None:
        inquiry = self._inquiry(number)
        if inquiry is None:
            return
        actor = WORLD[inquiry.institution.slug].people["referent"]
        if opened := self._read(actor, inquiry):
            recipient = "age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw"
            self._try(actor.institution.slug, lambda: prepare_decision(actor, opened, recipient))

    @rule(number=st.integers(0, 9), login=st.sampled_from(PEOPLE), slug=st.sampled_from(["demo", "voisin"]))
    def approve(self, number: int, login: str, slug: str) -> None:
        decision = self._decision(number)
        if decision is None or decision.institution.slug != slug:
            return
        actor = WORLD[slug].people[login]
        if self._try(slug, lambda: approve_decision(actor, decision, WORLD[slug].passphrase)):
            ACCORDS.setdefault(str(decision.id), set()).add(actor.id)

    @rule(number=st.integers(0, 9), login=st.sampled_from(["dg", "president", "adjoint", "travailleur"]))
    def object(self, number: int, login: str) -> None:
        decision = self._decision(number)
        if decision is None:
            return
        slug = decision.institution.slug
        self._try(slug, lambda: object_to_decision(WORLD[slug].people[login], decision, "trop large"))

    @rule(number=st.integers(0, 9), late=st.booleans())
    def lapse(self, number: int, late: bool) -> None:
        decision = self._decision(number)
        if decision is None or not late or number % 3:
            return
        slug = decision.institution.slug
        was_open = decision.state == Decision.State.OPEN
        Decision.objects.filter(pk=decision.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        actor = WORLD[slug].people["referent"]
        self._try(slug, lambda: lapse_decision(actor, decision), entries=1 if was_open else 0)

    @rule(number=st.integers(0, 9), login=st.sampled_from(["dg", "president", "referent"]))
    def execute(self, number: int, login: str) -> None:
        decision = self._decision(number)
        if decision is None:
            return
        slug = decision.institution.slug
        world = WORLD[slug]
        packet = self._try(slug, lambda: execute_decision(world.people[login], decision, world.passphrase))
        if packet is not None:
            self._require_accords(world, decision)

    def _go_on(self, *, duty: bool) -> None:
        """Let the right person do what the work asks for next: without it nobody would ever get far."""
        rows = list(Inquiry.objects.select_related("institution", "decision").order_by("received_at"))
        unfinished = [row for row in rows if row.state in ("received", "qualified", "prepared", "decided")]
        if not unfinished:
            return
        inquiry = unfinished[-1]
        number = rows.index(inquiry)
        slug = inquiry.institution.slug
        people = WORLD[slug].people
        for login in ("referent", "dg", "president"):
            if not inquiry.recusals.filter(member=people[login].member).exists():
                self._try(slug, lambda login=login: state_recusal(people[login], inquiry, recused=False))  # type: ignore[misc]
        if inquiry.state == "received":
            self._qualify_well(slug, inquiry, duty=duty)
        elif inquiry.state == "qualified" and inquiry.lane == "silence":
            self.refuse(number, "dg")
        elif inquiry.state == "qualified" and inquiry.lane == "release":
            self.add(number, "identity", nothing=not duty)
            self.freeze(number)
        elif inquiry.state == "prepared":
            self._agree(slug, inquiry)
        elif inquiry.state == "decided":
            self.finish(number, answer_inquiry, "referent")

    # Half of what happens is the work going on; the other half is everything else.
    @rule(duty=st.just(True))
    def go_on_a_duty(self, duty: bool) -> None:
        self._go_on(duty=duty)

    @rule(duty=st.just(False))
    def go_on_in_silence(self, duty: bool) -> None:
        self._go_on(duty=duty)

    @rule(times=st.integers(2, 4))
    def go_on_further(self, times: int) -> None:
        for _ in range(times):
            self._go_on(duty=True)

    def _qualify_well(self, slug: str, inquiry: Inquiry, *, duty: bool) -> None:
        facts = DUTY if duty else {"form": "written", "category": ["identity"]}
        self._try(slug, lambda: qualify_inquiry(WORLD[slug].people["referent"], inquiry, Assessment(facts)))

    def _agree(self, slug: str, inquiry: Inquiry) -> None:
        world, decision = WORLD[slug], inquiry.decision
        if decision is None:
            return
        for login in ("dg", "president"):
            if self._try(slug, lambda login=login: approve_decision(world.people[login], decision, world.passphrase)):  # type: ignore[misc]
                ACCORDS.setdefault(str(decision.id), set()).add(world.people[login].id)
        if self._try(slug, lambda: execute_decision(world.people["dg"], decision, world.passphrase)) is not None:
            self._require_accords(world, decision)

    @rule(
        number=st.integers(0, 9),
        act=st.sampled_from([answer_inquiry, close_inquiry, withdraw_inquiry]),
        login=st.sampled_from(PEOPLE),
    )
    def finish(self, number: int, act: Callable[[Actor, Inquiry], None], login: str) -> None:
        inquiry = self._inquiry(number)
        if inquiry is None or (act is withdraw_inquiry and number % 5):
            return
        slug = inquiry.institution.slug
        self._try(slug, lambda: act(WORLD[slug].people[login], inquiry))

    @rule(number=st.integers(0, 9), login=st.sampled_from(PEOPLE), slug=st.sampled_from(["demo", "voisin"]))
    def guess(self, number: int, login: str, slug: str) -> None:
        """Somebody of one institution tries the identifiers of the other."""
        inquiry = self._inquiry(number)
        if inquiry is None or inquiry.institution.slug == slug:
            return
        actor = WORLD[slug].people[login]
        for attempt in (lambda: open_key(actor, inquiry), lambda: read_inquiry(actor, inquiry)):
            with pytest.raises(REFUSALS):
                attempt()

    # -- what always holds -----------------------------------------------------------------------------------------

    def _require_accords(self, world: Demonstration, decision: Decision) -> None:
        """Recount what agreed to this decision, from what was seen to be signed and not taken back."""
        roster = trusted_roster(world.people["dg"]).roster
        given = ACCORDS.get(str(decision.id), set())
        seats = {seat.number for member in given if (seat := roster.find_seat_of(member))}
        assert len(seats) >= roster.threshold, "something left without its accords"
        delta = parse_decision(bytes(decision.delta))
        verdicts: Any = delta.verdicts
        if any(value["decided_by"] == "dg_or_president" for value in verdicts.values()):
            titles = {seat.title for member in given if (seat := roster.find_seat_of(member))}
            assert titles & {"director_general", "president"}
        for item in delta.items:
            assert verdicts[item.label.category]["verdict"] in ("may", "must", "own_right")

    @invariant()
    def standing_accords_are_signed_for_their_decision(self) -> None:
        for row in Approval.objects.exclude(signed=b"").select_related("decision__institution"):
            world = WORLD[row.decision.institution.slug]
            roster = trusted_roster(world.people["dg"]).roster
            approval = parse_approval(bytes(row.signed))
            verify_approval(approval, roster, parse_decision(bytes(row.decision.delta)))
            assert str(row.member_id) in ACCORDS.get(str(row.decision_id), set())

    @invariant()
    def nothing_left_without_being_decided(self) -> None:
        executed = set(Decision.objects.filter(state="executed").values_list("id", flat=True))
        assert set(Packet.objects.values_list("decision_id", flat=True)) == executed
        for inquiry in Inquiry.objects.filter(state__in=["decided", "answered"]):
            kinds = set(Document.objects.filter(inquiry=inquiry).values_list("kind", flat=True))
            # One of the two, never both, and never neither.
            assert len(kinds & {"refusal", "reply"}) == 1
            assert ("reply" in kinds) == (inquiry.decision_id in executed)

    @invariant()
    def the_register_holds_together(self) -> None:
        for slug, world in WORLD.items():
            leaves = Leaf.objects.filter(institution=world.institution).order_by("index")
            entries = [bytes(entry) for (entry,) in leaves.values_list("entry")]
            assert len(entries) == self.entries[slug]
            frontier = Frontier()
            roots = {}
            for entry in entries:
                frontier = frontier.append(leaf_hash(entry))
                roots[frontier.size] = frontier.root()
            published = PublishedCheckpoint.objects.filter(institution=world.institution)
            for (note,) in published.values_list("note"):
                checkpoint = Checkpoint.read(bytes(note))
                # Every checkpoint ever published is a prefix of the log as it stands.
                assert roots.get(checkpoint.size, checkpoint.root) == checkpoint.root
                self.seen[slug].add(checkpoint.size)
            assert len(entries) in self.seen[slug]

    @invariant()
    def institutions_do_not_mix(self) -> None:
        for institution in Institution.objects.all():
            assert not Inquiry.objects.filter(institution=institution).exclude(recorded_by__institution=institution)
            assert not Decision.objects.filter(institution=institution).exclude(prepared_by__institution=institution)


def test_whatever_people_do(demonstration: Demonstration, neighbour: Demonstration) -> None:
    WORLD.update(demo=demonstration, voisin=neighbour)
    run_state_machine_as_test(
        Centre,
        settings=settings(
            max_examples=30, stateful_step_count=40, deadline=None, database=None, phases=[Phase.generate]
        ),
    )
    # The machine is worth something only if things did leave, and things were refused.
    assert Document.objects.filter(kind="refusal").exists()
    assert Packet.objects.exists()
    assert Decision.objects.exclude(state="executed").exists()
