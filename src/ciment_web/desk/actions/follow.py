"""Follow a filing with its receipt code: where it stands, its receipt and proof, and the reply once it is there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from ciment.canon import CimentError
from ciment.register import Document, Opening
from ciment.vault import PassphraseError
from ciment_web.desk.models import Filing, FilingFile
from ciment_web.desk.sealing import Content, keys_of, open_content, open_filed_file, open_key_with_code, open_part
from ciment_web.institutions.models import Institution
from ciment_web.members import throttle
from ciment_web.members.tracing import Trace, record_arrival
from ciment_web.register.queries import Entered, prove


class UnknownCode(CimentError):  # noqa: N818 - the class names the refusal
    """A receipt code that names nothing here."""


@dataclass(frozen=True)
class Followed:
    """A filing opened by its code. Its state is `received` or `answered`, whatever happens in between."""

    filing: Filing
    content: Content = field(repr=False)
    key: bytes = field(repr=False)

    @property
    def state(self) -> str:
        """The one thing told before the reply: nothing that is decided, prepared or known shows."""
        return "answered" if self.filing.replied_at else "received"

    @property
    def reply(self) -> Sequence[tuple[int, str]]:
        """The parts of the reply, by position and name."""
        rows = self.filing.files.filter(side=FilingFile.Side.REPLY).select_related("filing")
        return [(row.position, open_filed_file(row, self.key)[0]) for row in rows]


def follow(institution: Institution, code: str, address: str) -> Followed:
    """Open the filing of `code`.

    Raises:
        TooManyAttempts: when this network address gave too many refused codes.
        UnknownCode: for a code that names nothing here.
        BlobError: if the filing's row was changed.
    """
    # A stranger cannot guess a code; the limit keeps the server from being worn out by trying.
    names = {f"desk-code/{institution.id}/{address}": 10, f"sign-in/{address}": 50}
    throttle.require_allowed(names)
    try:
        digest, code_key = keys_of(code)
    except PassphraseError as error:
        throttle.count_failure(names)
        raise UnknownCode("not a code") from error
    found = Filing.objects.select_related("institution").filter(institution=institution, code_digest=digest)
    filing = found.first()
    if filing is None:
        throttle.count_failure(names)
        raise UnknownCode("no filing has this code here")
    key = open_key_with_code(filing, code_key)
    return Followed(filing, open_content(filing, key), key)


def fetch_receipt(followed: Followed) -> bytes:
    """Return the receipt."""
    return open_part(followed.filing, followed.key, "receipt", followed.filing.sealed_receipt)


def fetch_proof(followed: Followed) -> bytes | None:
    """Return the offline proof of the receipt; None until its entry is in a published checkpoint."""
    filing = followed.filing
    opening = Opening.parse(open_part(filing, followed.key, "opening", filing.sealed_opening))
    document = Document("certificate", bytes(filing.receipt_sha256))
    return prove(filing.institution, Entered(document, opening, filing.leaf_index), followed.content.log)


def fetch_reply(followed: Followed, position: int) -> tuple[str, Iterator[bytes]]:
    """Return name and content of a part of the reply; the fetching is in the register before it leaves.

    Raises:
        UnknownCode: if the reply has no such part.
    """
    filing = followed.filing
    rows = filing.files.filter(side=FilingFile.Side.REPLY, position=position).select_related("filing")
    row = rows.first()
    if row is None or filing.replied_at is None:
        raise UnknownCode("the reply has no such part")
    name, content = open_filed_file(row, followed.key)
    with transaction.atomic():
        trace = Trace(filing.institution, followed.content.register_key)
        record_arrival(trace, "filing.reply_fetched", {"filing": str(filing.id), "part": position})
    return name, content
