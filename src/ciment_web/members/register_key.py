"""The key that opens the details of the register: its public half is pinned by everyone, its seed held by auditors."""

from ciment.canon import HybridPrivateKey, JsonObject, derive
from ciment.vault import unwrap_key, wrap_key
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, RegisterKey
from ciment_web.members.permissions import can_read_register_details
from ciment_web.members.refusals import NotAllowed, require


def key_from(seed: bytes) -> HybridPrivateKey:
    """Return the key pair of a 32-byte seed."""
    return HybridPrivateKey.from_secret(derive(seed, "ciment/register/key/v1", 96))


def give_register_key(actor: Actor, seed: bytes) -> None:
    """Wrap the seed to a newly enrolled auditor."""
    RegisterKey.objects.create(
        institution=actor.institution,
        member=actor.member,
        wrapped=wrap_key(seed, actor.keys.public.hpke, _context(actor.member)),
    )


def open_register_key(actor: Actor) -> HybridPrivateKey:
    """Return the key that opens details; raises NotAllowed for anyone but an auditor who was given it."""
    require(can_read_register_details(actor))
    row = RegisterKey.objects.filter(institution=actor.institution, member=actor.member).first()
    if row is None:
        raise NotAllowed("this auditor was not given the key of the register")
    return key_from(unwrap_key(bytes(row.wrapped), actor.keys.hpke, _context(actor.member)))


def _context(member: Member) -> JsonObject:
    return {"use": "register-key", "institution": str(member.institution_id), "member": str(member.id)}
