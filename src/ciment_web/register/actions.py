"""Append an entry, publish a checkpoint."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from ciment.canon import encode
from ciment.register import Entry, Frontier, Opening, leaf_hash
from ciment_web.institutions.models import Institution
from ciment_web.register import publisher
from ciment_web.register.models import Leaf, LogHead, Node
from ciment_web.register.signer import require_ahead

LOG = logging.getLogger("ciment")


@dataclass(frozen=True)
class Recorded:
    """Where an entry stands, and what opens its commitment."""

    index: int
    opening: Opening = field(repr=False)


def found(institution: Institution) -> None:
    """Start the empty log of an institution."""
    LogHead.objects.create(institution=institution, frontier=Frontier().encode())


def reserve(institution: Institution) -> int:
    """Lock the log until the end of the transaction and return the index that its next entry will have.

    For a document that states its own place in the register; everything else appends without reserving.
    """
    return LogHead.objects.select_for_update().get(institution=institution).size


def append(
    institution: Institution,
    kind: str,
    attributes: Mapping[str, str | Sequence[str]],
    opening: Opening,
    sealed_details: bytes,
) -> Recorded:
    """Append one entry to the institution's log; publication follows the commit.

    The head row stays locked from here to the commit, so the order of commits is the order of the log and no index is
    ever left empty. Call it as the last statement of the act's transaction.
    """
    head = LogHead.objects.select_for_update().get(institution=institution)
    require_ahead(institution, head.size)
    public = {
        name: (value,) if isinstance(value, str) else tuple(sorted(set(value))) for name, value in attributes.items()
    }
    entry = Entry(kind, int(timezone.now().timestamp() * 1000), public, opening.commit()).encode()
    frontier, completed = Frontier.parse(bytes(head.frontier)).merge(leaf_hash(entry))
    index = head.size
    Leaf.objects.create(
        institution=institution, index=index, entry=entry, leaf_hash=completed[0], sealed_details=sealed_details
    )
    Node.objects.bulk_create(
        Node(institution=institution, level=level, index=index >> level, node_hash=node_hash)
        for level, node_hash in enumerate(completed)
        if level
    )
    LogHead.objects.filter(institution=institution).update(size=frontier.size, frontier=frontier.encode())
    transaction.on_commit(lambda: _publish(institution))
    return Recorded(index, opening)


def _publish(institution: Institution) -> None:
    try:
        publisher.publish(institution)
    except Exception as error:  # noqa: BLE001 - the act is committed: whatever fails here must not look like its failure
        # An entry that is committed but not published is published with the next one, or when the register is read.
        fields = {"institution": str(institution.id), "error_type": type(error).__name__}
        LOG.error("register.unpublished", extra={"fields": fields})  # noqa: TRY400 - a traceback shows variables


def details_context(institution: Institution) -> bytes:
    """Return what the sealed details of an entry are bound to."""
    return encode({"use": "register-details", "institution": str(institution.id)})
