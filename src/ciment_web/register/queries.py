"""Read the register and prove from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ciment.canon import CimentError
from ciment.register import Document, Entry, NoteVerifier, Opening, Proof, build_proof, inclusion_proof, verify_proof
from ciment_web.institutions.models import Institution
from ciment_web.register.models import Leaf, Node, PublishedCheckpoint


class RegisterDamaged(CimentError):  # noqa: N818 - the class names the refusal
    """A register whose stored hashes are not all there."""


class StoredHashes:
    """The nodes of one institution's tree, as `ciment.register` reads them."""

    def __init__(self, institution: Institution) -> None:
        """Read from the log of `institution`."""
        self.institution = institution

    def read_nodes(self, nodes: Sequence[tuple[int, int]]) -> Sequence[bytes]:
        """Return the hash of each (height, index), in the same order, in at most two queries."""
        leaves = [index for height, index in nodes if height == 0]
        above = [(height, index) for height, index in nodes if height]
        found: dict[tuple[int, int], bytes] = {}
        if leaves:
            rows = Leaf.objects.filter(institution=self.institution, index__in=leaves)
            found.update({(0, index): bytes(value) for index, value in rows.values_list("index", "leaf_hash")})
        if above:
            # A few rows too many, and one plain query: spelling out each pair costs more than reading them.
            levels, indices = {height for height, _ in above}, {index for _, index in above}
            rows_above = Node.objects.filter(institution=self.institution, level__in=levels, index__in=indices)
            triples = rows_above.values_list("level", "index", "node_hash")
            found.update({(level, index): bytes(value) for level, index, value in triples})
        try:
            return [found[node] for node in nodes]
        except KeyError as error:
            raise RegisterDamaged("a hash of the register is missing") from error


def latest_checkpoint(institution: Institution) -> PublishedCheckpoint | None:
    """Return the newest published checkpoint."""
    return PublishedCheckpoint.objects.filter(institution=institution).order_by("-size").first()


@dataclass(frozen=True)
class Entered:
    """A document that entry `index` names, and the opening that shows it."""

    document: Document
    opening: Opening
    index: int


def prove(institution: Institution, entered: Entered, log: NoteVerifier) -> bytes | None:
    """Return the offline evidence file of a document; None until a checkpoint covers its entry.

    `log` is the reader's own key of the register: no file leaves that its receiver could not verify.

    Raises:
        RegisterDamaged: if the stored entry, hashes or checkpoint do not give a proof that verifies.
    """
    published = latest_checkpoint(institution)
    if published is None or published.size <= entered.index:
        return None
    try:
        leaf = Leaf.objects.get(institution=institution, index=entered.index)
        hashes = tuple(inclusion_proof(entered.index, published.size, StoredHashes(institution)))
        entry, note = Entry.parse(bytes(leaf.entry)), bytes(published.note)
        proof = build_proof(Proof(entry, entered.opening, entered.document, entered.index, hashes, note))
        verify_proof(proof, log)
    except (CimentError, Leaf.DoesNotExist) as error:
        raise RegisterDamaged("the register does not prove what it holds") from error
    return proof


def entries(institution: Institution) -> Iterator[bytes]:
    """Yield the bytes of every entry, in order."""
    rows = Leaf.objects.filter(institution=institution).order_by("index")
    for (entry,) in rows.values_list("entry").iterator(chunk_size=1000):
        yield bytes(entry)
