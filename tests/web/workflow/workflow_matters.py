"""A matter from the request to its closing: recorded, read, qualified, refused, answered, withdrawn."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from web_stories import CONTENT
from workflow_departures import require_signed_refusal
from workflow_tries import CATEGORIES, MATTERS, PEOPLE, WATCHED, Tries, mostly

from ciment.law import VOCABULARY
from ciment_web.inquiries.actions.answer import answer_inquiry, close_inquiry, withdraw_inquiry
from ciment_web.inquiries.actions.open import state_recusal
from ciment_web.inquiries.actions.qualify import Assessment, qualify_inquiry
from ciment_web.inquiries.actions.record import NewInquiry, record_inquiry
from ciment_web.inquiries.actions.refuse import refuse_inquiry
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor

SLUGS = st.sampled_from(["demo", "voisin"])
REQUESTERS = st.one_of(st.just("prosecutor"), st.sampled_from(VOCABULARY["requester"]))
FACTS = st.fixed_dictionaries(
    {"category": st.lists(st.sampled_from(VOCABULARY["category"]), min_size=1, max_size=4, unique=True)},
    optional={
        name: st.sampled_from(values) for name, values in VOCABULARY.items() if name not in ("category", "requester")
    },
)


class Matters(Tries):
    """What people do with a matter that needs no decision."""

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
