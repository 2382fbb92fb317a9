"""The figures of a year: what the page says, what anybody recomputes, and who may look."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.utils import timezone
from figures_house import append, live_a_year
from transparency_house import House, fill, run_ciment

from ciment.register import export_tiles
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member
from ciment_web.register.models import Leaf
from ciment_web.register.publisher import publish
from ciment_web.register.queries import entries, latest_checkpoint
from ciment_web.register.signer import signer_of
from ciment_web.transparency.figures.reading import FEWEST_ANSWERS, list_years, read_waiting

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
YEAR = timezone.now().astimezone(UTC).year


@pytest.fixture
def lived(house: House) -> House:
    live_a_year(house.institution)
    publish(house.institution)
    return house


def page(client: Client, slug: str = "valbrume", query: str = "") -> str:
    answer = client.get(f"/i/{slug}/chiffres/{query}")
    assert answer.status_code == 200
    return unescape(answer.content.decode()).replace("\u00a0", " ")


def export(house: House, folder: Path) -> None:
    published = latest_checkpoint(house.institution)
    assert published is not None
    for name, content in export_tiles(entries(house.institution), bytes(published.note)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_the_page_says_what_the_year_was(lived: House, sign_in: SignIn) -> None:
    text = page(sign_in(lived.worker))
    assert f"Les chiffres de {YEAR}" in text
    assert re.search(r"Demandes reçues</dt><dd><strong>25<", text)
    assert re.search(r"Demandes traitées</dt><dd><strong>23<", text)
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="number">(\d+|caché)</td></tr>', text)
    assert ("Police", "9") in rows
    # Two schools and one journalist sum to three: the next by name goes with them.
    assert ("École", "2") not in rows
    assert ("Autres, regroupés", "9") in rows
    assert ("Propriétaire, bailleur ou société de logement", "7") in rows
    assert "Obligation imposée par une loi" in text


def test_each_picture_has_its_words_and_its_table(lived: House, sign_in: SignIn) -> None:
    text = page(sign_in(lived.worker))
    pictures = re.findall(r"<svg class=\"chart.*?</svg>", text, flags=re.DOTALL)
    assert len(pictures) == 7
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for picture in pictures:
        title, described = re.search(r'aria-labelledby="(\S+) (\S+)"', picture).groups()  # type: ignore[union-attr]
        assert re.search(rf'<title id="{title}">[^<]+</title>', picture)
        assert re.search(rf'<desc id="{described}">[^<]+</desc>', picture)
        assert 'role="img"' in picture
        if "bar-hatched" in picture:
            assert re.search(r'fill="url\(#(hatch-[\w-]+)\)"', picture)
    # The kinds of answers and what the law says have one value too small each: all gathered, so neither is drawn.
    assert text.count("<table>") == 6
    assert text.count("tout est regroupé") == 2
    assert any("bar-hatched" in picture for picture in pictures)


def test_nothing_small_leaves_in_any_form(lived: House, sign_in: SignIn) -> None:
    client = sign_in(lived.worker)
    told = json.loads(client.get(f"/i/valbrume/chiffres/{YEAR}.json").content)
    rows = list(csv.reader(io.StringIO(client.get(f"/i/valbrume/chiffres/{YEAR}.csv").content.decode("utf-8-sig"))))
    numbers = [int(row[3]) for row in rows[1:] if row[3]]
    assert numbers
    assert not [number for number in numbers if 0 < number < 5]
    assert ["answered/grounds", "terrorism_administrative_data"] not in [row[1:3] for row in rows]
    assert told["received"]["requesters"] == {"of": 25, "rest": 9, "shown": {"housing": 7, "police": 9}}
    assert "terrorism" not in json.dumps(told)


def test_anybody_recomputes_the_same_bytes_from_the_published_register(
    lived: House, sign_in: SignIn, tmp_path: Path
) -> None:
    given = sign_in(lived.worker).get(f"/i/valbrume/chiffres/{YEAR}.json")
    export(lived, tmp_path)
    vkey = signer_of(lived.institution).vkey
    done = run_ciment("register", "report", str(tmp_path), "--year", str(YEAR), "--key", vkey)
    assert done.returncode == 0, done.stderr
    assert done.stdout.encode() == given.content
    assert json.loads(given.content)["received"]["months"]["of"] == 25
    assert vkey in page(sign_in(lived.worker))


def test_the_annual_report_says_the_same_on_paper(lived: House, sign_in: SignIn) -> None:
    client = sign_in(lived.worker)
    answer = client.get(f"/i/valbrume/chiffres/rapport-{YEAR}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    paper = pypdf.PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(each.extract_text().split()) for each in paper.pages)
    for words in (
        "CPAS de Valbrume",
        f"rapport de l’année {YEAR}",
        "Obligation imposée par une loi",
        "Autres, regroupés",
    ):
        assert words in text, words
    told = json.loads(client.get(f"/i/valbrume/chiffres/{YEAR}.json").content)
    assert told["register"]["root"] in text.replace(" ", "").replace("\u200b", "")
    assert "/Lang" in paper.root_object


@pytest.mark.parametrize("times", [0, 4])
def test_a_year_with_few_requests_teaches_and_tells_no_number(house: House, sign_in: SignIn, times: int) -> None:
    append(house.institution, "received", {"requester": "press", "form": "oral"}, times)
    text = page(sign_in(house.worker))
    if times:
        assert "moins de 5" in text
        assert "Presse" not in text
    else:
        assert "Pas encore de demande cette année" in text
        assert "/demandes/nouvelle/" in text
    for name in (f"{YEAR}.json", f"{YEAR}.csv", f"rapport-{YEAR}.pdf"):
        assert sign_in(house.worker).get(f"/i/valbrume/chiffres/{name}").status_code == 200


def test_entries_that_were_changed_give_no_figure(lived: House, sign_in: SignIn) -> None:
    client = sign_in(lived.worker)
    assert "9" in page(client)
    for row in Leaf.objects.filter(institution=lived.institution):
        # Nobody stands in the way of somebody with SQL; the signed root does.
        Leaf.objects.filter(pk=row.pk).update(entry=bytes(row.entry).replace(b'"school"', b'"police"'))
    # What was computed before the change was right, and may be remembered: a newer checkpoint reads again.
    fill(lived.institution, 1)
    publish(lived.institution)
    text = page(client)
    assert "ne peuvent pas être calculés" in text
    assert '<svg class="chart' not in text
    assert client.get(f"/i/valbrume/chiffres/{YEAR}.json").status_code == 404


def test_a_year_is_chosen_among_those_there_are(lived: House, sign_in: SignIn) -> None:
    client = sign_in(lived.worker)
    assert list_years(lived.institution) == [YEAR]
    assert client.get(f"/i/valbrume/chiffres/?annee={YEAR}").status_code == 200
    for wrong in ("1999", "zz", "99999999999999999999"):
        answer = client.get(f"/i/valbrume/chiffres/?annee={wrong}")
        assert answer.status_code == 422
        assert f"Les chiffres de {YEAR}" in answer.content.decode()
    for name in ("1999.json", "1999.csv", "rapport-1999.pdf", "99999999999999999999.json"):
        assert client.get(f"/i/valbrume/chiffres/{name}").status_code == 404


def test_figures_are_for_members_of_the_institution(lived: House, neighbour: House, sign_in: SignIn) -> None:
    colleague, stranger = sign_in(lived.auditor), sign_in(neighbour.worker)
    for name in ("", f"{YEAR}.json", f"{YEAR}.csv", f"rapport-{YEAR}.pdf"):
        address = f"/i/valbrume/chiffres/{name}"
        assert colleague.get(address).status_code == 200
        assert colleague.post(address).status_code == 405
        assert stranger.get(address).status_code == 302
        assert Client().get(address).status_code == 302
    # The neighbour's own figures know nothing of this house.
    assert "Pas encore de demande" in page(stranger, "clairval")


def inquiry(worker: Member, number: int, hours: float) -> Inquiry:
    received: Any = datetime(YEAR, 1, 10, tzinfo=UTC)
    return Inquiry.objects.create(
        institution=worker.institution, number=number, year=YEAR, requester="police", form="oral", categories=["aid"],
        recorded_by=worker, received_at=received, decided_at=received + timedelta(hours=hours), state="decided",
        lane="silence", sealed_content=b"-",
    )  # fmt: skip


def test_waiting_shows_once_there_is_enough_of_it(house: House, neighbour: House, sign_in: SignIn) -> None:
    for number in range(1, FEWEST_ANSWERS):
        inquiry(house.worker.member, number, number)
        inquiry(neighbour.worker.member, number, 5000)
    assert read_waiting(house.institution, YEAR) is None
    inquiry(house.worker.member, FEWEST_ANSWERS, FEWEST_ANSWERS)
    waiting = read_waiting(house.institution, YEAR)
    assert waiting is not None
    assert (waiting.count, waiting.median, round(waiting.ninth, 6)) == (10, 5.5, 9.1)
    assert read_waiting(house.institution, YEAR - 1) is None
    append(house.institution, "received", {"requester": "press", "form": "oral"}, 9)
    text = page(sign_in(house.worker))
    assert "5,5 heures" in text
    assert "9,1 heures" in text
