import io
import secrets
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from transparency_house import House, fill, run_ciment

from ciment.register import KINDS, Document, Entry, Frontier, ProofRefused, leaf_hash
from ciment_web.members.actor import Actor
from ciment_web.members.tracing import record
from ciment_web.register.models import Leaf, LogHead, Node, PublishedCheckpoint
from ciment_web.register.publisher import publish
from ciment_web.register.signer import ForkRefused, signer_of
from ciment_web.transparency.words import describe_attributes, describe_kinds, describe_refusal

PAGE = "/i/valbrume/registre/"
SignIn = Callable[[Actor], Client]
QUALIFIED = {
    "requester": ["police"],
    "ground": ["none"],
    "categories": ["address", "identity"],
    "verdicts": ["silence"],
}


def refuse(house: House) -> int:
    with transaction.atomic():
        return record(house.worker, "inquiry.refused", {"inquiry": "42"}, kind="refused", attributes=QUALIFIED).index


def put_entry(house: House, entry: Entry) -> int:
    """Append an entry of any time."""
    head = LogHead.objects.get(institution=house.institution)
    frontier = Frontier.parse(bytes(head.frontier)).append(leaf_hash(entry.encode()))
    Leaf.objects.create(
        institution=house.institution,
        index=head.size,
        entry=entry.encode(),
        leaf_hash=leaf_hash(entry.encode()),
        sealed_details=b"",
    )
    LogHead.objects.filter(pk=head.pk).update(size=frontier.size, frontier=frontier.encode())
    return head.size


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_pages_are_for_members_of_this_institution(
    client: Client, house: House, neighbour: House, sign_in: SignIn
) -> None:
    publish(house.institution)
    for each in (client, sign_in(neighbour.worker)):
        for path in (PAGE, f"{PAGE}0/", f"{PAGE}export.zip"):
            answer = each.get(path)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/i/valbrume/connexion/")


def test_the_register_says_in_words_what_is_public(house: House, sign_in: SignIn) -> None:
    index = refuse(house)
    page = text_of(sign_in(house.worker), PAGE)
    assert "Demande d’information refusée" in page
    assert "adresse, identité" in page
    assert "se taire" in page
    assert f"{PAGE}{index}/" in page
    # Reading published what waited: the sign-in itself is entry number 4.
    assert "4 entrées publiées et scellées" in page
    assert "attend" not in page.split("<main")[1].split("Entrées")[0]
    assert signer_of(house.institution).vkey.replace("+", "&#x2B;") in page or signer_of(house.institution).vkey in page
    assert sha256(signer_of(house.institution).vkey.encode()).hexdigest()[:16] in page
    assert "ciment register verify http://testserver/i/valbrume/log --key" in page


def test_a_page_of_twenty_five_and_the_way_to_the_older_ones(house: House, sign_in: SignIn) -> None:
    fill(house.institution, 60)
    client = sign_in(house.worker)
    page = text_of(client, PAGE)
    assert page.count('data-label="Date"') == 25
    assert 'href="?avant=38"' in page
    older = text_of(client, f"{PAGE}?avant=38")
    assert older.count('data-label="Date"') == 25
    assert 'href="?avant=13"' in older
    older = text_of(client, f"{PAGE}?avant=13")
    assert older.count('data-label="Date"') == 13
    assert "Plus anciennes" not in older
    assert "Les plus récentes" in older
    assert f"{PAGE}0/" in older


def test_entries_of_one_kind(house: House, sign_in: SignIn) -> None:
    index = refuse(house)
    client = sign_in(house.worker)
    page = text_of(client, f"{PAGE}?nature=refused")
    assert page.count('data-label="Date"') == 1
    assert f"{PAGE}{index}/" in page
    assert "Aucune entrée de cette sorte" in text_of(client, f"{PAGE}?nature=released")
    assert "nature=act&amp;avant=" not in text_of(client, f"{PAGE}?nature=act")
    fill(house.institution, 60)
    assert 'href="?nature=act&amp;avant=' in text_of(client, f"{PAGE}?nature=act")


def test_entries_of_one_day_where_the_institution_is(house: House, sign_in: SignIn) -> None:
    # Brussels is two hours ahead of UTC in July: its day begins at 22:00 UTC the evening before.
    moments = (
        datetime(2026, 7, 9, 21, 59, 59, 999000, UTC),
        datetime(2026, 7, 9, 22, 0, tzinfo=UTC),
        datetime(2026, 7, 10, 21, 59, 59, 999000, UTC),
        datetime(2026, 7, 10, 22, 0, tzinfo=UTC),
    )
    placed = [
        put_entry(house, Entry("act", int(moment.timestamp() * 1000), {}, secrets.token_bytes(32)))
        for moment in moments
    ]
    page = text_of(sign_in(house.worker), f"{PAGE}?jour=2026-07-10")
    assert [f"{PAGE}{index}/" in page for index in placed] == [False, True, True, False]
    assert "10/07/2026 00:00:00" in page
    assert page.count('data-label="Date"') == 2


