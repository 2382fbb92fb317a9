"""The statement: what was asked, read and communicated, nothing that is put off, and no trace that something is."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from person_stories import PERSON, about, asks, put_off, read_out, record, refused, sought, stated
from pypdf import PdfReader
from web_stories import prepare_release

from ciment.canon import HybridPrivateKey
from ciment.register import NoteVerifier, Opening, verify_proof
from ciment.vault import AgeIdentity, BlobError, Passphrase, open_packet
from ciment_web.access.actions.hand import Handing, hand_over, open_statement, packet_words, prove_statement
from ciment_web.access.actions.hand import open_packet as fetch_packet
from ciment_web.access.actions.readings import READING_ACTS, ask_readings, extract_readings, open_readings
from ciment_web.access.actions.record import check_request
from ciment_web.access.actions.search import confirm_hit, search_requests
from ciment_web.access.actions.state import NotYet, make_statement, progress_of
from ciment_web.access.actions.tell import defer_telling, tell_person
from ciment_web.access.content import open_content
from ciment_web.access.keys import open_key
from ciment_web.access.letters import limits
from ciment_web.access.models import PersonKey, PersonRequest, PersonStatement
from ciment_web.inquiries.actions.open import read_inquiry
from ciment_web.inquiries.documents import put_seal, today
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.pin import open_pin
from ciment_web.members.refusals import NotAllowed
from ciment_web.members.register_key import open_register_key
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.actions import details_context
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]


def printed(pdf: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u200b", ""))


def statement_of(demonstration: Demonstration, request: PersonRequest) -> str:
    return printed(open_statement(demonstration.people["referent"], request))


def content_of(demonstration: Demonstration, request: PersonRequest) -> object:
    referent = demonstration.people["referent"]
    return progress_of(referent, request, open_content(request, open_key(referent, request, "request")))


def register_of(demonstration: Demonstration) -> list[dict[str, object]]:
    """Return the details of every entry, as an auditor opens them one by one."""
    key: HybridPrivateKey = open_register_key(demonstration.people["dpo"])
    context = details_context(demonstration.institution)
    return [
        dict(Opening.parse(key.open(bytes(leaf.sealed_details), context)).details)
        for leaf in Leaf.objects.filter(institution=demonstration.institution).order_by("index")
    ]


def test_namesakes_are_told_apart_one_by_one(demonstration: Demonstration) -> None:
    own = refused(demonstration, **about("Camille EXEMPLE"))
    namesake = refused(demonstration, **about("Exemple Camille, née à Brumeval"))
    cousin = refused(demonstration, **about("Monsieur Éxemple"))
    other = refused(demonstration, **about("Alix Ailleurs"))
    seeking = sought(demonstration, own)
    near = {hit.inquiry: hit.closeness for hit in seeking.found.hits}
    assert near == {str(own.id): "full", str(namesake.id): "full", str(cousin.id): "family"}
    read_out(demonstration, seeking.request)
    make_statement(demonstration.people["referent"], seeking.request)
    seeking.request.refresh_from_db()
    text = statement_of(demonstration, seeking.request)
    assert f"Demande {own.reference}" in text
    for inquiry in (namesake, cousin, other):
        assert f"Demande {inquiry.reference}" not in text
    assert "4 des 4 demandes d’information" in text
    assert "1 demande d’information" in text


def test_totals_are_those_of_the_register(demonstration: Demonstration) -> None:
    own = refused(demonstration, **about("Camille Exemple"))
    also = refused(demonstration, **about("Camille Exemple"))
    other = refused(demonstration, **about("Alix Ailleurs"))
    for login in ("dg", "referent", "referent"):
        read_inquiry(demonstration.people[login], own)
    request = sought(demonstration, own, also).request
    found = read_out(demonstration, request)
    make_statement(demonstration.people["referent"], request)
    request.refresh_from_db()
    # Counted again from the details themselves: every reading and search that names one of the two, and no other.
    told = register_of(demonstration)
    asked = next(at for at, each in enumerate(told) if each["act"] == "person.readings_asked")
    chosen, expected = {str(own.id), str(also.id)}, 0
    for each in told[: asked + 1]:
        named = each.get("inquiries") if each["act"] == "person.searched" else [each.get("inquiry")]
        if each["act"] in READING_ACTS:
            expected += len(chosen & set(named))  # type: ignore[call-overload]
    assert expected == found
    text = statement_of(demonstration, request)
    assert f"{expected} lectures des demandes ci-dessus" in text
    assert len(re.findall(r"entrée no \d+", text)) == expected
    assert other.reference not in text
    # Functions, never names.
    assert "référent secret professionnel" in text
    body = text.split("Veuillez agréer")[0]
    for name in ("Dominique Général", "Sacha Référent", "Lou Travailleur"):
        assert name not in body


def test_what_was_communicated_is_told_with_whom_and_why(demonstration: Demonstration) -> None:
    prepared = prepare_release(demonstration, b"la fiche")
    prepared.release(demonstration)
    referent = demonstration.people["referent"]
    request = sought(demonstration, prepared.inquiry).request
    read_out(demonstration, request)
    # Nobody decided yet whether the person is told: nothing leaves by default.
    with pytest.raises(NotYet) as refusal:
        make_statement(referent, request)
    assert refusal.value.missing == ("undecided",)
    tell_person(referent, prepared.inquiry, None)
    make_statement(referent, request)
    request.refresh_from_db()
    text = statement_of(demonstration, request)
    for words in ("procureur du Roi", "Alex Témoin", "Fiche d’identité", "art. 46bis/1", "communiqué ce qui suit"):
        assert words in text, words


def test_a_deferral_leaves_no_trace_in_the_statement(demonstration: Demonstration, neighbour: Demonstration) -> None:
    """With and without something put off, two statements differ only in what differs anyway."""

    def text(place: Demonstration, *, hidden: bool) -> str:
        told = refused(place, **about("Camille Exemple"))
        second = refused(place, **about("Camille Exemple" if hidden else "Alix Ailleurs"))
        if hidden:
            defer_telling(place.people["referent"], second, put_off(today(place.institution)))
        request = stated(place, *([told, second] if hidden else [told]))
        plain = statement_of(place, request)
        # Identifiers and hours are random; places in the register differ by the acts of the referent.
        return re.sub(r"A-\d{4}-[0-9a-f]{8}|\d\d? h \d\d|entrée no \d+|\d+ premières entrées", "…", plain)

    with_it, without = text(demonstration, hidden=True), text(neighbour, hidden=False)
    assert with_it == without
    for sentence in limits():
        assert re.sub(r"\s+", " ", sentence.replace("\u00a0", " ")) in with_it


def test_when_everything_is_put_off_the_statement_says_no_more_than_for_a_stranger(
    demonstration: Demonstration, neighbour: Demonstration
) -> None:
    inquiry = refused(demonstration, **about("Camille Exemple"))
    defer_telling(demonstration.people["referent"], inquiry, put_off(today(demonstration.institution)))
    hidden = statement_of(demonstration, stated(demonstration, inquiry))
    refused(neighbour, **about("Alix Ailleurs"))
    nothing = statement_of(neighbour, stated(neighbour))
    pattern = r"A-\d{4}-[0-9a-f]{8}|\d\d? h \d\d|\d+ premières entrées"
    assert re.sub(pattern, "…", hidden) == re.sub(pattern, "…", nothing)
    assert "aucune demande que ce relevé puisse mentionner" in hidden
    assert "0 lecture des demandes ci-dessus" in hidden


def test_a_deferral_of_the_last_minute_is_obeyed(demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch) -> None:
    inquiry = refused(demonstration, **about("Camille Exemple"))
    request = sought(demonstration, inquiry).request
    read_out(demonstration, request)

    def meanwhile(*given: object) -> bytes:
        defer_telling(demonstration.people["referent"], inquiry, put_off(today(demonstration.institution)))
        return put_seal(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("ciment_web.access.actions.state.put_seal", meanwhile)
    with pytest.raises(NotAllowed):
        make_statement(demonstration.people["referent"], request)
    assert not PersonStatement.objects.exists()


def test_two_people_check_where_there_are_two(demonstration: Demonstration) -> None:
    referent, worker = demonstration.people["referent"], demonstration.people["travailleur"]
    request = asks(demonstration, "referent", second=worker.member)
    search_requests(referent, request)
    request.refresh_from_db()
    read_out(demonstration, request)
    with pytest.raises(NotYet) as refusal:
        make_statement(referent, request)
    assert refusal.value.missing == ("second",)
    check_request(worker, request)
    make_statement(referent, request)
    assert PersonStatement.objects.count() == 1
    # Once: the request has its statement.
    request.refresh_from_db()
    with pytest.raises(NotAllowed):
        make_statement(referent, request)


def test_a_check_forged_in_a_row_counts_for_nothing(demonstration: Demonstration) -> None:
    referent, worker = demonstration.people["referent"], demonstration.people["travailleur"]
    request = asks(demonstration, "referent", second=worker.member)
    mine = request.checks.get()
    mine.pk, mine.member = None, worker.member
    mine.save(force_insert=True)
    search_requests(referent, request)
    request.refresh_from_db()
    read_out(demonstration, request)
    with pytest.raises(NotYet):
        make_statement(referent, request)


def test_a_request_that_was_not_opened_is_counted_as_such(demonstration: Demonstration) -> None:
    refused(demonstration, **about("Camille Exemple"))
    record(demonstration, **about("Camille Exemple"))
    seeking = sought(demonstration)
    assert (len(seeking.found.opened), seeking.found.received) == (1, 2)
    read_out(demonstration, seeking.request)
    make_statement(demonstration.people["referent"], seeking.request)
    seeking.request.refresh_from_db()
    assert "1 des 2 demandes d’information" in statement_of(demonstration, seeking.request)


def test_only_the_referent_searches_and_only_an_auditor_extracts(demonstration: Demonstration) -> None:
    refused(demonstration, **about("Camille Exemple"))
    request = asks(demonstration)
    worker, dpo, referent = (demonstration.people[login] for login in ("travailleur", "dpo", "referent"))
    with pytest.raises(NotAllowed):
        search_requests(worker, request)
    with pytest.raises(NotReader):
        search_requests(dpo, request)
    search_requests(referent, request)
    request.refresh_from_db()
    with pytest.raises(NotAllowed):
        confirm_hit(referent, request, "00000000-0000-4000-8000-000000000000", same=True)
    # The worker who noted the request holds no key to what was found.
    assert set(PersonKey.objects.filter(member=worker.member).values_list("part", flat=True)) == {"request"}
    ask_readings(referent, request)
    request.refresh_from_db()
    with pytest.raises(NotAllowed):
        extract_readings(referent, request)
    extract_readings(dpo, request)
    request.refresh_from_db()
    assert open_readings(referent, request) is not None
    with pytest.raises(NotReader):
        open_readings(worker, request)


def test_a_search_is_one_entry_that_names_everything_it_opened(demonstration: Demonstration) -> None:
    opened = [refused(demonstration, **about(name)) for name in ("Camille Exemple", "Alix Ailleurs")]
    request = asks(demonstration)
    first = Leaf.objects.count()
    search_requests(demonstration.people["referent"], request)
    assert Leaf.objects.count() == first + 1
    told = register_of(demonstration)[-1]
    assert told["act"] == "person.searched"
    assert set(told["inquiries"]) == {str(each.id) for each in opened}  # type: ignore[call-overload]


def test_the_register_shows_the_same_whether_something_is_found_or_not(demonstration: Demonstration) -> None:
    def shown(name: str) -> list[int]:
        refused(demonstration, **about(name))
        request = asks(demonstration)
        first = Leaf.objects.count()
        search_requests(demonstration.people["referent"], request)
        return [len(bytes(leaf.entry)) for leaf in Leaf.objects.order_by("index")[first:]]

    assert shown("Alix Ailleurs") == shown("Camille Exemple")


@pytest.mark.parametrize("way", ["key", "words"])
def test_a_packet_opens_for_the_person_alone_and_proves_itself(demonstration: Demonstration, way: str) -> None:
    worker, referent = demonstration.people["travailleur"], demonstration.people["referent"]
    request = stated(demonstration, refused(demonstration, **about("Camille Exemple")))
    identity = AgeIdentity.generate()
    hand_over(worker, request, Handing(packet=True, recipient=identity.recipient.text if way == "key" else ""))
    request.refresh_from_db()
    assert request.state == "done"
    words = packet_words(worker, request)
    # Whoever made it says the words; the referent does not see them.
    assert packet_words(referent, request) == ""
    secret = identity if way == "key" else Passphrase(words)
    files = open_packet(fetch_packet(referent, request), secret)
    assert set(files) == {"releve.pdf", "releve.tlog-proof"}
    assert files["releve.pdf"] == open_statement(referent, request)
    log = NoteVerifier.parse(open_pin(referent.member, referent.keys).log)
    verify_proof(files["releve.tlog-proof"], log, files["releve.pdf"])
    with pytest.raises(NotAllowed):
        hand_over(worker, request, Handing(packet=False))


def test_in_person_leaves_no_packet(demonstration: Demonstration) -> None:
    worker = demonstration.people["travailleur"]
    request = stated(demonstration)
    assert prove_statement(worker, request) is not None
    hand_over(worker, request, Handing(packet=False))
    request.refresh_from_db()
    assert (bytes(request.statement.sealed_packet), request.statement.handed_by_id) == (b"", worker.member.id)


@pytest.mark.parametrize("column", ["kind", "received_on"])
def test_a_changed_row_is_refused(demonstration: Demonstration, column: str) -> None:
    request = asks(demonstration)
    changed = {"kind": "erasure", "received_on": request.received_on.replace(year=2020)}
    PersonRequest.objects.filter(pk=request.pk).update(**{column: changed[column]})
    request.refresh_from_db()
    with pytest.raises(BlobError):
        open_content(request, open_key(demonstration.people["referent"], request, "request"))


def test_findings_and_readings_moved_to_another_request_do_not_open(demonstration: Demonstration) -> None:
    inquiry = refused(demonstration, **about("Camille Exemple"))
    one = sought(demonstration, inquiry).request
    other = asks(demonstration, content=replace(PERSON, family="Ailleurs"))
    search_requests(demonstration.people["referent"], other)
    PersonRequest.objects.filter(pk=other.pk).update(sealed_findings=one.sealed_findings)
    other.refresh_from_db()
    with pytest.raises(BlobError):
        content_of(demonstration, other)
