"""Rows changed by somebody with SQL: no key is wrapped to an intruder, no role is gained; the error is clear."""

from collections.abc import Callable
from typing import Any

import pytest
from intruder import Intruder, make_intruder, member_now, plant, present, refusal_of
from web_stories import CONTENT, DUTY, qualify, record, uploaded

from ciment.canon import CimentError, decode_object, encode
from ciment.quorum.errors import RosterRefused
from ciment.vault import AgeIdentity, BlobError, MemberKeys, unwrap_key
from ciment.vault.enrolment import countersign
from ciment_web.blobs import store
from ciment_web.decisions.actions.copies import NewCopy, add_copy
from ciment_web.decisions.models import Decision, ReadingKey, ReleaseCopy
from ciment_web.inquiries.actions.open import read_inquiry
from ciment_web.inquiries.actions.prepare import prepare_decision, subject_of
from ciment_web.inquiries.actions.record import NewInquiry, record_inquiry
from ciment_web.inquiries.keys import open_key, sealed_context
from ciment_web.inquiries.models import Inquiry, InquiryKey
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, MemberRole, Role
from ciment_web.project.demonstration import Demonstration
from ciment_web.project.explanations import explain
from ciment_web.quorum.models import RosterRecord
from ciment_web.quorum.trust import NoQuorum, Untrusted
from ciment_web.register.models import Leaf

Change = Callable[[Intruder], Any]
ASKED = NewInquiry("police", "oral", ("existence",), CONTENT)


@pytest.fixture
def intruder(demonstration: Demonstration) -> Intruder:
    return make_intruder(demonstration)


def ask(demonstration: Demonstration) -> Inquiry:
    """Record a request while rows change under it: the worker was let in before, and the row is read anew."""
    worker = Actor(member_now(demonstration, "travailleur"), frozenset({Role.WORKER}), _keys_of_worker(demonstration))
    return record_inquiry(worker, ASKED)


def ask_later(demonstration: Demonstration) -> Inquiry:
    """Record a request as the next page would: with the roles that the rows, as they are, give."""
    return record_inquiry(present(demonstration, "travailleur"), ASKED)


def _keys_of_worker(demonstration: Demonstration) -> MemberKeys:
    return demonstration.people["travailleur"].keys


def _lone_signature(intruder: Intruder) -> bytes:
    """Return the institution's own roster with one signature taken away; its fingerprint stays."""
    stored = RosterRecord.objects.get(institution=intruder.demonstration.institution)
    fields = decode_object(bytes(stored.signed), frozenset({"format", "roster", "signatures"}))
    signatures = fields["signatures"]
    assert isinstance(signatures, dict)
    return encode({**fields, "signatures": dict(list(signatures.items())[1:])})


def _countersigned_by(intruder: Intruder, login: str) -> dict[str, Any]:
    """Return the columns of a planted member that somebody answers for with true keys."""
    answering = intruder.demonstration.people[login]
    return {"countersigned_by": answering.member, "countersignature": bytes(64)}


def _plant_answered(intruder: Intruder, login: str) -> None:
    member = plant(intruder, "intrus", **_countersigned_by(intruder, login))
    signature = countersign(bytes(member.enrolment), intruder.demonstration.people[login].keys)
    intruder.update("intrus", countersignature=signature)


def _plant_answered_by_itself(intruder: Intruder) -> None:
    member = plant(intruder, "intrus")
    signature = countersign(bytes(member.enrolment), intruder.keys)
    intruder.update("intrus", countersigned_by=member, countersignature=signature)


def _promote_holder(intruder: Intruder, **columns: Any) -> None:
    intruder.promote("dg", Role.REFERENT)
    intruder.update("dg", **columns)


def _promote_holder_answered_by_itself(intruder: Intruder) -> None:
    _promote_holder(intruder, countersigned_by=intruder.member("dg"))
    own = intruder.demonstration.people["dg"].keys
    intruder.update("dg", countersignature=countersign(bytes(intruder.member("dg").enrolment), own))


def _make_holder_referent(intruder: Intruder) -> None:
    # Without the role for which the roster answers by itself.
    MemberRole.objects.filter(member=intruder.member("dg")).delete()
    intruder.add_role("dg", Role.REFERENT)
    own = intruder.demonstration.people["dg"].keys
    intruder.update("dg", enrolment=intruder.enrolment("dg", own, (Role.REFERENT,)))


