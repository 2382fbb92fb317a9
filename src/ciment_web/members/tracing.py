"""No trace, no act: how every folder above leaves its entry in the register, in the act's own transaction."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from ciment.canon import HybridPublicKey, Json, JsonObject
from ciment.register import Document, Opening, document_opening
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.pin import open_pin
from ciment_web.register import actions as register

Recorded = register.Recorded


@dataclass(frozen=True)
class Trace:
    """Where an entry goes, what its details are sealed to, and what it publishes."""

    institution: Institution
    register_key: HybridPublicKey
    kind: str = "act"
    attributes: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


def record(
    actor: Actor,
    act: str,
    details: Mapping[str, Json],
    *,
    kind: str = "act",
    attributes: Mapping[str, str | Sequence[str]] | None = None,
    documents: Sequence[Document] = (),
) -> Recorded:
    """Append one entry naming `act` and the actor; call it last, inside the transaction of the act itself.

    The entry publishes `kind` and `attributes` alone; act, actor and `details` rest behind a salted commitment, sealed
    to the auditors. Returns where the entry stands and the opening from which `documents` can be proved.
    """
    trace = Trace(actor.institution, _register_key(actor), kind, attributes or {})
    return _append(trace, {"act": act, "actor": actor.id, **details}, documents)


def record_unnamed(actor: Actor, details: JsonObject) -> Recorded:
    """Append one plain entry whose details are `details` alone: not even the auditors read there who acted.

    Only for what a member tells in confidence, which may concern an auditor; call it as `record`.
    """
    return _append(Trace(actor.institution, _register_key(actor)), details)


def record_arrival(trace: Trace, act: str, details: Mapping[str, Json], documents: Sequence[Document] = ()) -> Recorded:
    """Append one entry for what came in without a member: nobody is named, and everything else is as in `record`."""
    return _append(trace, {"act": act, "actor": None, **details}, documents)


def record_founding(institution: Institution, register_key: HybridPublicKey) -> Recorded:
    """Append the first entry of a register, before there is a member; call it in the transaction of the founding."""
    told: JsonObject = {"act": "institution.founded", "actor": "host", "institution": str(institution.id)}
    return _append(Trace(institution, register_key), told)


def _register_key(actor: Actor) -> HybridPublicKey:
    return open_pin(actor.member, actor.keys).register_key


def _append(trace: Trace, told: JsonObject, documents: Sequence[Document] = ()) -> Recorded:
    if not transaction.get_connection().in_atomic_block:
        raise AssertionError("an act and its trace belong in one transaction")
    private = Opening(secrets.token_bytes(32), told)
    public = document_opening(private.salt, told, documents) if documents else private
    sealed = trace.register_key.seal(private.encode(), register.details_context(trace.institution))
    return register.append(trace.institution, trace.kind, trace.attributes, public, sealed)
