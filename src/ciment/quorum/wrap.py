"""Wraps: a 32-byte key that t seats open together, bound to exactly one label (docs/formats/quorum-wrap.md)."""

import secrets
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from ciment.canon import (
    HybridPrivateKey,
    InvalidEncoding,
    Json,
    JsonObject,
    OpeningFailed,
    derive,
    encode,
    require_id,
    unhex,
)
from ciment.quorum.errors import WrapRefused
from ciment.quorum.fields import read_list, read_object, require_bytes, require_choice, require_number, require_text
from ciment.quorum.group import (
    SECOND_BASE,
    Draw,
    H,
    Hs,
    Point,
    Scalar,
    multiply,
    multiply_add,
    multiply_base,
    parse_point,
    parse_scalar,
    subtract,
)
from ciment.quorum.roster import QuorumKey, Roster

Kind = Literal["copy", "dossier"]
KINDS: tuple[Kind, ...] = ("copy", "dossier")
_LABEL_FORMAT = "ciment/quorum/v1/label"
_LABEL_KEYS = ("format", "kappa", "kind", "ids", "epoch", "version", "category", "blob", "com")
_WRAP_PREFIX = b"ciment/quorum/v1/wrap"
_LAYER_PREFIX = b"ciment/quorum/v1/pq"
# Nonce 0 is safe: k comes out of a hash of E, L and p through r, so it encrypts exactly one message.
_NONCE = bytes(12)


@dataclass(frozen=True)
class Label:
    """What a wrapped key opens; verifiers build it from what they know. Construction checks the fields.

    `ids` go from the widest to the narrowest; `blob_sha256` is empty for a dossier; `com` is `commit(E)`.

    Raises:
        InvalidEncoding: for a field out of its range.
    """

    kappa: bytes
    kind: Kind
    ids: tuple[str, ...]
    epoch: int
    version: int
    category: str
    blob_sha256: bytes
    com: bytes

    def __post_init__(self) -> None:
        require_bytes(self.kappa, 32)
        require_bytes(self.com, 32)
        require_bytes(self.blob_sha256, 32 if require_choice(self.kind, KINDS) == "copy" else 0)
        require_number(self.epoch)
        require_number(self.version)
        require_text(self.category)
        if not 1 <= len([require_id(each) for each in self.ids]) <= 8:
            raise InvalidEncoding("a label has one to eight identifiers")
        self.encode()

    def encode(self) -> bytes:
        """Return L, the canonical bytes of the label."""
        return self._encoded

    @cached_property
    def _encoded(self) -> bytes:
        return encode(self.value())

    def value(self) -> JsonObject:
        """Return the canonical value of the label."""
        return {
            "format": _LABEL_FORMAT,
            "kappa": self.kappa.hex(),
            "kind": self.kind,
            "ids": list(self.ids),
            "epoch": self.epoch,
            "version": self.version,
            "category": self.category,
            "blob": self.blob_sha256.hex(),
            "com": self.com.hex(),
        }


@dataclass(frozen=True)
class Wrap:
    """w = (R, R̄, C, e, f), from `parse_wrap` or `recompute`."""

    point: Point
    second: Point
    ciphertext: bytes
    challenge: Scalar
    response: Scalar

    def encode(self) -> bytes:
        """Return the 197 bytes of the wrap."""
        return b"".join((_WRAP_PREFIX, self.point, self.second, self.ciphertext, self.challenge, self.response))

    @property
    def digest(self) -> bytes:
        """SHA-256(w), which a decision names."""
        return sha256(self.encode()).digest()


@dataclass(frozen=True)
class SealedCopy:
    """A wrap and the ciphertext of its second layer (1219 bytes)."""

    wrap: Wrap
    p_ct: bytes


def commit(key: bytes) -> bytes:
    """Return com, the commitment to a 32-byte key: HKDF-SHA256(E, info="commit")."""
    return derive(key, "commit")


def wrap(key: bytes, label: Label, roster: Roster, draw: Draw = secrets.token_bytes) -> SealedCopy:
    """Wrap the 32-byte `key` under `label` for a roster that was verified.

    Raises:
        WrapRefused: if the label is of another quorum or commits to another key.
    """
    p = draw(32)
    wrapped = recompute(key, label, p, roster.key)
    named = sha256(roster.hybrid.encoded).digest()
    return SealedCopy(wrapped, _LAYER_PREFIX + named + roster.hybrid.seal(p, _layer_info(label)))


