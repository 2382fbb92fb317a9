"""A release from its first copy to its packet: prepared, frozen, approved, objected to, lapsed, executed."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule
from web_stories import uploaded
from workflow_departures import now_ms, require_exact_packet, require_lawful
from workflow_matters import Matters
from workflow_tries import CATEGORIES, MATTERS, PEOPLE, WATCHED, mostly
from workflow_watch import digest_rows

from ciment.law import VOCABULARY
from ciment.quorum.decision import parse_decision
from ciment.vault import AgeIdentity
from ciment_web.decisions.actions.approve import approve_decision, lapse_decision, object_to_decision
from ciment_web.decisions.actions.copies import NewCopy, add_copy, remove_copy
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.decisions.models import Approval, Decision, ReleaseCopy
from ciment_web.inquiries.actions import prepare
from ciment_web.inquiries.actions.prepare import add_nothing_held, prepare_decision, subject_of
from ciment_web.inquiries.models import Inquiry

RECIPIENT = AgeIdentity.generate()


class Releases(Matters):
    """What people do with the decision about a matter."""

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

    @rule(number=MATTERS)
    def regret(self, number: int) -> None:
        """Somebody who gave an accord finds out to be tied to the matter."""
        if row := Approval.objects.filter(decision=self._decision(number)).select_related("member").first():
            self.say_tie(number, row.member.login, tied=True)

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


def _already_over(inquiry: Inquiry) -> datetime:
    del inquiry
    return timezone.now()
