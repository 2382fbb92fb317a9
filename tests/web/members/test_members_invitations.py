"""Members by invitation: a code opens what was invited, once, for a week, and nothing in the database does."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from invitations import DOOR, NEWCOMER, SignIn, accept, code_of, enrol, invite
from web_stories import PASSPHRASE

from ciment.canon import CimentError
from ciment_web.members import invitations
from ciment_web.members.invitations import InvitationRefused, accept_invitation, open_invitation
from ciment_web.members.models import Invitation, Member, MemberSession, SignInFailure
from ciment_web.members.queries import enrolment_of
from ciment_web.members.throttle import TooManyAttempts
from ciment_web.project.demonstration import CAST, Demonstration
from ciment_web.register.models import Leaf

pytestmark = pytest.mark.usefixtures("demonstration")
PAGE = "/i/demo/membres/"


def refusal(answer: Any) -> str:
    assert answer.status_code == 422
    assert "phrase_again" not in answer.content.decode()
    return str(answer.content.decode())


def test_an_invitation_becomes_a_member_once(sign_in: SignIn) -> None:
    leaves = Leaf.objects.count()
    code = invite(sign_in, roles=["worker", "referent"], title="president", mail="m@demo.invalid")
    shown = Client().post(DOOR, {"code": code}).content.decode()
    for word in ("Maude Nouvelle", "nouvelle", "Charlie Admin", "travailleur·euse", "référent·e", "président·e"):
        assert word in shown
    # Looking leaves the invitation as it is.
    assert Invitation.objects.get().ended == ""
    assert not Member.objects.filter(login="nouvelle").exists()
    page = accept(code).content.decode()
    member = Member.objects.get(login="nouvelle")
    enrolment = enrolment_of(member)
    assert (enrolment.roles, enrolment.title) == (("referent", "worker"), "president")
    assert (member.name, member.function, member.mail) == ("Maude Nouvelle", "assistante sociale", "m@demo.invalid")
    assert member.countersigned_by is None
    assert "Votre inscription est faite" in page
    # Signed in, invited, enrolled: three acts, three entries.
    assert Leaf.objects.count() == leaves + 3
    row = Invitation.objects.get()
    assert (row.ended, bytes(row.sealed)) == ("used", b"")
    assert "a déjà servi" in refusal(accept(code))
    assert Member.objects.filter(login="nouvelle").count() == 1
    assert sign_in("nouvelle").get("/i/demo/").status_code == 200


def test_the_code_is_written_as_people_write(sign_in: SignIn) -> None:
    code = invite(sign_in).upper().replace("-", "  ").replace("É", "E")
    assert Client().post(DOOR, {"code": f" {code}\n"}).status_code == 200


def test_the_database_does_not_hold_the_code(sign_in: SignIn) -> None:
    code = invite(sign_in)
    row = Invitation.objects.get()
    stored = " ".join(str(value) for value in Invitation.objects.values_list().get())
    assert not set(code.split("-")[:3]) & set(stored.lower().split())
    assert "worker" not in stored
    assert b"worker" not in bytes(row.sealed)
    assert code not in sign_in("admin").get(PAGE).content.decode()


def test_an_expired_code_is_refused_whatever_the_row_says(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "LIFETIME", timedelta(seconds=-1))
    code = invite(sign_in)
    assert "expirée" in sign_in("admin").get(PAGE).content.decode()
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=30))
    assert "a expiré" in refusal(accept(code))
    assert not Member.objects.filter(login="nouvelle").exists()
    # An expired one leaves the place to another.
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    monkeypatch.setattr(invitations, "LIFETIME", timedelta(days=7))
    assert accept(invite(sign_in)).status_code == 200


def test_a_revoked_code_is_refused(sign_in: SignIn) -> None:
    code, admin = invite(sign_in), sign_in("admin")
    assert "Maude Nouvelle" in admin.get(PAGE).content.decode()
    where = f"{PAGE}invitations/{Invitation.objects.get().id}/retrait/"
    leaves = Leaf.objects.count()
    assert admin.post(where).status_code == 302
    assert Leaf.objects.count() == leaves + 1
    assert "a été retirée" in refusal(accept(code))
    assert admin.post(where).status_code == 409
    assert "Aucune invitation n’attend" in admin.get(PAGE).content.decode()
    assert code != invite(sign_in)


def test_guessing_is_slowed_for_who_guesses(sign_in: SignIn) -> None:
    code = invite(sign_in)
    for guess in ("-".join(["abandon"] * 12), "\u0378", *["mot"] * 8):
        assert "n’est pas celui d’une invitation" in refusal(Client(REMOTE_ADDR="10.0.0.9").post(DOOR, {"code": guess}))
    assert SignInFailure.objects.exists()
    assert Client(REMOTE_ADDR="10.0.0.9").post(DOOR, {"code": code}).status_code == 429
    assert accept(code, address="10.0.0.1").status_code == 200


def test_a_code_opens_nothing_elsewhere(neighbour: Demonstration, sign_in: SignIn) -> None:
    code = invite(sign_in)
    with pytest.raises(InvitationRefused, match="unknown"):
        open_invitation(neighbour.institution, code, "10.0.0.9")
    strange, ours = (Client().post(f"/i/{slug}/invitation/", {"code": "mot"}) for slug in ("voisin", "demo"))
    assert strange.status_code == ours.status_code == 422


@pytest.mark.parametrize(
    ("phrase", "again", "said"),
    [
        ("soleil", "soleil", "pourrait être devinée"),
        (PASSPHRASE, PASSPHRASE + "-encore", "Ce n’est pas la même phrase"),
        ("", "", "Ce champ est obligatoire"),
    ],
)
def test_a_passphrase_that_will_not_do_uses_nothing_up(sign_in: SignIn, phrase: str, again: str, said: str) -> None:
    code = invite(sign_in)
    given = {"code": code, "phrase": phrase, "phrase_again": again, "offered": "un-deux-trois"}
    answer = Client().post(DOOR, given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "un-deux-trois" in page
    if phrase:
        assert f'value="{phrase}"' not in page
    assert accept(code, PASSPHRASE.upper(), PASSPHRASE.replace("-", " ")).status_code == 200


def test_what_is_offered_is_strong_and_never_twice_the_same(sign_in: SignIn) -> None:
    code = invite(sign_in)
    offers = [Client().post(DOOR, {"code": code}).context["offered"] for _ in range(2)]
    assert offers[0] != offers[1]
    assert accept(code, offers[0]).status_code == 200


def test_a_changed_row_gives_nothing_more_than_was_invited(sign_in: SignIn) -> None:
    modest = invite(sign_in)
    high = invite(sign_in, login="autre", roles=["signatory"], title="director_general")
    rows = {row.login: row for row in Invitation.objects.all()}
    # What is listed is not what counts.
    Invitation.objects.filter(login="nouvelle").update(login="dg2", name="Quelqu’un d’autre")
    institution = rows["nouvelle"].institution
    assert open_invitation(institution, modest, "-").newcomer.login == "nouvelle"
    sealed = bytes(rows["nouvelle"].sealed)
    for changed in (bytes(rows["autre"].sealed), sealed[:-1] + bytes([sealed[-1] ^ 1]), b""):
        Invitation.objects.filter(pk=rows["nouvelle"].pk).update(sealed=changed)
        with pytest.raises(CimentError):
            open_invitation(institution, modest, "-")
    # Another row named by the same code opens no more: the seal names its row.
    Invitation.objects.filter(pk=rows["nouvelle"].pk).update(code_digest="0" * 64, sealed=sealed)
    Invitation.objects.filter(pk=rows["autre"].pk).update(code_digest=rows["nouvelle"].code_digest, sealed=sealed)
    with pytest.raises(CimentError):
        open_invitation(institution, modest, "-")
    with pytest.raises(InvitationRefused, match="unknown"):
        open_invitation(institution, high, "-")


def test_two_people_with_one_code_make_one_member(sign_in: SignIn) -> None:
    code = invite(sign_in)
    institution = Invitation.objects.get().institution
    first, second = (open_invitation(institution, code, "-") for _ in range(2))
    accept_invitation(first, PASSPHRASE)
    with pytest.raises(InvitationRefused, match="used"):
        accept_invitation(second, PASSPHRASE)
    # The row put back, the login is taken all the same.
    Invitation.objects.update(ended="", sealed=Invitation.objects.get().sealed)
    with pytest.raises(InvitationRefused, match="login"):
        accept_invitation(second, PASSPHRASE)
    assert Invitation.objects.get().ended == ""


def test_a_login_is_invited_once(sign_in: SignIn) -> None:
    invite(sign_in)
    admin = sign_in("admin")
    for login, said in (("nouvelle", "attend déjà"), ("Nouvelle", "attend déjà"), ("dg", "déjà celui d’un membre")):
        answer = admin.post(f"{PAGE}inviter/", {**NEWCOMER, "login": login})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"roles": []}, {"roles": ["dpo", "signatory"]}, {"login": "é è"}, {"title": "roi"}])
def test_a_wrong_invitation_is_not_made(sign_in: SignIn, wrong: dict[str, Any]) -> None:
    answer = sign_in("admin").post(f"{PAGE}inviter/", {**NEWCOMER, **wrong})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_only_an_administrator_of_this_institution_manages_members(neighbour: Demonstration, sign_in: SignIn) -> None:
    invite(sign_in)
    row, member = Invitation.objects.get(), Member.objects.get(login="travailleur", institution__slug="demo")
    paths = [
        PAGE,
        f"{PAGE}inviter/",
        f"{PAGE}{member.id}/depart/",
        f"{PAGE}invitations/{row.id}/retrait/",
    ]
    for newcomer in CAST:
        client = sign_in(newcomer.login)
        for path in paths[:3]:
            assert client.get(path).status_code == (200 if newcomer.login == "admin" else 403)
        if newcomer.login != "admin":
            assert {client.post(path, NEWCOMER).status_code for path in paths[1:]} == {403}
    stranger = sign_in("admin", slug=neighbour.institution.slug)
    for path in paths[2:]:
        assert stranger.post(path.replace("/demo/", "/voisin/")).status_code == 404
    assert stranger.get(PAGE).status_code == 302
    assert Client().get(PAGE).status_code == 302
    member.refresh_from_db()
    assert member.active
    assert Invitation.objects.get().ended == ""


def test_forms_need_their_token(sign_in: SignIn) -> None:
    code = invite(sign_in)
    client = Client(enforce_csrf_checks=True)
    given = {"code": code, "phrase": PASSPHRASE, "phrase_again": PASSPHRASE}
    assert client.post(DOOR, given).status_code == 403
    assert not Member.objects.filter(login="nouvelle").exists()


def test_a_member_who_leaves_is_out_at_once(demonstration: Demonstration, sign_in: SignIn) -> None:
    worker, admin = sign_in("travailleur"), sign_in("admin")
    member = demonstration.people["travailleur"].member
    where = f"{PAGE}{member.id}/depart/"
    leaves = Leaf.objects.count()
    assert "aussitôt" in admin.get(where).content.decode()
    assert worker.get("/i/demo/").status_code == 200
    assert admin.post(where).status_code == 302
    assert Leaf.objects.count() == leaves + 1
    assert not MemberSession.objects.filter(member=member).exists()
    assert worker.get("/i/demo/").status_code == 302
    phrase = {"identifiant": "travailleur", "phrase": PASSPHRASE}
    assert Client().post("/i/demo/connexion/", phrase).status_code == 422
    assert "Hors service" in admin.get(PAGE).content.decode()
    # Once is enough, and nobody puts oneself out.
    own = reverse("member-leave", kwargs={"slug": "demo", "member_id": demonstration.people["admin"].member.id})
    assert [admin.post(path).status_code for path in (where, own)] == [403, 403]
    assert admin.post(f"{PAGE}inviter/", {**NEWCOMER, "login": "travailleur"}).status_code == 422


def test_nothing_typed_on_the_way_in_reaches_a_log(sign_in: SignIn, capfd: pytest.CaptureFixture[str]) -> None:
    code = invite(sign_in)
    accept(code, "soleil")
    accept(code)
    accept(code)
    said = "".join(capfd.readouterr())
    assert code not in said
    assert PASSPHRASE not in said


def test_too_many_refusals_are_told_apart_from_a_refused_code(sign_in: SignIn) -> None:
    code = invite(sign_in)
    institution = Invitation.objects.get().institution
    for _ in range(10):
        with pytest.raises(InvitationRefused):
            open_invitation(institution, "mot", "-")
    with pytest.raises(TooManyAttempts):
        open_invitation(institution, code, "-")


def test_the_page_of_members_asks_as_much_for_many(sign_in: SignIn) -> None:
    admin = sign_in("admin")
    invite(sign_in, login="un")
    admin.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        admin.get(PAGE)
    enrol(sign_in, login="deux")
    invite(sign_in, login="trois")
    with CaptureQueriesContext(connection) as many:
        admin.get(PAGE)
    assert 0 < len(few.captured_queries) == len(many.captured_queries)


def test_a_code_is_shown_once(sign_in: SignIn) -> None:
    answer = sign_in("admin").post(f"{PAGE}inviter/", NEWCOMER)
    assert len(code_of(answer.content.decode()).split("-")) == 12
    assert answer["Cache-Control"] == "no-store"
    assert "http://testserver/i/demo/invitation/" in answer.content.decode()
