"""The doors: sign in, sign out, sessions that end, and what every answer carries."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ciment_web.inquiries.permissions import can_silence_duty
from ciment_web.members import throttle
from ciment_web.members.models import Member, MemberRole, MemberSession, SignInFailure
from ciment_web.project.demonstration import Demonstration

SignIn = Callable[..., Client]
DOOR = "/i/demo/connexion/"


def knock(login: str, phrase: str, address: str = "127.0.0.1") -> tuple[int, str]:
    answer = Client(REMOTE_ADDR=address).post(DOOR, {"identifiant": login, "phrase": phrase})
    return answer.status_code, answer.content.decode()


def test_what_is_wrong_is_not_told_apart(demonstration: Demonstration) -> None:
    status, page = knock("dg", "abandon-bambou-cactus-dauphin-ecureuil-fabuleux-gamelle")
    other_status, other_page = knock("personne", demonstration.passphrase)
    assert status == other_status == 422
    for text in (page, other_page):
        assert "ne vont pas ensemble" in text
        assert demonstration.passphrase not in text
    # A text that is no passphrase at all is refused, and counted, like any other.
    assert knock("dg", "\u0378")[0] == 422
    assert SignInFailure.objects.count() == 9


def test_a_corrupted_seal_is_no_wrong_passphrase(demonstration: Demonstration) -> None:
    member = Member.objects.get(login="dg")
    seed = bytes(member.sealed_seed)
    Member.objects.filter(login="dg").update(sealed_seed=seed[:-40] + bytes([seed[-40] ^ 1]) + seed[-39:])
    status, page = knock("dg", demonstration.passphrase)
    assert status == 409
    assert "ne correspond plus à ce qui avait été enregistré" in page


def test_guessing_is_slowed_for_who_guesses_and_not_for_the_member(demonstration: Demonstration) -> None:
    for _ in range(5):
        assert knock("dg", "faux", "10.0.0.9")[0] == 422
    status, page = knock("dg", demonstration.passphrase, "10.0.0.9")
    assert status == 429
    assert "essais" in page or "tentatives" in page
    # From where the member sits, the door opens; and once inside, nobody's failures keep an accord from being given.
    assert knock("dg", demonstration.passphrase, "10.0.0.1")[0] == 302
    SignInFailure.objects.update(failed_at=timezone.now() - throttle.WINDOW - timedelta(seconds=1))
    assert knock("dg", demonstration.passphrase, "10.0.0.9")[0] == 302


def test_a_success_clears_its_account_and_not_its_address(demonstration: Demonstration) -> None:
    for _ in range(2):
        for _ in range(4):
            assert knock("dg", "faux", "10.0.0.9")[0] == 422
        assert knock("dg", demonstration.passphrase, "10.0.0.9")[0] == 302
    for _ in range(42):
        throttle.count_failure(["sign-in/10.0.0.9"])
    # Fifty failures so far: an account of one's own does not buy more of them.
    assert knock("dg", demonstration.passphrase, "10.0.0.9")[0] == 429
    assert knock("dg", demonstration.passphrase, "10.0.0.1")[0] == 302


def test_the_cookie_is_confined_and_the_way_back_is_ours(demonstration: Demonstration) -> None:
    client = Client()
    answer = client.post(
        DOOR, {"identifiant": "dg", "phrase": demonstration.passphrase, "suite": "https://ailleurs.example/i/demo/"}
    )
    assert answer["Location"] == "/i/demo/"
    cookie = answer.cookies["ciment"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/i/demo/", True, "Strict")
    asked = client.get("/i/demo/registre/")
    assert asked.status_code == 200
    assert Client().get("/i/demo/registre/")["Location"] == "/i/demo/connexion/?suite=/i/demo/registre/"


def test_a_session_opens_only_its_own_institution(neighbour: Demonstration, sign_in: SignIn) -> None:
    client = sign_in("dg")
    secret = client.cookies["ciment"].value
    stranger = Client(headers={"cookie": f"ciment={secret}"})
    assert stranger.get(f"/i/{neighbour.institution.slug}/").status_code == 302
    assert stranger.get("/i/demo/").status_code == 200
    for cookie in ("", "zz", secret[:-1], secret.upper(), "0" * 64):
        assert Client(headers={"cookie": f"ciment={cookie}"}).get("/i/demo/").status_code == 302


def test_a_session_moved_to_somebody_else_is_none(demonstration: Demonstration, sign_in: SignIn) -> None:
    client = sign_in("travailleur")
    MemberSession.objects.update(member=demonstration.people["dg"].member)
    assert client.get("/i/demo/").status_code == 302


@pytest.mark.usefixtures("demonstration")
def test_a_session_ends(sign_in: SignIn) -> None:
    client = sign_in("dg")
    MemberSession.objects.update(
        opened_at=timezone.now() - timedelta(hours=11), expires_at=timezone.now() + timedelta(minutes=5)
    )
    assert client.get("/i/demo/").status_code == 200
    # Used all day, it is prolonged no further than its limit.
    assert MemberSession.objects.get(member__login="dg").expires_at <= timezone.now()
    assert client.get("/i/demo/").status_code == 302
    other = sign_in("dg")
    assert other.post("/i/demo/deconnexion/").status_code == 302
    assert other.get("/i/demo/").status_code == 302
    assert other.get("/i/demo/deconnexion/").status_code in (302, 405)


def test_typed_text_comes_back_and_a_passphrase_does_not(demonstration: Demonstration) -> None:
    client = Client()
    typed = {"text": "Un <b>huissier</b> insiste", "categories": ["bank", "aid"], "phrase": "secrète"}
    asked = client.post("/i/demo/demandes/nouvelle/", typed)
    page = asked.content.decode()
    assert asked.status_code == 401
    assert asked["Cache-Control"] == "no-store"
    assert "Un &lt;b&gt;huissier&lt;/b&gt; insiste" in page
    assert "secrète" not in page
    kept = {
        "kept.text": typed["text"],
        "kept.categories": typed["categories"],
        "kept_for": "/i/demo/demandes/nouvelle/",
    }
    wrong = client.post("/i/demo/connexion/reprendre/", {**kept, "identifiant": "dg", "phrase": "faux"})
    assert wrong.status_code == 422
    assert "insiste" in wrong.content.decode()
    again = client.post(
        "/i/demo/connexion/reprendre/", {**kept, "identifiant": "dg", "phrase": demonstration.passphrase}
    )
    back = again.content.decode()
    assert 'action="/i/demo/demandes/nouvelle/"' in back
    assert back.count('name="categories"') == 2
    elsewhere = {
        **kept,
        "kept_for": "https://ailleurs.example/",
        "identifiant": "dg",
        "phrase": demonstration.passphrase,
    }
    assert 'action="/i/demo/"' in client.post("/i/demo/connexion/reprendre/", elsewhere).content.decode()


def test_a_role_added_in_the_database_gives_nothing(demonstration: Demonstration, sign_in: SignIn) -> None:
    worker = demonstration.people["travailleur"].member
    MemberRole.objects.create(institution=demonstration.institution, member=worker, role="signatory")
    Member.objects.filter(pk=worker.pk).update(title="director_general")
    client = sign_in("travailleur")
    # The row no longer agrees with the enrolment that the roster answers for; the enrolment's own roles remain.
    assert client.get("/i/demo/demandes/nouvelle/").status_code == 200
    assert client.post("/i/demo/accords/ceremonie/", {"threshold": "2"}).status_code in (403, 409)


def test_a_member_nobody_answers_for_can_do_nothing(demonstration: Demonstration, sign_in: SignIn) -> None:
    Member.objects.filter(login="travailleur").update(countersignature=b"", countersigned_by=None)
    client = sign_in("travailleur")
    assert client.get("/i/demo/").status_code == 200
    assert client.get("/i/demo/demandes/nouvelle/").status_code == 403
    # Nobody else is kept from working meanwhile.
    assert sign_in("referent").get("/i/demo/demandes/nouvelle/").status_code == 200
    assert demonstration.people["dg"].roles == {"signatory"}


@pytest.mark.parametrize(
    "address", ["/i/demo/", "/i/demo/connexion/", "/i/demo/verifier/", "/i/ailleurs/", "/i/demo/rien/"]
)
def test_every_answer_is_closed_to_the_rest_of_the_web(
    sign_in: SignIn, demonstration: Demonstration, address: str
) -> None:
    assert demonstration.institution.slug == "demo"
    answer = sign_in("dg").get(address)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", page)
    assert 'lang="fr"' in page


def test_a_form_without_its_token_is_refused(demonstration: Demonstration) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(DOOR, {"identifiant": "dg", "phrase": demonstration.passphrase})
    assert answer.status_code == 403
    assert "ciment" not in answer.cookies


def test_several_institutions_are_not_listed(neighbour: Demonstration, demonstration: Demonstration) -> None:
    page = Client().get("/").content.decode()
    for name in (neighbour.institution.slug, demonstration.institution.name):
        assert name not in page


def test_one_institution_is_led_to(demonstration: Demonstration) -> None:
    assert Client().get("/")["Location"] == f"/i/{demonstration.institution.slug}/"


def test_a_title_in_the_row_is_no_title(demonstration: Demonstration) -> None:
    referent = demonstration.people["referent"]
    assert can_silence_duty(demonstration.people["dg"])
    Member.objects.filter(pk=referent.member.pk).update(title="director_general")
    referent.member.refresh_from_db()
    assert not can_silence_duty(referent)
