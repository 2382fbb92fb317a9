"""What the acting member's side establishes about a decision, from the stored bytes and what the member pinned."""

from hashlib import sha256

from django.utils import timezone

from ciment.canon import InvalidEncoding
from ciment.disclosure import ActRefused, Circumstances, Published, has_secret, preparer_of, released_items
from ciment.quorum.decision import Decision as Delta
from ciment.quorum.decision import parse_decision
from ciment.quorum.wrap import Label, Wrap, parse_wrap
from ciment.register import Document, NoteVerifier, Opening
from ciment.vault import open_blob, stream_commitment
from ciment_web.decisions.copies import describe_copies, label_of, read_stored
from ciment_web.decisions.models import Decision, ReleaseCopy
from ciment_web.decisions.secret import label_of_secret
from ciment_web.decisions.stops import is_stopped
from ciment_web.decisions.subjects import Subject, handler_for
from ciment_web.law import pack_of
from ciment_web.members.actor import Actor
from ciment_web.members.pin import open_pin
from ciment_web.quorum.trust import trusted_roster
from ciment_web.register.queries import Entered, prove


def delta_of(decision: Decision) -> Delta:
    """Return Δ as frozen.

    Raises:
        InvalidEncoding: if the row does not carry the decision it is named by.
    """
    delta = parse_decision(bytes(decision.delta))
    if delta.id != str(decision.id) or delta.digest != bytes(decision.digest):
        raise InvalidEncoding("a row that does not carry its own decision")
    return delta


def copies_of(decision: Decision, delta: Delta) -> list[ReleaseCopy]:
    """Return the copies that Δ names, in its order."""
    rows = {
        str(copy.id): copy for copy in ReleaseCopy.objects.filter(institution=decision.institution, decision=decision)
    }
    named = released_items(delta)
    try:
        return [rows[item.label.ids[-1]] for item in named]
    except KeyError as error:
        raise ActRefused("not_executable") from error


def circumstances_of(actor: Actor, decision: Decision, subject: Subject) -> Circumstances:
    """Gather APPROVE 1 to 4: the pinned roster, labels recomputed from the stored blobs, the proof from the register.

    Raises:
        ActRefused: if the decision is no longer open, or its entry is not in a published checkpoint yet.
    """
    if decision.state != Decision.State.OPEN:
        raise ActRefused("not_executable")
    delta = delta_of(decision)
    # APPROVE 1: nothing frozen, except what a decision to reopen names.
    if delta.purpose != "reopen" and is_stopped(decision.institution_id, subject.id):
        raise ActRefused("frozen")
    roster = trusted_roster(actor)
    pin = open_pin(actor.member, actor.keys)
    log = NoteVerifier.parse(pin.log)
    copies = copies_of(decision, delta)
    return Circumstances(
        decision=delta,
        roster=roster,
        pinned=pin.trusted,
        copies=describe_copies(copies, preparer_of(delta)),
        letter=_verified_letter(actor, decision, subject),
        pack=pack_of(decision.institution),
        items=[*(_item(copy, delta.kappa) for copy in copies), *_secret_item(decision, delta)],
        published=Published(prove_decision(log, decision, delta, subject), log),
        now_ms=int(timezone.now().timestamp() * 1000),
        recused=actor.id in handler_for(subject).tied(actor, subject),
    )


def prove_decision(log: NoteVerifier, decision: Decision, delta: Delta, subject: Subject) -> bytes:
    """Return the offline proof that Δ is in the register, verified under its pinned key `log`.

    Raises:
        ActRefused: until a checkpoint covers it.
    """
    opened = open_blob(subject.key, bytes(decision.sealed_opening), subject.context(f"decision/{decision.id}/opening"))
    document = Document("decision", sha256(delta.encode()).digest())
    proof = None
    if decision.leaf_index is not None:
        proof = prove(decision.institution, Entered(document, Opening.parse(opened), decision.leaf_index), log)
    if proof is None:
        raise ActRefused("not_published")
    return proof


def letter_of(decision: Decision, subject: Subject) -> bytes:
    """Return the letter as stored; raises BlobError if it was changed or moved, ActRefused if Δ names another."""
    letter = open_blob(subject.key, bytes(decision.sealed_letter), subject.context(f"decision/{decision.id}/letter"))
    if delta_of(decision).letter != sha256(letter).digest():
        raise ActRefused("letter")
    return letter


def _verified_letter(actor: Actor, decision: Decision, subject: Subject) -> bytes:
    letter = letter_of(decision, subject)
    handler_for(subject).verify_matter(actor, decision, letter)
    return letter


def layers_of(decision: Decision, delta: Delta, copies: list[ReleaseCopy]) -> list[bytes]:
    """Return the sealed second layers, in the order of the items."""
    layers = [bytes(copy.sealed_p) for copy in copies]
    return [*layers, bytes(decision.secret_p)] if has_secret(delta) else layers


def _secret_item(decision: Decision, delta: Delta) -> list[tuple[Label, Wrap]]:
    if not has_secret(delta):
        return []
    blob = bytes(decision.sealed_secret)
    label = label_of_secret(blob, str(decision.institution_id), str(decision.id), delta.kappa)
    return [(label, parse_wrap(bytes(decision.secret_wrap)))]


def _item(copy: ReleaseCopy, kappa: bytes) -> tuple[Label, Wrap]:
    # Digest and commitment come from the blob as it lies in the store now, not from the row beside the wrap.
    digest, head = read_stored(copy.blob)
    return label_of(copy, kappa, digest, stream_commitment(head)), parse_wrap(bytes(copy.wrap))
