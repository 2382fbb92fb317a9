"""One seat's part in opening one wrap, with the proof that it is the part owed (docs/formats/quorum-decision.md)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from ciment.canon import InvalidEncoding, lp_list
from ciment.quorum.decision import Decision
from ciment.quorum.group import (
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
from ciment.quorum.wrap import Wrap

_SIZE = 96


@dataclass(frozen=True)
class Partial:
    """D = [x_i]R and the proof (c, z) that its logarithm to R is that of Y_i to B. D is secret until execution."""

    point: Point = field(repr=False)
    challenge: Scalar = field(repr=False)
    response: Scalar = field(repr=False)

    def encode(self) -> bytes:
        """Return D ‖ c ‖ z, 96 bytes."""
        return self.point + self.challenge + self.response


def make_context(decision: Decision, seat: int, position: int, wrapped: Wrap) -> bytes:
    """Return ctx, which ties a partial to its decision, seat, item (counted from 0), label and wrap."""
    label = decision.items[position].label.encode()
    return H("ctx", decision.kappa, decision.generation, decision.digest, seat, position, label, wrapped.point)


def make_partial(
    secret: Scalar, public: Point, context: bytes, wrapped: Wrap, draw: Draw = secrets.token_bytes
) -> Partial:
    """Return the partial of the seat whose share is `secret` and whose public point is `public`.

    The nonce hashes the share, fresh randomness and the context, so that neither a bad source of randomness nor a
    restored machine lets one nonce serve two challenges, which would give the share away.
    """
    point = multiply(secret, wrapped.point)
    nonce = Hs("n", secret, draw(32), context)
    challenge = _challenge(
        context, public, wrapped.point, point, (multiply_base(nonce), multiply(nonce, wrapped.point))
    )
    return Partial(point, challenge, multiply_add(challenge, secret, nonce))


def can_prove_partial(partial: Partial, public: Point, context: bytes, wrapped: Wrap) -> bool:
    """Tell whether the proof of a partial holds.

    Raises:
        InvalidElement: if libsodium refuses a point.
    """
    c, z = partial.challenge, partial.response
    proofs = (
        subtract(multiply_base(z), multiply(c, public)),
        subtract(multiply(z, wrapped.point), multiply(c, partial.point)),
    )
    return c == _challenge(context, public, wrapped.point, partial.point, proofs)


def encode_partials(partials: Sequence[Partial]) -> bytes:
    """Return P: lp(u64be(count)), then lp of each partial."""
    return lp_list([partial.encode() for partial in partials])


def digest_partials(partials: Sequence[Partial]) -> bytes:
    """Return H("P", P), 64 bytes."""
    return H("P", [partial.encode() for partial in partials])


def parse_partials(data: bytes) -> tuple[Partial, ...]:
    """Return the partials of P, points and scalars checked, proofs not yet.

    Raises:
        InvalidEncoding: for any other bytes.
    """
    # 16 bytes of lp(count), then 8 + 96 for each: the re-encoding below is what decides.
    pieces = [data[place + 8 : place + 8 + _SIZE] for place in range(16, len(data), 8 + _SIZE)]
    if lp_list(pieces) != data or any(len(piece) != _SIZE for piece in pieces):
        raise InvalidEncoding("not a list of partials")
    return tuple(
        Partial(parse_point(piece[:32]), parse_scalar(piece[32:64]), parse_scalar(piece[64:])) for piece in pieces
    )


def _challenge(context: bytes, public: Point, base: Point, point: Point, proofs: tuple[Point, Point]) -> Scalar:
    return Hs("share", context, public, base, point, *proofs)
