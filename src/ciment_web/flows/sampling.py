"""The monthly sample: drawn by the register, so that nobody chooses what is looked at.

The seed of a month is the root of the register right after its first entry of the next month. Until that entry is
written nobody knows the root, because each entry commits to fresh randomness; afterwards nobody can change it without
contradicting every checkpoint published since. The draw is computed again whenever it is needed, and stored nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from ciment.canon import CimentError, JsonObject, encode, lp
from ciment.register import (
    Entry,
    NoteRefused,
    NoteVerifier,
    ProofRefused,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_checkpoint,
    verify_consistency,
    verify_inclusion,
)
from ciment.register.tree import root_at
from ciment_web.flows.models import Communication, Flow, Review
from ciment_web.inquiries.documents import local_time, today
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.members.pin import pinned_log
from ciment_web.members.queries import enrolment_of
from ciment_web.quorum.trust import require_trusted, trusted_roster
from ciment_web.register.models import Leaf
from ciment_web.register.queries import RegisterDamaged, StoredHashes, latest_checkpoint

REVIEW_DAYS = 14
"""Days after the end of a month in which its sample is to be read."""
GRACE_DAYS = 14
"""Days after these: then the flow stops until the sample is read."""

_DRAW = b"ciment/flow/v1/sample"
_REVIEW = b"ciment/flow/v1/review"


@dataclass(frozen=True)
class Sample:
    """What the register drew of one month's communications; `open` are those nobody has reviewed validly yet."""

    month: date
    total: int
    drawn: Sequence[Communication]
    open: Sequence[Communication]
    due: date
    stops: date


def samples_of(actor: Actor, flow: Flow, rate: int, until: date | None = None) -> list[Sample]:
    """Return the samples of the months that are over, oldest first; `until` keeps those whose grace ended before it.

    A month is drawn once the register has an entry after it, in a published checkpoint.

    Raises:
        RegisterDamaged: if the stored register does not prove where a month ends.
    """
    institution, found = flow.institution, []
    for month, rows in sorted(_by_month(flow).items()):
        end = _next(month)
        stops = end + timedelta(days=REVIEW_DAYS + GRACE_DAYS)
        if end > today(institution) or (until is not None and stops >= until):
            continue
        try:
            seed = _seed(institution, pinned_log(actor), end)
        except (ProofRefused, NoteRefused) as error:
            raise RegisterDamaged("the register does not prove where the month ends") from error
        if seed is None:
            continue
        drawn = _draw(flow, month, seed, rows)[: max(1, -(-len(rows) * rate // 100))]
        waiting = [row for row in drawn if not is_reviewed(actor, row)]
        found.append(Sample(month, len(rows), drawn, waiting, end + timedelta(days=REVIEW_DAYS), stops))
    return found


def is_overdue(actor: Actor, flow: Flow, rate: int) -> bool:
    """Tell whether a sample was left unread past its grace."""
    return any(sample.open for sample in samples_of(actor, flow, rate, until=today(flow.institution)))


def review_statement(communication: Communication, member: Member, *, conforms: bool) -> bytes:
    """Return what a reviewer signs."""
    said: JsonObject = {
        "communication": str(communication.id),
        "flow": str(communication.flow_id),
        "member": str(member.id),
        "conforms": conforms,
    }
    return _REVIEW + lp(encode(said))


def is_reviewed(actor: Actor, communication: Communication) -> bool:
    """Tell whether somebody else than its author, who may, signed a review of it: a row alone is none."""
    row = Review.objects.filter(communication=communication).select_related("reviewed_by").first()
    if row is None or row.reviewed_by_id == communication.noted_by_id:
        return False
    try:
        public = require_trusted(row.reviewed_by, trusted_roster(actor).roster)
        roles = enrolment_of(row.reviewed_by).roles
        public.verify(review_statement(communication, row.reviewed_by, conforms=row.conforms), bytes(row.signature))
    except CimentError:
        return False
    return not {str(Role.REFERENT), str(Role.DPO)}.isdisjoint(roles)


def _by_month(flow: Flow) -> dict[date, list[Communication]]:
    months: dict[date, list[Communication]] = {}
    for row in flow.communications.select_related("noted_by").order_by("id"):
        months.setdefault(local_time(flow.institution, row.noted_at).date().replace(day=1), []).append(row)
    return months


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _draw(flow: Flow, month: date, seed: bytes, rows: Sequence[Communication]) -> list[Communication]:
    start = lp(_DRAW) + lp(seed) + lp(str(flow.id).encode()) + lp(month.isoformat().encode())
    return sorted(rows, key=lambda row: sha256(start + lp(str(row.id).encode())).digest())


def _seed(institution: Institution, log: NoteVerifier, end: date) -> bytes | None:
    published = latest_checkpoint(institution)
    if published is None:
        return None
    checkpoint = verify_checkpoint(bytes(published.note), [log])
    moment = datetime.combine(end, time(), ZoneInfo(institution.timezone))
    first = _first_at(institution, checkpoint.size, int(moment.timestamp() * 1000))
    if first == checkpoint.size:
        return None
    hashes = StoredHashes(institution)
    root = root_at(first + 1, hashes)
    proof = consistency_proof(first + 1, checkpoint.size, hashes)
    verify_consistency(first + 1, checkpoint.size, root, checkpoint.root, proof)
    # The entries on both sides of the month's end are those of the log, so the place is the log's as well.
    for index in range(max(0, first - 1), first + 1):
        leaf = leaf_hash(_entry(institution, index))
        verify_inclusion(index, first + 1, leaf, inclusion_proof(index, first + 1, hashes), root)
    return root


def _first_at(institution: Institution, size: int, moment: int) -> int:
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if Entry.parse(_entry(institution, middle)).time_ms < moment:
            low = middle + 1
        else:
            high = middle
    return low


def _entry(institution: Institution, index: int) -> bytes:
    row = Leaf.objects.filter(institution=institution, index=index).first()
    if row is None:
        raise RegisterDamaged("an entry of the register is missing")
    return bytes(row.entry)
