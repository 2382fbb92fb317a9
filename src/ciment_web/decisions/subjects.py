"""What a decision is about, as far as decisions know: a key, a reference, and somebody to tell.

Each folder above registers the handler of one purpose (inquiries: release, flows: flow); decisions never import it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from ciment.canon import JsonObject, lp
from ciment.quorum.decision import Purpose, parse_decision
from ciment_web.decisions.models import Decision
from ciment_web.members.actor import Actor
from ciment_web.members.tracing import Recorded

_HANDLERS: dict[str, "SubjectHandler"] = {}


@dataclass(frozen=True)
class Subject:
    """The matter of a decision: its identifier, its reference in letters, and the key its parts are sealed under."""

    id: str
    reference: str
    key: bytes = field(repr=False)
    purpose: Purpose = "release"

    @property
    def digest(self) -> bytes:
        """What rows name the subject by (32 bytes)."""
        return digest_of(self.id)

    def context(self, part: str) -> JsonObject:
        """Return what the sealed `part` is bound to."""
        return {"use": "decision", "subject": self.id, "part": part}


class SubjectHandler(Protocol):
    """What the folder above does for its subjects."""

    def open_subject(self, actor: Actor, decision: Decision) -> Subject:
        """Return the subject, if the actor may read it; raises otherwise."""

    def lock_preparation(self, actor: Actor, subject: Subject) -> frozenset[str]:
        """Lock the matter until the end of the transaction; return the categories that the law lets leave.

        Raises:
            NotAllowed: unless the actor prepares this matter now.
        """

    def recused(self, actor: Actor, subject: Subject) -> frozenset[str]:
        """Return the members who declared a tie."""

    def tied(self, actor: Actor, subject: Subject) -> frozenset[str]:
        """Return the members who are tied to the matter; whoever signed no statement that holds counts as tied."""

    def released(self, actor: Actor, decision: Decision, letter: bytes, recorded: Recorded) -> None:
        """Take over what was executed, in the transaction of the execution."""

    def undecided(self, actor: Actor, decision: Decision, *, declined: bool) -> None:
        """Take the matter back after a refusal (`declined`) or a lapse, in the same transaction."""

    def seal_letter(self, decision: Decision, letter: bytes) -> bytes:
        """Return the letter under the institution's seal."""

    def verify_matter(self, actor: Actor, decision: Decision, letter: bytes) -> None:
        """Hold the frozen letter against what the subject itself requires of it, before an accord or an execution.

        Raises:
            CimentError: for what does not hold.
        """

    def tell_matter(self, decision: Decision, letter: bytes) -> Sequence[tuple[str, str]]:
        """Return what a signatory reads beside the items, as titles and texts; nothing where the items say it all."""


def register_handler(purpose: Purpose, handler: SubjectHandler) -> None:
    """Name the one handler of the subjects that decisions of this purpose are about."""
    _HANDLERS[purpose] = handler


def handler_for(subject: Subject) -> SubjectHandler:
    """Return the handler of a subject."""
    return _HANDLERS[subject.purpose]


def handler_of(decision: Decision) -> SubjectHandler:
    """Return the handler of what a decision is about.

    Raises:
        InvalidEncoding: if the row carries no decision.
    """
    return _HANDLERS[parse_decision(bytes(decision.delta)).purpose]


def digest_of(subject_id: str) -> bytes:
    """Return the digest of a subject's identifier, which is random: the digest says nothing."""
    return sha256(lp(b"ciment/subject") + lp(subject_id.encode())).digest()
