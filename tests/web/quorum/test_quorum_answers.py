"""A signatory answers for a member: only then do the invited roles open, and exactly those."""

import pytest
from django.test import Client
from invitations import SignIn, answer_for, enrol, type_paper
from web_stories import PASSPHRASE

from ciment.vault import MemberKeys, new_seed
from ciment.vault.enrolment import Enrolment, countersign, sign_enrolment
from ciment_web.inquiries.models import Inquiry, InquiryKey
from ciment_web.members.models import Member, MemberRole, Role
from ciment_web.members.queries import enrolment_fingerprint
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import CAST, Demonstration
from ciment_web.quorum.actions import countersign_member
from ciment_web.quorum.trust import trusted_members
from ciment_web.register.models import Leaf

ACCORDS = "/i/demo/accords/"
ASKED = {"requester": "police", "form": "oral", "categories": ["existence"], "text": "Est-elle connue ?"}


def where(member: Member) -> str:
    return f"{ACCORDS}membres/{member.id}/"


def test_from_an_invitation_to_a_recorded_request(demonstration: Demonstration, sign_in: SignIn) -> None:
    member = enrol(sign_in)
    newcomer, signatory = sign_in("nouvelle"), sign_in("dg")
    mark = enrolment_fingerprint(bytes(member.enrolment))
    # Nothing opens before somebody answers, and the paper alone does not do.
    assert "Voir ce qu’il reste à faire" in newcomer.get("/i/demo/").content.decode()
    assert mark in newcomer.get(ACCORDS).content.decode()
    type_paper(demonstration, newcomer)
    assert newcomer.post("/i/demo/demandes/nouvelle/", ASKED).status_code == 403
    assert "Maude Nouvelle" in signatory.get(ACCORDS).content.decode()
    page = signatory.get(where(member)).content.decode()
    assert mark in page
    assert "travailleur·euse social·e" in page
    leaves = Leaf.objects.count()
    assert answer_for(signatory, member)["Location"] == ACCORDS
    assert Leaf.objects.count() == leaves + 1
    assert "Personne n’attend" in signatory.get(ACCORDS).content.decode()
    assert signatory.get(where(member)).status_code == 404
    assert mark not in newcomer.get(ACCORDS).content.decode()
    answer = newcomer.post("/i/demo/demandes/nouvelle/", ASKED)
    assert answer.status_code == 302
    assert Inquiry.objects.get().recorded_by == member
    assert newcomer.get(answer["Location"]).status_code == 200
    assert demonstration.institution.slug == "demo"


def test_a_new_referent_receives_keys_once_answered_for(demonstration: Demonstration, sign_in: SignIn) -> None:
    member = enrol(sign_in, roles=["referent"])
    worker = sign_in("travailleur")
    worker.post("/i/demo/demandes/nouvelle/", ASKED)
    assert not InquiryKey.objects.filter(member=member).exists()
    answer_for(sign_in("president"), member)
    worker.post("/i/demo/demandes/nouvelle/", ASKED)
    assert InquiryKey.objects.filter(member=member).count() == 1
    # Out of service, nothing more is wrapped to that member, who was answered for all the same.
    sign_in("admin").post(f"/i/demo/membres/{member.id}/depart/")
    worker.post("/i/demo/demandes/nouvelle/", ASKED)
    assert InquiryKey.objects.filter(member=member).count() == 1
    assert member.id not in {each.id for each, _ in trusted_members(demonstration.people["dg"], *Role)}


def test_only_a_holder_of_a_seat_answers(neighbour: Demonstration, sign_in: SignIn) -> None:
    member = enrol(sign_in)
    for newcomer in CAST:
        expected = 200 if Role.SIGNATORY in newcomer.roles else 403
        client = sign_in(newcomer.login)
        assert client.get(where(member)).status_code == expected
        assert ("Qui attend" in client.get(ACCORDS).content.decode()) is (expected == 200)
        if expected == 403:
            assert client.post(where(member), {"seen": "0" * 64, "phrase": PASSPHRASE}).status_code == 403
    stranger = sign_in("dg", slug=neighbour.institution.slug)
    assert stranger.get(where(member).replace("/demo/", "/voisin/")).status_code == 404
    assert stranger.get(where(member)).status_code == 302
    assert Client().get(where(member)).status_code == 302
    assert "Maude" not in stranger.get(ACCORDS.replace("/demo/", "/voisin/")).content.decode()


def test_a_signatory_without_a_seat_answers_for_nobody(demonstration: Demonstration, sign_in: SignIn) -> None:
    deputy = enrol(sign_in, login="suppleante", roles=["signatory"])
    answer_for(sign_in("dg"), deputy)
    client = sign_in("suppleante")
    type_paper(demonstration, client)
    member = enrol(sign_in)
    # The role is theirs; the countersignature would be believed by nobody.
    assert client.get(where(member)).status_code == 403
    assert "Qui attend" not in client.get(ACCORDS).content.decode()
    member.refresh_from_db()
    assert member.countersigned_by is None


def test_nobody_answers_for_oneself(demonstration: Demonstration, sign_in: SignIn) -> None:
    dg = demonstration.people["dg"]
    with pytest.raises(NotAllowed):
        countersign_member(dg, dg.member)
    MemberRole.objects.create(institution=demonstration.institution, member=dg.member, role="referent")
    page = sign_in("dg").get(ACCORDS).content.decode()
    # A role added in rows is not offered to anybody's signature.
    assert "ne correspond pas à ce qui est signé" in page
    for login in ("dg", "president"):
        assert sign_in(login).get(where(dg.member)).status_code == 404


