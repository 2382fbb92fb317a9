"""Put the reply at the desk: sealed under the filing's key, which its receipt code opens and the database does not."""

import hashlib

from django.utils import timezone

from ciment.disclosure import ActRefused
from ciment_web.blobs import store
from ciment_web.blobs.sealing import seal_file
from ciment_web.desk.models import Filing, FilingFile
from ciment_web.desk.sealing import name_file, open_part
from ciment_web.inquiries.actions.record import NamedFile
from ciment_web.inquiries.documents import open_document, prove_document
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Document, Inquiry
from ciment_web.members.actor import Actor
from ciment_web.members.tracing import record as leave_trace


def put_reply(actor: Actor, inquiry: Inquiry) -> None:
    """Seal letter, proof and packet of an answered request for whoever filed it; nothing for any other request.

    Call it in the transaction that answers. A refusal and a release are put there at the same moment of the work and in
    the same way.

    Raises:
        ActRefused: if the letter's entry is not published yet: what leaves can be proved.
        BlobError: if the filing's row was changed.
    """
    filing = Filing.objects.filter(inquiry=inquiry, institution=inquiry.institution_id, replied_at=None).first()
    if filing is None:
        return
    inquiry_key = open_key(actor, inquiry)
    key = open_part(filing, inquiry_key, f"inquiry/{inquiry.id}", filing.sealed_for_inquiry)
    parts = _parts(actor, inquiry, inquiry_key)
    files = [NamedFile(name, seal_file([content])) for name, content in parts]
    with store.discarding(*(file.sealed.blob for file in files)):
        FilingFile.objects.bulk_create(
            name_file(filing, key, FilingFile.Side.REPLY, position, file) for position, file in enumerate(files)
        )
        filing.replied_at = timezone.now()
        filing.save(update_fields=["replied_at"])
        leave_trace(actor, "filing.replied", {"filing": str(filing.id), "inquiry": str(inquiry.id)})


def _parts(actor: Actor, inquiry: Inquiry, key: bytes) -> list[tuple[str, bytes]]:
    letter = Document.objects.filter(inquiry=inquiry, kind__in=("refusal", "reply")).select_related("inquiry").first()
    if letter is None:
        return []
    proof = prove_document(actor, letter, key)
    if proof is None:
        raise ActRefused("not_published")
    stem = f"reponse-{inquiry.reference}"
    parts = [(f"{stem}.pdf", open_document(letter, key)), (f"{stem}.tlog-proof", proof)]
    packet = getattr(inquiry.decision, "packet", None) if inquiry.decision else None
    if packet is not None:
        content = b"".join(store.read(packet.blob))
        if hashlib.sha256(content).digest() != bytes(packet.sha256):
            raise ActRefused("not_executable")
        parts.append((f"pli-{inquiry.reference}.age", content))
    return parts
