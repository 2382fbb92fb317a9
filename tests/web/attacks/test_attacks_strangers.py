"""Identifiers guessed or leaked: every address that carries one answers 404 to strangers, as if nothing were there."""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from web_stories import Prepared, prepare_release, record, uploaded

from ciment_web.blobs import store
from ciment_web.decisions.models import Approval, Decision, Objection, Packet, ReleaseCopy
from ciment_web.inquiries.actions.draft import keep_draft
from ciment_web.inquiries.models import Draft, Inquiry, InquiryKey, RecusalStatement
from ciment_web.members.models import Member
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
PEOPLE = ("travailleur", "referent", "dg", "president", "adjoint", "dpo", "admin")
# Addresses without an identifier to guess. Each other one is tried; a new one makes this fail until it is placed.
WITHOUT = {
    "",
    "i/<slug:slug>/",
    "i/<slug:slug>/connexion/",
    "i/<slug:slug>/connexion/reprendre/",
    "i/<slug:slug>/deconnexion/",
    "i/<slug:slug>/accords/",
    "i/<slug:slug>/accords/empreinte/",
    "i/<slug:slug>/accords/ceremonie/",
    "i/<slug:slug>/accords/ceremonie/etape/",
    "i/<slug:slug>/demandes/nouvelle/",
    "i/<slug:slug>/demandes/nouvelle/lire/",
    "i/<slug:slug>/registre/",
    "i/<slug:slug>/registre/export.zip",
    "i/<slug:slug>/verifier/",
    "i/<slug:slug>/danger/",
    "i/<slug:slug>/necessite/",
    "i/<slug:slug>/necessite/nouvelle/",
    "i/<slug:slug>/flux/",
    "i/<slug:slug>/flux/nouveau/",
    "i/<slug:slug>/journal/",
    "i/<slug:slug>/perquisition/",
    "i/<slug:slug>/perquisition/ouvrir/",
    "i/<slug:slug>/perquisitions/",
    "i/<slug:slug>/pressions/",
    "i/<slug:slug>/pressions/dire/",
    "i/<slug:slug>/reflexe/",
    "i/<slug:slug>/reflexe/carte.pdf",
    "i/<slug:slug>/deja-repondu/",
    "i/<slug:slug>/cite-en-personne/",
    "i/<slug:slug>/invitation/",
    "i/<slug:slug>/gels/",
    "i/<slug:slug>/gels/institution/",
    "i/<slug:slug>/arrivees/",
    "i/<slug:slug>/arrivees/fermeture/",
    "i/<slug:slug>/guichet/",
    "i/<slug:slug>/guichet/suivi/",
    "i/<slug:slug>/guichet/demandes/",
    "i/<slug:slug>/courriels/",
    "i/<slug:slug>/membres/",
    "i/<slug:slug>/membres/inviter/",
    "i/<slug:slug>/reglages/",
    "i/<slug:slug>/reglages/recusations/",
    "i/<slug:slug>/reglages/permanence/",
    "i/<slug:slug>/reglages/passerelle/",
    "i/<slug:slug>/reglages/repertoire/",
    "i/<slug:slug>/reglages/repertoire/repertoire.csv",
    "i/<slug:slug>/reglages/absences/",
    "i/<slug:slug>/reglages/lettres/",
    "i/<slug:slug>/reglages/lettres/apercu.pdf",
    "i/<slug:slug>/reglages/delais/",
    "i/<slug:slug>/acces/",
    "i/<slug:slug>/acces/nouveau/",
    "i/<slug:slug>/fondation/",
    "i/<slug:slug>/fondation/en-tete/",
    "i/<slug:slug>/fondation/lettre.pdf",
    "i/<slug:slug>/fondation/lettre.png",
    "i/<slug:slug>/fondation/rythme/",
    "i/<slug:slug>/fondation/droit/",
    "i/<slug:slug>/fondation/equipe/",
    # A ready-made team, the same for all institutions.
    "i/<slug:slug>/fondation/equipe/<str:team>/",
    "i/<slug:slug>/fondation/empreinte/",
    "i/<slug:slug>/fondation/premier-jour/",
    # Figures are those of the institution whose address they stand at; a case's name is the same everywhere.
    "i/<slug:slug>/chiffres/",
    "i/<slug:slug>/chiffres/<int:year>.json",
    "i/<slug:slug>/chiffres/<int:year>.csv",
    "i/<slug:slug>/chiffres/rapport-<int:year>.pdf",
    "i/<slug:slug>/mises-en-situation/",
    "i/<slug:slug>/mises-en-situation/equipe/",
    "i/<slug:slug>/mises-en-situation/<slug:case_slug>/",
    "i/<slug:slug>/mises-en-situation/<slug:case_slug>/fiche/",
    "i/<slug:slug>/mises-en-situation/<slug:case_slug>/<int:number>/",
    "i/<slug:slug>/mises-en-situation/<slug:case_slug>/<int:number>/<int:choice>/",
    # The law is public.
    "i/<slug:slug>/droit/",
    "i/<slug:slug>/droit/regles/<str:rule_id>/",
    "i/<slug:slug>/droit/comparer/",
    "i/<slug:slug>/droit/situation/",
    "i/<slug:slug>/droit/textes/<slug:bill>/",
    "i/<slug:slug>/droit/textes/<slug:bill>/note.pdf",
    # Each institution counts its own entries from zero, and the log is public.
    "i/<slug:slug>/registre/<int:index>/",
    "i/<slug:slug>/log/<path:resource>",
}
# Addresses whose identifier belongs to no request and no decision: strangers try them where they are tested.
ELSEWHERE = {
    "i/<slug:slug>/gels/demandes/<uuid:inquiry_id>/",  # tests/web/freezes
    "i/<slug:slug>/gels/membres/<uuid:member_id>/",  # tests/web/freezes
    "i/<slug:slug>/gels/<uuid:freeze_id>/",  # tests/web/freezes
    "i/<slug:slug>/guichet/demandes/<uuid:filing_id>/prise-en-charge/",  # tests/web/desk
    "i/<slug:slug>/courriels/<uuid:message_id>/",  # tests/web/mailbox
    "i/<slug:slug>/courriels/<uuid:message_id>/original.eml",  # tests/web/mailbox
    "i/<slug:slug>/courriels/<uuid:message_id>/ecarter/",  # tests/web/mailbox
    "i/<slug:slug>/necessite/<uuid:necessity_id>/",  # tests/web/necessity
    "i/<slug:slug>/flux/<uuid:flow_id>/",  # this and the following: tests/web/flows
    "i/<slug:slug>/flux/<uuid:flow_id>/avis/",
    "i/<slug:slug>/flux/<uuid:flow_id>/accords/",
    "i/<slug:slug>/flux/<uuid:flow_id>/suspension/",
    "i/<slug:slug>/flux/<uuid:flow_id>/abandon/",
    "i/<slug:slug>/flux/<uuid:flow_id>/lecteurs/",
    "i/<slug:slug>/flux/<uuid:flow_id>/noter/",
    "i/<slug:slug>/flux/<uuid:flow_id>/tirage/",
    "i/<slug:slug>/flux/<uuid:flow_id>/communications/<uuid:communication_id>/",
    "i/<slug:slug>/flux/<uuid:flow_id>/communications/<uuid:communication_id>/controle/",
    "i/<slug:slug>/perquisition/<uuid:seizure_id>/",  # tests/web/seizures
    "i/<slug:slug>/perquisition/<uuid:seizure_id>/noter/<slug:step>/",  # tests/web/seizures
    "i/<slug:slug>/perquisition/<uuid:seizure_id>/photo/<int:position>/",  # tests/web/seizures
    "i/<slug:slug>/perquisition/<uuid:seizure_id>/gel/",  # tests/web/seizures
    "i/<slug:slug>/perquisition/<uuid:seizure_id>/inventaire/",  # tests/web/seizures
    "i/<slug:slug>/perquisition/<uuid:seizure_id>/inventaire/<int:number>.pdf",  # tests/web/seizures
    "i/<slug:slug>/perquisition/<uuid:seizure_id>/inventaire/<int:number>.tlog-proof",  # tests/web/seizures
    "i/<slug:slug>/perquisition/<uuid:seizure_id>/remise/",  # tests/web/seizures
    "i/<slug:slug>/perquisition/<uuid:seizure_id>/remise/<uuid:inquiry_id>/",  # tests/web/seizures
    "i/<slug:slug>/pressions/<uuid:report_id>/",  # tests/web/pressure
    "i/<slug:slug>/pressions/<uuid:report_id>/ajouter/",  # tests/web/pressure
    "i/<slug:slug>/pressions/<uuid:report_id>/partage/",  # tests/web/pressure
    "i/<slug:slug>/membres/invitations/<uuid:invitation_id>/retrait/",  # tests/web/members
    "i/<slug:slug>/membres/<uuid:member_id>/depart/",  # tests/web/members
    "i/<slug:slug>/membres/<uuid:member_id>/renouvellement/",  # tests/web/founding
    "i/<slug:slug>/accords/membres/<uuid:member_id>/",  # tests/web/quorum
    "i/<slug:slug>/accords/registre/<uuid:member_id>/",  # tests/web/founding
}
# A person's request: tests/web/access
ELSEWHERE |= {
    f"i/<slug:slug>/acces/<uuid:request_id>/{tail}"
    for tail in (
        "", "verification/", "prolongation/", "mandat/", "reprise/", "recherche/", "recherche/<uuid:found_id>/",
        "lectures/", "releve/", "releve.pdf", "releve.tlog-proof", "remise/", "pli.age",
    )
}  # fmt: skip
_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
# A form that would be accepted from those whose matter it is: a stranger is not refused for an empty form.
FORM = {
    "tied": "no",
    "categories": ["identity"],
    "category": "identity",
    "form": "written",
    "recipient": "",
    "reason": "non",
    "phrase": "abandon-bambou-cactus-dauphin-ecureuil-fabuleux-gallium",
    "description": "x",
}


