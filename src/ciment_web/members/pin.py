"""What a member trusts, sealed under the member's own seed so that nobody can exchange it in the database."""

from dataclasses import dataclass

from ciment.canon import HybridPublicKey, JsonObject, b64, decode_object, encode, unb64, unhex
from ciment.register import NoteVerifier
from ciment.vault import MemberKeys, open_blob, seal
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member

_FIELDS = frozenset({"v", "accepted", "log", "register_key", "roster"})


@dataclass(frozen=True)
class Pin:
    """The trusted keys of the register, and the fingerprint of the trusted roster (empty before the ceremony).

    `register_key` is what details are sealed to; `log` is the vkey that checkpoints are verified with. `accepted` is
    the roster a holder signed in a ceremony that others may still have to finish; `roster` is the one in force, for
    good.
    """

    register_key: HybridPublicKey
    log: str
    roster: bytes = b""
    accepted: bytes = b""

    @property
    def trusted(self) -> bytes:
        """The fingerprint a stored roster must have; empty when the member trusts none yet."""
        return self.roster or self.accepted


def pinned_log(actor: Actor) -> NoteVerifier:
    """Return the key of the register that the actor pinned."""
    return NoteVerifier.parse(open_pin(actor.member, actor.keys).log)


def keep_pin(pin: Pin, member: Member, keys: MemberKeys) -> None:
    """Store `pin` as what the member trusts from now on."""
    member.sealed_pin = seal_pin(pin, member, keys)
    member.save(update_fields=["sealed_pin"])


def seal_pin(pin: Pin, member: Member, keys: MemberKeys) -> bytes:
    """Return `pin` sealed to its owner."""
    statement: JsonObject = {
        "v": 1,
        "accepted": pin.accepted.hex(),
        "log": pin.log,
        "register_key": b64(pin.register_key.encoded),
        "roster": pin.roster.hex(),
    }
    return seal(keys.derive("pin"), encode(statement), _context(member))


def open_pin(member: Member, keys: MemberKeys) -> Pin:
    """Return the member's pin.

    Raises:
        BlobError: if the stored pin is not the one this member sealed.
    """
    fields = decode_object(open_blob(keys.derive("pin"), bytes(member.sealed_pin), _context(member)), _FIELDS)
    return Pin(
        HybridPublicKey.parse(unb64(fields["register_key"])),
        str(fields["log"]),
        unhex(fields["roster"]),
        unhex(fields["accepted"]),
    )


def _context(member: Member) -> JsonObject:
    return {"use": "pin", "institution": str(member.institution_id), "member": str(member.id)}