# What is changed, and the refusal that whoever wraps a key must get.
REFUSED: dict[str, tuple[Change, type[CimentError]]] = {
    "key of the referent": (
        lambda i: i.update("referent", public_key=i.keys.public.encode()),
        Untrusted,
    ),
    "enrolment of the referent": (
        lambda i: i.update("referent", enrolment=bytes(plant(i, "intrus").enrolment)),
        Untrusted,
    ),
    "enrolment of another member": (
        lambda i: i.update("referent", enrolment=bytes(i.member("dg").enrolment)),
        Untrusted,
    ),
    "whole row of the referent": (lambda i: i.take_over("referent"), Untrusted),
    "whole row, countersigned by the intruder": (
        lambda i: i.take_over("referent", countersignature=countersign(i.enrolment("referent"), i.keys)),
        Untrusted,
    ),
    "whole row of a holder": (lambda i: i.take_over("dg"), Untrusted),
    "worker made referent": (lambda i: i.add_role("travailleur", Role.REFERENT), Untrusted),
    "worker made signatory": (lambda i: i.add_role("travailleur", Role.SIGNATORY), Untrusted),
    "administrator made signatory": (lambda i: i.add_role("admin", Role.SIGNATORY), Untrusted),
    "role taken from the referent": (
        lambda i: MemberRole.objects.filter(member=i.member("referent"), role=Role.WORKER).delete(),
        Untrusted,
    ),
    "worker promoted by own hand": (lambda i: i.promote("travailleur", Role.REFERENT), Untrusted),
    "holder promoted, nobody's countersignature": (
        lambda i: _promote_holder(i, countersigned_by=i.member("president"), countersignature=bytes(64)),
        Untrusted,
    ),
    "holder promoted, countersigned by itself": (_promote_holder_answered_by_itself, Untrusted),
    "holder made referent and nothing else": (_make_holder_referent, Untrusted),
    "title of a signatory": (lambda i: i.update("adjoint", title="director_general"), Untrusted),
    "countersignature removed": (lambda i: i.update("referent", countersignature=b""), Untrusted),
    "countersignature of another": (
        lambda i: i.update("referent", countersignature=bytes(i.member("dpo").countersignature)),
        Untrusted,
    ),
    "countersigner exchanged": (
        lambda i: i.update("referent", countersigned_by=i.member("president")),
        Untrusted,
    ),
    "planted, nobody signed": (lambda i: plant(i, "intrus", **_countersigned_by(i, "dg")), Untrusted),
    "planted, countersigned without a seat": (lambda i: _plant_answered(i, "travailleur"), Untrusted),
    "planted, countersigned by itself": (_plant_answered_by_itself, Untrusted),
    "roster of the intruder": (lambda i: i.replace_roster(i.own_roster()), RosterRefused),
    "newer roster of the intruder": (lambda i: i.replace_roster(i.own_roster(), 2), RosterRefused),
    "roster less one signature": (lambda i: i.replace_roster(_lone_signature(i)), RosterRefused),
    "roster removed": (lambda _: RosterRecord.objects.all().delete(), NoQuorum),
    "pin of another": (
        lambda i: i.update("travailleur", sealed_pin=bytes(i.member("referent").sealed_pin)),
        BlobError,
    ),
    "pin removed": (lambda i: i.update("travailleur", sealed_pin=b""), BlobError),
}