def patterns(found: list[Any], prefix: str = "") -> Iterator[str]:
    for each in found:
        where = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, where)
        elif isinstance(each, URLPattern):
            yield where


ADDRESSES = [where for where in patterns(get_resolver().url_patterns) if where not in WITHOUT | ELSEWHERE]


@dataclass
class Held:
    """What one institution holds: an open decision, an executed one, and a request with a file."""

    prepared: Prepared
    released: Prepared

    def values(self, slug: str, which: Prepared) -> dict[str, str]:
        copy = ReleaseCopy.objects.get(decision=which.decision)
        return {
            "slug": slug,
            "inquiry_id": str(which.inquiry.id),
            "decision_id": str(which.decision.id),
            "copy_id": str(copy.id),
            "kind": "certificate",
            "position": "0",
        }


@pytest.fixture
def held(demonstration: Demonstration) -> Held:
    prepared = prepare_release(demonstration, b"la fiche", reading=True)
    released = prepare_release(demonstration, b"partie")
    released.release(demonstration)
    return Held(prepared, released)


def fill(pattern: str, values: dict[str, str]) -> str:
    return "/" + _CONVERTER.sub(lambda match: values[match[1]], pattern)


def ask(client: Client, method: str, address: str) -> HttpResponse:
    if method == "GET":
        return client.get(address)  # type: ignore[return-value]  # the test client's response
    upload = SimpleUploadedFile("x.txt", b"x")
    return client.post(address, {**FORM, "document": upload})  # type: ignore[return-value]


