"""Read the register and prove from it."""

from collections.abc import Iterator, Sequence

from ciment.canon import CimentError
from ciment.register import Document, Entry, Opening, Proof, build_proof, inclusion_proof
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


def prove(institution: Institution, index: int, opening: Opening, document: Document) -> bytes | None:
    """Return the offline evidence file of `document`, named by entry `index`; None until a checkpoint covers it."""
    published = latest_checkpoint(institution)
    if published is None or published.size <= index:
        return None
    leaf = Leaf.objects.get(institution=institution, index=index)
    hashes = inclusion_proof(index, published.size, StoredHashes(institution))
    entry = Entry.parse(bytes(leaf.entry))
    return build_proof(Proof(entry, opening, document, index, tuple(hashes), bytes(published.note)))


def entries(institution: Institution) -> Iterator[bytes]:
    """Yield the bytes of every entry, in order."""
    rows = Leaf.objects.filter(institution=institution).order_by("index")
    for (entry,) in rows.values_list("entry").iterator(chunk_size=1000):
        yield bytes(entry)
