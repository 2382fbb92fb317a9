"""From a founded centre to a refused request: the key of the register, the ceremony, cumulated roles, renewals."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from invitations import code_of
from new_centre import HERE, LETTERHEAD, Centre, found
from web_stories import PASSPHRASE

from ciment.canon import CimentError
from ciment.vault.enrolment import countersign
from ciment_web.inquiries.models import Inquiry, InquiryKey
from ciment_web.members import invitations
from ciment_web.members.actions import NewMember
from ciment_web.members.actor import Actor
from ciment_web.members.models import Invitation, Member, MemberSession, RegisterKey
from ciment_web.members.refusals import NotAllowed
from ciment_web.members.register_key import open_register_key
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

ASKED = {"requester": "police", "form": "oral", "categories": ["existence"], "text": "Est-elle connue ?"}
OTHER = "abandon-bambou-cactus-dauphin-ecureuil-fabuleux-gamelle"


@pytest.fixture
def centre(transactional_db: None) -> Centre:  # noqa: ARG001 - opens the database
    """A centre of three where every signatory holds several roles, before the ceremony."""
    made = found()
    made.clients["fondatrice"].post(f"{HERE}fondation/en-tete/", LETTERHEAD)
    made.invite("dg", ["signatory", "referent", "worker"], "director_general")
    made.invite("presidente", ["signatory", "worker"], "president")
    made.invite("alix", ["dpo"])
    return made


def opened(centre: Centre, login: str, index: int) -> str:
    """Return the details of an entry, as an auditor opens them."""
    answer = centre.clients[login].post(f"{HERE}registre/{index}/")
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def finish(centre: Centre) -> str:
    """Let the centre go through everything that precedes its first request; return the fingerprint."""
    centre.hand_over("fondatrice", "alix")
    mark = centre.hold_ceremony("dg", "presidente")
    for by, login in (("presidente", "dg"), ("dg", "presidente"), ("dg", "fondatrice"), ("presidente", "alix")):
        assert centre.answer(by, login).status_code == 302
    for login in ("fondatrice", "alix"):
        centre.pin(login, mark)
    return mark


def test_a_centre_of_cumulated_roles_refuses_its_first_request(centre: Centre) -> None:
    assert "L’attend : Personne alix" in centre.steps("fondatrice")
    assert "la cérémonie donne un siège" in centre.steps("dg")
    finish(centre)
    director, president = centre.clients["dg"], centre.clients["presidente"]
    where = director.post(f"{HERE}demandes/nouvelle/", ASKED)["Location"]
    inquiry = Inquiry.objects.get()
    director.post(f"{where}recusation/", {"tied": "no"})
    facts = {"form": "oral", "categories": ["existence"]}
    assert director.post(f"{where}qualification/", facts).status_code == 302
    president.post(f"{where}recusation/", {"tied": "no"})
    assert president.post(f"{where}refus/").status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.state == "decided"
    for login in ("fondatrice", "dg", "presidente", "alix"):
        steps = centre.steps(login)
        assert steps.count("founding-done") == 9, steps
    # The details of every act since the founding are the auditor's to open.
    told = "".join(opened(centre, "alix", index) for index in range(Leaf.objects.count()))
    for act in ("a fondé l’institution", "a écrit l’en-tête", "a remis la clé du détail", "s’est inscrit·e"):
        assert act in told


def test_before_anybody_answers_a_holder_is_a_signatory_and_nothing_more(centre: Centre) -> None:
    centre.hand_over("fondatrice", "alix")
    centre.hold_ceremony("dg", "presidente")
    director = centre.clients["dg"]
    # Every signatory holds several roles: one of them must be able to begin, as a signatory.
    assert "Comparer et répondre" in director.get(f"{HERE}accords/").content.decode()
    assert director.get(f"{HERE}accords/membres/{centre.member('dg').id}/").status_code == 403
    assert "Personne dg" in centre.steps("presidente")
    where = director.post(f"{HERE}demandes/nouvelle/", ASKED)["Location"]
    inquiry = Inquiry.objects.get()
    director.post(f"{where}recusation/", {"tied": "no"})
    # To qualify is the referent's: nobody has answered for that yet.
    assert director.get(f"{where}qualification/").status_code == 403
    assert {key.member.login for key in InquiryKey.objects.filter(inquiry=inquiry)} == {"dg", "presidente"}
    centre.answer("presidente", "dg")
    assert director.get(f"{where}qualification/").status_code == 200


def test_a_countersignature_that_does_not_hold_stops_the_act(centre: Centre, demonstration: Demonstration) -> None:
    finish(centre)
    forger = demonstration.people["dg"]
    row = centre.member("dg")
    forged = countersign(bytes(row.enrolment), forger.keys)
    Member.objects.filter(pk=row.pk).update(countersignature=forged)
    # The holder stays a signatory, by the roster alone; whoever wraps a key to the row stops.
    assert centre.clients["dg"].get(f"{HERE}membres/").status_code == 403
    assert centre.clients["presidente"].post(f"{HERE}demandes/nouvelle/", ASKED).status_code == 409
    assert not Inquiry.objects.filter(institution=centre.institution).exists()


# -- the key of the register -----------------------------------------------------------------------------------------


def test_the_founder_hands_the_key_over_and_keeps_none(centre: Centre) -> None:
    founder = centre.clients["fondatrice"]
    assert RegisterKey.objects.get().member.login == "fondatrice"
    # To keep is not to read.
    assert founder.post(f"{HERE}registre/0/").status_code == 403
    shown = centre.clients["alix"].get(f"{HERE}accords/").context["shown"]
    page = founder.get(f"{HERE}accords/registre/{centre.member('alix').id}/")
    assert page.context["fingerprint"] == shown
    leaves = Leaf.objects.count()
    assert centre.hand_over("fondatrice", "alix", OTHER).status_code == 422
    assert (Leaf.objects.count(), RegisterKey.objects.get().member.login) == (leaves, "fondatrice")
    assert centre.hand_over("fondatrice", "alix").status_code == 302
    assert Leaf.objects.count() == leaves + 1
    assert RegisterKey.objects.get().member.login == "alix"
    assert founder.get(f"{HERE}accords/registre/{centre.member('alix').id}/").status_code == 404


def test_only_who_holds_the_key_hands_it_to_an_auditor(centre: Centre) -> None:
    where = f"{HERE}accords/registre/"
    for login in ("dg", "presidente", "alix"):
        assert centre.clients[login].get(f"{where}{centre.member('alix').id}/").status_code == 404
    for login in ("dg", "presidente", "fondatrice"):
        path = f"{where}{centre.member(login).id}/"
        assert centre.clients["fondatrice"].get(path).status_code == 404
        assert centre.clients["fondatrice"].post(path, {"phrase": PASSPHRASE, "seen": "0" * 64}).status_code == 404
    assert Client().get(f"{where}{centre.member('alix').id}/").status_code == 302
    # Another enrolment than was shown, and a role that only a row gives.
    path = f"{where}{centre.member('alix').id}/"
    answer = centre.clients["fondatrice"].post(path, {"phrase": PASSPHRASE, "seen": "0" * 64})
    assert answer.status_code == 409
    lou = centre.invite("lou", ["worker"])
    centre.member("lou").held_roles.create(institution=centre.institution, role="dpo")
    forged = f"{where}{centre.member('lou').id}/"
    shown = centre.clients["fondatrice"].get(forged).context["form"]["seen"].value()
    assert centre.clients["fondatrice"].post(forged, {"phrase": PASSPHRASE, "seen": shown}).status_code == 409
    assert RegisterKey.objects.get().member.login == "fondatrice"
    assert lou.get(f"{HERE}registre/0/").status_code == 200


def test_a_later_auditor_receives_the_key_once_answered_for(centre: Centre) -> None:
    mark = finish(centre)
    centre.invite("suppleant", ["dpo"])
    leaves = Leaf.objects.count()
    assert centre.hand_over("alix", "suppleant").status_code == 409
    assert not RegisterKey.objects.filter(member__login="suppleant").exists()
    assert Leaf.objects.count() == leaves
    centre.answer("presidente", "suppleant")
    assert centre.hand_over("alix", "suppleant").status_code == 302
    centre.pin("suppleant", mark)
    # Both hold it now, and both open the details.
    assert set(RegisterKey.objects.values_list("member__login", flat=True)) == {"alix", "suppleant"}
    assert "Une seconde personne déléguée" not in centre.steps("dg")
    for login in ("alix", "suppleant"):
        assert "a fondé l’institution" in opened(centre, login, 0)


def test_a_key_moved_to_another_row_opens_nothing(centre: Centre, demonstration: Demonstration) -> None:
    finish(centre)
    dpo = demonstration.people["dpo"]
    own = RegisterKey.objects.get(member__login="alix")
    RegisterKey.objects.filter(member=dpo.member).update(wrapped=own.wrapped)
    with pytest.raises(CimentError):
        open_register_key(Actor(dpo.member, dpo.roles, dpo.keys))
    RegisterKey.objects.filter(member=dpo.member).delete()
    with pytest.raises(NotAllowed):
        open_register_key(dpo)


# -- renewal ---------------------------------------------------------------------------------------------------------


def renew(centre: Centre, login: str, **changes: Any) -> str:
    """Let the founder renew somebody's enrolment; return the code."""
    member = centre.member(login)
    kept = {"name": member.name, "function": member.function, "title": member.title, "mail": member.mail}
    kept["roles"] = list(member.held_roles.values_list("role", flat=True))  # type: ignore[assignment]
    answer = centre.clients["fondatrice"].post(f"{HERE}membres/{member.id}/renouvellement/", {**kept, **changes})
    assert answer.status_code == 200, answer.content.decode()
    return code_of(answer.content.decode())