def rows() -> tuple[int, ...]:
    models = (Inquiry, InquiryKey, RecusalStatement, Decision, ReleaseCopy, Approval, Objection, Packet)
    return tuple(model._default_manager.count() for model in models)


def state() -> tuple[Any, ...]:
    inquiries = sorted(Inquiry.objects.values_list("id", "state", "lane"), key=str)
    decisions = sorted(Decision.objects.values_list("id", "state"), key=str)
    return rows(), inquiries, decisions, Leaf.objects.filter(institution__slug="demo").count()


def test_every_address_is_placed() -> None:
    every = list(patterns(get_resolver().url_patterns))
    assert set(every) >= WITHOUT | ELSEWHERE
    named = {name for where in ADDRESSES for name in _CONVERTER.findall(where)}
    assert named == {"slug", "inquiry_id", "decision_id", "copy_id", "kind", "position"}


def test_identifiers_of_another_institution_are_nowhere(
    demonstration: Demonstration, neighbour: Demonstration, held: Held, sign_in: SignIn
) -> None:
    assert (demonstration.institution.slug, neighbour.institution.slug) == ("demo", "voisin")
    before, files = state(), set(store.names())
    reached: set[str] = set()
    for login in PEOPLE:
        client = sign_in(login, slug="voisin")
        for which in (held.prepared, held.released):
            for pattern in ADDRESSES:
                address = fill(pattern, held.values("voisin", which))
                answers = {method: ask(client, method, address).status_code for method in ("GET", "POST")}
                # A method that the address never takes says nothing; every other answer is 404.
                assert set(answers.values()) <= {404, 405}, (login, address, answers)
                reached |= {pattern} if 404 in answers.values() else set()
    assert reached == set(ADDRESSES)
    assert (state(), set(store.names())) == (before, files)


def test_a_session_of_one_institution_is_none_in_another(neighbour: Demonstration, held: Held, sign_in: SignIn) -> None:
    assert neighbour.institution.slug == "voisin"
    secret = sign_in("dg", slug="voisin").cookies["ciment"].value
    foreign = Client(headers={"cookie": f"ciment={secret}"})
    before = state()
    for pattern in ADDRESSES:
        address = fill(pattern, held.values("demo", held.prepared))
        for method, expected in (("GET", 302), ("POST", 401)):
            assert ask(foreign, method, address).status_code == expected, address
    assert state() == before