@pytest.mark.parametrize(
    "query",
    ["nature=secret", "jour=demain", "jour=9999-12-31", "jour=0001-01-01", "avant=-1", "avant=x", f"avant={10**30}"],
)
def test_a_question_that_cannot_be_asked_gets_an_answer(house: House, sign_in: SignIn, query: str) -> None:
    page = text_of(sign_in(house.worker), f"{PAGE}?{query}", 422)
    assert "error-summary" in page
    assert 'data-label="Date"' in page


def test_the_number_of_queries_does_not_grow_with_the_rows(house: House, sign_in: SignIn) -> None:
    client = sign_in(house.worker)
    counts = []
    for _ in range(2):
        publish(house.institution)
        with CaptureQueriesContext(connection) as few:
            text_of(client, PAGE)
        counts.append(len(few))
        fill(house.institution, 49)
    assert counts[0] == counts[1] <= 8


def test_an_old_backup_is_said_and_not_signed(house: House, sign_in: SignIn, settings: Settings) -> None:
    client = sign_in(house.worker)
    publish(house.institution)
    memory = settings.CIMENT_SIGNER_STATE / f"{house.institution.id}.json"
    # What was signed has as many entries, and is another history: a backup restored, then written to.
    memory.write_bytes(b'{"root":"' + b"00" * 32 + b'","size":2}')
    fill(house.institution, 1)
    page = text_of(client, PAGE)
    assert "ne continue pas ce qui a été publié" in page
    assert "1 entrée inscrite attend d’être publiée" in page
    assert "pas encore publiée" in page
    assert PublishedCheckpoint.objects.filter(institution=house.institution).count() == 1


def test_a_register_shorter_than_what_was_signed_is_not_written_to(house: House, settings: Settings) -> None:
    memory = settings.CIMENT_SIGNER_STATE / f"{house.institution.id}.json"
    memory.write_bytes(b'{"root":"' + b"00" * 32 + b'","size":900}')
    with pytest.raises(ForkRefused):
        fill(house.institution, 1)
    memory.unlink()
    with pytest.raises(ForkRefused):
        fill(house.institution, 1)


@pytest.mark.parametrize(
    ("broken", "said"),
    [("key", "ne peut pas être signé pour l’instant"), ("memory", "ne continue pas ce qui a été publié")],
)
def test_a_register_that_cannot_sign_is_still_read(
    house: House, sign_in: SignIn, settings: Settings, broken: str, said: str
) -> None:
    client = sign_in(house.worker)
    publish(house.institution)
    fill(house.institution, 1)
    if broken == "key":
        for file in settings.CIMENT_KEYS.rglob("register.seed"):
            file.unlink()
    else:
        (settings.CIMENT_SIGNER_STATE / f"{house.institution.id}.json").write_bytes(b"{")
    page = text_of(client, PAGE)
    assert said in page
    assert "3 entrées publiées" in page


def test_a_checkpoint_under_another_key_is_not_believed(house: House, neighbour: House, sign_in: SignIn) -> None:
    client = sign_in(house.worker)
    publish(house.institution)
    publish(neighbour.institution)
    note = PublishedCheckpoint.objects.get(institution=neighbour.institution).note
    PublishedCheckpoint.objects.filter(institution=house.institution).update(note=note)
    for path in (PAGE, f"{PAGE}0/"):
        page = text_of(client, path)
        assert "n’est pas signé par la clé que votre compte connaît" in page
        assert 'class="seal"' not in page


def test_an_entry_shows_its_place_and_hash(house: House, sign_in: SignIn) -> None:
    index = refuse(house)
    client = sign_in(house.worker)
    text_of(client, PAGE)
    page = text_of(client, f"{PAGE}{index}/")
    row = Leaf.objects.get(institution=house.institution, index=index)
    assert bytes(row.leaf_hash).hex() in page
    assert "Cette entrée est dans le registre publié" in page
    assert "Ouvrir les détails" not in page
    assert "inquiry" not in page


def test_an_entry_that_waits_says_so(house: House, sign_in: SignIn) -> None:
    client = sign_in(house.worker)
    assert "le prochain point de contrôle la protégera" in text_of(client, f"{PAGE}0/")


def test_an_entry_whose_place_cannot_be_proved(house: House, sign_in: SignIn) -> None:
    index = refuse(house)
    client = sign_in(house.worker)
    publish(house.institution)
    # A hash that its proof needs is gone.
    Node.objects.filter(institution=house.institution).delete()
    Leaf.objects.filter(institution=house.institution, index__gt=index).delete()
    page = text_of(client, f"{PAGE}{index}/")
    assert "Cette entrée est dans le registre publié" not in page
    assert "Prévenez la personne déléguée" in page


def test_a_word_of_an_older_law_pack_is_shown_as_written() -> None:
    described = dict(describe_attributes({"requester": ("guild",), "verdicts": ("must", "perhaps")}))
    assert described == {"auteur de la demande": ["guild"], "ce que dit le droit": ["obligation", "perhaps"]}


