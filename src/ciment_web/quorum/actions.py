"""The ceremony, round by round, and what each holder keeps of it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from ciment.canon import CimentError, JsonObject
from ciment.quorum.contribution import parse_contribution
from ciment.quorum.deal import accept, assemble, contribute
from ciment.quorum.errors import RosterRefused
from ciment.quorum.holder import Holder
from ciment.quorum.plan import CeremonyPlan, Contributor, PlannedSeat, SignedPlan, parse_plan, sign_plan
from ciment.quorum.roster import fingerprint, parse_signed_roster, sign_roster
from ciment.quorum.share import ShareRecord, encode_share, parse_share
from ciment.vault import open_blob, seal
from ciment.vault.enrolment import countersign
from ciment_web.members.actions import confirm_passphrase
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.members.permissions import can_countersign
from ciment_web.members.pin import keep_pin, open_pin
from ciment_web.members.queries import enrolment_digest, enrolment_of, public_of
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record
from ciment_web.quorum.models import Ceremony, CeremonyMessage, RosterRecord, SealedShare
from ciment_web.quorum.permissions import can_answer
from ciment_web.quorum.trust import NoQuorum, Untrusted, hold_to_roster, trusted_roster, verified_roster

# Five groups of four hexadecimal digits.
TYPED_DIGITS = 20


class CeremonyRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A ceremony that cannot go on: a round out of order, or a second one of the same generation."""


def plan_ceremony(actor: Actor, threshold: int) -> Ceremony:
    """Propose the ceremony: one seat for each active signatory, all of whom contribute.

    Raises:
        CeremonyRefused: if a ceremony exists, if fewer than two accords would do, or are more than the signatories.
    """
    require(actor.holds(Role.SIGNATORY))
    if RosterRecord.objects.filter(institution=actor.institution).exists():
        raise CeremonyRefused("this institution has its quorum already")
    members = Member.objects.filter(institution=actor.institution, active=True, held_roles__role=Role.SIGNATORY)
    seated = list(members.order_by("login"))
    # One accord would be one person alone: the mission starts at two.
    if not 2 <= threshold <= len(seated):
        raise CeremonyRefused("the accords required are at least two, at most the number of signatories")
    seats = tuple(
        PlannedSeat(number, member.title, (_holder(member),))  # type: ignore[arg-type]  # checked against the same words
        for number, member in enumerate(seated, start=1)
    )
    plan = CeremonyPlan(
        institution=str(actor.institution.id),
        generation=1,
        threshold=threshold,
        contributors=tuple(Contributor(seat.number, seat.holders[0]) for seat in seats),
        seats=seats,
    )
    with transaction.atomic():
        # A ceremony begun anew leaves nothing of the one before: neither messages nor shares.
        Ceremony.objects.filter(institution=actor.institution, generation=1).delete()
        SealedShare.objects.filter(institution=actor.institution, generation=1).delete()
        ceremony = Ceremony.objects.create(
            id=uuid.uuid4(),
            institution=actor.institution,
            generation=1,
            plan=plan.encode(),
            started_at=timezone.now(),
        )
        record(actor, "ceremony.planned", {"threshold": threshold, "seats": len(seats)})
    return ceremony


def agree_to_plan(actor: Actor, ceremony: Ceremony) -> None:
    """Sign the plan: round one of three."""
    plan = parse_plan(bytes(ceremony.plan))
    _require_holder(actor, plan)
    _say(actor, ceremony, "plan", sign_plan(plan, actor.keys.sign))


def deal(actor: Actor, ceremony: Ceremony) -> None:
    """Deal one's part of the secret to every seat: round two, open once every contributor signed the plan."""
    contribution = contribute(_signed_plan(ceremony), actor.id, actor.keys.sign)
    _say(actor, ceremony, "contribution", contribution.encode())


def confirm(actor: Actor, ceremony: Ceremony) -> None:
    """Verify every contribution, keep one's share, sign the roster: round three. The last seat activates it.

    Raises:
        DealRefused: naming the contributor whose part does not hold; the ceremony is then begun anew.
        RosterRefused: for a holder who trusts another roster already.
    """
    pin = open_pin(actor.member, actor.keys)
    contributions = [parse_contribution(message) for message in _messages(ceremony, "contribution").values()]
    acceptance = accept(_signed_plan(ceremony), contributions, actor.id, actor.keys.hpke)
    mark = fingerprint(acceptance.roster)
    if pin.roster not in (b"", mark):
        raise RosterRefused("another roster than the one this member trusts")
    with transaction.atomic():
        SealedShare.objects.create(
            institution=actor.institution,
            member=actor.member,
            generation=ceremony.generation,
            blob=seal(
                actor.keys.derive("share"), encode_share(acceptance.share), _share_context(actor, ceremony.generation)
            ),
        )
        # Not for good before the last seat has signed: until then the ceremony may be begun anew.
        keep_pin(replace(pin, accepted=mark), actor.member, actor.keys)
        _say(actor, ceremony, "roster", sign_roster(acceptance.roster, actor.keys.sign))
        signatures = _messages(ceremony, "roster")
        if len(signatures) == len(acceptance.roster.seats):
            signed = assemble(acceptance.roster, signatures)
            RosterRecord.objects.create(
                institution=actor.institution,
                generation=ceremony.generation,
                signed=signed.encode(),
                activated_at=timezone.now(),
            )
            record(actor, "ceremony.done", {"fingerprint": fingerprint(signed).hex()}, kind="ceremony")