def test_an_enrolment_is_renewed_under_the_same_login(centre: Centre) -> None:
    mark = finish(centre)
    before = centre.member("alix")
    centre.invite("lou", ["worker"])
    old = centre.clients["lou"]
    first = centre.member("lou")
    centre.answer("dg", "lou")
    code = renew(centre, "lou", roles=["worker", "referent"], name="Lou Nouveau-Nom")
    # Until the code is given, nothing changes.
    assert old.get(HERE).status_code == 200
    assert centre.member("lou") == first
    new = centre.enter("lou", code)
    member = centre.member("lou")
    assert member.pk != first.pk
    assert member.name == "Lou Nouveau-Nom"
    # The account before is out of service, with its name; its session is closed and its keys receive nothing.
    assert old.get(HERE).status_code == 302
    first.refresh_from_db()
    assert (first.active, first.name, first.login) == (False, "Personne lou", "lou")
    assert not MemberSession.objects.filter(member=first).exists()
    page = centre.clients["fondatrice"].get(f"{HERE}membres/").content.decode()
    assert "Personne lou" in page
    assert "inscription renouvelée" in page
    # The roles wait for a holder of a seat, as those of any newcomer.
    assert new.get(f"{HERE}demandes/nouvelle/").status_code == 403
    centre.answer("presidente", "lou")
    centre.pin("lou", mark)
    assert new.post(f"{HERE}demandes/nouvelle/", ASKED).status_code == 302
    keys = {key.member_id for key in InquiryKey.objects.all()}
    assert member.id in keys
    assert first.id not in keys
    assert centre.member("alix") == before