def test_every_public_kind_and_reason_has_its_words() -> None:
    assert set(describe_kinds()) == set(KINDS)
    sentences = {describe_refusal(reason) for reason in ProofRefused.REASONS}
    # A missing witness gets the sentence that is true of all: no witness is asked for here.
    assert len(sentences) == len(ProofRefused.REASONS)


def test_an_altered_entry_is_shown_as_such(house: House, sign_in: SignIn) -> None:
    index = refuse(house)
    client = sign_in(house.worker)
    publish(house.institution)
    row = Leaf.objects.get(institution=house.institution, index=index)
    Leaf.objects.filter(pk=row.pk).update(entry=bytes(row.entry).replace(b"police", b"school"))
    assert "n’est pas celle qui a été publiée" in text_of(client, f"{PAGE}{index}/")
    Leaf.objects.filter(pk=row.pk).update(entry=b"{}")
    assert "ses octets ont été modifiés" in text_of(client, PAGE)
    assert "illisible" in text_of(client, f"{PAGE}{index}/")


@pytest.mark.parametrize("index", ["99", str(10**30)])
def test_an_entry_that_is_not_there(house: House, sign_in: SignIn, index: str) -> None:
    assert sign_in(house.auditor).post(f"{PAGE}{index}/").status_code == 404


def test_only_an_auditor_opens_details_and_leaves_a_trace(house: House, sign_in: SignIn) -> None:
    index = refuse(house)
    assert sign_in(house.worker).post(f"{PAGE}{index}/").status_code == 403
    client = sign_in(house.auditor)
    assert "Ouvrir les détails" in text_of(client, f"{PAGE}{index}/")
    before = LogHead.objects.get(institution=house.institution).size
    answer = client.post(f"{PAGE}{index}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "Ces détails sont ceux que le registre a scellés" in page
    assert "Lou Travailleur" in page
    assert "a signé un refus" in page
    assert ">42<" in page
    assert LogHead.objects.get(institution=house.institution).size == before + 1
    trace = client.post(f"{PAGE}{before}/").content.decode()
    assert "a ouvert les détails d’une entrée" in trace
    assert "Alix Délégué" in trace
    assert f">{index}<" in trace


def test_details_that_are_not_those_of_the_entry(house: House, sign_in: SignIn) -> None:
    index, other = refuse(house), refuse(house)
    client = sign_in(house.auditor)
    rows = Leaf.objects.filter(institution=house.institution)
    rows.filter(index=index).update(sealed_details=rows.get(index=other).sealed_details)
    assert "ne sont pas ceux que le registre a scellés" in client.post(f"{PAGE}{index}/").content.decode()
    sealed = bytearray(rows.get(index=other).sealed_details)
    sealed[-1] ^= 1
    rows.filter(index=other).update(sealed_details=bytes(sealed))
    before = LogHead.objects.get(institution=house.institution).size
    page = client.post(f"{PAGE}{other}/").content.decode()
    assert "ne s’ouvrent plus" in page
    assert "Lou" not in page.split("<main")[1]
    assert LogHead.objects.get(institution=house.institution).size == before + 1


def test_without_its_trace_no_detail_is_read(house: House, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    index = refuse(house)
    client = sign_in(house.auditor)
    client.raise_request_exception = False

    def fail(*_arguments: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("ciment_web.transparency.actions.record", fail)
    answer = client.post(f"{PAGE}{index}/")
    assert answer.status_code == 500
    assert "Lou" not in answer.content.decode()


def test_an_entry_with_a_document_that_is_gone_is_not_vouched_for(house: House, sign_in: SignIn) -> None:
    with transaction.atomic():
        index = record(house.worker, "test", {}, documents=[Document("letter", bytes(32))]).index
    page = sign_in(house.auditor).post(f"{PAGE}{index}/").content.decode()
    assert "n’est plus conservé" in page


def test_erased_details_are_not_offered(house: House, sign_in: SignIn) -> None:
    index = put_entry(house, Entry("act", 1_800_000_000_000, {}, bytes(32)))
    assert "Ouvrir les détails" not in text_of(sign_in(house.auditor), f"{PAGE}{index}/")


def test_the_export_is_verified_by_the_command_line(house: House, sign_in: SignIn, tmp_path: Path) -> None:
    fill(house.institution, 300)
    client = sign_in(house.worker)
    assert client.get(f"{PAGE}export.zip").status_code == 404
    publish(house.institution)
    fill(house.institution, 2)
    answer = client.get(f"{PAGE}export.zip")
    assert answer["Content-Type"] == "application/zip"
    assert "registre-valbrume-303.zip" in answer["Content-Disposition"]
    content = b"".join(answer)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "export")
    vkey = signer_of(house.institution).vkey
    done = run_ciment("register", "verify", str(tmp_path / "export" / "registre"), "--key", vkey)
    assert (done.returncode, done.stderr) == (0, "")
    assert "303" in done.stdout
