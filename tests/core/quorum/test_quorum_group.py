"""The group: what is refused, what the hashes frame, and that polynomials and their points agree."""

import hashlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nacl import bindings as sodium
from quorum_cases import draws

from ciment.canon import InvalidEncoding, lp, u64be
from ciment.quorum import group
from ciment.quorum.errors import InvalidElement, QuorumError
from ciment.quorum.group import (
    SECOND_BASE,
    H,
    Hs,
    Scalar,
    add,
    add_scalars,
    draw_scalar,
    evaluate,
    evaluate_points,
    lagrange_coefficients,
    multiply,
    multiply_add,
    multiply_base,
    number_scalar,
    parse_point,
    parse_scalar,
    subtract,
)

ORDER = 2**252 + 27742317777372353535851937790883648493
FIELD = 2**255 - 19
BASE = multiply_base(number_scalar(1))
ORDER_TWO = (FIELD - 1).to_bytes(32, "little")
# The eight points of small order in canonical form, and encodings of the first two that are not canonical.
SMALL_ORDER = [
    bytes(32),
    bytes(31) + b"\x80",
    (1).to_bytes(32, "little"),
    ORDER_TWO,
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
    FIELD.to_bytes(32, "little"),
    (FIELD + 1).to_bytes(32, "little"),
]
scalars = st.integers(min_value=1, max_value=ORDER - 1).map(lambda n: Scalar(n.to_bytes(32, "little")))


@pytest.mark.parametrize("data", [*SMALL_ORDER, b"", BASE[:31], BASE + b"\0", b"\xff" * 32, b"\x02" + bytes(31)])
def test_points_outside_the_subgroup_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidElement):
        parse_point(data)


@pytest.mark.parametrize("small", [point for point in SMALL_ORDER[:8] if point != (1).to_bytes(32, "little")])
def test_a_point_moved_by_small_order_is_refused(small: bytes) -> None:
    moved = sodium.crypto_core_ed25519_add(BASE, small)
    with pytest.raises(InvalidElement):
        parse_point(moved)


def test_a_point_that_is_not_canonical_is_refused() -> None:
    # The only reducible ordinates are 2²⁵⁵−19 … 2²⁵⁵−1: each one, with either sign.
    for ordinate in range(FIELD, 2**255):
        for sign in (0, 1 << 255):
            with pytest.raises(InvalidElement):
                parse_point((ordinate | sign).to_bytes(32, "little"))


@pytest.mark.parametrize("number", [0, ORDER, ORDER + 1, 2 * ORDER, 2**255 - 1, 2**256 - 1, 2**255 + 1])
def test_scalars_out_of_range_are_refused(number: int) -> None:
    with pytest.raises(InvalidElement):
        parse_scalar(number.to_bytes(32, "little"))


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_scalars_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(InvalidElement):
        parse_scalar(b"\x01" * size)


@given(scalars)
def test_scalars_in_range_are_accepted(scalar: Scalar) -> None:
    assert parse_scalar(bytes(scalar)) == scalar
    assert parse_point(multiply_base(scalar)) == multiply(scalar, BASE)


def test_a_refusal_is_both_an_encoding_and_a_quorum_error() -> None:
    assert issubclass(InvalidElement, InvalidEncoding)
    assert issubclass(InvalidElement, QuorumError)


def test_libsodium_errors_become_invalid() -> None:
    zero = Scalar(bytes(32))
    with pytest.raises(InvalidElement):
        multiply(zero, BASE)
    with pytest.raises(InvalidElement):
        multiply_base(zero)
    with pytest.raises(InvalidElement):
        draw_scalar(bytes)
    with pytest.raises(InvalidElement):
        draw_scalar(lambda size: bytes(size - 1))


def test_hash_frames_each_kind_of_part() -> None:
    framed = (
        lp(b"ciment/quorum/v1/tag") + lp(b"ab") + lp("é".encode()) + lp(u64be(7)) + lp(u64be(2)) + lp(b"x") + lp(b"")
    )
    assert H("tag", b"ab", "é", 7, [b"x", b""]) == hashlib.sha512(framed).digest()
    assert int.from_bytes(Hs("tag", b"a"), "little") == int.from_bytes(H("tag", b"a"), "little") % ORDER


def test_hash_tells_apart_what_concatenation_would_not() -> None:
    assert (
        len({H("t", b"ab", b"c"), H("t", b"a", b"bc"), H("t", b"abc"), H("t", [b"ab", b"c"]), H("ta", b"b", b"c")}) == 5
    )


def test_second_base_is_the_hash_to_the_subgroup() -> None:
    assert sodium.crypto_core_ed25519_from_uniform(H("second-base")[:32]) == SECOND_BASE
    assert parse_point(SECOND_BASE) != BASE


def test_self_test_fails_where_the_subgroup_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    group.self_test()
    monkeypatch.setattr(sodium, "crypto_core_ed25519_is_valid_point", lambda _: True)
    with pytest.raises(QuorumError, match="outside the prime-order subgroup"):
        group.self_test()


@given(scalars, scalars, scalars)
def test_scalar_arithmetic_is_that_of_the_order(a: Scalar, b: Scalar, c: Scalar) -> None:
    x, y, z = (int.from_bytes(each, "little") for each in (a, b, c))
    assert int.from_bytes(multiply_add(a, b, c), "little") == (x * y + z) % ORDER
    assert int.from_bytes(add_scalars(a, b), "little") == (x + y) % ORDER
    assert subtract(add(multiply_base(a), multiply_base(b)), multiply_base(b)) == multiply_base(a)


@given(st.lists(scalars, min_size=1, max_size=5), st.integers(1, 255))
def test_polynomials_and_their_points_agree(coefficients: list[Scalar], seat: int) -> None:
    steps = [0]
    for each in reversed(coefficients):
        steps.append((steps[-1] * seat + int.from_bytes(each, "little")) % ORDER)
    assert int.from_bytes(evaluate(coefficients, seat), "little") == steps[-1]
    # libsodium refuses the multiples of zero; random coefficients do not meet them.
    assume(all(steps[1:]))
    assert evaluate_points([multiply_base(each) for each in coefficients], seat) == multiply_base(
        evaluate(coefficients, seat)
    )


@given(st.lists(scalars, min_size=1, max_size=5), st.data())
def test_lagrange_coefficients_give_the_constant(coefficients: list[Scalar], data: st.DataObject) -> None:
    size = len(coefficients)
    seats = data.draw(st.lists(st.integers(1, 255), min_size=size, max_size=size + 2, unique=True))
    total = 0
    for seat, weight in lagrange_coefficients(seats).items():
        total += int.from_bytes(weight, "little") * int.from_bytes(evaluate(coefficients, seat), "little")
    assert total % ORDER == int.from_bytes(coefficients[0], "little")


def test_lagrange_refuses_a_seat_given_twice() -> None:
    with pytest.raises(InvalidElement):
        lagrange_coefficients([1, 2, 1])


def test_drawn_scalars_are_reduced_from_twice_the_width() -> None:
    wide = draws("x")(64)
    assert int.from_bytes(draw_scalar(draws("x")), "little") == int.from_bytes(wide, "little") % ORDER
