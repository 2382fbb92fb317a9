"""What somebody recounts who trusts no action: every row, every entry as an auditor opens it, every signed accord."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db.models import F, Model

from ciment.quorum.approve import Approval as SignedApproval
from ciment.quorum.approve import parse_approval, verify_approval
from ciment.quorum.decision import Decision as Delta
from ciment.quorum.decision import parse_decision
from ciment.quorum.execute import require_quorum
from ciment.quorum.roster import Roster, parse_signed_roster, verify_roster
from ciment.register import (
    Checkpoint,
    Document,
    Entry,
    Frontier,
    MemoryHashes,
    NoteVerifier,
    Opening,
    consistency_proof,
    document_opening,
    leaf_hash,
    root_of,
    verify_checkpoint,
    verify_consistency,
    verify_opening,
)
from ciment.register.tree import root_at
from ciment_web.decisions.models import Approval, Decision, Packet
from ciment_web.inquiries.documents import subject_of
from ciment_web.inquiries.models import Document as Paper
from ciment_web.institutions.models import TenantRow
from ciment_web.members.pin import open_pin
from ciment_web.members.register_key import open_register_key
from ciment_web.project.demonstration import Demonstration
from ciment_web.quorum.models import RosterRecord
from ciment_web.register.actions import details_context
from ciment_web.register.models import Leaf, LogHead, PublishedCheckpoint

Said = dict[str, Any]
OPENING = {"may", "must", "own_right"}


def tenant_models() -> list[type[Model]]:
    """Return every model whose rows belong to an institution; the register's own are recounted apart."""
    return [model for model in apps.get_models() if issubclass(model, TenantRow)]


def digest_rows() -> dict[str, str]:
    """Return a digest of all rows of each tenant table: it changes with any value of any of them."""
    return {
        model._meta.db_table: _digest(model._default_manager.order_by("pk").values_list()) for model in tenant_models()
    }


def _digest(rows: Iterable[tuple[Any, ...]]) -> str:
    hashed = sha256()
    for row in rows:
        for value in row:
            data = bytes(value) if isinstance(value, bytes | memoryview) else repr(value).encode()
            hashed.update(len(data).to_bytes(8, "big") + data)
    return hashed.hexdigest()


def foreign_references() -> list[str]:
    """Return every row that refers to a row of another institution."""
    found = []
    for model in tenant_models():
        for field in model._meta.fields:
            target = field.related_model
            if isinstance(target, type) and issubclass(target, TenantRow):
                rows = model._default_manager.filter(**{f"{field.name}__isnull": False})
                strays = rows.exclude(**{f"{field.name}__institution": F("institution")})
                found += [f"{model.__name__}.{field.name}: {row.pk}" for row in strays]
    return found


