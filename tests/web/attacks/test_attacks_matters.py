"""Rows of a request changed by somebody with SQL: law, lane and state are held against what was decided."""

import pytest
from intruder import Intruder, make_intruder, present, refusal_of
from web_stories import DUTY, qualify, record, silenced, uploaded

from ciment.canon import CimentError
from ciment_web.decisions.actions.copies import NewCopy, add_copy
from ciment_web.decisions.models import Decision
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.prepare import prepare_decision, subject_of
from ciment_web.inquiries.actions.qualify import Assessment, qualify_inquiry
from ciment_web.inquiries.actions.refuse import refuse_inquiry
from ciment_web.inquiries.models import Document, Inquiry, Qualification
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf


@pytest.fixture
def intruder(demonstration: Demonstration) -> Intruder:
    return make_intruder(demonstration)


@pytest.fixture
def matter(demonstration: Demonstration) -> Inquiry:
    """Return a request that the referent has qualified as a duty."""
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity", "household"))
    return qualify(demonstration, inquiry, DUTY)


def test_a_title_in_the_row_silences_no_duty(demonstration: Demonstration, intruder: Intruder) -> None:
    """Only the director general may silence a duty: the one whose enrolment says so, not the one whose row does."""
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity",))
    state_recusal(demonstration.people["referent"], inquiry, recused=False)
    assessment = Assessment({**DUTY, "category": ["identity"]}, "", frozenset({"identity"}))
    with pytest.raises(NotAllowed):
        qualify_inquiry(present(demonstration, "referent"), inquiry, assessment)
    intruder.update("referent", title="director_general")
    with pytest.raises(CimentError):
        qualify_inquiry(present(demonstration, "referent"), inquiry, assessment)


def test_a_duty_whose_lane_is_changed_is_not_refused(demonstration: Demonstration, matter: Inquiry) -> None:
    """What the law opens goes to the quorum: a lane written into the row does not let one signatory refuse it."""
    Inquiry.objects.filter(pk=matter.pk).update(lane="silence")
    signatory = demonstration.people["adjoint"]
    matter.refresh_from_db()
    state_recusal(signatory, matter, recused=False)
    with pytest.raises(CimentError):
        refuse_inquiry(signatory, read_inquiry(signatory, matter))
    assert not Document.objects.filter(kind="refusal").exists()


def test_categories_silenced_by_the_director_do_not_come_back(demonstration: Demonstration) -> None:
    """What the institution silenced stays silent: the row of the qualification cannot open it again."""
    director = _director_who_qualifies(demonstration)
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity", "household"))
    state_recusal(director, inquiry, recused=False)
    qualify_inquiry(director, inquiry, Assessment(DUTY, "risque noté", frozenset({"household"})))
    Qualification.objects.filter(inquiry=inquiry).update(silenced=[])
    referent = demonstration.people["referent"]
    state_recusal(referent, inquiry, recused=False)
    opened = read_inquiry(referent, inquiry)

    def prepare() -> None:
        add_copy(referent, subject_of(inquiry, opened.key), uploaded(b"menage"), NewCopy("household", "Ménage"))
        prepare_decision(referent, opened, "")

    assert isinstance(refusal_of(prepare), CimentError)


def test_a_qualification_exchanged_for_another_opens_nothing(demonstration: Demonstration, matter: Inquiry) -> None:
    """Facts and answer that agree with one another are still not those of this request."""
    silent = record(demonstration, requester="prosecutor", form="written", categories=("identity",))
    qualify(demonstration, silent, {"form": "written", "category": ["identity"]})
    source = Qualification.objects.get(inquiry=matter)
    Qualification.objects.filter(inquiry=silent).update(facts=source.facts, answer=source.answer)
    Inquiry.objects.filter(pk=silent.pk).update(lane="release")
    referent = demonstration.people["referent"]
    silent.refresh_from_db()

    def prepare() -> None:
        opened = read_inquiry(referent, silent)
        add_copy(referent, subject_of(silent, opened.key), uploaded(b"fiche"), NewCopy("identity", "Fiche"))
        prepare_decision(referent, opened, "")

    assert isinstance(refusal_of(prepare), CimentError)


@pytest.mark.parametrize("columns", [{"requester": "police"}, {"form": "oral"}])
def test_facts_of_the_row_are_held_against_the_answer(
    demonstration: Demonstration, matter: Inquiry, columns: dict[str, str]
) -> None:
    referent = demonstration.people["referent"]
    opened = read_inquiry(referent, matter)
    add_copy(referent, subject_of(matter, opened.key), uploaded(b"fiche"), NewCopy("identity", "Fiche"))
    if "requester" in columns:
        Inquiry.objects.filter(pk=matter.pk).update(**columns)
    else:
        row = Qualification.objects.get(inquiry=matter)
        Qualification.objects.filter(pk=row.pk).update(facts={**row.facts, **columns})
    with pytest.raises(CimentError):
        prepare_decision(referent, read_inquiry(referent, Inquiry.objects.get(pk=matter.pk)), "")
    assert not Decision.objects.exists()


def test_an_answered_request_reopened_in_its_row_is_not_answered_twice(demonstration: Demonstration) -> None:
    signatory = demonstration.people["dg"]
    inquiry = silenced(demonstration)
    state_recusal(signatory, inquiry, recused=False)
    refuse_inquiry(signatory, read_inquiry(signatory, inquiry))
    Inquiry.objects.filter(pk=inquiry.pk).update(state="qualified")
    entries = Leaf.objects.count()
    inquiry.refresh_from_db()
    opened = read_inquiry(signatory, inquiry)
    with pytest.raises(CimentError):
        refuse_inquiry(signatory, opened)
    assert Leaf.objects.count() == entries + 1, "the reading alone is in the register"


def _director_who_qualifies(demonstration: Demonstration) -> Actor:
    director = demonstration.people["dg"]
    return Actor(director.member, director.roles | {Role.REFERENT}, director.keys)
