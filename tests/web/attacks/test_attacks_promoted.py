"""A holder of a seat who signs for more roles: a signatory as before, and no key and no right of any other role."""

from collections.abc import Callable

import pytest
from django.db import models
from django.test import Client
from intruder import Intruder, make_intruder, member_now, present, refusal_of
from person_stories import about, asks, put_off, refused, stated
from web_stories import PASSPHRASE, record

from ciment_web.access.actions.readings import extract_readings
from ciment_web.access.actions.search import search_requests
from ciment_web.access.actions.tell import defer_telling, tell_person
from ciment_web.access.models import PersonKey, TellingKey
from ciment_web.access.signing import NotSigned, sign, verify
from ciment_web.flows.models import CommunicationKey
from ciment_web.inquiries.actions.open import state_recusal
from ciment_web.inquiries.actions.qualify import Assessment, qualify_inquiry
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.keys import NotReader
from ciment_web.inquiries.models import InquiryKey
from ciment_web.journal.actions import NewAct, record_act
from ciment_web.journal.models import MissionActKey
from ciment_web.members.models import RegisterKey, Role
from ciment_web.members.queries import enrolment_digest
from ciment_web.members.refusals import NotAllowed
from ciment_web.members.register_key import open_register_key
from ciment_web.project.demonstration import Demonstration
from ciment_web.quorum.auditors import hand_over_register_key
from ciment_web.quorum.trust import Untrusted, trusted_members

SignIn = Callable[..., Client]
OTHERS = tuple(role for role in Role if role != Role.SIGNATORY)


@pytest.fixture
def promoted(demonstration: Demonstration) -> Intruder:
    """Let the director sign, with true keys, for every role there is; no other holder answers for it."""
    intruder = make_intruder(demonstration)
    intruder.promote("dg", *OTHERS)
    return intruder


def readers(model: type[models.Model]) -> set[str]:
    return set(model._default_manager.values_list("member__login", flat=True))


@pytest.mark.usefixtures("promoted")
def test_it_is_a_signatory_for_everybody_and_nothing_else(demonstration: Demonstration) -> None:
    assert present(demonstration, "dg").roles == {Role.SIGNATORY}
    for login in ("travailleur", "referent", "president", "dpo"):
        reader = present(demonstration, login)
        assert "dg" in {member.login for member, _ in trusted_members(reader, Role.SIGNATORY)}
        assert "dg" not in {member.login for member, _ in trusted_members(reader, *OTHERS)}


@pytest.mark.usefixtures("promoted")
def test_it_receives_no_key_of_another_role(demonstration: Demonstration) -> None:
    told = refused(demonstration, **about("Camille Exemple"))
    # A signatory reads requests; the other roles add nothing.
    assert readers(InquiryKey) == {"travailleur", "referent", "dg", "president", "adjoint"}
    defer_telling(demonstration.people["referent"], told, put_off(today(demonstration.institution)))
    stated(demonstration, told)
    worker = demonstration.people["travailleur"]
    record_act(worker, NewAct("health_fund", today(worker.institution), "social_security_institution", "Camille"))
    assert readers(TellingKey) == {"referent"}
    assert readers(MissionActKey) == {"travailleur", "referent"}
    assert readers(PersonKey) == {"travailleur", "referent", "dpo"}
    assert readers(CommunicationKey) == set()
    assert readers(RegisterKey) == {"dpo"}


@pytest.mark.usefixtures("promoted")
def test_nobody_hands_it_the_key_of_the_register(demonstration: Demonstration) -> None:
    member = member_now(demonstration, "dg")
    seen = enrolment_digest(bytes(member.enrolment))
    with pytest.raises(Untrusted):
        hand_over_register_key(demonstration.people["dpo"], member, PASSPHRASE, seen)
    assert readers(RegisterKey) == {"dpo"}


@pytest.mark.usefixtures("promoted")
def test_it_has_no_right_of_another_role(demonstration: Demonstration, sign_in: SignIn) -> None:
    told, inquiry, request = refused(demonstration), record(demonstration), asks(demonstration)
    director = present(demonstration, "dg")
    state_recusal(director, inquiry, recused=False)
    facts = {"form": inquiry.form, "category": list(inquiry.categories)}
    choice = put_off(today(demonstration.institution))
    line = NewAct("health_fund", today(demonstration.institution), "social_security_institution", "Camille")
    refusals = [
        refusal_of(lambda: record_act(director, line)),
        refusal_of(lambda: qualify_inquiry(director, inquiry, Assessment(facts))),
        refusal_of(lambda: defer_telling(director, told, choice)),
        refusal_of(lambda: tell_person(director, told, None)),
        refusal_of(lambda: extract_readings(director, request)),
        refusal_of(lambda: open_register_key(director)),
    ]
    assert {type(each) for each in refusals} == {NotAllowed}
    with pytest.raises(NotReader):
        search_requests(director, request)
    client = sign_in("dg")
    for page, status in (
        (f"acces/information/{told.id}/", 404),
        (f"acces/{request.id}/", 404),
        ("acces/nouveau/", 403),
        ("acces/", 403),
        (f"demandes/{told.id}/", 200),
    ):
        assert client.get(f"/i/demo/{page}").status_code == status, page


@pytest.mark.usefixtures("promoted")
def test_its_signature_is_no_word_of_another_role(demonstration: Demonstration) -> None:
    signed = sign(present(demonstration, "dg"), {"inquiry": "0", "same": True})
    for role in OTHERS:
        with pytest.raises(NotSigned):
            verify(demonstration.people["referent"], signed, role)
