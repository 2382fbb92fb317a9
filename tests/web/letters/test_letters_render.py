"""The documents as PDF: conformance, determinism, inert data, and what each one says."""

import dataclasses
import datetime as dt
import hashlib
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import letters_samples
import pikepdf
import pypdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from letters_samples import ANNUAL, BRIEF, CARD, CERTIFICATE, GUIDE, INVENTORY, NEGATIVE, REFUSAL, REPLY

from ciment_web.letters import (
    Letterhead,
    RefusalLetter,
    RelayCertificate,
    ReportLine,
    ReportTable,
    UnprintableLetter,
    Verification,
    render,
    render_annual,
    render_brief,
    render_card,
    render_certificate,
    render_guide,
    render_inventory,
    render_negative,
    render_refusal,
    render_reply,
)
from ciment_web.letters.sheet import draw_qr


def read(pdf: bytes) -> str:
    """The text of every page, its white space folded."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    text = " ".join(page.extract_text() for page in pages).replace("\u200b", "")
    return " ".join(text.split())


def tags(pdf: bytes) -> list[str]:
    """The structure tree in reading order, as tag names."""

    def walk(node: Any) -> list[str]:
        if isinstance(node, pikepdf.Array):
            return [tag for child in node for tag in walk(child)]
        if isinstance(node, pikepdf.Dictionary) and "/S" in node:
            return [str(node.S), *walk(node.get("/K", pikepdf.Array()))]
        return []

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return walk(opened.Root.StructTreeRoot.K)


@pytest.fixture(params=["refusal", "reply", "negative", "certificate", "guide", "brief", "card", "annual", "inventory"])
def pdf(request: pytest.FixtureRequest) -> bytes:
    made: bytes = getattr(render, f"render_{request.param}")(getattr(letters_samples, request.param.upper()))
    return made


def test_every_document_declares_its_standards_language_title_and_tags(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        xmp = opened.Root.Metadata.read_bytes().decode()
        assert "<pdfaid:part>3</pdfaid:part>" in xmp
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
        assert str(opened.Root.Lang) == "fr"
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        assert str(opened.docinfo.Title)
        assert str(opened.docinfo.CreationDate).startswith("D:20261124")
        assert "/OutputIntents" in opened.Root
        assert "/AcroForm" not in opened.Root
    assert tags(pdf).count("/H1") == 1


def test_every_font_is_embedded(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        described = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item]
        fonts = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item]
        assert described
        assert len(described) == len(fonts)


def test_the_same_values_give_the_same_bytes_in_another_process() -> None:
    # Another hash seed and a later clock: neither may enter the file.
    program = (
        "import datetime, hashlib\n"
        "from ciment_web.letters import Letterhead, RefusalLetter, render_refusal\n"
        f"print(hashlib.sha256(render_refusal({REFUSAL!r})).hexdigest())"
    )
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == hashlib.sha256(render_refusal(REFUSAL)).hexdigest()


def test_other_documents_in_between_change_nothing() -> None:
    first = render_refusal(REFUSAL)
    render_certificate(CERTIFICATE)
    assert render_refusal(REFUSAL) == first
    later = dataclasses.replace(REFUSAL, date=REFUSAL.date + dt.timedelta(days=1))
    assert render_refusal(later) != first


def test_documents_made_at_once_do_not_mix() -> None:
    letters = [dataclasses.replace(REFUSAL, reference=f"DI-2026-{number:04}") for number in range(24)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(render_refusal, letters))
    for letter, one in zip(letters, made, strict=True):
        assert letter.reference in read(one)
    assert len(set(made)) == len(letters)


def test_a_refusal_neither_confirms_nor_denies() -> None:
    text = read(render_refusal(REFUSAL))
    for words in (
        "Objet : votre demande d’information du 23 novembre 2026",
        "Bellerive, le 24 novembre 2026",
        "Nos références DI-2026-0042",
        "ni confirmer ni infirmer que la personne citée nous est connue",
        "établie sans consulter aucun dossier",
        "C’est l’institution qui vous répond.",
        "Camille Exemple Directrice générale",
        "page 1 sur 1",
    ):
        assert words in text
    assert "Quant à la forme" not in text
    assert "Textes cités" not in text
    assert "Vos références" not in text


def test_a_refusal_says_what_form_is_missing_and_cites_its_sources() -> None:
    letter = dataclasses.replace(
        REFUSAL,
        form_needed=("être écrite", "être signée", "être motivée"),
        law_sources=("source d’essai une", "source d’essai deux"),
        your_reference="AE/118",
    )
    text = read(render_refusal(letter))
    assert "une telle demande devrait être écrite, être signée et être motivée." in text
    assert "Textes cités : source d’essai une ; source d’essai deux." in text
    assert "Vos références AE/118" in text


def test_a_reply_lists_exactly_its_items() -> None:
    made = render_reply(REPLY)
    text = read(made)
    for item in REPLY.items:
        assert item.description in text
        assert item.category in text
    assert f"avec la clé que voici : {REPLY.recipient_fingerprint}" in text
    assert "Base légale d’essai" in text
    assert tags(made).count("/TR") == 1 + len(REPLY.items)
    assert tags(made).count("/TH") == 4
    with pytest.raises(UnprintableLetter, match="at least one item"):
        render_reply(dataclasses.replace(REPLY, items=()))


def test_a_reply_opened_by_a_passphrase_shows_no_fingerprint() -> None:
    text = read(render_reply(dataclasses.replace(REPLY, recipient_fingerprint="")))
    assert "la phrase de passe qui lui est donnée par un autre canal" in text
    assert "empreinte :" not in text


def test_a_reply_without_basis_or_steps_still_prints() -> None:
    text = read(render_reply(dataclasses.replace(REPLY, legal_basis=(), opening=())))
    assert "Fondement" not in text
    assert "Pour l’ouvrir" not in text


def test_a_long_reply_repeats_its_table_header_and_never_leaves_the_signature_alone() -> None:
    made = render_reply(dataclasses.replace(REPLY, items=REPLY.items * 30))
    last = pypdf.PdfReader(io.BytesIO(made)).pages[-1].extract_text()
    assert "Le secret professionnel continue" in last
    assert "Camille Exemple" in last
    assert tags(made).count("/TR") == 1 + 60


def test_a_negative_reply_holds_nothing() -> None:
    text = read(render_negative(NEGATIVE))
    assert "ne détient aucun renseignement répondant à votre demande" in text
    assert "Base légale d’essai" in text
    assert "Fondement" not in read(render_negative(dataclasses.replace(NEGATIVE, legal_basis=())))


def test_a_certificate_is_honest_and_checkable() -> None:
    made = render_certificate(CERTIFICATE)
    text = read(made)
    for words in (
        "Attestation de relais",
        "Le mardi 24 novembre 2026 à 14 h 32, l’institution a repris la demande",
        "c’est à elle seule d’y répondre",
        "La responsabilité pénale reste personnelle.",
        "elle ne transfère aucune faute",
        "2026-11-24T13:32:05Z",
        "ciment proof verify DI-2026-0042.tlog-proof --key",
        "Inscription n° 4711",
        CERTIFICATE.verification.url,
        CERTIFICATE.verification.log_origin,
        CERTIFICATE.verification.key_fingerprint,
        CERTIFICATE.sentence,
    ):
        assert words in text, words
    assert "/Figure" in tags(made)
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert len(opened.pages) == 1
        (link,) = opened.pages[0].Annots
        assert str(link.A.URI) == CERTIFICATE.verification.url


def test_the_qr_code_depends_on_the_address_alone() -> None:
    assert draw_qr("https://a.example/1") == draw_qr("https://a.example/1") != draw_qr("https://a.example/2")
    assert draw_qr("https://a.example/1").startswith("<svg")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "ftp://a.example",
        "javascript:alert(1)",
        "https://a.example/é",
        "https://a.example/ b",
        "https://a\x00",
        "https://a.example/" + "b" * 500,
    ],
)
def test_an_odd_verification_address_is_refused(url: str) -> None:
    elsewhere = dataclasses.replace(CERTIFICATE.verification, url=url)
    with pytest.raises(UnprintableLetter, match="address"):
        render_certificate(dataclasses.replace(CERTIFICATE, verification=elsewhere))


def test_a_certificate_without_time_zone_is_refused() -> None:
    naive = CERTIFICATE.received_at.replace(tzinfo=None)
    with pytest.raises(UnprintableLetter, match="time zone"):
        render_certificate(dataclasses.replace(CERTIFICATE, received_at=naive))


def test_a_guide_tells_key_from_passphrase() -> None:
    by_key = read(render_guide(GUIDE))
    assert "age --decrypt --identity CLÉ" in by_key
    assert GUIDE.recipient_fingerprint in by_key
    by_passphrase = read(render_guide(dataclasses.replace(GUIDE, recipient_fingerprint="")))
    assert "--identity" not in by_passphrase
    assert "par un autre canal" in by_passphrase


INERT = [
    "#panic()",
    '#read("/etc/passwd")',
    "*gras* _italique_ `code`",
    "$x^2$ \\ <a> @b // c /* d */",
    '"#sys.inputs.sheet"',
    "{form} {0} {page} %s",
    "= Titre",
    "]#panic()[",
]


@pytest.mark.parametrize("text", INERT)
def test_markup_is_only_text(text: str) -> None:
    letter = dataclasses.replace(
        REFUSAL,
        letterhead=Letterhead(institution=text, address=(text,), contact=(text,)),
        subject=text,
        addressee=(text,),
        form_needed=(text,),
        law_sources=(text,),
        signatory_name=text,
        reference=text,
    )
    made = render_refusal(letter)
    assert read(made).count(text) >= 8
    assert tags(made).count("/H1") == 1


def test_a_word_of_ten_thousand_characters_stays_on_the_page() -> None:
    made = render_refusal(dataclasses.replace(REFUSAL, addressee=("m" * 10_000,), form_needed=("n" * 10_000,)))
    assert read(made).replace(" ", "").count("m" * 500) > 0
    right = 595.3 - 25 * 72 / 25.4

    def inside(text: str, cm: Any, tm: Any, _font: Any, size: float) -> None:
        # Each run starts inside and, for the long words, ends inside: a wide letter is narrower than its size.
        if text.strip():
            assert 0 < cm[4] + tm[4] < right
            if set(text.strip("\u200b\n ")) <= {"m", "n"}:
                assert cm[4] + tm[4] + len(text.replace("\u200b", "").strip()) * size * 0.5 < right + 1

    for page in pypdf.PdfReader(io.BytesIO(made)).pages:
        page.extract_text(visitor_text=inside)


@pytest.mark.parametrize("text", [*INERT, "m" * 60, "m" * 3000])
def test_an_inventory_prints_whatever_was_noted_as_text(text: str) -> None:
    fact = dataclasses.replace(INVENTORY.facts[0], heading=text, minute=text, answers=((text, text),))
    item = dataclasses.replace(INVENTORY.items[0], minute=text, what=text, done=text, copy=text, objection=text)
    made = render_inventory(dataclasses.replace(INVENTORY, facts=(fact,) * 2, items=(item,) * 3))
    printed = read(made).replace(" ", "")
    if set(text) == {"m"}:
        # A page may end within so long a word.
        assert printed.count("m") >= (3 * 3 + 2) * len(text)
    else:
        assert printed.count(text.replace(" ", "")) >= 3 * 3 + 2
    assert tags(made).count("/TR") == 1 + 3 + 1 + 5


def test_a_long_inventory_repeats_its_table_header_and_keeps_signatures_with_what_they_attest() -> None:
    made = render_inventory(dataclasses.replace(INVENTORY, items=INVENTORY.items * 60))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    assert sum("Objection, mot pour mot" in page for page in pages) >= 3
    (signed,) = [page for page in pages if "Nom et qualité" in page]
    assert "Une signature atteste la présence" in signed


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(), max_size=120))
def test_any_text_gives_a_document(text: str) -> None:
    letter = RefusalLetter(
        letterhead=Letterhead(institution=text, address=(text, "x"), contact=(text,)),
        reference=text,
        date=dt.date(2026, 1, 1),
        place=text,
        addressee=(text, text),
        subject=text,
        signatory_name=text,
        signatory_title=text,
        form_needed=(text,),
        law_sources=(text,),
        your_reference=text,
    )
    assert render_refusal(letter).startswith(b"%PDF")


@settings(max_examples=40, deadline=None)
@given(text=st.text(st.sampled_from("aéß\u0621\u0644\u0627\u064a\u05d0\u05e9 1(«»)\u0416\u03a9-’"), max_size=80))
def test_mixed_directions_give_a_document(text: str) -> None:
    relay = RelayCertificate(
        letterhead=Letterhead(institution=text, address=()),
        reference=text,
        received_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        form=text,
        requester_kind=text,
        recorded_by=text,
        sentence=text,
        verification=Verification(url="https://a.example", log_origin=text, entry_index=0, key_fingerprint=text),
    )
    assert render_certificate(relay).startswith(b"%PDF")


class _Compiler:
    """A typesetter that fails as it is told."""

    def __init__(self, outcome: object) -> None:
        self.outcome = outcome

    def compile(self, **_settings: object) -> object:
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


def test_a_refused_or_crashed_layout_is_a_clear_error_without_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})
    cleared: list[bool] = []
    for outcome in (typst.TypstError("Camille Exemple", "…"), panic("Camille Exemple"), None):

        def broken(outcome: object = outcome) -> _Compiler:
            return _Compiler(outcome)

        broken.cache_clear = lambda: cleared.append(True)  # type: ignore[attr-defined]
        monkeypatch.setattr(render, "_compiler", broken)
        with pytest.raises(UnprintableLetter) as refused:
            render_refusal(REFUSAL)
        assert "Camille" not in str(refused.value)
        assert refused.value.__cause__ is None
    assert cleared == [True]


def test_an_interruption_is_not_mistaken_for_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "_compiler", lambda: _Compiler(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        render_refusal(REFUSAL)


@pytest.mark.parametrize("place", range(56, 70))
def test_what_was_said_is_not_cut_at_its_hyphens(place: int) -> None:
    said = ("abcd " * 20)[:place].strip() + " dites-le-moi"
    made = render_certificate(dataclasses.replace(CERTIFICATE, sentence=said))
    assert "dites-le-moi" in pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_a_brief_says_what_a_text_changes_and_promises_no_seal() -> None:
    pdf = render_brief(BRIEF)
    text = read(pdf)
    for words in (
        "Note sur un texte de loi",
        "Établie le 24 novembre 2026",
        BRIEF.question,
        *BRIEF.summary,
        *BRIEF.today,
        *BRIEF.examples,
        *BRIEF.necessity,
        "art. d’essai (à confirmer)",
        *BRIEF.answer,
        *BRIEF.shared,
        *BRIEF.limits,
        "le procureur du Roi écrit",
        "Sans le texte",
        "Avec le texte",
        BRIEF.digest,
        "Ceci n’est pas un avis juridique.",
    ):
        assert words.replace("\u00a0", " ") in text.replace("\u00a0", " ")
    assert "sceau" not in text
    assert tags(pdf).count("/TH") == 4


def test_a_brief_of_a_text_that_changes_nothing_says_so() -> None:
    text = read(render_brief(dataclasses.replace(BRIEF, changes=(), today=(), examples=())))
    assert "Aucun changement" in text
    assert "Exemples" not in text
    assert "Sans le texte" not in text


def test_a_reflex_card_is_one_page_with_a_way_to_the_record_and_promises_no_seal() -> None:
    pdf = render_card(CARD)
    text = read(pdf)
    for words in (
        CARD.say,
        CARD.insist,
        CARD.danger_title,
        CARD.danger,
        *CARD.gestures,
        *(word for pair in CARD.phones for word in pair if word),
        CARD.paper,
        CARD.draft,
    ):
        assert words.replace("\u00a0", " ") in text.replace("\u00a0", " ")
    for when, what in CARD.cases:
        assert when in text
        assert what in text
    assert CARD.url in text.replace(" ", "")
    assert "sceau" not in text
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    assert tags(pdf).count("/Figure") == 1


def test_an_annual_report_says_each_number_in_words_and_draws_none_alone() -> None:
    pdf = render_annual(ANNUAL)
    text = " ".join(read(pdf).split())
    for words in (
        *ANNUAL.opening,
        "33",
        "moins de 5",
        "Autres, regroupés",
        "Moins de 5.",
        "Secret professionnel partagé",
        "caché",
        *ANNUAL.quarters,
        *ANNUAL.method,
    ):
        assert words in text, words
    # The bars are drawn for the eye alone: a reader finds tables of words and numbers, and no picture to describe.
    assert tags(pdf).count("/Table") == 2
    assert "/Figure" not in tags(pdf)


def test_an_annual_report_takes_the_longest_words_and_a_full_year() -> None:
    long = "x" * 60
    lines = tuple(ReportLine(label=f"{long} {at}", value="9999999", share=at / 40) for at in range(40))
    table = ReportTable(title=long, question=long, lines=lines)
    pages = len(pypdf.PdfReader(io.BytesIO(render_annual(dataclasses.replace(ANNUAL, tables=(table,) * 7)))).pages)
    assert pages > 5
