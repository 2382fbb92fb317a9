"""The institution's seal: sound, over the whole file, and broken by any change."""

import asyncio
import dataclasses
import datetime as dt
import io

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from letters_samples import MOMENT, REFUSAL, SEAL
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from ciment_web.letters import (
    SealBroken,
    SealUnusable,
    make_seal,
    render_refusal,
    seal_pdf,
    verify_seal,
)
from ciment_web.letters.seal import _read_signer


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return render_refusal(REFUSAL)


@pytest.fixture(scope="module")
def sealed(unsigned: bytes) -> bytes:
    return seal_pdf(unsigned, SEAL, reason="Réponse de l’institution", signed_at=MOMENT)


def test_a_seal_is_sound_and_says_whose_when_and_why(sealed: bytes) -> None:
    status = verify_seal(sealed, SEAL.cert_pem, at=MOMENT + dt.timedelta(days=300))
    assert status.signer == "Sceau de démonstration"
    assert status.signed_at == MOMENT
    assert status.reason == "Réponse de l’institution"


def test_the_sealed_file_begins_with_the_unsigned_one(unsigned: bytes, sealed: bytes) -> None:
    assert sealed.startswith(unsigned)


def test_the_seal_is_pades_and_keeps_pdf_a_and_pdf_ua(sealed: bytes) -> None:
    with pikepdf.open(io.BytesIO(sealed)) as opened:
        (widget,) = opened.Root.AcroForm.Fields
        assert str(widget.T) == "Sceau"
        assert str(widget.V.SubFilter) == "/ETSI.CAdES.detached"
        # PDF/A: printed, not hidden. PDF/UA: untagged, so outside the page, on a page with a tab order, and named.
        assert int(widget.F) & 0b111 == 0b100
        assert float(widget.Rect[2]) < 0
        assert str(widget.TU)
        assert str(opened.pages[0].Tabs) == "/S"
        xmp = opened.Root.Metadata.read_bytes().decode()
        assert 'pdfaid:part="3"' in xmp
        assert 'pdfaid:conformance="A"' in xmp
        assert 'pdfuaid:part="1"' in xmp
        assert "/StructTreeRoot" in opened.Root


def test_any_changed_byte_breaks_the_seal(sealed: bytes) -> None:
    with pikepdf.open(io.BytesIO(sealed)) as opened:
        _, first, second, _ = (int(number) for number in opened.Root.AcroForm.Fields[0].V.ByteRange)
    # The padding after the signature value carries nothing and is signed by nothing.
    spots = [spot for spot in range(0, len(sealed), 151) if not first <= spot < second]
    spots += [first + 1, first + 200, len(sealed) - 1]
    for spot in spots:
        altered = bytearray(sealed)
        altered[spot] ^= 0x01
        with pytest.raises(SealBroken):
            verify_seal(bytes(altered), SEAL.cert_pem, at=MOMENT)


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.5, 0.99])
def test_a_truncated_file_is_broken(sealed: bytes, kept: float) -> None:
    size = int(kept * len(sealed))
    with pytest.raises(SealBroken):
        verify_seal(sealed[:size], SEAL.cert_pem, at=MOMENT)


def test_an_unsigned_file_is_not_sealed(unsigned: bytes) -> None:
    with pytest.raises(SealBroken):
        verify_seal(unsigned, SEAL.cert_pem, at=MOMENT)


def test_another_institutions_seal_is_refused(sealed: bytes) -> None:
    _, other = make_seal("CPAS de Bellerive", MOMENT)
    with pytest.raises(SealBroken, match="sound"):
        verify_seal(sealed, other, at=MOMENT)


@pytest.mark.parametrize("days", [-2, 3 * 365 + 1])
def test_a_seal_outside_the_life_of_its_certificate_is_refused(sealed: bytes, days: int) -> None:
    with pytest.raises(SealBroken):
        verify_seal(sealed, SEAL.cert_pem, at=MOMENT + dt.timedelta(days=days))


