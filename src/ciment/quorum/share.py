"""A seat's share as a canonical record: secret bytes, to be sealed by whoever stores them."""

from dataclasses import dataclass, field

from ciment.canon import HybridPrivateKey, decode_object, derive, encode, unhex
from ciment.quorum.fields import require_choice, require_number, require_text
from ciment.quorum.group import Scalar, parse_scalar

_FORMAT = "ciment/quorum/v1/share"
_KEYS = frozenset(
    {"format", "institution", "kappa", "generation", "seat", "secret", "hybrid_seed", "fingerprint"},
)


@dataclass(frozen=True)
class ShareRecord:
    """What the holder of a seat keeps: x_i (`secret`) and the hybrid seed, and the roster they belong to."""

    institution: str
    kappa: bytes
    generation: int
    seat: int
    secret: Scalar = field(repr=False)
    hybrid_seed: bytes = field(repr=False)
    fingerprint: bytes


def encode_share(share: ShareRecord) -> bytes:
    """Return the canonical bytes of a share. They are secret: seal them before they rest anywhere."""
    return encode(
        {
            "format": _FORMAT,
            "institution": share.institution,
            "kappa": share.kappa.hex(),
            "generation": share.generation,
            "seat": share.seat,
            "secret": share.secret.hex(),
            "hybrid_seed": share.hybrid_seed.hex(),
            "fingerprint": share.fingerprint.hex(),
        },
    )


def parse_share(data: bytes) -> ShareRecord:
    """Return the share of its canonical bytes.

    Raises:
        InvalidEncoding: for any other bytes, a secret out of range included.
    """
    value = decode_object(data, _KEYS)
    require_choice(value["format"], (_FORMAT,))
    return ShareRecord(
        institution=require_text(value["institution"]),
        kappa=unhex(value["kappa"], 32),
        generation=require_number(value["generation"], 1),
        seat=require_number(value["seat"], 1, 255),
        secret=parse_scalar(unhex(value["secret"], 32)),
        hybrid_seed=unhex(value["hybrid_seed"], 32),
        fingerprint=unhex(value["fingerprint"], 32),
    )


def hybrid_key(seed: bytes) -> HybridPrivateKey:
    """Return the quorum's hybrid key pair, which every holder derives from the same 32-byte seed."""
    return HybridPrivateKey.from_secret(derive(seed, "ciment/quorum/hybrid/v1", 96))
