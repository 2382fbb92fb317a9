"""Take a filing over: it becomes an ordinary request for information, through the ordinary action."""

from datetime import datetime

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from ciment_web.blobs import store
from ciment_web.blobs.sealing import seal_file
from ciment_web.desk.actions.file import FORM
from ciment_web.desk.models import Filing, FilingFile
from ciment_web.desk.permissions import can_take
from ciment_web.desk.sealing import Filed, open_content, open_filed_file, open_key, seal_part
from ciment_web.inquiries.actions.record import NamedFile, NewInquiry, record_inquiry
from ciment_web.inquiries.content import Content
from ciment_web.inquiries.documents import local_time
from ciment_web.inquiries.keys import open_key as open_inquiry_key
from ciment_web.inquiries.models import Inquiry
from ciment_web.institutions.languages import writing_for
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace


def take_over(actor: Actor, filing: Filing) -> Inquiry:
    """Record the filing as a request, with its words and files as they are; nobody has read it before.

    Raises:
        NotAllowed: unless the actor is a referent who holds the key, or if it was taken over already.
        BlobError: if what was filed was changed.
    """
    require(can_take(actor, filing))
    key = open_key(actor, filing)
    content = open_content(filing, key)
    files = _copy_files(filing, key)
    with transaction.atomic(), store.discarding(*(file.sealed.blob for file in files)):
        locked = Filing.objects.select_for_update().get(pk=filing.pk, institution=actor.institution)
        require(can_take(actor, locked))
        inquiry = record_inquiry(actor, _as_inquiry(filing, content.filed), files)
        locked.inquiry = inquiry
        # Whoever answers the request can seal the reply for whoever filed it.
        inquiry_key = open_inquiry_key(actor, inquiry)
        locked.sealed_for_inquiry = seal_part(filing, inquiry_key, f"inquiry/{inquiry.id}", key)
        locked.save(update_fields=["inquiry", "sealed_for_inquiry"])
        leave_trace(actor, "filing.taken_over", {"filing": str(filing.id), "inquiry": str(inquiry.id)})
    return inquiry


def _copy_files(filing: Filing, key: bytes) -> list[NamedFile]:
    # Sealed anew: what belongs to the request lives and ends with it.
    rows = filing.files.filter(side=FilingFile.Side.FILED).select_related("filing")
    opened = [open_filed_file(row, key) for row in rows]
    return [NamedFile(name, seal_file(content)) for name, content in opened]


def _as_inquiry(filing: Filing, filed: Filed) -> NewInquiry:
    with writing_for(filing.institution):
        lines = [filed.text, _("Base légale invoquée : %(basis)s") % {"basis": filed.basis}]
        if filing.follows is not None:
            lines.insert(0, _followed(filing.follows))
    name = ", ".join(part for part in (filed.name, filed.service) if part)
    return NewInquiry(
        requester=filed.requester,
        form=FORM,
        categories=filed.categories,
        content=Content(name, filed.reach, filed.about, "\n\n".join(lines)),
        channel="desk",
        received_at=filing.filed_at,
        entered=True,
    )


def _followed(before: Filing) -> str:
    when: datetime = local_time(before.institution, before.filed_at)
    told = {"when": formats.date_format(when, "j F Y, H:i")}
    if before.inquiry is None:
        return _("Complète la demande déposée le %(when)s, qui attend encore au guichet.") % told
    return _("Complète la demande %(reference)s, déposée le %(when)s.") % {
        **told, "reference": before.inquiry.reference,
    }  # fmt: skip
