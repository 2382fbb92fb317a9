"""The prime-order subgroup of edwards25519 by libsodium, and the hashes of quorum wrap v1.

`Point` and `Scalar` are 32-byte strings that were parsed (`parse_point`, `parse_scalar`) or computed here. Parsed ones
are checked; computed ones are not. Scalars are added and multiplied by libsodium, never by Python integers, whose
running time depends on their value. Every error of libsodium is an `InvalidElement`. The notation is that of
docs/formats/quorum-wrap.md.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import reduce, wraps
from typing import NewType, ParamSpec, TypeVar

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from ciment.canon import lp, lp_list, u64be
from ciment.quorum.errors import InvalidElement, QuorumError

Point = NewType("Point", bytes)
Scalar = NewType("Scalar", bytes)
Draw = Callable[[int], bytes]
"""A source of random bytes: given a count, it returns that many."""
Part = bytes | str | int | Sequence[bytes]

PREFIX = "ciment/quorum/v1/"
_ZERO = bytes(32)
# (0, −1), the point of order two: it is on the curve, canonical, and outside the prime-order subgroup.
_ORDER_TWO = (2**255 - 20).to_bytes(32, "little")

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _refuse_errors(operation: Callable[_P, _T]) -> Callable[_P, _T]:
    @wraps(operation)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return operation(*args, **kwargs)
        except CryptoError as error:
            raise InvalidElement("libsodium refuses this point or scalar") from error

    return guarded


def H(tag: str, *parts: Part) -> bytes:  # noqa: N802 - the protocol's own name
    """Return the 64 bytes of SHA-512(lp("ciment/quorum/v1/" ‖ tag) ‖ each part).

    Bytes and text are framed by lp, an integer is lp(u64be), a list is its count and then lp of each item.
    """
    return hashlib.sha512(b"".join([lp((PREFIX + tag).encode()), *map(_frame, parts)])).digest()


def Hs(tag: str, *parts: Part) -> Scalar:  # noqa: N802 - the protocol's own name
    """Return H(tag, parts…), read little-endian, modulo the group order."""
    return Scalar(sodium.crypto_core_ed25519_scalar_reduce(H(tag, *parts)))


def _frame(part: Part) -> bytes:
    if isinstance(part, bytes):
        return lp(part)
    if isinstance(part, str):
        return lp(part.encode())
    if isinstance(part, int):
        return lp(u64be(part))
    return lp_list(part)


@_refuse_errors
def parse_point(data: bytes) -> Point:
    """Return `data` as a point of the prime-order subgroup, other than the identity.

    Raises:
        InvalidElement: for another length, a non-canonical encoding, a point off the curve, of small order, or
            outside the subgroup.
    """
    if not sodium.crypto_core_ed25519_is_valid_point(data):
        raise InvalidElement("not a point of the prime-order subgroup")
    return Point(data)


@_refuse_errors
def parse_scalar(data: bytes) -> Scalar:
    """Return `data` as a scalar, 0 < s < ℓ, 32 bytes little-endian.

    Raises:
        InvalidElement: for zero, a value that is not reduced (libsodium itself accepts those), or another length.
    """
    if len(data) != 32 or data == _ZERO or sodium.crypto_core_ed25519_scalar_reduce(data + _ZERO) != data:
        raise InvalidElement("not a scalar between zero and the group order")
    return Scalar(data)


@_refuse_errors
def draw_scalar(draw: Draw) -> Scalar:
    """Return a scalar made of 64 random bytes: reducing twice the width leaves no usable bias."""
    return parse_scalar(sodium.crypto_core_ed25519_scalar_reduce(draw(64)))


@_refuse_errors
def multiply(scalar: Scalar, point: Point) -> Point:
    """Return [scalar]point."""
    return Point(sodium.crypto_scalarmult_ed25519_noclamp(scalar, point))


@_refuse_errors
def multiply_base(scalar: Scalar) -> Point:
    """Return [scalar]B."""
    return Point(sodium.crypto_scalarmult_ed25519_base_noclamp(scalar))


@_refuse_errors
def add(left: Point, right: Point) -> Point:
    """Return left + right."""
    return Point(sodium.crypto_core_ed25519_add(left, right))


@_refuse_errors
def subtract(left: Point, right: Point) -> Point:
    """Return left − right."""
    return Point(sodium.crypto_core_ed25519_sub(left, right))


def add_points(points: Sequence[Point]) -> Point:
    """Return the sum of one point or more."""
    return reduce(add, points)


@_refuse_errors
def add_scalars(left: Scalar, right: Scalar) -> Scalar:
    """Return left + right mod ℓ."""
    return Scalar(sodium.crypto_core_ed25519_scalar_add(left, right))


@_refuse_errors
def multiply_add(left: Scalar, right: Scalar, addend: Scalar) -> Scalar:
    """Return left · right + addend mod ℓ."""
    return Scalar(sodium.crypto_core_ed25519_scalar_add(sodium.crypto_core_ed25519_scalar_mul(left, right), addend))


def number_scalar(number: int) -> Scalar:
    """Return the scalar of a small public positive number, such as a seat's."""
    return Scalar(number.to_bytes(32, "little"))


def evaluate(coefficients: Sequence[Scalar], seat: int) -> Scalar:
    """Return f(seat) for the polynomial whose coefficients are given from the constant one up."""
    return reduce(lambda value, each: multiply_add(value, number_scalar(seat), each), reversed(coefficients))


def evaluate_points(points: Sequence[Point], seat: int) -> Point:
    """Return Σ_k [seatᵏ]points[k], the point of f(seat) when points[k] is that of f's coefficient k."""
    return reduce(lambda value, each: add(multiply(number_scalar(seat), value), each), reversed(points))


@_refuse_errors
def lagrange_coefficients(seats: Sequence[int]) -> dict[int, Scalar]:
    """Return λ_i = Π_{m≠i} m/(m−i) mod ℓ for each seat i: Σ λ_i f(i) = f(0) for a degree below the count.

    Raises:
        InvalidElement: if a seat is given twice.
    """
    if len(set(seats)) != len(seats):
        raise InvalidElement("a seat given twice")
    coefficients = {}
    for seat in seats:
        top = bottom = bytes(number_scalar(1))
        for other in seats:
            if other != seat:
                difference = sodium.crypto_core_ed25519_scalar_sub(number_scalar(other), number_scalar(seat))
                top = sodium.crypto_core_ed25519_scalar_mul(top, number_scalar(other))
                bottom = sodium.crypto_core_ed25519_scalar_mul(bottom, difference)
        inverse = sodium.crypto_core_ed25519_scalar_invert(bottom)
        coefficients[seat] = Scalar(sodium.crypto_core_ed25519_scalar_mul(top, inverse))
    return coefficients


# B̄: nobody knows its logarithm to B, as it comes out of a hash. Two bases are what makes a blinded decoy fail CHECK.
SECOND_BASE = Point(sodium.crypto_core_ed25519_from_uniform(H("second-base")[:32]))


def self_test() -> None:
    """Show that this libsodium tells the subgroup from the curve: R + (0, −1) must be refused.

    Some releases accepted such points (CVE-2025-69277); with one of them, proofs over this group mean nothing.

    Raises:
        QuorumError: if the point is accepted, or an honest one is refused.
    """
    honest = parse_point(SECOND_BASE)
    shifted = sodium.crypto_core_ed25519_add(honest, _ORDER_TWO)
    if sodium.crypto_core_ed25519_is_valid_point(shifted):
        raise QuorumError("this libsodium accepts points outside the prime-order subgroup")


self_test()