def recompute(key: bytes, label: Label, p: bytes, quorum: QuorumKey) -> Wrap:
    """Return the one wrap that `key`, `label` and `p` give: its bytes are compared with those of a wrap at hand.

    Raises:
        WrapRefused: if the label is of another quorum or commits to another key.
        InvalidEncoding: if `p` is not 32 bytes.
    """
    require_bytes(p, 32)
    if len(key) != 32 or label.kappa != quorum.kappa or label.com != commit(key):
        raise WrapRefused("the label is of another quorum or of another key")
    bound = label.encode()
    r = Hs("r", key, bound, p)
    point, second, shared = multiply_base(r), multiply(r, SECOND_BASE), multiply(r, quorum.public)
    ciphertext = _cipher(bound, point, second, shared, p).encrypt(_NONCE, key, bound)
    s = Hs("s", key, bound, p, ciphertext)
    proofs = multiply_base(s), multiply(s, SECOND_BASE)
    challenge = _challenge(quorum, bound, ciphertext, (point, second), proofs)
    return Wrap(point, second, ciphertext, challenge, multiply_add(challenge, r, s))


def check(label: Label, wrapped: Wrap, quorum: QuorumKey) -> None:
    """CHECK: show that whoever made the wrap knew r for both bases and made it for this label.

    `label` is recomputed by the caller from what it knows, never read from beside the wrap. Without the second base an
    insider could file R + [s]B as a decoy and have another item's key opened by its approval.

    Raises:
        WrapRefused: if the wrap is of another label or quorum, or was tampered with.
        InvalidElement: if libsodium refuses a point.
    """
    if label.kappa != quorum.kappa or len(wrapped.ciphertext) != 48:
        raise WrapRefused("the label is of another quorum, or the ciphertext of another length")
    e, f = wrapped.challenge, wrapped.response
    proofs = (
        subtract(multiply_base(f), multiply(e, wrapped.point)),
        subtract(multiply(f, SECOND_BASE), multiply(e, wrapped.second)),
    )
    bases = wrapped.point, wrapped.second
    if e != _challenge(quorum, label.encode(), wrapped.ciphertext, bases, proofs):
        raise WrapRefused("the wrap does not hold for this label")


def open_layer(p_ct: bytes, label: Label, hybrid: HybridPrivateKey) -> bytes:
    """Return p, the second layer's secret.

    Raises:
        WrapRefused: if it was sealed to another hybrid key, for another label, or was tampered with.
    """
    named = len(_LAYER_PREFIX) + 32
    if p_ct[:named] != _LAYER_PREFIX + sha256(hybrid.public.encoded).digest():
        raise WrapRefused("the second layer is sealed to another hybrid key")
    try:
        return require_bytes(hybrid.open(p_ct[named:], _layer_info(label)), 32)
    except (OpeningFailed, InvalidEncoding) as error:
        raise WrapRefused("the second layer does not open") from error


def open_wrap(wrapped: Wrap, label: Label, shared: Point, p: bytes, quorum: QuorumKey) -> bytes:
    """Return E, given Z = [x]R (`shared`) and p, after com(E) and the whole wrap were recomputed.

    Raises:
        WrapRefused: if anything differs.
    """
    bound = label.encode()
    cipher = _cipher(bound, wrapped.point, wrapped.second, shared, p)
    try:
        key = cipher.decrypt(_NONCE, wrapped.ciphertext, bound)
    except InvalidTag as error:
        raise WrapRefused("the wrap does not open") from error
    if recompute(key, label, p, quorum).encode() != wrapped.encode():
        raise WrapRefused("the wrap is not the one its key gives")
    return key


def parse_wrap(data: bytes) -> Wrap:
    """Return the wrap of 197 bytes, its points and scalars checked; CHECK is still to be made.

    Raises:
        InvalidEncoding: for any other bytes.
    """
    if len(data) != 197 or not data.startswith(_WRAP_PREFIX):
        raise InvalidEncoding("not a wrap")
    body = data[len(_WRAP_PREFIX) :]
    return Wrap(
        point=parse_point(body[:32]),
        second=parse_point(body[32:64]),
        ciphertext=body[64:112],
        challenge=parse_scalar(body[112:144]),
        response=parse_scalar(body[144:]),
    )


def parse_label(value: Json) -> Label:
    """Return the label of a canonical value, as a decision carries it.

    Raises:
        InvalidEncoding: for any other value.
    """
    fields = read_object(value, *_LABEL_KEYS)
    require_choice(fields["format"], (_LABEL_FORMAT,))
    return Label(
        kappa=unhex(fields["kappa"], 32),
        kind=require_choice(fields["kind"], KINDS),
        ids=tuple(map(require_id, read_list(fields["ids"]))),
        epoch=require_number(fields["epoch"]),
        version=require_number(fields["version"]),
        category=require_text(fields["category"]),
        blob_sha256=unhex(fields["blob"]),
        com=unhex(fields["com"], 32),
    )


def _cipher(bound: bytes, point: Point, second: Point, shared: Point, p: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(H("kdf", bound, point, second, shared, p)[:32])


def _challenge(
    quorum: QuorumKey, bound: bytes, ciphertext: bytes, bases: tuple[Point, Point], proofs: tuple[Point, Point]
) -> Scalar:
    return Hs("wrap", quorum.kappa, quorum.public, bound, ciphertext, *bases, *proofs)


def _layer_info(label: Label) -> bytes:
    return H("pq", label.kappa, label.encode())
