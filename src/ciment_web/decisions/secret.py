"""The passphrase of a packet: the quorum's until the decision is executed, then the preparer's alone."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from ciment.canon import JsonObject
from ciment.disclosure import SECRET_CATEGORY
from ciment.quorum.roster import Roster
from ciment.quorum.wrap import Label, SealedCopy, wrap
from ciment.vault import MemberPublic, blob_commitment, open_blob, seal, unwrap_key, wrap_key
from ciment.vault.wrap import WRAP_SIZE
from ciment_web.decisions.models import Decision, Packet
from ciment_web.members.actor import Actor


@dataclass(frozen=True)
class SealedSecret:
    """A passphrase under its own key, and that key wrapped to the quorum."""

    blob: bytes
    label: Label
    copy: SealedCopy


def seal_secret(passphrase: str, institution_id: str, decision_id: str, roster: Roster) -> SealedSecret:
    """Seal a passphrase so that only the accords of this decision open it."""
    key = secrets.token_bytes(32)
    blob = seal(key, passphrase.encode(), _context(decision_id))
    label = label_of_secret(blob, institution_id, decision_id, roster.kappa)
    return SealedSecret(blob, label, wrap(key, label, roster))


def label_of_secret(blob: bytes, institution_id: str, decision_id: str, kappa: bytes) -> Label:
    """Return the label of a sealed passphrase, recomputed from its bytes."""
    return Label(
        kappa=kappa,
        kind="copy",
        ids=(institution_id, decision_id),
        epoch=0,
        version=1,
        category=SECRET_CATEGORY,
        blob_sha256=sha256(blob).digest(),
        com=blob_commitment(blob),
    )


def open_secret(key: bytes, decision: Decision) -> str:
    """Return the passphrase that `key`, opened by the quorum, gives."""
    return open_blob(key, bytes(decision.sealed_secret), _context(str(decision.id))).decode()


def give_secret(passphrase: str, decision: Decision, preparer: MemberPublic) -> bytes:
    """Return the passphrase sealed to the preparer alone: a wrapped key, then the blob under it."""
    key = secrets.token_bytes(32)
    wrapped = wrap_key(key, preparer.hpke, _context(str(decision.id)))
    return wrapped + seal(key, passphrase.encode(), _context(str(decision.id)))


def read_secret(actor: Actor, packet: Packet) -> str | None:
    """Return the packet's passphrase to its preparer, and nothing to anyone else."""
    if not packet.sealed_secret or packet.decision.prepared_by_id != actor.member.id:
        return None
    given, context = bytes(packet.sealed_secret), _context(str(packet.decision_id))
    key = unwrap_key(given[:WRAP_SIZE], actor.keys.hpke, context)
    return open_blob(key, given[WRAP_SIZE:], context).decode()


def _context(decision_id: str) -> JsonObject:
    return {"use": "packet-passphrase", "decision": decision_id}
