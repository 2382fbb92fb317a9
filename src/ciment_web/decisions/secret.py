"""The passphrase of a packet: the quorum's until the decision is executed, then the preparer's alone."""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256

from ciment.canon import HybridPublicKey, JsonObject, b64, decode_object, encode, unb64
from ciment.disclosure import SECRET_CATEGORY
from ciment.quorum.roster import Roster
from ciment.quorum.wrap import Label, SealedCopy, wrap
from ciment.vault import blob_commitment, open_blob, seal, unwrap_key, wrap_key
from ciment.vault.wrap import WRAP_SIZE
from ciment_web.decisions.models import Decision, Packet
from ciment_web.members.actor import Actor


@dataclass(frozen=True)
class SealedSecret:
    """A passphrase under its own key, and that key wrapped to the quorum."""

    blob: bytes
    label: Label
    copy: SealedCopy


@dataclass(frozen=True)
class Secret:
    """A passphrase, and the member who drew it and alone receives it back: both stand under the same seal."""

    passphrase: str = field(repr=False)
    preparer: str
    hpke: HybridPublicKey = field(repr=False)


def seal_secret(secret: Secret, institution_id: str, decision_id: str, roster: Roster) -> SealedSecret:
    """Seal a passphrase so that only the accords of this decision open it."""
    key = secrets.token_bytes(32)
    statement: JsonObject = {
        "passphrase": secret.passphrase,
        "preparer": secret.preparer,
        "hpke": b64(secret.hpke.encoded),
    }
    blob = seal(key, encode(statement), _context(decision_id))
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


def open_secret(key: bytes, decision: Decision) -> Secret:
    """Return the secret that `key`, opened by the quorum, gives."""
    opened = open_blob(key, bytes(decision.sealed_secret), _context(str(decision.id)))
    fields = decode_object(opened, frozenset({"passphrase", "preparer", "hpke"}))
    return Secret(str(fields["passphrase"]), str(fields["preparer"]), HybridPublicKey.parse(unb64(fields["hpke"])))


def give_secret(secret: Secret, decision: Decision) -> bytes:
    """Return the passphrase sealed to the preparer alone: a wrapped key, then the blob under it."""
    key = secrets.token_bytes(32)
    wrapped = wrap_key(key, secret.hpke, _context(str(decision.id)))
    return wrapped + seal(key, secret.passphrase.encode(), _context(str(decision.id)))


def read_secret(actor: Actor, packet: Packet, preparer: str) -> str | None:
    """Return the packet's passphrase to the preparer whom Δ names, and nothing to anyone else."""
    if not packet.sealed_secret or preparer != actor.id:
        return None
    given, context = bytes(packet.sealed_secret), _context(str(packet.decision_id))
    key = unwrap_key(given[:WRAP_SIZE], actor.keys.hpke, context)
    return open_blob(key, given[WRAP_SIZE:], context).decode()


def _context(decision_id: str) -> JsonObject:
    return {"use": "packet-passphrase", "decision": decision_id}
