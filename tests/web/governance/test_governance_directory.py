"""The directory of authorities: numbers looked up by the institution, in and out as CSV, hostile files refused."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from web_stories import record

from ciment.law import VOCABULARY
from ciment_web.governance.actions import state_setting
from ciment_web.governance.directory import DIRECTORY, Authority, UnreadableDirectory, read_csv, write_csv
from ciment_web.governance.models import SettingRecord
from ciment_web.inquiries.actions.open import state_recusal
from ciment_web.project.demonstration import Demonstration

SignIn = Callable[..., Client]
PAGE = "/i/demo/reglages/repertoire/"
HEAD = "kind;name;phone;source\n"
POLICE = Authority("police", "Zone de police de Valbrume", "081 33 33 33", "site officiel, 1er mars")


def test_a_directory_comes_back_as_it_left() -> None:
    directory = (Authority("court", "Tribunal ; « de » Valbrume", "+32 81 44 44 44", ""), POLICE)
    assert read_csv(write_csv(directory).encode()) == directory
    assert read_csv(b"\xef\xbb\xbf" + write_csv(directory).encode()) == directory
    # As a spreadsheet writes it elsewhere: commas, the kind in the words of the pages, blank lines.
    text = "kind,name,phone,source\r\nProcureur du Roi (parquet),Parquet,081 1,\r\n,,,\r\n\r\n"
    assert read_csv(text.encode()) == (Authority("prosecutor", "Parquet", "081 1"),)


_CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Zl", "Zp")), max_size=40)


@given(
    st.lists(
        st.builds(
            Authority,
            st.sampled_from(VOCABULARY["requester"]),
            _CELL.map(lambda text: "N" + text.strip()),
            st.from_regex(r"[+0][0-9 ./()-]{2,20}[0-9]", fullmatch=True),
            _CELL.map(lambda text: text.strip().lstrip("=+-@ ")).map(str.strip),
        ),
        max_size=6,
        unique_by=lambda each: (each.kind, each.name.strip()),
    )
)
def test_every_directory_survives_its_file(directory: list[Authority]) -> None:
    assert read_csv(write_csv(tuple(directory)).encode()) == tuple(directory)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for content in (data, HEAD.encode() + data):
        # Nothing else is ever raised.
        with suppress(UnreadableDirectory):
            assert read_csv(content) == tuple(read_csv(content))


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"\xff\xfe" + HEAD.encode(), "encoding", 0),
        (b"nom;numero\nx;y\n", "heading", 1),
        ((HEAD + "police;A;081 1\n").encode(), "columns", 2),
        ((HEAD + "police;A;081 1;;\n").encode(), "columns", 2),
        ((HEAD + 'police;"A;081 1;\n').encode(), "columns", 0),
        ((HEAD + "fantome;A;081 1;\n").encode(), "requester", 2),
        ((HEAD + "police;A;appelez;\n").encode(), "phone", 2),
        ((HEAD + "police;;081 1;\n").encode(), "empty", 2),
        ((HEAD + "police;A;;\n").encode(), "empty", 2),
        ((HEAD + "police;A;081 1;\npolice;=cmd|' /C calc'!A0;081 1;\n").encode(), "formula", 3),
        ((HEAD + "police;A;081 1;@SUM(1)\n").encode(), "formula", 2),
        ((HEAD + "police;A\x00;081 1;\n").encode(), "unprintable", 2),
        ((HEAD + "police;" + "x" * 121 + ";081 1;\n").encode(), "too_long", 2),
        ((HEAD + "police;A;081 1;\npolice;A;081 2;\n").encode(), "twice", 3),
        ((HEAD + "".join(f"police;A{place};081 1;\n" for place in range(501))).encode(), "too_many", 0),
        (HEAD.encode() + b"x" * 200_000, "too_large", 0),
    ],
)
def test_a_hostile_file_is_refused_clearly(content: bytes, code: str, line: int) -> None:
    with pytest.raises(UnreadableDirectory) as caught:
        read_csv(content)
    assert (caught.value.code, caught.value.line) == (code, line)
    assert "cmd" not in str(caught.value)


def test_the_page_takes_a_file_or_lines_and_gives_them_back(demonstration: Demonstration, sign_in: SignIn) -> None:
    dg = sign_in("dg")
    sent = {"seen": "0", "phrase": demonstration.passphrase, "lines": ""}
    file = SimpleUploadedFile("r.csv", write_csv((POLICE,)).encode(), "text/csv")
    assert dg.post(PAGE, {**sent, "document": file}).status_code == 302
    page = dg.get(PAGE).content.decode()
    assert "Zone de police de Valbrume" in page
    export = sign_in("travailleur").get(f"{PAGE}repertoire.csv")
    assert read_csv(export.content) == (POLICE,)
    # Lines, wrong then right; what was typed stays.
    wrong = dg.post(PAGE, {**sent, "seen": "1", "lines": HEAD + "police;B;appelez;\n"})
    assert wrong.status_code == 422
    assert "Ligne 2" in wrong.content.decode()
    assert "appelez" in wrong.content.decode()
    assert dg.post(PAGE, {**sent, "seen": "1", "lines": HEAD + "police;B;081 2;\n"}).status_code == 302
    assert dg.post(PAGE, {**sent, "seen": "2", "lines": ""}).status_code == 302
    assert "vide" in dg.get(PAGE).content.decode()
    assert SettingRecord.objects.count() == 3


def test_the_referent_reads_the_numbers_of_that_kind_of_requester(
    demonstration: Demonstration, sign_in: SignIn
) -> None:
    other = Authority("prosecutor", "Parquet de Valbrume", "081 55 55 55")
    state_setting(demonstration.people["adjoint"], DIRECTORY, (POLICE, other), demonstration.passphrase)
    inquiry = record(demonstration)
    state_recusal(demonstration.people["referent"], inquiry, recused=False)
    client = sign_in("referent")
    where = f"/i/demo/demandes/{inquiry.id}/qualification/"
    page = client.get(where).content.decode()
    assert "Zone de police de Valbrume" in page
    assert "tel:081333333" in page
    assert "Parquet de Valbrume" not in page
    SettingRecord.objects.update(signature=bytes(64))
    page = client.get(where).content.decode()
    assert "Zone de police" not in page
    assert "n’utilisez jamais celui que donne la demande" in page
