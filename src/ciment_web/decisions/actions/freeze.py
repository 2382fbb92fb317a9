"""Freeze a decision Δ: from then on it is approved, refused or lapses, exactly as it is."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ciment.canon import Json
from ciment.disclosure import hash_passphrase
from ciment.quorum.decision import Decision as Delta
from ciment.quorum.decision import Item, Target
from ciment.quorum.roster import Roster
from ciment.quorum.wrap import parse_wrap
from ciment.register import Document
from ciment.vault import Passphrase, parse_recipient, seal
from ciment_web.decisions.copies import describe_copies, label_of
from ciment_web.decisions.models import Decision, ReleaseCopy
from ciment_web.decisions.refusals import CopyRefused
from ciment_web.decisions.secret import SealedSecret, Secret, seal_secret
from ciment_web.decisions.subjects import Subject, handler_for
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.tracing import record
from ciment_web.quorum.trust import trusted_roster


@dataclass(frozen=True)
class Recipient:
    """Whom the packet is for: an age key, or a passphrase generated here and given by another channel."""

    target: Target
    passphrase: str = field(repr=False, default="")

    @property
    def fingerprint(self) -> str:
        """What the letter prints of an age key, or nothing for a passphrase."""
        return self.target.value if self.target.kind == "age" else ""


@dataclass(frozen=True)
class Terms:
    """What the subject brings to its decision: the law's answer, the letter as it will leave, the last moment."""

    facts: Json
    pack: Json
    verdicts: Json
    letter: bytes = field(repr=False)
    recipient: Recipient | None
    expires_at: datetime
    # From when on what was agreed is dead, where it outlives the time for the accords.
    ends_at: datetime | None = None


def choose_recipient(key: str) -> Recipient:
    """Return the recipient of an age key, or a fresh passphrase when `key` is empty.

    Raises:
        InvalidRecipient: for text that is no age key.
    """
    if key.strip():
        return Recipient(Target("age", parse_recipient(key.strip()).text))
    passphrase = Passphrase.generate().text
    return Recipient(Target("passphrase", hash_passphrase(passphrase)), passphrase)


def freeze_decision(actor: Actor, subject: Subject, terms: Terms, copies: Sequence[ReleaseCopy]) -> Decision:
    """Freeze `copies` into one decision and put it in the register, before any approval.

    Raises:
        NotAllowed: unless the actor prepares this subject now.
        CopyRefused: `none`, when nothing was prepared; `silenced`, when the law no longer opens a category.
    """
    if not copies and subject.purpose == "release":
        raise CopyRefused("none")
    roster = trusted_roster(actor).roster
    decision_id = str(uuid.uuid4())
    secret = _seal_secret(actor, terms.recipient, decision_id, roster)
    with transaction.atomic():
        if not {copy.category for copy in copies} <= handler_for(subject).lock_preparation(actor, subject):
            raise CopyRefused("silenced")
        institution = Institution.objects.select_for_update().get(pk=actor.institution.pk)
        delta = Delta(
            kappa=roster.kappa,
            generation=roster.generation,
            purpose=subject.purpose,
            id=decision_id,
            inquiry=subject.id,
            facts=terms.facts,
            pack=terms.pack,
            verdicts=terms.verdicts,
            items=(*(_item(copy, roster.kappa) for copy in copies), *_secret_item(secret)),
            target=terms.recipient.target if terms.recipient else None,
            letter=sha256(terms.letter).digest(),
            copies=describe_copies(copies, actor.id),
            expiry=int((terms.ends_at or terms.expires_at).timestamp() * 1000),
            witness_policy="unwitnessed",
        )
        decision = _save(actor, institution, subject, delta, terms)
        if secret is not None:
            decision.sealed_secret = secret.blob
            decision.secret_wrap, decision.secret_p = secret.copy.wrap.encode(), secret.copy.p_ct
        taken = ReleaseCopy.objects.filter(pk__in=[copy.pk for copy in copies], decision=None).update(decision=decision)
        if taken != len(copies):
            raise CopyRefused("gone")
        recorded = record(
            actor,
            "decision.frozen",
            {"decision": str(decision.id), "subject": subject.id, "delta": delta.digest.hex()},
            documents=[Document("decision", sha256(delta.encode()).digest())],
        )
        decision.leaf_index = recorded.index
        decision.sealed_opening = seal(
            subject.key, recorded.opening.encode(), subject.context(f"decision/{decision.id}/opening")
        )
        decision.save()
    return decision


def _item(copy: ReleaseCopy, kappa: bytes) -> Item:
    label = label_of(copy, kappa, bytes(copy.blob_sha256), bytes(copy.commitment))
    return Item(label, parse_wrap(bytes(copy.wrap)).digest)


def _seal_secret(actor: Actor, recipient: Recipient | None, decision_id: str, roster: Roster) -> SealedSecret | None:
    if recipient is None or not recipient.passphrase:
        return None
    secret = Secret(recipient.passphrase, actor.id, actor.keys.public.hpke)
    return seal_secret(secret, str(actor.institution.id), decision_id, roster)


def _secret_item(secret: SealedSecret | None) -> tuple[Item, ...]:
    return () if secret is None else (Item(secret.label, secret.copy.wrap.digest),)


def _save(actor: Actor, institution: Institution, subject: Subject, delta: Delta, terms: Terms) -> Decision:
    last = Decision.objects.filter(institution=institution).aggregate(last=Max("number"))["last"]
    where = f"decision/{delta.id}"
    return Decision.objects.create(
        id=uuid.UUID(delta.id),
        institution=institution,
        number=(last or 0) + 1,
        subject_digest=subject.digest,
        delta=delta.encode(),
        digest=delta.digest,
        prepared_by=actor.member,
        frozen_at=timezone.now(),
        expires_at=terms.expires_at,
        sealed_letter=seal(subject.key, terms.letter, subject.context(f"{where}/letter")),
    )
