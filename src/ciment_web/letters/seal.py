"""The institution's seal: a PAdES baseline B signature over the whole document, in the field ``Sceau``.

ETSI EN 319 142-1 (PAdES) over ISO 32000. The key lives in a file outside this folder; the caller hands in its PEM.
"""

import datetime as dt
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509 as certificates
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ciment_web.letters.errors import SealBroken, SealUnusable

FIELD = "Sceau"
READABLE_FIELD = "Sceau électronique de l’institution"
DEMO_NAME = "Sceau de démonstration"
SELF_SIGNED_NAME = "Sceau auto-signé"
DEMO_LIFE = dt.timedelta(days=3 * 365)
LONGEST_NAME = 64
"""Characters of an organisation in a certificate: ub-organization-name of RFC 5280, appendix A."""


@dataclass(frozen=True, slots=True)
class InstitutionSeal:
    """The institution's sealing key (PKCS #8, unencrypted) and its certificate, both PEM."""

    key_pem: bytes = field(repr=False)
    cert_pem: bytes


@dataclass(frozen=True, slots=True)
class SealStatus:
    """A sound seal over the whole file: whose, at which moment it claims to be, and for which stated reason."""

    signer: str
    signed_at: dt.datetime | None
    reason: str


def make_seal(institution_name: str, now: dt.datetime, common_name: str = DEMO_NAME) -> tuple[bytes, bytes]:
    """Make a **simulated** seal, ``(key_pem, cert_pem)``: a self-signed P-256 certificate.

    Its common name says so: ``DEMO_NAME`` in a trial, ``SELF_SIGNED_NAME`` elsewhere. It is no qualified seal in the
    sense of eIDAS and proves form, not identity: an institution at work brings the key and certificate that its trust
    service provider issued.

    Raises:
        SealUnusable: an institution without a name.
    """
    if not institution_name:
        raise SealUnusable("a seal needs the name of its institution")
    key = ec.generate_private_key(ec.SECP256R1())
    name = certificates.Name(
        [
            certificates.NameAttribute(NameOID.COUNTRY_NAME, "BE"),
            certificates.NameAttribute(NameOID.ORGANIZATION_NAME, institution_name[:LONGEST_NAME]),
            certificates.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    certificate = (
        certificates.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(certificates.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + DEMO_LIFE)
        .add_extension(certificates.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_sealing_only(), critical=True)
        .add_extension(certificates.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return key_pem, certificate.public_bytes(serialization.Encoding.PEM)


def seal_pdf(pdf: bytes, sealer: InstitutionSeal, *, reason: str, signed_at: dt.datetime) -> bytes:
    """Give ``pdf`` with the seal appended; its first bytes stay as they were, so its digest can still be found.

    ``signed_at`` is aware; it is what the seal claims, not a timestamp by a third party. The modification date of the
    file is the clock's, as pyHanko writes it.

    Raises:
        SealUnusable: a key or certificate that cannot be read, or a document that cannot be sealed (already sealed…).
    """
    if signed_at.tzinfo is None:
        raise SealUnusable("the moment of a seal needs its time zone")
    signer = _read_signer(sealer)
    about = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason
    )
    try:
        # pyHanko refuses to fill a field twice: a document is sealed once.
        sealed = _apart(
            lambda: _DatedSigner(about, signer, signed_at).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
        )
    except Exception as broken:
        raise SealUnusable("the document cannot take a seal") from broken
    return bytes(sealed.getvalue())


def verify_seal(pdf: bytes, trust_cert_pem: bytes, *, at: dt.datetime) -> SealStatus:
    """Check that ``pdf`` carries exactly one seal, sound at ``at``, by the trusted certificate, over the whole file.

    ``trust_cert_pem`` comes from elsewhere than the document. ``at`` is aware: now, or the moment when the register
    shows that the sealed file existed. No network is used, so revocation is not looked up.

    Raises:
        SealBroken: whatever is amiss, damaged files included.
        SealUnusable: the trusted certificate cannot be read.
    """
    root = _read_certificate(trust_cert_pem)
    try:
        (signature,) = _signatures(PdfFileReader(io.BytesIO(pdf)))
        context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=at)
        found = _apart(lambda: validate_pdf_signature(signature, context))
    except Exception as broken:  # a damaged file fails in the parser in more ways than can be listed
        raise SealBroken("the document carries no readable seal") from broken
    # bottom_line alone: an altered file can be reported valid=True with intact=False.
    if signature.field_name != FIELD or not found.bottom_line:
        raise SealBroken("the seal is not sound")
    # Path validation takes a trusted root as it is, whatever its dates: a self-signed seal needs them checked here.
    if not found.signing_cert.not_valid_before <= at <= found.signing_cert.not_valid_after:
        raise SealBroken("the certificate of the seal was not valid at that moment")
    if found.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise SealBroken("something was added to the document after its seal")
    return SealStatus(
        signer=str(found.signing_cert.subject.native.get("common_name", "")),
        signed_at=found.signer_reported_dt,
        reason=str(signature.sig_object.get("/Reason", "")),
    )


def _apart(work: Callable[[], Any]) -> Any:
    # pyHanko starts an event loop of its own, which a thread that runs one already refuses.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work).result()


class _DatedSigner(PdfSigner):
    """Seals at the moment it is told: the library would read the clock."""

    def __init__(self, about: Any, signer: Any, signed_at: dt.datetime) -> None:
        super().__init__(about, signer=signer, new_field_spec=_field())
        self._signed_at = signed_at

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self._signed_at
        return session


def _field() -> Any:
    # PDF/A wants the print flag and forbids hiding; PDF/UA wants an untagged widget hidden or outside the page.
    # A zero-sized box outside the page satisfies both.
    return SigFieldSpec(
        sig_field_name=FIELD,
        readable_field_name=READABLE_FIELD,
        invis_sig_settings=InvisSigSettings(set_print_flag=True, box_out_of_bounds=True),
    )


def _signatures(reader: Any) -> list[Any]:
    return list(reader.embedded_signatures)


def _read_signer(sealer: InstitutionSeal) -> Any:
    certificate = _read_certificate(sealer.cert_pem)
    try:
        public = certificates.load_pem_x509_certificate(sealer.cert_pem).public_key()
        private = serialization.load_pem_private_key(sealer.key_pem, password=None)
        key = load_private_key_from_pemder_data(sealer.key_pem, passphrase=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # No chain: the message of a parser may quote what it read, and it read a key.
        raise SealUnusable("the sealing key cannot be read") from None
    if private.public_key() != public:
        raise SealUnusable("the sealing key is not that of the certificate")
    store = SimpleCertificateStore.from_certs([certificate])  # type: ignore[no-untyped-call]
    return SimpleSigner(certificate, key, store)


def _read_certificate(cert_pem: bytes) -> Any:
    try:
        # The second reading is lazy: the first one refuses what is no certificate, here and not in mid-seal.
        certificates.load_pem_x509_certificate(cert_pem)
        (certificate,) = load_certs_from_pemder_data(cert_pem)
    except (ValueError, TypeError) as broken:
        raise SealUnusable("the certificate of the seal cannot be read") from broken
    return certificate


def _sealing_only() -> certificates.KeyUsage:
    return certificates.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