def pin_roster(actor: Actor, typed: str) -> bytes:
    """Trust the institution's roster from now on; `typed` is the beginning of its fingerprint, copied from paper.

    Eighty bits are asked for: nobody can make another roster whose fingerprint begins so.

    Raises:
        NoQuorum: before the ceremony.
        RosterRefused: if the stored roster does not hold together, is another institution's, is not the one on paper,
            or differs from the one this member pinned before.
    """
    stored = RosterRecord.objects.filter(institution=actor.institution).order_by("-generation").first()
    if stored is None:
        raise NoQuorum("the ceremony is not finished")
    mark = fingerprint(parse_signed_roster(bytes(stored.signed)))
    verified_roster(bytes(stored.signed), mark, str(actor.institution.id))
    copied = "".join(typed.split()).lower()
    if len(copied) < TYPED_DIGITS or not mark.hex().startswith(copied):
        raise RosterRefused("not the fingerprint on paper")
    pin = open_pin(actor.member, actor.keys)
    if pin.roster not in (b"", mark):
        raise RosterRefused("another roster than the one this member trusts")
    with transaction.atomic():
        keep_pin(replace(pin, roster=mark), actor.member, actor.keys)
        record(actor, "roster.pinned", {"fingerprint": mark.hex()})
    return mark


def answer_for(actor: Actor, member: Member, passphrase: str, seen: str) -> None:
    """Answer for a member with one's passphrase, for exactly the enrolment whose digest was `seen`.

    Raises:
        WrongPassphrase, TooManyAttempts: as `confirm_passphrase`.
        Untrusted: if the enrolment is no longer the one that was shown.
    """
    require(can_countersign(actor, member))
    confirmed = Actor(actor.member, actor.roles, confirm_passphrase(actor, passphrase))
    if enrolment_digest(bytes(member.enrolment)) != seen:
        raise Untrusted("another enrolment than the one that was shown")
    countersign_member(confirmed, member)


def countersign_member(actor: Actor, member: Member) -> None:
    """Answer for another member's keys and roles: from then on keys are wrapped to that member.

    Raises:
        NoQuorum, RosterRefused: as `trusted_roster`.
        InvalidEncoding, BadSignature: if the member's row and enrolment disagree.
    """
    require(can_countersign(actor, member))
    # Nobody but a holder of a seat: another signature would answer for nothing, and keep everybody from working.
    require(can_answer(actor, trusted_roster(actor).roster))
    enrolment_of(member)
    with transaction.atomic():
        hold_to_roster(actor)
        member.countersigned_by = actor.member
        member.countersignature = countersign(bytes(member.enrolment), actor.keys)
        member.save(update_fields=["countersigned_by", "countersignature"])
        record(actor, "member.countersigned", {"member": str(member.id)})


def open_share(actor: Actor, generation: int) -> ShareRecord:
    """Return the actor's share of the quorum key.

    Raises:
        NoQuorum: if the actor holds none of that generation.
    """
    row = SealedShare.objects.filter(member=actor.member, institution=actor.institution, generation=generation).first()
    if row is None:
        raise NoQuorum("this member holds no share")
    return parse_share(open_blob(actor.keys.derive("share"), bytes(row.blob), _share_context(actor, generation)))


def messages_missing(ceremony: Ceremony, round_name: str) -> list[str]:
    """Return the identifiers of the members whose message of a round is awaited."""
    seats = parse_plan(bytes(ceremony.plan)).seats
    given = _messages(ceremony, round_name)
    return [holder.member_id for seat in seats for holder in seat.holders if holder.member_id not in given]


def _say(actor: Actor, ceremony: Ceremony, round_name: str, message: bytes) -> None:
    before = CeremonyMessage.ROUNDS[: CeremonyMessage.ROUNDS.index(round_name)]
    if any(messages_missing(ceremony, earlier) for earlier in before):
        raise CeremonyRefused("the round before is not complete")
    with transaction.atomic():
        CeremonyMessage.objects.create(
            institution=actor.institution, ceremony=ceremony, member=actor.member, round=round_name, message=message
        )
        record(actor, f"ceremony.{round_name}", {"ceremony": str(ceremony.id)})


def _signed_plan(ceremony: Ceremony) -> SignedPlan:
    return SignedPlan(parse_plan(bytes(ceremony.plan)), _messages(ceremony, "plan"))


def _messages(ceremony: Ceremony, round_name: str) -> Mapping[str, bytes]:
    rows: Sequence[CeremonyMessage] = list(ceremony.messages.filter(round=round_name))
    return {str(row.member_id): bytes(row.message) for row in rows}


def _require_holder(actor: Actor, plan: CeremonyPlan) -> None:
    # The signatory's own keys must be the ones the plan names: a plan changed in the database is not signed.
    mine = (actor.id, actor.keys.public.ed25519, actor.keys.public.hpke.encoded)
    held = {(h.member_id, h.ed25519, h.hpke.encoded) for seat in plan.seats for h in seat.holders}
    if mine not in held or plan.institution != str(actor.institution.id):
        raise CeremonyRefused("the plan does not name this member with these keys")


def _holder(member: Member) -> Holder:
    public = public_of(member)
    return Holder(str(member.id), public.ed25519, public.hpke)


def _share_context(actor: Actor, generation: int) -> JsonObject:
    return {
        "use": "share",
        "institution": str(actor.institution.id),
        "member": actor.id,
        "generation": generation,
    }
