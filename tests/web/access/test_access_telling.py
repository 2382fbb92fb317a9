"""Telling the person: a letter, or later on a named restriction, which comes back by itself."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.test import Client
from person_stories import about, put_off, record, refused
from pypdf import PdfReader
from web_stories import prepare_release

from ciment.register import NoteVerifier, verify_proof
from ciment.vault import BlobError
from ciment_web.access.actions.tell import defer_telling, read_tellings, tell_person
from ciment_web.access.grounds import all_grounds
from ciment_web.access.letters import PersonAddress
from ciment_web.access.models import Telling, TellingKey
from ciment_web.access.outcomes import Outcome, may_be_told
from ciment_web.access.signing import NotSigned
from ciment_web.access.tellings import DEFER, Choice, history, standing
from ciment_web.inquiries.actions.answer import withdraw_inquiry
from ciment_web.inquiries.actions.open import state_recusal
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.pin import open_pin
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
TO = PersonAddress(("Camille Exemple", "Rue Haute 2", "0000 Valbrume"))


def said(page: bytes) -> str:
    return re.sub(r"\s+", " ", unescape(page.decode()).replace("\u00a0", " "))


def test_after_a_release_the_referent_is_asked_and_a_letter_tells(
    demonstration: Demonstration, sign_in: SignIn
) -> None:
    prepared = prepare_release(demonstration, b"la fiche")
    prepared.release(demonstration)
    inquiry, referent = prepared.inquiry, sign_in("referent")
    page = f"/i/demo/acces/information/{inquiry.id}/"
    assert page in referent.get(f"/i/demo/demandes/{inquiry.id}/").content.decode()
    assert "Elle a le droit de le savoir" in said(referent.get(page).content)
    assert referent.post(f"{page}informer/", {"letter": "yes"}).status_code == 422
    first = Leaf.objects.count()
    sent = {"letter": "yes", "name": "Camille Exemple", "reach": "Rue Haute 2\n0000 Valbrume"}
    assert referent.post(f"{page}informer/", sent).status_code == 302
    assert Leaf.objects.count() == first + 1
    pdf, proof = (referent.get(f"{page}lettre.{kind}").content for kind in ("pdf", "tlog-proof"))
    actor = demonstration.people["referent"]
    verify_proof(proof, NoteVerifier.parse(open_pin(actor.member, actor.keys).log), pdf)
    text = re.sub(r"\s+", " ", "".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages))
    for words in ("Camille Exemple", inquiry.reference, "Fiche d’identité", "46bis/1", "projet, à valider"):
        assert words.lower() in text.lower().replace("projet de lettre, à valider", "projet, à valider"), words
    assert "Ce qui est dit ne se diffère plus" in said(referent.get(page).content)
    assert referent.post(f"{page}differer/", _deferral(demonstration)).status_code == 403


def _deferral(demonstration: Demonstration, **changes: str) -> dict[str, str]:
    day = today(demonstration.institution) + timedelta(days=30)
    return {"ground": "criminal_inquiry", "reason": "Texte lu", "review_on": day.isoformat(), **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"ground": "invented"},
        {"reason": ""},
        {"reason": "   "},
        {"review_on": "2020-01-01"},
        {"review_on": "2999-01-01"},
    ],
)
def test_a_deferral_is_named_reasoned_and_dated(
    demonstration: Demonstration, sign_in: SignIn, changes: dict[str, str]
) -> None:
    inquiry = refused(demonstration)
    referent = sign_in("referent")
    page = f"/i/demo/acces/information/{inquiry.id}/"
    assert referent.post(f"{page}differer/", _deferral(demonstration, **changes)).status_code == 422
    assert not Telling.objects.exists()
    day = today(demonstration.institution)
    for wrong in (
        Choice(DEFER, "Texte lu", "invented", day + timedelta(days=3)),
        Choice(DEFER, " ", "criminal_inquiry", day + timedelta(days=3)),
        Choice(DEFER, "Texte lu", "criminal_inquiry", day),
        Choice(DEFER, "Texte lu", "criminal_inquiry", day + timedelta(days=400)),
        Choice(DEFER, "Texte lu", "criminal_inquiry"),
    ):
        with pytest.raises(NotAllowed):
            defer_telling(demonstration.people["referent"], inquiry, wrong)


def test_it_comes_back_by_itself_is_prolonged_and_ends(
    demonstration: Demonstration, sign_in: SignIn, mailbox: list[object]
) -> None:
    inquiry = refused(demonstration, **about("CanariReportZyx"))
    actor, day = demonstration.people["referent"], today(demonstration.institution)
    referent, home = sign_in("referent"), "/i/demo/"
    page = f"{home}acces/information/{inquiry.id}/"
    defer_telling(actor, inquiry, put_off(day))
    assert page not in referent.get(home).content.decode()
    mailbox.clear()
    call_command("remind", verbosity=0)
    assert mailbox == []
    # The day comes.
    Telling.objects.update(review_on=day)
    for _each in range(2):
        call_command("remind", verbosity=0)
    assert [str(each.recipients[0]) for each in mailbox] == ["referent@demo.invalid"]  # type: ignore[attr-defined]
    content = mailbox[0].content  # type: ignore[attr-defined]
    assert inquiry.reference.encode() not in content
    assert str(inquiry.id).encode() not in content
    assert page in referent.get(home).content.decode()
    # Prolonged with a reason of today, it goes away until the next day; ended, for good.
    assert referent.post(f"{page}differer/", _deferral(demonstration, reason="Toujours en cours")).status_code == 302
    assert page not in referent.get(home).content.decode()
    assert [each.choice for each in history(actor, inquiry)] == ["defer", "defer"]
    assert referent.post(f"{page}informer/", {"letter": "no", "reason": "Enquête close"}).status_code == 302
    shown = said(referent.get(page).content)
    for words in ("Toujours en cours", "Enquête close", "Sacha Référent"):
        assert words in shown, words
    assert Telling.objects.filter(review_on__isnull=False).count() == 0


def test_only_a_referent_without_a_tie_decides(demonstration: Demonstration, neighbour: Demonstration) -> None:
    inquiry = refused(demonstration)
    choice = put_off(today(demonstration.institution))
    for login in ("travailleur", "dg"):
        for act in (
            lambda actor: defer_telling(actor, inquiry, choice),
            lambda actor: tell_person(actor, inquiry, TO),
            lambda actor: read_tellings(actor, inquiry),
        ):
            with pytest.raises(NotAllowed):
                act(demonstration.people[login])
    for actor in (demonstration.people["dpo"], neighbour.people["referent"]):
        with pytest.raises(NotReader):
            tell_person(actor, inquiry, None)
    state_recusal(demonstration.people["referent"], inquiry, recused=True)
    with pytest.raises(NotAllowed):
        tell_person(demonstration.people["referent"], inquiry, None)
    assert not Telling.objects.exists()


def test_the_key_is_the_referents(demonstration: Demonstration) -> None:
    inquiry = refused(demonstration)
    defer_telling(demonstration.people["referent"], inquiry, put_off(today(demonstration.institution)))
    assert set(TellingKey.objects.values_list("member__login", flat=True)) == {"referent"}
    with pytest.raises(NotReader):
        history(demonstration.people["dg"], inquiry)


def test_what_is_not_answered_is_not_told(demonstration: Demonstration) -> None:
    inquiry = record(demonstration)
    referent = demonstration.people["referent"]
    state_recusal(referent, inquiry, recused=False)
    with pytest.raises(NotAllowed):
        tell_person(referent, inquiry, TO)
    withdraw_inquiry(referent, inquiry)
    inquiry.refresh_from_db()
    assert read_tellings(referent, inquiry)[0] is Outcome.WITHDRAWN
    tell_person(referent, inquiry, TO)


def test_rows_changed_or_taken_away_never_tell(demonstration: Demonstration) -> None:
    inquiry = refused(demonstration)
    actor, day = demonstration.people["referent"], today(demonstration.institution)
    defer_telling(actor, inquiry, put_off(day))
    defer_telling(actor, inquiry, put_off(day, 60))
    last = Telling.objects.get(position=2)
    # A later day in clear changes nothing of what was decided.
    Telling.objects.filter(pk=last.pk).update(review_on=None)
    told = standing(actor, inquiry)
    assert told is not None
    assert told.review_on == day + timedelta(days=60)
    Telling.objects.filter(pk=last.pk).update(sealed=Telling.objects.get(position=1).sealed)
    with pytest.raises(BlobError):
        history(actor, inquiry)
    Telling.objects.filter(position=1).delete()
    with pytest.raises(NotSigned):
        history(actor, inquiry)
    Telling.objects.all().delete()
    with pytest.raises(NotSigned):
        history(actor, inquiry)


def test_what_a_signatory_signs_is_not_a_referents_word(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ciment_web.access import tellings  # noqa: PLC0415 - patched below
    from ciment_web.access.signing import sign  # noqa: PLC0415

    inquiry = refused(demonstration)
    dg = demonstration.people["dg"]
    monkeypatch.setattr(tellings, "sign", lambda _actor, told: sign(dg, told))
    defer_telling(demonstration.people["referent"], inquiry, put_off(today(demonstration.institution)))
    with pytest.raises(NotSigned):
        history(demonstration.people["referent"], inquiry)


def test_missing_decisions_disclose_only_refusals() -> None:
    assert [may_be_told(outcome, None).value for outcome in Outcome] == ["undecided", "told", "undecided", "undecided"]


def test_every_restriction_says_how_far_it_was_read() -> None:
    grounds = all_grounds()
    assert len(grounds) >= 3
    for ground in grounds.values():
        # None was read in the law itself: whoever confirms one changes this line with its source.
        assert ground.status == "to_confirm"
        assert ground.ref
