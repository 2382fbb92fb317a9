"""Everything that people do in two institutions, and what somebody of one tries on a matter of the other."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis.stateful import rule
from web_stories import CONTENT
from workflow_matters import FACTS
from workflow_releases import RECIPIENT, Releases
from workflow_tries import MATTERS, PEOPLE, REFUSALS, WATCHED

from ciment_web.decisions.actions.approve import approve_decision, lapse_decision, object_to_decision
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.inquiries.actions.answer import answer_inquiry, close_inquiry, withdraw_inquiry
from ciment_web.inquiries.actions.open import Opened, read_inquiry, state_recusal
from ciment_web.inquiries.actions.prepare import add_nothing_held, prepare_decision
from ciment_web.inquiries.actions.qualify import Assessment, qualify_inquiry
from ciment_web.inquiries.actions.refuse import refuse_inquiry


class Acts(Releases):
    """Two institutions, seven people each, and whatever they try with the matters of one example."""

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
