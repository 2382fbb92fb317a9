"""Sign and publish the log as it stands, once its act is committed."""

from django.utils import timezone

from ciment.register import Checkpoint, Frontier, sign_checkpoint
from ciment.register.tree import root_at
from ciment_web.institutions.models import Institution
from ciment_web.register.models import LogHead, PublishedCheckpoint
from ciment_web.register.queries import StoredHashes
from ciment_web.register.signer import ForkRefused, Signed, locked_memory, origin_of, signer_of


def publish(institution: Institution) -> None:
    """Publish a checkpoint of the committed log, unless it is published already.

    Raises:
        ForkRefused: if the log does not continue what was signed before; nothing is signed then.
    """
    with locked_memory(institution) as memory:
        head = LogHead.objects.get(institution=institution)
        size, root = head.size, Frontier.parse(bytes(head.frontier)).root()
        hashes = StoredHashes(institution)
        if root_at(size, hashes) != root:
            raise ForkRefused("the register's head does not agree with its entries; nothing more is signed")
        last = memory.read()
        if last.size > size or (last.size and root_at(last.size, hashes) != last.root):
            raise ForkRefused("the register does not continue what was published; nothing more is signed")
        if PublishedCheckpoint.objects.filter(institution=institution, size=size).exists():
            return
        # Remembered before it is signed: after a crash in between, the same state may be signed again, no other.
        memory.write(Signed(size, root))
        note = sign_checkpoint(Checkpoint(origin_of(institution), size, root), signer_of(institution))
        PublishedCheckpoint.objects.create(institution=institution, size=size, note=note, published_at=timezone.now())
