"""File a request at the desk: sealed on arrival, entered in the register, with a receipt that proves it."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciment.canon import CimentError
from ciment.law import parse_facts
from ciment.register import Document
from ciment.vault import PassphraseError
from ciment_web.arrivals.opening import Opening
from ciment_web.arrivals.trust import open_arrivals_of
from ciment_web.blobs.sealing import open_file
from ciment_web.desk.models import Filing, FilingFile
from ciment_web.desk.sealing import Filed, keys_of, name_file, new_code, seal_content, seal_keys, seal_part
from ciment_web.inquiries.actions.record import NamedFile
from ciment_web.inquiries.documents import letterhead_of, local_time, put_seal
from ciment_web.inquiries.notices import tell
from ciment_web.institutions.languages import writing_for
from ciment_web.institutions.models import Institution
from ciment_web.law import word_for
from ciment_web.letters import FilingReceipt, Verification, render_receipt
from ciment_web.members import throttle
from ciment_web.members.models import Role
from ciment_web.members.tracing import Recorded, Trace, record_arrival
from ciment_web.register import actions as register
from ciment_web.register.signer import origin_of, signer_of

# In a quarter of an hour. The second bound keeps a flood from filling register and disk: then the page says how to
# write instead.
PER_ADDRESS, PER_DESK = 5, 60
# A request at the desk is written: whether it is also reasoned, the referent says.
FORM = "written"


class AlreadyFiled(CimentError):  # noqa: N818 - the class names the refusal
    """The same page sent twice: the first sending counts, and its code was shown then."""


class NothingToFollow(CimentError):  # noqa: N818 - the class names the refusal
    """The code of an earlier request that is not known here."""


@dataclass(frozen=True)
class NewFiling:
    """What is filed: the words, the sealed files, the page they were typed on, and the code of what they complete."""

    filed: Filed
    files: Sequence[NamedFile] = field(repr=False, default=())
    form_id: uuid.UUID = field(default_factory=uuid.uuid4)
    follows: str = field(repr=False, default="")


@dataclass(frozen=True)
class Receipt:
    """What the requester keeps: the filing, and the code that is never shown again."""

    filing: Filing
    code: str = field(repr=False)


def file_request(institution: Institution, new: NewFiling, address: str) -> Receipt:
    """Seal a request to the institution's referents and signatories, and enter it in the register.

    Raises:
        ArrivalsClosed: unless a signatory opened the desk.
        TooManyAttempts: when too much was filed from this network address, or at this desk.
        UnknownFact: for a requester or category outside the vocabulary.
        AlreadyFiled, NothingToFollow: see there.
    """
    limits = {f"desk/{institution.id}/{address}": PER_ADDRESS, f"desk/{institution.id}": PER_DESK}
    throttle.require_allowed(limits)
    arrivals = open_arrivals_of(institution, "desk")
    # Counted whatever becomes of it: the code of an earlier request is tried here too.
    throttle.count_failure(limits)
    filed = new.filed
    parse_facts({"requester": filed.requester, "form": FORM, "category": list(filed.categories)})
    code = new_code()
    filing = Filing(
        id=uuid.uuid4(),
        institution=institution,
        key=arrivals.row,
        form_id=new.form_id,
        requester=filed.requester,
        filed_at=timezone.now(),
        follows=_find(institution, new.follows) if new.follows else None,
    )
    filing.code_digest, code_key = keys_of(code)
    key = secrets.token_bytes(32)
    seal_keys(filing, key, arrivals.opening, code_key)
    filing.sealed_content = seal_content(filing, key, filed, arrivals.opening)
    if Filing.objects.filter(institution=institution, form_id=new.form_id).exists():
        raise AlreadyFiled("this page was filed already")
    try:
        with transaction.atomic():
            _enter(filing, key, new, arrivals.opening)
    except IntegrityError as error:
        raise AlreadyFiled("this page was filed already") from error
    return Receipt(filing, code)


def _enter(filing: Filing, key: bytes, new: NewFiling, opening: Opening) -> None:
    institution = filing.institution
    # The receipt states its own place, so the register is locked before it is written.
    index = register.reserve(institution)
    receipt = put_seal(institution, _compose(filing, new, index), _("Attestation de dépôt"))
    filing.receipt_sha256 = hashlib.sha256(receipt).digest()
    filing.sealed_receipt = seal_part(filing, key, "receipt", receipt)
    filing.leaf_index = index
    recorded = _record(filing, opening, len(new.files))
    filing.sealed_opening = seal_part(filing, key, "opening", recorded.opening.encode())
    filing.save(force_insert=True)
    FilingFile.objects.bulk_create(
        name_file(filing, key, FilingFile.Side.FILED, position, file) for position, file in enumerate(new.files)
    )
    where = reverse("desk-filings", kwargs={"slug": institution.slug})
    tell(institution, Role.REFERENT, _("Ciment : une demande attend au guichet"), where)


def _record(filing: Filing, opening: Opening, files: int) -> Recorded:
    published = {"requester": filing.requester, "form": FORM}
    return record_arrival(
        Trace(filing.institution, opening.register_key, "received", published),
        "filing.received",
        {"filing": str(filing.id), "attachments": files},
        [Document("certificate", bytes(filing.receipt_sha256))],
    )


def _compose(filing: Filing, new: NewFiling, index: int) -> bytes:
    institution = filing.institution
    origin = origin_of(institution)
    fingerprint = hashlib.sha256(signer_of(institution).verifier.vkey.encode()).hexdigest()[:16]
    with writing_for(institution):
        return render_receipt(
            FilingReceipt(
                letterhead=letterhead_of(institution),
                filed_at=local_time(institution, filing.filed_at).replace(microsecond=0),
                requester_kind=word_for("requester", filing.requester),
                digest=hashlib.sha256(new.filed.encode()).hexdigest(),
                files=tuple((file.name, _digest(file)) for file in new.files),
                verification=Verification(
                    url=f"{'https' if settings.CIMENT_SECURE else 'http'}://{origin}/verifier/",
                    log_origin=origin,
                    entry_index=index,
                    key_fingerprint=fingerprint,
                ),
            )
        )


def _digest(file: NamedFile) -> str:
    # Of the plain bytes, which are what the requester holds.
    digest = hashlib.sha256()
    for piece in open_file(file.sealed.key, file.sealed.blob, file.sealed.id):
        digest.update(piece)
    return digest.hexdigest()


def _find(institution: Institution, code: str) -> Filing:
    try:
        digest, _key = keys_of(code)
    except PassphraseError as error:
        raise NothingToFollow("not a code") from error
    found = Filing.objects.filter(institution=institution, code_digest=digest).first()
    if found is None:
        raise NothingToFollow("no filing has this code here")
    return found