def test_a_seat_is_not_renewed_with_its_holder(centre: Centre) -> None:
    finish(centre)
    page = centre.clients["fondatrice"].get(f"{HERE}membres/{centre.member('dg').id}/renouvellement/").content.decode()
    assert "ce siège reste vide" in page
    centre.enter("dg", renew(centre, "dg"))
    centre.answer("presidente", "dg")
    actor = centre.clients["dg"]
    # A director again, and a signatory who answers for nobody: the seat was the account's before.
    lou = centre.invite("lou", ["worker"])
    assert actor.get(f"{HERE}accords/membres/{centre.member('lou').id}/").status_code in (403, 409)
    assert lou.get(HERE).status_code == 200


def test_who_left_comes_back_under_the_same_login(centre: Centre) -> None:
    centre.invite("lou", ["worker"])
    member, admin = centre.member("lou"), centre.clients["fondatrice"]
    admin.post(f"{HERE}membres/{member.id}/depart/")
    # An ordinary invitation does not take the login of somebody who was there.
    asked = {"login": "lou", "name": "Lou Autre", "function": "x", "roles": ["worker"], "title": "other"}
    assert admin.post(f"{HERE}membres/inviter/", asked).status_code == 422
    answer = admin.post(f"{HERE}membres/{member.id}/renouvellement/", {**asked, "name": "Lou"})
    centre.enter("lou", code_of(answer.content.decode()))
    assert Member.objects.filter(login="lou").count() == 2
    # Of two rows with one login one is in service, whoever asks the database.
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(login="lou").update(active=True)
    # The account that was renewed is not renewed a second time beside the new one.
    assert admin.get(f"{HERE}membres/{member.id}/renouvellement/").status_code == 403