class Watch:
    """One institution, watched from outside its actions."""

    def __init__(self, world: Demonstration) -> None:
        self.world = world
        self.institution = world.institution
        auditor = world.people["dpo"]
        self.key = open_register_key(auditor)
        pin = open_pin(auditor.member, auditor.keys)
        self.verifier = NoteVerifier.parse(pin.log)
        signed = parse_signed_roster(bytes(RosterRecord.objects.get(institution=world.institution).signed))
        verify_roster(signed, pin.trusted)
        self.roster: Roster = signed.roster
        # Accords as they were signed, by decision and member, from the moment each was given.
        self.signed: dict[str, dict[str, SignedApproval]] = {}
        self.hashes = MemoryHashes()
        self.said: list[Said] = []
        self.known = 0
        self.notes: dict[bytes, Checkpoint] = {}
        self.published: dict[int, bytes] = {}

    # -- the register ----------------------------------------------------------------------------------------------

    def read_new(self) -> list[Said]:
        """Open the entries that are new, as the auditor does, and hold each against its commitment."""
        rows = Leaf.objects.filter(institution=self.institution, index__gte=len(self.said)).order_by("index")
        new = [self._open(leaf) for leaf in rows]
        self.said += new
        return new

    def _open(self, leaf: Leaf) -> Said:
        sealed, context = bytes(leaf.sealed_details), details_context(self.institution)
        opening = Opening.parse(self.key.open(sealed, context))
        documents = self._documents_at(leaf.index)
        public = document_opening(opening.salt, opening.details, documents) if documents else opening
        verify_opening(Entry.parse(bytes(leaf.entry)), public)
        return dict(opening.details)

    def _documents_at(self, index: int) -> list[Document]:
        here = {"institution": self.institution, "leaf_index": index}
        return [
            *(Document("packet", bytes(row.sha256)) for row in Packet.objects.filter(**here)),
            *(subject_of(row.kind, bytes(row.sha256)) for row in Paper.objects.filter(**here)),
            *(Document("decision", sha256(bytes(row.delta)).digest()) for row in Decision.objects.filter(**here)),
        ]

    def verify_register(self) -> None:
        """Recompute the root from the entries, and hold every checkpoint ever published against it."""
        leaves = list(self._leaves())
        assert len(leaves) == len(self.said), "an entry that nobody's act explains"
        assert self.hashes.read_nodes([(0, index) for index in range(self.known)]) == leaves[: self.known]
        for leaf in leaves[self.known :]:
            self.hashes.append(leaf)
        self.known = len(leaves)
        head = LogHead.objects.get(institution=self.institution)
        root = root_of(leaves)
        assert (head.size, Frontier.parse(bytes(head.frontier)).root()) == (len(leaves), root)
        published = self._published()
        assert self.published.items() <= published.items(), "a published checkpoint is gone or another"
        assert len(leaves) in published, "an act that is not published"
        for size in published.keys() - self.published.keys() | {max(self.published, default=len(leaves))}:
            self._require_start(size, published[size], root)
        self.published = published

    def verify_history(self) -> None:
        """Prove, for every checkpoint ever published, that the register continues it."""
        for size, root in self.published.items():
            self._require_start(size, root, self.published[self.known])

    def _require_start(self, size: int, old: bytes, root: bytes) -> None:
        assert old == root_at(size, self.hashes), "a checkpoint of another history"
        verify_consistency(size, self.known, old, root, consistency_proof(size, self.known, self.hashes))

    def _published(self) -> dict[int, bytes]:
        notes = PublishedCheckpoint.objects.filter(institution=self.institution).values_list("note", flat=True)
        for note in map(bytes, notes):
            if note not in self.notes:
                self.notes[note] = verify_checkpoint(note, [self.verifier])
        return {self.notes[note].size: self.notes[note].root for note in map(bytes, notes)}

    def _leaves(self) -> Iterator[bytes]:
        rows = Leaf.objects.filter(institution=self.institution).order_by("index").values_list("index", "entry")
        for position, (index, entry) in enumerate(rows):
            assert index == position, "an index left empty"
            yield leaf_hash(bytes(entry))

    # -- the accords -----------------------------------------------------------------------------------------------

    def see_approval(self, row: Approval, member: str) -> None:
        """Verify an accord at the moment it is given, and remember its bytes."""
        row.refresh_from_db()
        approval = parse_approval(bytes(row.signed))
        verify_approval(approval, self.roster, parse_decision(bytes(row.decision.delta)))
        assert approval.member_id == str(row.member_id) == member
        assert self.said[-1]["approval"] == sha256(approval.encode()).hexdigest()
        self.signed.setdefault(str(row.decision_id), {})[member] = approval

    def tied(self, inquiry: str) -> set[str]:
        """Return the members whom the register knows to be tied to a matter: a tie is never taken back."""
        told = [said for said in self.said if said["act"] == "inquiry.recusal" and said["inquiry"] == inquiry]
        return {said["actor"] for said in told if said["recused"]}

    def standing(self, delta: Delta) -> list[SignedApproval]:
        """Return the accords that the register says were given to exactly this decision, and were not taken back."""
        told = [said for said in self.said if said["act"] == "decision.approved" and said["decision"] == delta.id]
        tied = self.tied(str(delta.inquiry))
        given = {said["actor"]: said["approval"] for said in told if said["actor"] not in tied}
        seen = self.signed.get(delta.id, {})
        accords = [seen[member] for member in given]
        assert [sha256(each.encode()).hexdigest() for each in accords] == list(given.values())
        return accords

    def require_accords(self, delta: Delta) -> None:
        """Recount, without the actions, what agreed to exactly this decision, and that the law opens each item."""
        verdicts: Any = delta.verdicts
        copies: Any = delta.copies
        leading = any(verdict["decided_by"] == "dg_or_president" for verdict in verdicts.values())
        accords = self.standing(delta)
        require_quorum(delta, accords, self.roster, copies["preparer"], needs_dg_or_president=leading)
        # The same count by hand: as many different seats and people as the roster asks for.
        assert len({each.seat for each in accords}) >= self.roster.threshold
        assert len({each.member_id for each in accords}) >= self.roster.threshold
        assert all(verdicts[copy["category"]]["verdict"] in OPENING for copy in copies["list"])
        frozen = [said for said in self.said if said["act"] == "decision.frozen" and said["decision"] == delta.id]
        assert [said["delta"] for said in frozen] == [delta.digest.hex()]

    def count(self, act: str, **named: str) -> int:
        """Return how many entries tell of `act` with these details."""
        return sum(1 for said in self.said if said["act"] == act and named.items() <= said.items())
