"""From the desk to the ordinary list, and back: who takes over, what the author is told, and what the code opens."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from desk_stories import ASKED, DESK, LIST, PDF, STATE, asked, file, open_desk, pdf, said
from django.test import Client
from web_stories import CONTENT, DUTY, record, uploaded

from ciment.register import Entry, verify_proof
from ciment.vault import AgeIdentity, BlobError, open_packet
from ciment_web.blobs.sealing import open_file
from ciment_web.decisions.actions.approve import approve_decision
from ciment_web.decisions.actions.copies import NewCopy, add_copy
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.desk.actions.take import take_over
from ciment_web.desk.models import Filing, FilingFile
from ciment_web.desk.sealing import keys_of
from ciment_web.inquiries.actions.answer import answer_inquiry
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.prepare import prepare_decision, subject_of
from ciment_web.inquiries.actions.qualify import Assessment, qualify_inquiry
from ciment_web.inquiries.actions.record import open_attachment
from ciment_web.inquiries.actions.refuse import draft_refusal, refuse_inquiry
from ciment_web.inquiries.documents import open_document
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.pin import pinned_log
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]


def taken(demonstration: Demonstration, code: str) -> Inquiry:
    """Let the referent take over the filing of `code`."""
    filing = Filing.objects.select_related("institution", "key", "follows__inquiry", "follows__institution").get(
        code_digest=keys_of(code)[0]
    )
    return take_over(demonstration.people["referent"], filing)


def refused(demonstration: Demonstration, inquiry: Inquiry) -> None:
    referent, dg = demonstration.people["referent"], demonstration.people["dg"]
    state_recusal(referent, inquiry, recused=False)
    qualify_inquiry(referent, inquiry, Assessment({"form": "written", "category": list(inquiry.categories)}))
    state_recusal(dg, inquiry, recused=False)
    refuse_inquiry(dg, read_inquiry(dg, inquiry))
    inquiry.refresh_from_db()


def released(demonstration: Demonstration, inquiry: Inquiry, recipient: AgeIdentity) -> None:
    referent = demonstration.people["referent"]
    state_recusal(referent, inquiry, recused=False)
    qualify_inquiry(referent, inquiry, Assessment(DUTY))
    opened = read_inquiry(referent, inquiry)
    add_copy(referent, subject_of(inquiry, opened.key), uploaded(b"la fiche"), NewCopy("identity", "Fiche"))
    decision = prepare_decision(referent, opened, recipient.recipient.text)
    for login in ("dg", "president"):
        state_recusal(demonstration.people[login], inquiry, recused=False)
        approve_decision(demonstration.people[login], decision, demonstration.passphrase)
    execute_decision(demonstration.people["dg"], decision, demonstration.passphrase)
    inquiry.refresh_from_db()


def state(code: str) -> str:
    return said(Client().post(STATE, {"code": code}).content)


def fetch(code: str, position: int) -> bytes:
    answer = Client().post(STATE, {"code": code, "part": str(position)})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # the test client's response


def test_a_referent_takes_over_and_says_of_ties_before_reading(demonstration: Demonstration, sign_in: SignIn) -> None:
    open_desk(demonstration)
    file(letters=[pdf()])
    filing = Filing.objects.get()
    where = f"{LIST}{filing.id}/prise-en-charge/"
    for login, status in (("travailleur", 404), ("dpo", 404), ("admin", 404), ("dg", 403)):
        assert sign_in(login).post(where).status_code == status
    assert not Inquiry.objects.exists()
    referent = sign_in("referent")
    assert "1 demande attend au guichet" in said(referent.get("/i/demo/").content)
    assert referent.get(where).status_code == 405
    first = Leaf.objects.count()
    page = referent.post(where)
    assert page.status_code == 302
    # Already public as received when it was filed: it is not counted a second time.
    kinds = {Entry.parse(bytes(leaf.entry)).kind for leaf in Leaf.objects.filter(index__gte=first)}
    assert kinds == {"act"}
    inquiry = Inquiry.objects.get()
    assert (inquiry.channel, inquiry.form, inquiry.received_at) == ("desk", "written", filing.filed_at)
    asked_first = said(referent.get(page["Location"]).content)
    assert ASKED["about"] not in asked_first
    referent.post(f"{page['Location']}recusation/", {"tied": "no"})
    text = said(referent.get(page["Location"]).content)
    for words in (
        ASKED["about"],
        ASKED["name"],
        ASKED["service"],
        ASKED["text"],
        "Base légale invoquée : aucune",
        "au guichet",
    ):
        assert words in text, words
    attachment = inquiry.attachments.get()
    name, identifier, key = open_attachment(demonstration.people["referent"], attachment)
    assert (name, b"".join(open_file(key, attachment.blob, identifier))) == ("lettre.pdf", PDF)
    # Once.
    assert referent.post(where).status_code == 403
    assert "attend au guichet" not in said(referent.get("/i/demo/").content)


def test_another_institution_finds_no_filing(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn
) -> None:
    open_desk(demonstration)
    file()
    assert neighbour.institution.slug == "voisin"
    stranger = sign_in("referent", slug="voisin")
    filing = Filing.objects.get()
    assert stranger.post(f"/i/voisin/guichet/demandes/{filing.id}/prise-en-charge/").status_code == 404
    assert Client().post(f"{LIST}{filing.id}/prise-en-charge/").status_code == 401
    assert not Inquiry.objects.exists()


def test_until_the_reply_is_there_every_request_looks_alike(demonstration: Demonstration) -> None:
    """Refused, released or left alone: one state, one page, to the byte but for the hour; then letter and proof."""
    open_desk(demonstration)
    recipient = AgeIdentity.generate()
    codes = [file(), file(requester="prosecutor", categories=["identity", "household"]), file()]
    inquiries = [taken(demonstration, code) for code in codes[:2]]
    refused(demonstration, inquiries[0])
    released(demonstration, inquiries[1], recipient)
    waiting = {_plain(code) for code in codes}
    assert len(waiting) == 1
    assert "Votre demande est reçue" in waiting.pop()
    with pytest.raises(AssertionError):
        fetch(codes[0], 0)
    for inquiry in inquiries:
        answer_inquiry(demonstration.people["referent"], inquiry)
    ready = [state(code) for code in codes]
    assert ["La réponse est prête" in page for page in ready] == [True, True, False]
    referent = demonstration.people["referent"]
    for inquiry, code, kind in zip(inquiries, codes, ("refusal", "reply"), strict=False):
        letter = open_document(inquiry.documents.get(kind=kind), open_key(referent, inquiry))
        assert fetch(code, 0) == letter
        proved = verify_proof(fetch(code, 1), pinned_log(referent))
        assert proved.subject.sha256 == hashlib.sha256(letter).digest()
    # The packet is the one that the decision made, for the recipient's key.
    assert b"la fiche" in open_packet(fetch(codes[1], 2), recipient)["01-document.txt"]
    assert Client().post(STATE, {"code": codes[0], "part": "2"}).status_code == 422


def _plain(code: str) -> str:
    text = state(code).replace(code, "CODE")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r"\d+ \w+ \d{4}, \d\d:\d\d", "WHEN", text)


def test_each_fetching_is_in_the_register_and_the_delay_holds(demonstration: Demonstration) -> None:
    open_desk(demonstration)
    demonstration.institution.reply_delay_hours = 24
    demonstration.institution.save()
    code = file()
    inquiry = taken(demonstration, code)
    refused(demonstration, inquiry)
    inquiry.institution.refresh_from_db()
    with pytest.raises(NotAllowed):
        answer_inquiry(demonstration.people["referent"], inquiry)
    assert not FilingFile.objects.filter(side="reply").exists()
    demonstration.institution.reply_delay_hours = 0
    demonstration.institution.save()
    answer_inquiry(demonstration.people["referent"], inquiry)
    first = Leaf.objects.count()
    fetch(code, 0)
    last = Leaf.objects.get(index=first)
    assert Entry.parse(bytes(last.entry)).kind == "act"


def test_a_reply_moved_or_changed_opens_nothing(demonstration: Demonstration) -> None:
    open_desk(demonstration)
    codes = [file(), file()]
    for code in codes:
        inquiry = taken(demonstration, code)
        refused(demonstration, inquiry)
        answer_inquiry(demonstration.people["referent"], inquiry)
    mine, other = (Filing.objects.get(code_digest=keys_of(code)[0]) for code in codes)
    row = FilingFile.objects.get(filing=other, side="reply", position=0)
    FilingFile.objects.filter(filing=mine, side="reply", position=0).delete()
    FilingFile.objects.filter(pk=row.pk).update(filing=mine)
    answer = Client().post(STATE, {"code": codes[0]})
    assert answer.status_code == 409
    assert "ne correspond plus" in said(answer.content)


def test_the_link_to_the_request_is_sealed(demonstration: Demonstration) -> None:
    open_desk(demonstration)
    codes = [file(), file()]
    inquiries = [taken(demonstration, code) for code in codes]
    refused(demonstration, inquiries[0])
    # Somebody with SQL exchanges who receives which reply: it does not leave.
    one, two = (Filing.objects.get(inquiry=inquiry) for inquiry in inquiries)
    Filing.objects.filter(pk=one.pk).update(inquiry=None)
    Filing.objects.filter(pk=two.pk).update(inquiry=inquiries[0])
    with pytest.raises(BlobError):
        answer_inquiry(demonstration.people["referent"], inquiries[0])
    inquiries[0].refresh_from_db()
    assert inquiries[0].state == "decided"


def test_a_completion_is_linked_and_reopens_nothing(demonstration: Demonstration, sign_in: SignIn) -> None:
    open_desk(demonstration)
    first = file()
    inquiry = taken(demonstration, first)
    refused(demonstration, inquiry)
    answer_inquiry(demonstration.people["referent"], inquiry)
    second = file(follows=first, text="Voici l’article.")
    assert "complète une demande précédente" in said(sign_in("referent").get(LIST).content)
    suite = taken(demonstration, second)
    state_recusal(demonstration.people["referent"], suite, recused=False)
    text = read_inquiry(demonstration.people["referent"], suite).content.text
    assert f"Complète la demande {inquiry.reference}" in text
    inquiry.refresh_from_db()
    assert inquiry.state == "answered"
    third = file(follows=file())
    pending = taken(demonstration, third)
    state_recusal(demonstration.people["referent"], pending, recused=False)
    assert "attend encore au guichet" in read_inquiry(demonstration.people["referent"], pending).content.text


def test_other_requests_put_nothing_at_the_desk(demonstration: Demonstration) -> None:
    inquiry = record(demonstration)
    refused(demonstration, inquiry)
    answer_inquiry(demonstration.people["referent"], inquiry)
    assert not FilingFile.objects.exists()
    assert Client().post(DESK, asked()).status_code == 503


def test_the_letter_is_the_one_of_any_other_request(demonstration: Demonstration) -> None:
    open_desk(demonstration)
    by_desk = taken(demonstration, file())
    name = f"{ASKED['name']}, {ASKED['service']}"
    noted = record(demonstration, form="written", content=replace(CONTENT, name=name, reach=ASKED["reach"]))
    letters: list[Any] = []
    for inquiry in (by_desk, noted):
        Inquiry.objects.filter(pk=inquiry.pk).update(number=900)
        inquiry.refresh_from_db()
        for login in ("referent", "dg"):
            state_recusal(demonstration.people[login], inquiry, recused=False)
        qualify_inquiry(
            demonstration.people["referent"],
            inquiry,
            Assessment({"form": "written", "category": list(inquiry.categories)}),
        )
        dg = demonstration.people["dg"]
        letters.append(draft_refusal(dg, read_inquiry(dg, inquiry)))
        Inquiry.objects.filter(pk=inquiry.pk).update(number=901 + len(letters))
    assert letters[0] == letters[1]
