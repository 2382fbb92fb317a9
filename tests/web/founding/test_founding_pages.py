"""The setting up of a centre through its pages: who may, what is refused, what is told, and what it leaves."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from new_centre import HERE, LETTERHEAD, Centre, found, sheets_of
from PIL import Image
from pypdf import PdfReader
from pytest_django import Settings

from ciment_web.founding.team import TEAMS, find_team, what_is_advised, what_is_refused
from ciment_web.institutions.models import Institution
from ciment_web.law import TRUSTED_FILE
from ciment_web.members.models import Invitation, Member, Role
from ciment_web.project.demonstration import CAST, Demonstration
from ciment_web.register.models import Leaf

STEPS = f"{HERE}fondation/"
PAGES = (
    "",
    "en-tete/",
    "rythme/",
    "droit/",
    "equipe/",
    "equipe/trois/",
    "empreinte/",
    "premier-jour/",
    "lettre.pdf",
    "lettre.png",
)
LONG = "x" * 60


@pytest.fixture
def centre(transactional_db: None) -> Centre:  # noqa: ARG001 - opens the database
    return found()


def fill_team(slug: str, names: list[str], **changes: Any) -> dict[str, Any]:
    """Return what a browser sends for a ready-made team; `changes` replace fields, by their whole name."""
    team = find_team(slug)
    assert team is not None
    typed: dict[str, Any] = {}
    for number, post in enumerate(team.posts):
        typed[f"{number}-name"] = names[number] if number < len(names) else ""
        typed[f"{number}-function"] = str(post.function)
        typed[f"{number}-roles"] = [role.value for role in post.roles]
        typed[f"{number}-title"] = post.title.value
        typed[f"{number}-mail"] = ""
    return {**typed, **changes}


# -- settings --------------------------------------------------------------------------------------------------------


def test_the_letterhead_is_written_with_its_letter(centre: Centre) -> None:
    client, leaves = centre.clients["fondatrice"], Leaf.objects.count()
    page = client.get(f"{STEPS}en-tete/").content.decode()
    assert "lettre.png" not in page
    assert client.post(f"{STEPS}en-tete/", LETTERHEAD)["Location"] == f"{STEPS}en-tete/"
    assert Leaf.objects.count() == leaves + 1
    row = Institution.objects.get()
    assert {name: getattr(row, name) for name in LETTERHEAD} == LETTERHEAD
    assert "lettre.png" in client.get(f"{STEPS}en-tete/").content.decode()
    letter = client.get(f"{STEPS}lettre.pdf")
    text = PdfReader(io.BytesIO(letter.content)).pages[0].extract_text()
    for word in ("CPAS neuf", "Rue Neuve 1", "0000 Neufbourg", "081 00 00 00", "EXEMPLE"):
        assert word in text
    picture = Image.open(io.BytesIO(client.get(f"{STEPS}lettre.png").content))
    assert picture.size[0] > 500
    # The picture shows something, and is light.
    assert len(set(picture.convert("L").tobytes())) > 2
    assert len(client.get(f"{STEPS}lettre.png").content) < 60 * 1024


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": ""},
        {"name": "x" * 201},
        {"place": ""},
        {"contact": " "},
        {"name": "a\u0000b"},
    ],
)
def test_a_letterhead_that_will_not_do_changes_nothing(centre: Centre, wrong: dict[str, str]) -> None:
    client, leaves = centre.clients["fondatrice"], Leaf.objects.count()
    answer = client.post(f"{STEPS}en-tete/", {**LETTERHEAD, **wrong})
    assert answer.status_code == 422
    assert Institution.objects.get().address == ""
    assert Leaf.objects.count() == leaves


def test_long_words_are_printed(centre: Centre) -> None:
    typed = {"name": LONG, "address": LONG, "contact": LONG, "place": LONG}
    assert centre.clients["fondatrice"].post(f"{STEPS}en-tete/", typed).status_code == 302
    assert centre.clients["fondatrice"].get(f"{STEPS}lettre.pdf").status_code == 200


def test_the_rhythm_is_changed_within_reason(centre: Centre) -> None:
    client, leaves = centre.clients["fondatrice"], Leaf.objects.count()
    assert "part après 24 h" in centre.steps("fondatrice")
    for wrong in ({"delay_hours": "0"}, {"delay_hours": "241"}, {"decision_days": "0"}, {"decision_days": "x"}):
        answer = client.post(f"{STEPS}rythme/", {"delay_hours": "48", "decision_days": "10", **wrong})
        assert answer.status_code == 422
    assert Leaf.objects.count() == leaves
    assert client.post(f"{STEPS}rythme/", {"delay_hours": "48", "decision_days": "10"}).status_code == 302
    assert Leaf.objects.count() == leaves + 1
    assert "part après 48 h" in centre.steps("fondatrice")
    row = Institution.objects.get()
    assert (row.reply_delay_hours, row.decision_days) == (48, 10)


def test_without_a_key_for_the_law_the_page_says_what_to_do(centre: Centre, settings: Settings) -> None:
    assert "Recueil « be »" in centre.steps("fondatrice")
    keys: Path = settings.CIMENT_KEYS
    (keys / str(centre.institution.id) / TRUSTED_FILE).unlink()
    assert "Aucune clé ne répond du recueil" in centre.steps("fondatrice")
    page = centre.clients["fondatrice"].get(f"{STEPS}droit/").content.decode()
    for word in ("ciment law key", "ciment law sign", f"{centre.institution.id}/law.vkeys", "0600"):
        assert word in page


# -- the team --------------------------------------------------------------------------------------------------------


def test_a_team_is_invited_on_sheets(centre: Centre) -> None:
    client, leaves = centre.clients["fondatrice"], Leaf.objects.count()
    names = ["Dominique Général", "Claude Présidente", "Alix Déléguée"]
    answer = client.post(f"{STEPS}equipe/trois/", fill_team("trois", names))
    codes = sheets_of(answer.content.decode())
    assert set(codes) == {"dominique-general", "claude-presidente", "alix-deleguee"}
    assert Leaf.objects.count() == leaves + 3
    steps = centre.steps("fondatrice")
    assert "N’ont pas encore donné leur code : Dominique Général, Claude Présidente, Alix Déléguée" in steps
    # A code is shown once, and no address carries it.
    assert not any(code in steps for code in codes.values())
    assert not any(code in client.get(f"{HERE}membres/").content.decode() for code in codes.values())
    for login, code in codes.items():
        centre.enter(login, code)
    member = centre.member("dominique-general")
    assert set(member.held_roles.values_list("role", flat=True)) == {"signatory", "referent", "worker"}
    assert (member.title, member.function) == ("director_general", "directeur·rice général·e")
    steps = centre.steps("fondatrice")
    assert "4 membres inscrits" in steps
    assert "Deux signataires suffisent" in steps


def test_a_place_without_a_name_invites_nobody_and_the_same_name_gets_another_login(centre: Centre) -> None:
    client = centre.clients["fondatrice"]
    names = ["Dominique Général", "Claude Présidente", "Alix", "Sacha", "Lou Lou", "Lou Lou", "Fanny Déléguée"]
    names[2] = ""
    codes = sheets_of(client.post(f"{STEPS}equipe/huit/", fill_team("huit", names)).content.decode())
    assert set(codes) == {"dominique-general", "claude-presidente", "sacha", "lou-lou", "lou-lou-2", "fanny-deleguee"}


def test_who_founds_and_advises_is_asked_for_no_second_adviser(transactional_db: None) -> None:
    del transactional_db
    centre = found(dpo=True)
    page = centre.clients["fondatrice"].get(f"{STEPS}equipe/trois/").content.decode()
    assert page.count("Prénom et nom") == 2
    codes = sheets_of(
        centre.clients["fondatrice"].post(f"{STEPS}equipe/trois/", fill_team("trois", ["A", "B"])).content.decode()
    )
    assert len(codes) == 2
    steps = centre.steps("fondatrice")
    assert "La tient : Fanny Fondatrice" in steps
    for login, code in codes.items():
        centre.enter(login, code)
    assert "contrôle ce qu’elle fait" in centre.steps("fondatrice")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"2-roles": ["dpo", "signatory"]}, "Séparez ces rôles"),
        ({"2-roles": ["dpo", "referent"]}, "Séparez ces rôles"),
        ({"1-name": ""}, "Il manque un·e signataire"),
        ({"1-roles": ["signatory", "referent"]}, "qui prépare ne peut pas être seul·e à approuver"),
        ({"0-roles": ["signatory"]}, "Il manque un·e référent·e"),
        ({"2-name": ""}, "Il manque une personne déléguée"),
        ({"0-name": "", "1-name": "", "2-name": ""}, "Écrivez au moins un nom"),
        ({"0-roles": []}, "Cochez au moins un rôle"),
        ({"0-roles": ["roi"]}, "roi"),
        ({"0-title": "roi"}, "roi"),
        ({"0-function": ""}, "obligatoire"),
        ({"0-mail": "x"}, "courriel"),
        ({"0-name": "x" * 101}, "100"),
    ],
)
def test_a_team_that_cannot_work_is_refused_in_words(centre: Centre, changes: dict[str, Any], said: str) -> None:
    leaves = Leaf.objects.count()
    typed = fill_team("trois", ["Dominique", "Claude", "Alix"], **changes)
    answer = centre.clients["fondatrice"].post(f"{STEPS}equipe/trois/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page.replace("&#x27;", "'")
    # What was typed is still there, and nobody is invited: all or none.
    assert typed["2-name"] in page
    assert not Invitation.objects.filter(ended="").exists()
    assert Leaf.objects.count() == leaves


def test_the_ready_made_teams_keep_the_rules() -> None:
    for team in TEAMS:
        people = [frozenset(post.roles) for post in team.posts]
        assert what_is_refused(people) == []
        # One person fewer, one rule broken: none of the two signatories of the small team, no adviser in any.
        assert what_is_refused(people[:-1])
    assert what_is_advised([frozenset(post.roles) for post in TEAMS[1].posts]) == []
    assert len(TEAMS[1].posts) + 1 == 8


def test_the_roles_that_wait_are_not_guessed(centre: Centre) -> None:
    # What waits is sealed: a second batch is taken, and the checklist says what lacks once everybody is there.
    client = centre.clients["fondatrice"]
    client.post(f"{STEPS}equipe/trois/", fill_team("trois", ["Dominique", "Claude", "Alix"]))
    more = client.post(f"{STEPS}equipe/huit/", fill_team("huit", ["", "", "", "", "Lou"]))
    assert set(sheets_of(more.content.decode())) == {"lou"}


# -- who may ---------------------------------------------------------------------------------------------------------


def test_everybody_reads_the_steps_and_the_administrator_alone_sets_up(centre: Centre) -> None:
    centre.invite("lou", ["worker"])
    centre.invite("dg", ["signatory"], "director_general")
    centre.invite("alix", ["dpo"])
    for login in ("lou", "dg", "alix"):
        client = centre.clients[login]
        assert "Mise en place du centre" in centre.steps(login)
        leaves = Leaf.objects.count()
        for path in ("en-tete/", "rythme/"):
            page = client.get(STEPS + path)
            assert page.status_code == 200
            assert '<form method="post" class' not in page.content.decode()
            assert client.post(STEPS + path, {**LETTERHEAD, "delay_hours": 3, "decision_days": 3}).status_code == 403
        for path in ("equipe/", "equipe/trois/"):
            assert client.get(STEPS + path).status_code == 403
            assert client.post(STEPS + path, fill_team("trois", ["A", "B", "C"])).status_code in (403, 405)
        assert Leaf.objects.count() == leaves
    assert centre.clients["fondatrice"].get(f"{STEPS}equipe/douze/").status_code == 404


def test_a_stranger_and_somebody_of_another_institution_see_nothing(
    centre: Centre, demonstration: Demonstration, sign_in: Any
) -> None:
    foreign = Client(headers={"cookie": f"ciment={sign_in('admin').cookies['ciment'].value}"})
    assert demonstration.institution.slug == "demo"
    for path in PAGES:
        for client in (Client(), foreign):
            assert client.get(STEPS + path).status_code == 302
            assert client.post(STEPS + path, LETTERHEAD).status_code == 401
    assert Institution.objects.get(pk=centre.institution.pk).address == ""
    # Nor do one's own pages tell anything of the neighbour.
    assert "Fanny" not in sign_in("admin").get("/i/demo/fondation/").content.decode()


def test_after_the_ceremony_the_pages_are_read_only(demonstration: Demonstration, sign_in: Any) -> None:
    before = Institution.objects.values().get()
    for newcomer in CAST:
        client = sign_in(newcomer.login)
        leaves = Leaf.objects.count()
        for path in ("", "en-tete/", "rythme/", "droit/", "empreinte/", "premier-jour/", "lettre.pdf", "lettre.png"):
            assert client.get(f"/i/demo/fondation/{path}").status_code == 200
        assert client.post("/i/demo/fondation/en-tete/", LETTERHEAD).status_code == 403
        assert client.post("/i/demo/fondation/rythme/", {"delay_hours": 3, "decision_days": 3}).status_code == 403
        assert client.get("/i/demo/fondation/equipe/").status_code == 403
        assert client.post("/i/demo/fondation/equipe/trois/", fill_team("trois", ["A", "B", "C"])).status_code == 403
        assert Leaf.objects.count() == leaves
    assert Institution.objects.values().get() == before
    steps = sign_in("dg").get("/i/demo/fondation/").content.decode()
    assert "2 accords sur 3 sièges" in steps
    assert steps.count("founding-done") == 8
    assert demonstration.institution.slug == "demo"


def test_forms_need_their_token(centre: Centre) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["ciment"] = centre.clients["fondatrice"].cookies["ciment"].value
    for path in ("en-tete/", "rythme/", "equipe/trois/"):
        assert strict.post(STEPS + path, LETTERHEAD).status_code == 403
    assert Institution.objects.get().address == ""


def test_a_role_written_in_a_row_sets_nothing_up(centre: Centre) -> None:
    client = centre.invite("lou", ["worker"])
    member: Member = centre.member("lou")
    member.held_roles.create(institution=centre.institution, role=Role.ADMINISTRATOR)
    assert client.post(f"{STEPS}en-tete/", LETTERHEAD).status_code == 403
    # Nor is it counted in the team.
    member.held_roles.create(institution=centre.institution, role=Role.SIGNATORY)
    assert "Il manque un·e signataire" in centre.steps("fondatrice")
