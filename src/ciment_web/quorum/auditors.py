"""Hand the key that opens the details of the register to another auditor, or to the first one."""

from django.db import transaction

from ciment_web.members.actions import confirm_passphrase
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, RegisterKey, Role
from ciment_web.members.pin import open_pin
from ciment_web.members.queries import enrolment_digest, enrolment_of
from ciment_web.members.refusals import require
from ciment_web.members.register_key import pass_register_key, waits_for_register_key
from ciment_web.members.tracing import record
from ciment_web.quorum.queries import has_accords
from ciment_web.quorum.trust import Untrusted, require_trusted, trusted_roster


def auditors_waiting(actor: Actor) -> list[Member]:
    """Return the auditors to whom the actor may hand the key; nobody for whoever holds none, or no role."""
    holds = actor.holds(Role.DPO, Role.ADMINISTRATOR) and RegisterKey.objects.filter(member=actor.member).exists()
    return [each for each in waits_for_register_key(actor.institution) if each != actor.member] if holds else []


def hand_over_register_key(actor: Actor, member: Member, passphrase: str, seen: str) -> None:
    """Wrap the key that the actor holds to an auditor, whose enrolment is the one whose digest was `seen`.

    Once there are accords, a holder of a seat answers for the auditor first. Before, nobody can: the two compare the
    fingerprint in person. A founder who is no auditor keeps nothing of the key.

    Raises:
        NotAllowed: if the actor holds no key, or the member does not wait for it.
        WrongPassphrase, TooManyAttempts: as `confirm_passphrase`.
        Untrusted: if the enrolment is another than was shown, names no auditor, or nobody answers for it.
    """
    require(member in auditors_waiting(actor))
    confirmed = Actor(actor.member, actor.roles, confirm_passphrase(actor, passphrase))
    if enrolment_digest(bytes(member.enrolment)) != seen:
        raise Untrusted("another enrolment than the one that was shown")
    enrolment = enrolment_of(member)
    if Role.DPO not in enrolment.roles:
        raise Untrusted("no auditor by the signed enrolment")
    if _has_accords(actor):
        require_trusted(member, trusted_roster(actor).roster)
    with transaction.atomic():
        pass_register_key(confirmed, member, enrolment.public)
        record(actor, "register_key.handed_over", {"member": str(member.id)})


def _has_accords(actor: Actor) -> bool:
    # What the actor pinned counts as well: a roster taken away does not bring the time before the ceremony back.
    return has_accords(actor.institution) or bool(open_pin(actor.member, actor.keys).trusted)