def test_something_added_after_the_seal_is_refused(sealed: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.update_root()  # type: ignore[no-untyped-call]
    added = io.BytesIO()
    writer.write(added)  # type: ignore[no-untyped-call]
    with pytest.raises(SealBroken):
        verify_seal(added.getvalue(), SEAL.cert_pem, at=MOMENT)


def test_a_second_signature_is_refused(sealed: bytes) -> None:
    about = PdfSignatureMetadata(field_name="Autre", md_algorithm="sha256")
    twice = PdfSigner(about, signer=_read_signer(SEAL)).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(sealed)))
    with pytest.raises(SealBroken):
        verify_seal(twice.getvalue(), SEAL.cert_pem, at=MOMENT)


def test_a_signature_in_another_field_is_no_seal(unsigned: bytes) -> None:
    about = PdfSignatureMetadata(field_name="Autre", md_algorithm="sha256")
    signed = PdfSigner(about, signer=_read_signer(SEAL)).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(unsigned)))
    with pytest.raises(SealBroken, match="sound"):
        verify_seal(signed.getvalue(), SEAL.cert_pem, at=MOMENT)


def test_a_document_is_sealed_once(sealed: bytes) -> None:
    with pytest.raises(SealUnusable, match="cannot take a seal"):
        seal_pdf(sealed, SEAL, reason="encore", signed_at=MOMENT)


def test_a_seal_is_set_and_read_inside_a_running_event_loop(unsigned: bytes) -> None:
    async def seal_and_verify() -> str:
        sealed = seal_pdf(unsigned, SEAL, reason="Réponse", signed_at=MOMENT)
        return verify_seal(sealed, SEAL.cert_pem, at=MOMENT).reason

    assert asyncio.run(seal_and_verify()) == "Réponse"


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n", b"texte", b"\x00" * 500])
def test_what_is_no_pdf_cannot_be_sealed_or_verified(junk: bytes) -> None:
    with pytest.raises(SealUnusable):
        seal_pdf(junk, SEAL, reason="x", signed_at=MOMENT)
    with pytest.raises(SealBroken):
        verify_seal(junk, SEAL.cert_pem, at=MOMENT)


def test_a_moment_needs_its_zone(unsigned: bytes) -> None:
    with pytest.raises(SealUnusable, match="time zone"):
        seal_pdf(unsigned, SEAL, reason="x", signed_at=MOMENT.replace(tzinfo=None))


def test_unusable_keys_and_certificates(unsigned: bytes) -> None:
    stranger, _ = make_seal("Autre", MOMENT)
    locked = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"phrase"),
    )
    hollow = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    for wrong in (
        dataclasses.replace(SEAL, key_pem=stranger),
        dataclasses.replace(SEAL, key_pem=locked),
        dataclasses.replace(SEAL, key_pem=b""),
        dataclasses.replace(SEAL, key_pem=SEAL.cert_pem),
        dataclasses.replace(SEAL, cert_pem=b""),
        dataclasses.replace(SEAL, cert_pem=hollow),
        dataclasses.replace(SEAL, cert_pem=SEAL.cert_pem * 2),
    ):
        with pytest.raises(SealUnusable):
            seal_pdf(unsigned, wrong, reason="x", signed_at=MOMENT)
    with pytest.raises(SealUnusable):
        verify_seal(unsigned, hollow, at=MOMENT)


def test_a_demonstration_seal_says_so_and_its_key_stays_out_of_sight() -> None:
    assert "PRIVATE" not in repr(SEAL)
    certificate = x509.load_pem_x509_certificate(make_seal("CPAS " + "é" * 100, MOMENT)[1])
    assert "Sceau de démonstration" in certificate.subject.rfc4514_string()
    assert certificate.not_valid_before_utc == MOMENT.astimezone(dt.UTC)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.content_commitment
    assert not usage.key_cert_sign


def test_a_seal_needs_an_institution() -> None:
    with pytest.raises(SealUnusable, match="name"):
        make_seal("", MOMENT)
