"""How people of two institutions try an act: done, it left one entry; refused, it left nothing."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from workflow_watch import Watch, digest_rows

from ciment.canon import CimentError
from ciment.law import VOCABULARY
from ciment_web.decisions.models import Decision
from ciment_web.inquiries.actions.open import Opened, read_inquiry
from ciment_web.inquiries.actions.prepare import subject_of
from ciment_web.inquiries.keys import NotReader
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor

WATCHED: dict[str, Watch] = {}
# What came of all examples together: a machine that gets nowhere proves nothing.
SEEN: Counter[str] = Counter()
# What a member may be told instead of having an act done. A page answers the last two as if nothing existed.
REFUSALS = (CimentError, NotReader, ObjectDoesNotExist)
PEOPLE = st.sampled_from(["travailleur", "referent", "dg", "president", "adjoint", "dpo", "admin"])
MATTERS = st.integers(0, 3)
CATEGORIES = st.sampled_from(VOCABULARY["category"][:4])


def mostly(*right: str) -> st.SearchStrategy[str]:
    """Return people, more than half of the time one of those whose work it is."""
    return st.one_of(st.sampled_from(right), PEOPLE)


class Tries(RuleBasedStateMachine):
    """The matters of one example, and what holds after whatever anybody tries with them."""

    def __init__(self) -> None:
        super().__init__()
        self.matters: list[Inquiry] = []
        self.contents: dict[str, bytes] = {}
        self.rows = digest_rows()

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