def test_the_only_key_of_the_register_is_not_lost_in_silence(centre: Centre) -> None:
    finish(centre)
    member, admin = centre.member("alix"), centre.clients["fondatrice"]
    for page in ("renouvellement/", "depart/"):
        assert "le seul à détenir la clé du registre" in admin.get(f"{HERE}membres/{member.id}/{page}").content.decode()
        other = centre.member("presidente").id
        assert "le seul à détenir" not in admin.get(f"{HERE}membres/{other}/{page}").content.decode()


def test_only_an_administrator_renews(centre: Centre, demonstration: Demonstration, sign_in: Any) -> None:
    member = centre.member("alix")
    where = f"{HERE}membres/{member.id}/renouvellement/"
    for login in ("dg", "presidente", "alix"):
        assert centre.clients[login].get(where).status_code == 403
        assert centre.clients[login].post(where, {"name": "x"}).status_code == 403
    foreign = sign_in("admin")
    assert foreign.get(where.replace("/neuf/", "/demo/")).status_code == 404
    assert foreign.get(where).status_code == 302
    with pytest.raises(NotAllowed):
        invitations.invite(demonstration.people["admin"], NewMember("alix", "x", "x", ()), renews=member)
    assert centre.member("alix") == member


@pytest.mark.parametrize("wrong", [{"roles": []}, {"roles": ["dpo", "referent"]}, {"title": "roi"}, {"name": ""}])
def test_a_renewal_that_will_not_do_is_not_made(centre: Centre, wrong: dict[str, Any]) -> None:
    member = centre.member("alix")
    asked = {"name": "Alix", "function": "x", "roles": ["dpo"], "title": "other", **wrong}
    answer = centre.clients["fondatrice"].post(f"{HERE}membres/{member.id}/renouvellement/", asked)
    assert answer.status_code == 422
    assert centre.member("alix") == member


def test_a_renewal_expires_and_leaves_the_account(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "LIFETIME", timedelta(seconds=-1))
    code = renew(centre, "alix")
    given = {"code": code, "phrase": PASSPHRASE, "phrase_again": PASSPHRASE}
    assert Client().post(f"{HERE}invitation/", given).status_code == 422
    assert centre.member("alix").active
    assert centre.clients["alix"].get(HERE).status_code == 200


def test_a_row_that_names_another_account_ends_nobodys(centre: Centre) -> None:
    # What is renewed is sealed: the columns of the invitation decide nothing.
    code = renew(centre, "alix")
    Invitation.objects.filter(login="alix", ended="").update(login="dg", name="Personne dg")
    centre.enter("alix", code)
    assert centre.member("dg").active
    assert Member.objects.filter(login="alix").count() == 2
