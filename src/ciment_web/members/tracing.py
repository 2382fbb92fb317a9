"""No trace, no act: how every folder above leaves its entry in the register, in the act's own transaction."""

import secrets
from collections.abc import Mapping, Sequence

from django.db import transaction

from ciment.canon import HybridPublicKey, Json, JsonObject
from ciment.register import Document, Opening, document_opening
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.pin import open_pin
from ciment_web.register import actions as register

Recorded = register.Recorded


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
    if not transaction.get_connection().in_atomic_block:
        raise AssertionError("an act and its trace belong in one transaction")
    told: JsonObject = {"act": act, "actor": actor.id, **details}
    return _append(actor, told, kind, attributes or {}, documents)


def record_unnamed(actor: Actor, details: JsonObject) -> Recorded:
    """Append one plain entry whose details are `details` alone: not even the auditors read there who acted.

    Only for what a member tells in confidence, which may concern an auditor; call it as `record`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise AssertionError("an act and its trace belong in one transaction")
    return _append(actor, details, "act", {}, ())


def _append(
    actor: Actor,
    told: JsonObject,
    kind: str,
    attributes: Mapping[str, str | Sequence[str]],
    documents: Sequence[Document],
) -> Recorded:
    private = Opening(secrets.token_bytes(32), told)
    public = document_opening(private.salt, told, documents) if documents else private
    register_key = open_pin(actor.member, actor.keys).register_key
    sealed = register_key.seal(private.encode(), register.details_context(actor.institution))
    return register.append(actor.institution, kind, attributes, public, sealed)


def record_founding(institution: Institution, register_key: HybridPublicKey) -> Recorded:
    """Append the first entry of a register, before there is a member; call it in the transaction of the founding."""
    told: JsonObject = {"act": "institution.founded", "actor": "host", "institution": str(institution.id)}
    opening = Opening(secrets.token_bytes(32), told)
    sealed = register_key.seal(opening.encode(), register.details_context(institution))
    return register.append(institution, "act", {}, opening, sealed)
