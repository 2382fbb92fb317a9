"""A signed letter, against bare typst and pyHanko on the same template, standards, fonts and key."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import typst
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ciment_web import letters
from ciment_web.inquiries.documents import letterhead_of, put_seal
from ciment_web.institutions.keyfiles import read_key
from ciment_web.institutions.models import Institution
from ciment_web.letters import RefusalLetter, render_refusal
from ciment_web.letters.compose import compose_refusal
from harness import Row, Size
from house import house

FOLDER = Path(letters.__file__).parent
DAY = date(2026, 11, 24)
# typst remembers what it laid out: a letter that was seen before would cost nothing on either side.
NUMBERS = count(1)


def rows(size: Size) -> Iterator[Row]:
    institution = house().institution

    def ours() -> bytes:
        return put_seal(institution, render_refusal(_letter(institution)), "Réponse de l’institution")

    bare = _bare_signer(institution)
    compiler = _bare_compiler()

    def rival() -> bytes:
        return bare(compiler(_letter(institution)))

    assert ours().startswith(b"%PDF-")
    assert rival().startswith(b"%PDF-")
    calls = 3 if size.quick else 30
    against = "bare typst and pyHanko: same page, PDF/A-3a + UA-1, key loaded once"
    yield Row("a signed letter", against, ours, rival, 1.5, calls)
    unsigned = render_refusal(_letter(institution))
    yield Row(
        "its seal alone", "bare pyHanko", lambda: put_seal(institution, unsigned, "Réponse"),
        lambda: bare(unsigned), None, calls,
    )  # fmt: skip


def _letter(institution: Institution) -> RefusalLetter:
    number = next(NUMBERS)
    return RefusalLetter(
        letterhead=letterhead_of(institution),
        reference=f"2026-{number:04d}",
        date=DAY,
        place=institution.place,
        addressee=(f"Alex Témoin {number}", "Rue de l’Exemple 1", "0000 Valbrume"),
        subject=f"Votre demande de renseignements – notre référence 2026-{number:04d}",
        signatory_name="Dominique Général",
        signatory_title="directeur général",
        form_needed=("être écrite et signée",),
    )


def _bare_compiler() -> Callable[[RefusalLetter], bytes]:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FOLDER / "fonts")])
    compiler = typst.Compiler(root=str(FOLDER / "templates"), font_paths=fonts)
    moment = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)

    def compile_letter(letter: RefusalLetter) -> bytes:
        sheet = compose_refusal(letter) | {"date": [DAY.year, DAY.month, DAY.day, 0, 0, 0]}
        pdf = compiler.compile(
            input=str(FOLDER / "templates" / "refusal.typ"),
            format="pdf",
            sys_inputs={"sheet": json.dumps(sheet)},
            pdf_standards=["a-3a", "ua-1"],
            timestamp=moment,
        )
        assert isinstance(pdf, bytes)
        return pdf

    return compile_letter


def _bare_signer(institution: Institution) -> Callable[[bytes], bytes]:
    key_pem, cert_pem = read_key(institution, "seal.key.pem"), read_key(institution, "seal.cert.pem")
    (certificate,) = load_certs_from_pemder_data(cert_pem)
    store = SimpleCertificateStore.from_certs([certificate])  # type: ignore[no-untyped-call]
    signer = SimpleSigner(certificate, load_private_key_from_pemder_data(key_pem, passphrase=None), store)
    about = PdfSignatureMetadata(field_name="Sceau", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)

    def sign(pdf: bytes) -> bytes:
        session = PdfSigner(about, signer=signer, new_field_spec=SigFieldSpec("Sceau"))
        return bytes(session.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue())

    return sign
