"""What freezes do for the decisions that reopen them."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from ciment.canon import decode_object
from ciment.disclosure import ActRefused
from ciment_web.decisions.circumstances import delta_of
from ciment_web.decisions.models import Decision
from ciment_web.decisions.subjects import Subject, digest_of
from ciment_web.freezes.actions import lock_freeze
from ciment_web.freezes.models import Freeze
from ciment_web.freezes.permissions import can_ask_to_reopen
from ciment_web.freezes.sealing import open_key, open_reason, subject_of
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import require
from ciment_web.members.tracing import Recorded

_FIELDS = frozenset({"format", "freeze", "scope", "target", "reason"})


class FreezeSubjects:
    """What freezes do for the decisions about them. Whoever is frozen has a tie: nobody reopens for oneself."""

    def open_subject(self, actor: Actor, decision: Decision) -> Subject:
        """Return the freeze as a subject, for whoever has its key."""
        freeze = _freeze_of(actor, decision)
        return subject_of(freeze, open_key(actor, freeze))

    def lock_preparation(self, actor: Actor, subject: Subject) -> frozenset[str]:
        """Lock the freeze; nothing leaves by reopening."""
        freeze = Freeze.objects.select_for_update(of=("self",)).get(pk=subject.id, institution=actor.institution)
        require(can_ask_to_reopen(actor, freeze))
        return frozenset()

    def recused(self, actor: Actor, subject: Subject) -> frozenset[str]:
        """Return the member who is frozen, where it is one."""
        return self.tied(actor, subject)

    def tied(self, actor: Actor, subject: Subject) -> frozenset[str]:
        """Return the member who is frozen, where it is one."""
        freeze = Freeze.objects.get(pk=subject.id, institution=actor.institution)
        return frozenset({str(freeze.target)} if freeze.scope == Freeze.Scope.MEMBER else ())

    def verify_matter(self, actor: Actor, decision: Decision, letter: bytes) -> None:
        """Hold the frozen text against the freeze: what is reopened is what the text names.

        Raises:
            ActRefused: if it names another; BlobError, if scope or target of the row were changed.
        """
        freeze = _freeze_of(actor, decision)
        open_reason(freeze, open_key(actor, freeze))
        said = decode_object(letter, _FIELDS)
        if (said["freeze"], said["scope"], said["target"]) != (str(freeze.id), freeze.scope, str(freeze.target)):
            raise ActRefused("letter")

    def tell_matter(self, decision: Decision, letter: bytes) -> Sequence[tuple[str, str]]:
        """Return what would be reopened, and why, in words."""
        del decision
        said = decode_object(letter, _FIELDS)
        return [
            (_("Ce qui serait rouvert"), str(Freeze.Scope(str(said["scope"])).label)),
            (_("Pourquoi rouvrir"), str(said["reason"])),
        ]

    def seal_letter(self, decision: Decision, letter: bytes) -> bytes:
        """Refuse: no letter leaves by reopening."""
        del decision, letter
        raise ActRefused("not_executable")

    def released(self, actor: Actor, decision: Decision, letter: bytes, recorded: Recorded) -> None:
        """Reopen, in the transaction of the execution."""
        del letter, recorded
        freeze = lock_freeze(actor, _freeze_of(actor, decision))
        freeze.decision, freeze.reopened_at = decision, timezone.now()
        freeze.save(update_fields=["decision", "reopened_at"])

    def undecided(self, actor: Actor, decision: Decision, *, declined: bool) -> None:
        """Leave it frozen: another decision may be asked for."""
        del declined
        freeze = lock_freeze(actor, _freeze_of(actor, decision))
        freeze.decision = None
        freeze.save(update_fields=["decision"])


def _freeze_of(actor: Actor, decision: Decision) -> Freeze:
    named = delta_of(decision).inquiry
    if named is None or digest_of(named) != bytes(decision.subject_digest):
        raise NotReader
    freeze = Freeze.objects.filter(pk=named, institution=actor.institution).select_related("institution").first()
    if freeze is None:
        raise NotReader
    return freeze