def test_a_wrong_passphrase_answers_for_nobody(demonstration: Demonstration, sign_in: SignIn) -> None:
    member, client = enrol(sign_in), sign_in("dg")
    leaves = Leaf.objects.count()
    answer = answer_for(client, member, "abandon-bambou-cactus-dauphin-ecureuil-fabuleux-gamelle")
    assert answer.status_code == 422
    assert "Rien n’a été signé" in answer.content.decode()
    assert "gamelle" not in answer.content.decode()
    for _ in range(4):
        answer_for(client, member, "faux")
    assert answer_for(client, member).status_code == 429
    member.refresh_from_db()
    assert (member.countersigned_by, Leaf.objects.count()) == (None, leaves)
    assert demonstration.institution.slug == "demo"


def test_what_is_signed_is_what_was_shown(demonstration: Demonstration, sign_in: SignIn) -> None:
    member, other, client = enrol(sign_in), enrol(sign_in, login="autre"), sign_in("dg")
    seen = client.get(where(member)).context["waiting"].digest
    assert client.post(where(other), {"seen": seen, "phrase": PASSPHRASE}).status_code == 409
    assert client.post(where(member), {"phrase": PASSPHRASE}).status_code == 422
    # The keys of somebody else in the row, after the page was shown: the row no longer holds together.
    Member.objects.filter(pk=member.pk).update(enrolment=bytes(other.enrolment))
    assert client.post(where(member), {"seen": seen, "phrase": PASSPHRASE}).status_code == 404
    assert not Member.objects.filter(login__in=("nouvelle", "autre"), countersigned_by__isnull=False).exists()
    assert demonstration.institution.slug == "demo"


@pytest.mark.parametrize("act", ["role", "title"])
def test_rows_changed_after_the_answer_give_nothing_more(
    demonstration: Demonstration, sign_in: SignIn, act: str
) -> None:
    member = enrol(sign_in)
    answer_for(sign_in("dg"), member)
    newcomer = sign_in("nouvelle")
    type_paper(demonstration, newcomer)
    if act == "role":
        MemberRole.objects.create(institution=demonstration.institution, member=member, role="administrator")
    else:
        Member.objects.filter(pk=member.pk).update(title="director_general")
    assert newcomer.get("/i/demo/membres/").status_code == 403
    assert newcomer.get("/i/demo/demandes/nouvelle/").status_code == 200


def test_an_administrator_cannot_answer_by_row(demonstration: Demonstration, sign_in: SignIn) -> None:
    member = enrol(sign_in, roles=["referent", "administrator"])
    admin = demonstration.people["admin"]
    newcomer = sign_in("nouvelle")
    type_paper(demonstration, newcomer)
    # SQL writes the answer of an administrator, or names the director general under another's signature.
    for named in (admin.member, demonstration.people["dg"].member):
        signature = countersign(bytes(member.enrolment), admin.keys)
        Member.objects.filter(pk=member.pk).update(countersigned_by=named, countersignature=signature)
        assert newcomer.get("/i/demo/membres/").status_code == 403
    # The signature of a holder of a seat, on the very same row, opens it.
    signature = countersign(bytes(member.enrolment), demonstration.people["dg"].keys)
    Member.objects.filter(pk=member.pk).update(countersignature=signature)
    assert newcomer.get("/i/demo/membres/").status_code == 200


def test_forms_need_their_token(demonstration: Demonstration, sign_in: SignIn) -> None:
    member = enrol(sign_in)
    client = sign_in("dg")
    seen = client.get(where(member)).context["waiting"].digest
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["ciment"] = client.cookies["ciment"].value
    assert strict.post(where(member), {"seen": seen, "phrase": PASSPHRASE}).status_code == 403
    member.refresh_from_db()
    assert member.countersigned_by is None
    assert demonstration.institution.slug == "demo"


def test_an_exchanged_enrolment_is_never_shown_as_ones_own(demonstration: Demonstration, sign_in: SignIn) -> None:
    member = enrol(sign_in)
    newcomer = sign_in("nouvelle")
    # Keys of somebody else under the newcomer's identifier, put there while the two compare fingerprints.
    forger = MemberKeys.from_seed(new_seed())
    statement = Enrolment(str(demonstration.institution.id), str(member.id), forger.public, ("worker",), "other", 0)
    forged = sign_enrolment(statement, forger)
    rows = Member.objects.filter(pk=member.pk)
    for change in ({"enrolment": forged}, {"enrolment": bytes(100)}):
        rows.update(**change)
        answer = newcomer.get(ACCORDS)
        assert answer.status_code == 409
        assert enrolment_fingerprint(forged) not in answer.content.decode()
        assert "ne correspond pas à ce qui est signé" in sign_in("dg").get(ACCORDS).content.decode()
    # With the row wholly theirs, the newcomer has no session left: nothing is shown to compare with.
    rows.update(enrolment=forged, public_key=forger.public.encode())
    assert newcomer.get(ACCORDS).status_code == 302


def test_who_left_is_no_longer_answered_for(demonstration: Demonstration, sign_in: SignIn) -> None:
    member: Member = enrol(sign_in)
    sign_in("admin").post(f"/i/demo/membres/{member.id}/depart/")
    signatory = sign_in("dg")
    assert signatory.get(where(member)).status_code == 404
    member.refresh_from_db()
    with pytest.raises(NotAllowed):
        countersign_member(demonstration.people["dg"], member)
    before = Leaf.objects.count()
    assert signatory.post(where(member), {"seen": "0" * 64, "phrase": PASSPHRASE}).status_code == 404
    assert Leaf.objects.count() == before
