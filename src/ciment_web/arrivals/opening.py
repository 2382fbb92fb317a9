"""The statement that opens an institution to arrivals, signed by a holder of a seat: bytes in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ciment.canon import (
    HybridPrivateKey,
    HybridPublicKey,
    InvalidEncoding,
    JsonObject,
    b64,
    decode_object,
    derive,
    encode,
    lp,
    unb64,
    unhex,
)
from ciment.vault import MemberKeys, MemberPublic

# The purpose is part of what is signed, so that this signature can never pass for another.
_SIGNED = b"ciment/arrivals/v1/opening"
CHANNELS: Mapping[str, str] = MappingProxyType({"desk": "guichet", "mail": "courriel"})
_FIELDS = frozenset({"v", "institution", "key", "public", "channels", "register_key", "log", "roster", "by", "at"})


@dataclass(frozen=True)
class Opening:
    """What a holder of a seat stated: to which key, for which channels, and under which roster and register.

    `register_key` and `log` are the signing holder's own pins: nobody is signed in when something arrives, and what
    its entry is sealed to must not come from a row.
    """

    institution: str
    key: str
    public: HybridPublicKey
    channels: tuple[str, ...]
    register_key: HybridPublicKey
    log: str
    roster: bytes
    by: str
    at_ms: int


@dataclass(frozen=True)
class SignedOpening:
    """An opening with its signature, not verified yet."""

    opening: Opening
    signature: bytes

    def verify(self, signer: MemberPublic) -> None:
        """Return if `signer` signed exactly this opening; raises BadSignature otherwise."""
        signer.verify(_message(self.opening), self.signature)


def sign_opening(opening: Opening, keys: MemberKeys) -> bytes:
    """Return the canonical bytes of the opening and the holder's signature."""
    return encode({"opening": _value(opening), "signature": keys.sign(_message(opening)).hex()})


def parse_opening(data: bytes) -> SignedOpening:
    """Return the opening of its canonical bytes.

    Raises:
        InvalidEncoding: for any other bytes.
    """
    outer = decode_object(data, frozenset({"opening", "signature"}))
    fields = decode_object(encode(outer["opening"]), _FIELDS)
    channels, at = fields["channels"], fields["at"]
    if fields["v"] != 1 or not isinstance(channels, list) or not isinstance(at, int):
        raise InvalidEncoding("not the opening of arrivals")
    opening = Opening(
        institution=str(fields["institution"]),
        key=str(fields["key"]),
        public=HybridPublicKey.parse(unb64(fields["public"])),
        channels=tuple(str(channel) for channel in channels),
        register_key=HybridPublicKey.parse(unb64(fields["register_key"])),
        log=str(fields["log"]),
        roster=unhex(fields["roster"], 32),
        by=str(fields["by"]),
        at_ms=at,
    )
    return SignedOpening(opening, unhex(outer["signature"], 64))


def private_of(seed: bytes) -> HybridPrivateKey:
    """Return the key pair of a 32-byte seed."""
    return HybridPrivateKey.from_secret(derive(seed, "ciment/arrivals/key/v1", 96))


def _message(opening: Opening) -> bytes:
    return _SIGNED + lp(encode(_value(opening)))


def _value(opening: Opening) -> JsonObject:
    return {
        "v": 1,
        "institution": opening.institution,
        "key": opening.key,
        "public": b64(opening.public.encoded),
        "channels": list(opening.channels),
        "register_key": b64(opening.register_key.encoded),
        "log": opening.log,
        "roster": opening.roster.hex(),
        "by": opening.by,
        "at": opening.at_ms,
    }
