"""The key that opens the details of the register: its public half is pinned by everyone, its seed held by auditors.

Before an institution has an auditor, its founder keeps the seed, opens nothing with it, and hands it over.
"""

from ciment.canon import HybridPrivateKey, JsonObject, derive
from ciment.vault import MemberPublic, unwrap_key, wrap_key
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, RegisterKey, Role
from ciment_web.members.permissions import can_read_register_details
from ciment_web.members.refusals import NotAllowed, require


def key_from(seed: bytes) -> HybridPrivateKey:
    """Return the key pair of a 32-byte seed."""
    return HybridPrivateKey.from_secret(derive(seed, "ciment/register/key/v1", 96))


def give_register_key(actor: Actor, seed: bytes) -> None:
    """Wrap the seed to a member who has just enrolled: an auditor, or the founder until there is one."""
    _keep(actor.member, actor.keys.public, seed)


def pass_register_key(actor: Actor, member: Member, public: MemberPublic) -> None:
    """Wrap the seed that the actor holds to another member's checked keys; a founder keeps none of it.

    Raises:
        NotAllowed: if the actor holds none.
    """
    seed = _open_seed(actor)
    RegisterKey.objects.filter(member=member).delete()
    _keep(member, public, seed)
    if not can_read_register_details(actor):
        RegisterKey.objects.filter(member=actor.member).delete()


def holders_of_register_key(institution: Institution) -> list[Member]:
    """Return the active members to whom the seed is wrapped, by login."""
    keys = RegisterKey.objects.filter(institution=institution, member__active=True)
    return [key.member for key in keys.select_related("member").order_by("member__login")]


def waits_for_register_key(institution: Institution) -> list[Member]:
    """Return the active auditors to whom the seed is not wrapped yet, by login."""
    held = RegisterKey.objects.filter(institution=institution).values("member")
    auditors = Member.objects.filter(institution=institution, active=True, held_roles__role=Role.DPO)
    return list(auditors.exclude(pk__in=held).order_by("login"))


def open_register_key(actor: Actor) -> HybridPrivateKey:
    """Return the key that opens details; raises NotAllowed for anyone but an auditor who was given it."""
    require(can_read_register_details(actor))
    return key_from(_open_seed(actor))


def _open_seed(actor: Actor) -> bytes:
    row = RegisterKey.objects.filter(institution=actor.institution, member=actor.member).first()
    if row is None:
        raise NotAllowed("this member was not given the key of the register")
    return unwrap_key(bytes(row.wrapped), actor.keys.hpke, _context(actor.member))


def _keep(member: Member, public: MemberPublic, seed: bytes) -> None:
    RegisterKey.objects.create(
        institution=member.institution, member=member, wrapped=wrap_key(seed, public.hpke, _context(member))
    )


def _context(member: Member) -> JsonObject:
    return {"use": "register-key", "institution": str(member.institution_id), "member": str(member.id)}
