"""What people do in two institutions, each act tried as the pages try it and held against what it left behind."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from web_stories import CONTENT, uploaded
from workflow_departures import now_ms, require_exact_packet, require_lawful, require_signed_refusal
from workflow_watch import Watch, digest_rows

from ciment.canon import CimentError
from ciment.law import VOCABULARY
from ciment.quorum.decision import parse_decision
from ciment.vault import AgeIdentity
from ciment_web.decisions.actions.approve import approve_decision, lapse_decision, object_to_decision
from ciment_web.decisions.actions.copies import NewCopy, add_copy, remove_copy
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.decisions.models import Approval, Decision, ReleaseCopy
from ciment_web.inquiries.actions import prepare
from ciment_web.inquiries.actions.answer import answer_inquiry, close_inquiry, withdraw_inquiry
from ciment_web.inquiries.actions.open import Opened, read_inquiry, state_recusal
from ciment_web.inquiries.actions.prepare import add_nothing_held, prepare_decision, subject_of
from ciment_web.inquiries.actions.qualify import Assessment, qualify_inquiry
from ciment_web.inquiries.actions.record import NewInquiry, record_inquiry
from ciment_web.inquiries.actions.refuse import refuse_inquiry
from ciment_web.inquiries.keys import NotReader
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor

WATCHED: dict[str, Watch] = {}
# What came of all examples together: a machine that gets nowhere proves nothing.
SEEN: Counter[str] = Counter()
RECIPIENT = AgeIdentity.generate()
# What a member may be told instead of having an act done. A page answers the last two as if nothing existed.
REFUSALS = (CimentError, NotReader, ObjectDoesNotExist)


def mostly(*right: str) -> st.SearchStrategy[str]:
    """Return people, more than half of the time one of those whose work it is."""
    return st.one_of(st.sampled_from(right), PEOPLE)


SLUGS = st.sampled_from(["demo", "voisin"])
PEOPLE = st.sampled_from(["travailleur", "referent", "dg", "president", "adjoint", "dpo", "admin"])
MATTERS = st.integers(0, 3)
CATEGORIES = st.sampled_from(VOCABULARY["category"][:4])
REQUESTERS = st.one_of(st.just("prosecutor"), st.sampled_from(VOCABULARY["requester"]))
SILENCE: dict[str, Any] = {"form": "written", "category": ["identity"]}
PERSONAL: dict[str, Any] = {"form": "written", "setting": "search_or_seizure", "category": ["identity"]}
FACTS = st.fixed_dictionaries(
    {"category": st.lists(st.sampled_from(VOCABULARY["category"]), min_size=1, max_size=4, unique=True)},
    optional={
        name: st.sampled_from(values) for name, values in VOCABULARY.items() if name not in ("category", "requester")
    },
)


class Acts(RuleBasedStateMachine):
    """Two institutions, seven people each, and whatever they try with the matters of one example."""

    def __init__(self) -> None:
        super().__init__()
        self.matters: list[Inquiry] = []
        self.contents: dict[str, bytes] = {}
        self.rows = digest_rows()

    # -- how an act is tried ---------------------------------------------------------------------------------------

    def _try(self, actor: Actor, told: str, act: Callable[[], Any]) -> Any:
        """Try an act: done, it left exactly one entry, its own; refused, it left none and changed no row."""
        try:
            done = act()
        except REFUSALS as refusal:
            SEEN[f"refused {told}"] += 1
            self._require_silence(f"{told}, refused with {refusal!r}")
            return None
        entries = {slug: watch.read_new() for slug, watch in WATCHED.items()}
        mine = entries.pop(actor.institution.slug)
        assert [(said["act"], said["actor"]) for said in mine] == [(told, actor.id)]
        assert not any(entries.values()), "an act is in the register of the other institution"
        self.rows = digest_rows()
        SEEN[told] += 1
        # An act that returns nothing gives its entry: what is done is never mistaken for what was refused.
        return mine[0] if done is None else done

    def _require_silence(self, what: str) -> None:
        assert not any(watch.read_new() for watch in WATCHED.values()), f"in the register: {what}"
        rows = digest_rows()
        assert [name for name in rows if rows[name] != self.rows[name]] == [], f"left something behind: {what}"

    def _matter(self, number: int) -> Inquiry:
        row = self.matters[number % len(self.matters)]
        return Inquiry.objects.select_related("institution", "decision").get(pk=row.pk)

    def _decision(self, number: int) -> Decision | None:
        """Return the newest decision about a matter, open or over."""
        digest = subject_of(self._matter(number), b"").digest
        decisions = Decision.objects.filter(subject_digest=digest).select_related("institution")
        return decisions.order_by("-number").first()

    @staticmethod
    def _person(inquiry: Inquiry, login: str) -> Actor:
        return WATCHED[inquiry.institution.slug].world.people[login]

    def _read(self, actor: Actor, inquiry: Inquiry) -> Opened | None:
        opened: Opened | None = self._try(actor, "inquiry.read", lambda: read_inquiry(actor, inquiry))
        return opened

    # -- what people do --------------------------------------------------------------------------------------------

    @rule(
        slug=SLUGS,
        login=mostly("travailleur"),
        requester=REQUESTERS,
        wanted=st.lists(CATEGORIES, min_size=1, unique=True),
    )
    def record(self, slug: str, login: str, requester: str, wanted: list[str]) -> None:
        actor = WATCHED[slug].world.people[login]
        asked = NewInquiry(requester, "written", tuple(wanted), CONTENT)
        if inquiry := self._try(actor, "inquiry.received", lambda: record_inquiry(actor, asked)):
            self.matters.append(inquiry)

    # Mostly not tied: a world of recused people does nothing.
    @rule(
        number=MATTERS,
        login=mostly("referent", "dg", "president", "adjoint"),
        tied=st.sampled_from([False, False, False, True]),
    )
    def say_tie(self, number: int, login: str, tied: bool) -> None:
        inquiry = self._matter(number)
        actor = self._person(inquiry, login)
        self._try(actor, "inquiry.recusal", lambda: state_recusal(actor, inquiry, recused=tied))

    @rule(number=MATTERS)
    def regret(self, number: int) -> None:
        """Somebody who gave an accord finds out to be tied to the matter."""
        if row := Approval.objects.filter(decision=self._decision(number)).select_related("member").first():
            self.say_tie(number, row.member.login, tied=True)

    @rule(number=MATTERS, login=mostly("referent", "adjoint"))
    def read(self, number: int, login: str) -> None:
        inquiry = self._matter(number)
        self._read(self._person(inquiry, login), inquiry)

    @rule(number=MATTERS, login=mostly("referent"), facts=FACTS, silenced=st.sets(CATEGORIES, max_size=1))
    def qualify(self, number: int, login: str, facts: dict[str, Any], silenced: set[str]) -> None:
        inquiry = self._matter(number)
        actor = self._person(inquiry, login)
        assessment = Assessment(facts, "note", frozenset(silenced))
        self._try(actor, "inquiry.qualified", lambda: qualify_inquiry(actor, inquiry, assessment))

    @rule(number=MATTERS, login=mostly("dg", "president", "adjoint"))
    def refuse(self, number: int, login: str) -> None:
        inquiry = self._matter(number)
        actor = self._person(inquiry, login)
        if (opened := self._read(actor, inquiry)) and self._try(
            actor, "inquiry.refused", lambda: refuse_inquiry(actor, opened)
        ):
            require_signed_refusal(WATCHED[actor.institution.slug], actor, inquiry)

    @rule(number=MATTERS, login=mostly("referent"), category=CATEGORIES)
    def add(self, number: int, login: str, category: str) -> None:
        inquiry = self._matter(number)
        actor = self._person(inquiry, login)
        if opened := self._read(actor, inquiry):
            subject = subject_of(inquiry, opened.key)
            content = f"copie {len(self.contents)} de {category}".encode()
            new = NewCopy(category, "copie")
            if copy := self._try(
                actor, "copy.added", lambda: add_copy(actor, subject, uploaded(content, "fiche.txt"), new)
            ):
                self.contents[str(copy.id)] = content

    @rule(number=MATTERS, login=mostly("referent"), category=CATEGORIES)
    def add_nothing(self, number: int, login: str, category: str) -> None:
        inquiry = self._matter(number)
        actor = self._person(inquiry, login)
        if opened := self._read(actor, inquiry):
            self._try(actor, "copy.added", lambda: add_nothing_held(actor, opened, category))

    @rule(number=MATTERS, other=MATTERS, login=mostly("referent"))
    def remove(self, number: int, other: int, login: str) -> None:
        """Remove the newest copy of a matter, sometimes while holding another matter open."""
        inquiry, named = self._matter(number), self._matter(other)
        copy = ReleaseCopy.objects.filter(subject_digest=subject_of(named, b"").digest).order_by("added_at").last()
        actor = self._person(inquiry, login)
        if copy and (opened := self._read(actor, inquiry)):
            subject = subject_of(inquiry, opened.key)
            if self._try(actor, "copy.removed", lambda: remove_copy(actor, subject, copy)):
                assert inquiry.pk == named.pk
                assert copy.decision_id is None

    @rule(number=MATTERS, login=mostly("referent"), short=st.sampled_from([False, False, True]))
    def freeze(self, number: int, login: str, short: bool) -> None:
        inquiry = self._matter(number)
        actor = self._person(inquiry, login)
        if opened := self._read(actor, inquiry):
            with pytest.MonkeyPatch.context() as patch:
                if short:
                    patch.setattr(prepare, "expiry_of", _already_over)
                decision = self._try(
                    actor, "decision.frozen", lambda: prepare_decision(actor, opened, RECIPIENT.recipient.text)
                )
            if decision:
                require_lawful(inquiry, decision)

    @rule(number=MATTERS, category=st.sampled_from(VOCABULARY["category"]))
    def slip_in(self, number: int, category: str) -> None:
        """The referent prepares whatever category, the law's silences among them, and submits it at once."""
        self.add(number, "referent", category)
        self.freeze(number, "referent", short=False)

    @rule(number=MATTERS, login=mostly("dg", "president", "adjoint"))
    def approve(self, number: int, login: str) -> None:
        if decision := self._decision(number):
            watch = WATCHED[decision.institution.slug]
            actor = watch.world.people[login]
            row = self._try(
                actor, "decision.approved", lambda: approve_decision(actor, decision, watch.world.passphrase)
            )
            if row:
                assert not parse_decision(bytes(decision.delta)).has_expired(now_ms())
                watch.see_approval(row, actor.id)

    @rule(number=MATTERS, login=mostly("dg", "president", "adjoint"))
    def object(self, number: int, login: str) -> None:
        if decision := self._decision(number):
            actor = WATCHED[decision.institution.slug].world.people[login]
            self._try(actor, "decision.objected", lambda: object_to_decision(actor, decision, "trop large"))

    @rule(number=MATTERS, login=PEOPLE, late=st.booleans())
    def lapse(self, number: int, login: str, late: bool) -> None:
        if decision := self._decision(number):
            if late:
                Decision.objects.filter(pk=decision.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
                self.rows = digest_rows()
            decision.refresh_from_db()
            actor = WATCHED[decision.institution.slug].world.people[login]
            if decision.state == Decision.State.OPEN and decision.expires_at <= timezone.now():
                self._try(actor, "decision.lapsed", lambda: lapse_decision(actor, decision))
            else:
                assert not lapse_decision(actor, decision)
                self._require_silence("a lapse before its time")

    @rule(number=MATTERS, login=mostly("dg", "president", "adjoint"))
    def execute(self, number: int, login: str) -> None:
        if decision := self._decision(number):
            world = WATCHED[decision.institution.slug].world
            actor = world.people[login]
            packet = self._try(actor, "decision.executed", lambda: execute_decision(actor, decision, world.passphrase))
            if packet:
                require_exact_packet(WATCHED[actor.institution.slug], packet, RECIPIENT, self.contents)

    @rule(number=MATTERS, login=mostly("referent"), act=st.sampled_from([answer_inquiry, close_inquiry]))
    def finish(self, number: int, login: str, act: Callable[[Actor, Inquiry], None]) -> None:
        inquiry = self._matter(number)
        actor = self._person(inquiry, login)
        told = "inquiry.answer" if act is answer_inquiry else "inquiry.close"
        self._try(actor, told, lambda: act(actor, inquiry))

    @rule(number=MATTERS, login=PEOPLE, truly=st.sampled_from([False, False, True]))
    def withdraw(self, number: int, login: str, truly: bool) -> None:
        inquiry = self._matter(number)
        actor = self._person(inquiry, login)
        # Those who may withdraw seldom do: there would be nothing left to work on.
        if truly or login != "referent":
            self._try(actor, "inquiry.withdraw", lambda: withdraw_inquiry(actor, inquiry))

    @rule(number=MATTERS, login=PEOPLE, facts=FACTS)
    def intrude(self, number: int, login: str, facts: dict[str, Any]) -> None:
        """Somebody of one institution tries every act on a matter of the other, whose identifiers leaked."""
        inquiry, decision = self._matter(number), self._decision(number)
        world = WATCHED["voisin" if inquiry.institution.slug == "demo" else "demo"].world
        actor = world.people[login]
        attempts: list[Callable[[], Any]] = [
            lambda: state_recusal(actor, inquiry, recused=False),
            lambda: read_inquiry(actor, inquiry),
            lambda: qualify_inquiry(actor, inquiry, Assessment(facts)),
            lambda: answer_inquiry(actor, inquiry),
            lambda: close_inquiry(actor, inquiry),
            lambda: withdraw_inquiry(actor, inquiry),
            lambda: refuse_inquiry(actor, Opened(inquiry, CONTENT, bytes(32))),
            lambda: prepare_decision(actor, Opened(inquiry, CONTENT, bytes(32)), RECIPIENT.recipient.text),
            lambda: add_nothing_held(actor, Opened(inquiry, CONTENT, bytes(32)), "identity"),
        ]
        if decision:
            attempts += [
                lambda: approve_decision(actor, decision, world.passphrase),
                lambda: object_to_decision(actor, decision, "non"),
                lambda: lapse_decision(actor, decision),
                lambda: execute_decision(actor, decision, world.passphrase),
            ]
        for attempt in attempts:
            with pytest.raises(REFUSALS):
                attempt()
        self._require_silence("somebody of the other institution")


def _already_over(inquiry: Inquiry) -> datetime:
    del inquiry
    return timezone.now()