def wrapped_rows() -> tuple[set[Any], set[Any]]:
    return set(InquiryKey.objects.values_list("pk", flat=True)), set(ReadingKey.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("name", REFUSED)
def test_no_key_is_wrapped_over_changed_rows(demonstration: Demonstration, intruder: Intruder, name: str) -> None:
    change, expected = REFUSED[name]
    ask(demonstration)
    before, entries = wrapped_rows(), Leaf.objects.count()
    change(intruder)
    refusal = refusal_of(lambda: ask(demonstration))
    assert isinstance(refusal, expected), refusal
    assert refusal_of(lambda: ask_later(demonstration)) is not None
    # All or nothing: no inquiry, no key, no entry.
    assert (wrapped_rows(), Leaf.objects.count(), Inquiry.objects.count()) == (before, entries, 1)


def test_a_roster_of_another_institution_attracts_no_key(
    demonstration: Demonstration, neighbour: Demonstration, intruder: Intruder
) -> None:
    foreign = RosterRecord.objects.get(institution=neighbour.institution)
    intruder.replace_roster(bytes(foreign.signed))
    assert isinstance(refusal_of(lambda: ask(demonstration)), RosterRefused)
    assert refusal_of(lambda: ask_later(demonstration)) is not None
    assert not InquiryKey.objects.exists()


# The member nobody answers for keeps nobody from working; and receives nothing.
PASSED_OVER: dict[str, tuple[Change, str]] = {
    "planted, answered by nobody": (lambda i: plant(i, "intrus"), "intrus"),
    "countersigner removed": (lambda i: i.update("referent", countersigned_by=None, countersignature=b""), "referent"),
}


@pytest.mark.parametrize("name", PASSED_OVER)
def test_who_is_answered_for_by_nobody_is_passed_over(
    demonstration: Demonstration, intruder: Intruder, name: str
) -> None:
    change, login = PASSED_OVER[name]
    change(intruder)
    inquiry = ask(demonstration)
    readers = set(InquiryKey.objects.filter(inquiry=inquiry).values_list("member__login", flat=True))
    assert readers == {"travailleur", "referent", "dg", "president", "adjoint"} - {login}
    for row in InquiryKey.objects.filter(inquiry=inquiry).select_related("member"):
        # Each key opens for the true keys of its member, and for nothing that the intruder has.
        assert len(open_key(demonstration.people[row.member.login], inquiry)) == 32
        context = {**sealed_context(inquiry, "key"), "member": str(row.member_id)}
        with pytest.raises(CimentError):
            unwrap_key(bytes(row.wrapped), intruder.keys.hpke, context)


@pytest.fixture
def matter(demonstration: Demonstration) -> Inquiry:
    """Return a request that the referent has qualified as a duty."""
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity", "household"))
    return qualify(demonstration, inquiry, DUTY)


@pytest.mark.parametrize(
    "name",
    [
        "whole row of a holder",
        "title of a signatory",
        "worker made signatory",
        "planted, nobody signed",
        "planted, countersigned by itself",
        "roster of the intruder",
        "newer roster of the intruder",
        "roster less one signature",
        "roster removed",
    ],
)
def test_no_copy_is_made_readable_over_changed_rows(
    demonstration: Demonstration, intruder: Intruder, matter: Inquiry, name: str
) -> None:
    referent = present(demonstration, "referent")
    opened = read_inquiry(referent, matter)
    change, expected = REFUSED[name]
    change(intruder)
    files = set(_stored())
    new = NewCopy("identity", "Fiche", reading=True)
    refusal = refusal_of(lambda: add_copy(referent, subject_of(matter, opened.key), uploaded(b"fiche"), new))
    assert isinstance(refusal, expected), refusal
    assert not ReleaseCopy.objects.exists()
    assert not ReadingKey.objects.exists()
    assert set(_stored()) == files


@pytest.mark.parametrize("name", ["roster of the intruder", "newer roster of the intruder", "roster removed"])
@pytest.mark.parametrize("recipient", ["", "age"])
def test_nothing_is_frozen_under_another_roster(
    demonstration: Demonstration, intruder: Intruder, matter: Inquiry, name: str, recipient: str
) -> None:
    referent = present(demonstration, "referent")
    opened = read_inquiry(referent, matter)
    add_copy(referent, subject_of(matter, opened.key), uploaded(b"fiche"), NewCopy("identity", "Fiche"))
    change, expected = REFUSED[name]
    change(intruder)
    key = AgeIdentity.generate().recipient.text if recipient else ""
    assert isinstance(refusal_of(lambda: prepare_decision(referent, opened, key)), expected)
    assert not Decision.objects.exists()


def test_each_refusal_says_what_happened(demonstration: Demonstration, intruder: Intruder) -> None:
    """The sentence for changed rows is its own: not the one that asks to reload the page and try again."""
    unclear = []
    for name, (change, _) in REFUSED.items():
        rows = list(Member.objects.values()), list(MemberRole.objects.values()), list(RosterRecord.objects.values())
        change(intruder)
        refusal = refusal_of(lambda: ask(demonstration))
        assert refusal is not None, name
        if "recommencez" in explain(refusal):
            unclear.append((name, type(refusal).__name__))
        _restore(*rows)
    assert unclear == []


def _stored() -> list[str]:
    return list(store.names())


def _restore(members: list[Any], roles: list[Any], rosters: list[Any]) -> None:
    MemberRole.objects.all().delete()
    Member.objects.exclude(pk__in=[row["id"] for row in members]).update(countersigned_by=None)
    Member.objects.exclude(pk__in=[row["id"] for row in members]).delete()
    RosterRecord.objects.all().delete()
    for row in members:
        Member.objects.filter(pk=row["id"]).update(**{name: value for name, value in row.items() if name != "id"})
    MemberRole.objects.bulk_create(MemberRole(**row) for row in roles)
    RosterRecord.objects.bulk_create(RosterRecord(**row) for row in rosters)
