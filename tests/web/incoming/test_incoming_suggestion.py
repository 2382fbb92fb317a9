"""Suggestions: cautious, in the words of the law packs, never a judgement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciment.law import VOCABULARY
from ciment_web.inquiries.incoming import IncomingMessage, suggest
from ciment_web.inquiries.incoming.cues import CATEGORIES, REQUESTER_DOMAINS, REQUESTERS


def message(text: str, **other: str) -> IncomingMessage:
    return IncomingMessage(
        kind="email",
        body_text=text,
        sender_address=other.get("address", "noa@example.org"),
        sender_name=other.get("name", "Noa Fictif"),
        subject=other.get("subject", ""),
    )


def test_cues_speak_the_vocabulary() -> None:
    assert {requester for _, requester in (*REQUESTERS, *REQUESTER_DOMAINS)} <= set(VOCABULARY["requester"])
    assert [category for category, _ in CATEGORIES] == list(VOCABULARY["category"])


@pytest.mark.parametrize(
    ("text", "other", "requester"),
    [
        ("Bonjour", {"address": "a@pz.police.belgium.eu"}, "police"),
        ("Bonjour", {"address": "a@notpolice.belgium.eu.example.org"}, None),
        ("Bonjour", {"address": "a@xpolice.belgium.eu"}, None),
        ("Bonjour", {"name": "Étude d’huissiers Fictif"}, "bailiff"),
        ("Question\n\nA. Fictif\nProcureure du Roi", {}, "prosecutor"),
        ("Question\n\nA. Fictif\nSubstitut de l’auditeur du travail", {}, "labour_auditor"),
        ("Je suis juge d'instruction.", {}, "investigating_judge"),
        ("La police locale et le procureur du Roi l’ignorent.", {}, None),
        ("Notre cliente\n\nMe Fictif\navocate au barreau", {}, "other_lawyer"),
        ("Son médecin traitant est absent." + "\n." * 20 + "\nLe bourgmestre", {}, "municipality"),
        ("Je suis son employeur", {}, "employer"),
        ("Bonjour", {}, None),
    ],
)
def test_requesters(text: str, other: dict[str, str], requester: str | None) -> None:
    assert suggest(message(text, **other)).requester == requester


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Est-il connu de vos services ?", {"existence"}),
        ("Quelle est sa date de naissance ?", {"identity"}),
        ("Où habite-t-elle ? Où elle habite maintenant ?", {"address"}),
        ("la composition de ménage", {"household"}),
        ("son numéro de GSM ou son adresse e-mail", {"contact"}),
        ("Quand a-t-elle rendez-vous ?", {"attendance"}),
        ("Touche-t-il le revenu d’intégration ?", {"aid"}),
        ("son compte bancaire", {"bank"}),
        ("une copie de son dossier", {"documents"}),
        ("ce qu’elle vous a confié", {"confidence"}),
        ("et de ses proches", {"third_party"}),
        ("un certificat médical", {"medical"}),
        ("Bonjour\n\nCordialement,\nNoa, rue X, adresse de facturation, IBAN", set()),
        ("Répondez à mon adresse électronique.", set()),
        ("Merci\n\n> Quelle est son adresse ?", set()),
    ],
)
def test_categories(text: str, wanted: set[str]) -> None:
    assert set(suggest(message(text)).wanted) == wanted


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("Tél. : 081 00 00 12", "081 00 00 12"),
        ("GSM 0470/00.00.12", "0470/00.00.12"),
        ("+32 (0)81 00 00 12", "+32 (0)81 00 00 12"),
        ("0032 470 00 00 12", "0032 470 00 00 12"),
        ("Entreprise TVA 0470.000.012", ""),
        ("IBAN BE00 0470 0000 0012", ""),
        ("Registre national 00.01.02-003.04", ""),
        ("Notices 0123456", ""),
    ],
)
def test_telephones(line: str, phone: str) -> None:
    expected = f"noa@example.org · {phone}" if phone else "noa@example.org"
    assert suggest(message(f"Bonjour\n\nNoa\n{line}")).reach == expected


def test_about_is_an_obvious_line_only() -> None:
    assert suggest(message("Concerne : Camille Exemple\nBonjour")).about == "Camille Exemple"
    assert suggest(message("Bonjour", subject="Concerne: Camille Exemple")).about == "Camille Exemple"
    assert suggest(message("Cela concerne : votre centre")).about is None
    assert suggest(message("Concerne :\n")).about is None


def test_a_message_sent_on_speaks_for_its_author() -> None:
    text = (
        "Voir ci-dessous.\n\n-----Message d'origine-----\nDe : Alex Témoin <alex@police-valbrume.example.org>\n"
        "Envoyé : lundi\n\nQuelle est son adresse ?\n\nAlex Témoin\nPolice locale"
    )
    found = suggest(message(text, subject="TR : question"))
    assert (found.name, found.reach) == ("Alex Témoin", "alex@police-valbrume.example.org")
    assert (found.requester, found.wanted) == ("police", ("address",))
    assert found.text == text
    assert suggest(message(text, subject="Question")).name == "Noa Fictif"


def test_a_message_that_only_quotes_is_read_whole() -> None:
    assert suggest(message("> Quelle est son adresse ?")).wanted == ("address",)


@given(st.text(max_size=400), st.text(max_size=60), st.text(max_size=60))
def test_any_text_has_a_suggestion(text: str, subject: str, address: str) -> None:
    found = suggest(message(text, subject=subject, address=address))
    assert found.form == "written"
    assert found.requester is None or found.requester in VOCABULARY["requester"]
    assert set(found.wanted) <= set(VOCABULARY["category"])