@pytest.mark.parametrize("login", ["dpo", "admin"])
def test_a_colleague_without_the_key_finds_nothing(held: Held, sign_in: SignIn, login: str) -> None:
    client = sign_in(login)
    before = state()
    for pattern in ADDRESSES:
        for which in (held.prepared, held.released):
            address = fill(pattern, held.values("demo", which))
            answers = {ask(client, method, address).status_code for method in ("GET", "POST")}
            assert answers <= {404, 405}, address
    assert state() == before


def test_an_identifier_that_exists_is_answered_like_one_that_does_not(
    neighbour: Demonstration, held: Held, sign_in: SignIn
) -> None:
    """Same page to the byte, same number of queries: an answer that differed would say that the guess was right."""
    assert neighbour.institution.slug == "voisin"
    unknown = {name: str(uuid.uuid4()) for name in ("inquiry_id", "decision_id", "copy_id")}
    for slug, login in (("voisin", "dg"), ("demo", "dpo")):
        client = sign_in(login, slug=slug)
        for pattern in ADDRESSES:
            values = held.values(slug, held.prepared)
            for method in ("GET", "POST"):
                seen = []
                for chosen in (values, {**values, **unknown}):
                    with CaptureQueriesContext(connection) as queries:
                        answer = ask(client, method, fill(pattern, chosen))
                    seen.append((answer.status_code, _normal(answer), len(queries)))
                if slug == "voisin" or "decision_id" not in pattern:
                    assert seen[0] == seen[1], (slug, method, pattern)
                else:
                    # Within an institution that a decision was taken is in its register, for all its members to see.
                    assert seen[0][:2] == seen[1][:2], (slug, method, pattern)


def _normal(answer: HttpResponse) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", answer.content)


def test_ones_own_matter_leads_to_no_part_of_anothers(neighbour: Demonstration, held: Held, sign_in: SignIn) -> None:
    own = prepare_release(neighbour, b"propre", reading=True)
    copy = ReleaseCopy.objects.get(decision=held.prepared.decision)
    signatory = sign_in("dg", slug="voisin")
    assert signatory.get(f"/i/voisin/decisions/{own.decision.id}/copie/{copy.id}/").status_code == 404
    referent = sign_in("referent", slug="voisin")
    inquiry = record(neighbour)
    refused = referent.post(f"/i/voisin/demandes/{inquiry.id}/preparation/copie/{copy.id}/retrait/")
    assert refused.status_code in (403, 404)
    assert ReleaseCopy.objects.filter(pk=copy.pk).exists()
    # Nor does another matter of one's own institution.
    other = prepare_release(neighbour, b"autre", reading=True)
    foreign = ReleaseCopy.objects.get(decision=other.decision)
    assert signatory.get(f"/i/voisin/decisions/{own.decision.id}/copie/{foreign.id}/").status_code == 404


@pytest.mark.parametrize("slug", ["voisin", "demo"])
def test_a_draft_of_somebody_else_is_gone(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn, slug: str
) -> None:
    assert neighbour.institution.slug == "voisin"
    draft, _ = keep_draft(demonstration.people["travailleur"], uploaded(b"From: a@example.org\n\nBonjour", "m.eml"))
    answers = {"requester": "housing", "form": "written", "categories": ["aid"], "text": "Bonjour", "draft": draft.id}
    files = set(store.names())
    refused = sign_in("referent", slug=slug).post(f"/i/{slug}/demandes/nouvelle/", answers)
    assert refused.status_code == 409
    assert "n’est plus gardé" in refused.content.decode()
    assert not Inquiry.objects.exists()
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert set(store.names()) == files


def test_the_database_itself_keeps_institutions_apart(
    demonstration: Demonstration, neighbour: Demonstration, held: Held
) -> None:
    stranger = Member.objects.get(institution=neighbour.institution, login="dg")
    foreign = prepare_release(neighbour, b"voisine")
    changes: list[tuple[Any, dict[str, Any]]] = [
        (Inquiry.objects.filter(pk=held.prepared.inquiry.pk), {"recorded_by": stranger}),
        (Inquiry.objects.filter(pk=held.prepared.inquiry.pk), {"decision": foreign.decision}),
        (Inquiry.objects.filter(pk=held.prepared.inquiry.pk), {"institution": neighbour.institution}),
        (InquiryKey.objects.filter(inquiry=held.prepared.inquiry), {"member": stranger}),
        (InquiryKey.objects.filter(inquiry=held.prepared.inquiry), {"inquiry": foreign.inquiry}),
        (ReleaseCopy.objects.filter(decision=held.prepared.decision), {"decision": foreign.decision}),
        (Packet.objects.filter(decision=held.released.decision), {"decision": foreign.decision}),
        (
            Member.objects.filter(institution=demonstration.institution, login="referent"),
            {"countersigned_by": stranger},
        ),
    ]
    for found, columns in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            found.update(**columns)
