"""Wraps and CHECK, the blinded decoy above all."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quorum_cases import Case, draws, fake_id, flip, make_case, make_label, make_world, stretch

from ciment.canon import InvalidEncoding
from ciment.quorum.errors import InvalidElement, QuorumError, WrapRefused
from ciment.quorum.group import (
    SECOND_BASE,
    Hs,
    Point,
    Scalar,
    add,
    add_scalars,
    draw_scalar,
    multiply,
    multiply_add,
    multiply_base,
    number_scalar,
)
from ciment.quorum.roster import QuorumKey
from ciment.quorum.share import hybrid_key
from ciment.quorum.wrap import (
    Label,
    Wrap,
    check,
    commit,
    open_layer,
    open_wrap,
    parse_label,
    parse_wrap,
    recompute,
    wrap,
)

WORLD = make_world()
KEY = WORLD.roster.key
HYBRID = hybrid_key(WORLD.acceptances[0].share.hybrid_seed)
CASE = make_case(WORLD)


def test_a_wrap_passes_check_and_round_trips() -> None:
    check(CASE.label, CASE.copy.wrap, KEY)
    data = CASE.copy.wrap.encode()
    assert len(data) == 197
    assert parse_wrap(data) == CASE.copy.wrap
    assert len(CASE.copy.p_ct) == 1219
    assert parse_label(CASE.label.value()) == CASE.label


def test_a_holder_of_key_and_layer_recomputes_the_wrap() -> None:
    p = open_layer(CASE.copy.p_ct, CASE.label, HYBRID)
    assert recompute(CASE.key, CASE.label, p, KEY).encode() == CASE.copy.wrap.encode()
    assert recompute(CASE.key, CASE.label, stretch("autre", 32), KEY).encode() != CASE.copy.wrap.encode()


def challenge(label: Label, ciphertext: bytes, bases: tuple[Point, Point], s: Scalar) -> Scalar:
    proofs = multiply_base(s), multiply(s, SECOND_BASE)
    return Hs("wrap", KEY.kappa, KEY.public, label.encode(), ciphertext, *bases, *proofs)


def make_decoy(blind: Scalar, *, consistent: bool) -> tuple[Label, Wrap]:
    """An insider's R' = R + [b]B for a victim's R, whose logarithm the insider does not know, under a label of its own.

    The insider proves as well as it can: with the blinding it knows in place of the logarithm it does not.
    """
    victim = CASE.copy.wrap
    label = make_label(WORLD, stretch("leurre", 32), "leurre")
    point = add(victim.point, multiply_base(blind))
    second = add(victim.second, multiply(blind, SECOND_BASE)) if consistent else victim.second
    s, ciphertext = draw_scalar(draws("leurre")), stretch("leurre/c", 48)
    e = challenge(label, ciphertext, (point, second), s)
    return label, Wrap(point, second, ciphertext, e, multiply_add(e, blind, s))


@pytest.mark.parametrize("consistent", [False, True])
def test_the_blinded_decoy_is_refused(*, consistent: bool) -> None:
    label, decoy = make_decoy(draw_scalar(draws("aveugle")), consistent=consistent)
    assert parse_wrap(decoy.encode()) == decoy
    with pytest.raises(WrapRefused):
        check(label, decoy, KEY)


def test_the_blinded_decoy_is_refused_with_the_victim_s_proof_shifted() -> None:
    blind, victim = draw_scalar(draws("aveugle")), CASE.copy.wrap
    decoy = replace(
        victim,
        point=add(victim.point, multiply_base(blind)),
        second=add(victim.second, multiply(blind, SECOND_BASE)),
        response=multiply_add(victim.challenge, blind, victim.response),
    )
    # W and W̄ come out as the victim's own; the challenge, which covers R and R̄, does not.
    with pytest.raises(WrapRefused):
        check(CASE.label, decoy, KEY)


def test_a_proof_for_one_base_only_is_refused() -> None:
    r, s = draw_scalar(draws("r")), draw_scalar(draws("s"))
    bases = multiply_base(r), multiply(add_scalars(r, number_scalar(1)), SECOND_BASE)
    e = challenge(CASE.label, bytes(48), bases, s)
    with pytest.raises(WrapRefused):
        check(CASE.label, Wrap(*bases, bytes(48), e, multiply_add(e, r, s)), KEY)


def test_an_honest_proof_made_by_hand_passes() -> None:
    # The counterpart of the refusals above: what they forge fails for its content, not for its form.
    r, s = draw_scalar(draws("r")), draw_scalar(draws("s"))
    bases = multiply_base(r), multiply(r, SECOND_BASE)
    e = challenge(CASE.label, bytes(48), bases, s)
    check(CASE.label, Wrap(*bases, bytes(48), e, multiply_add(e, r, s)), KEY)


@pytest.mark.parametrize(
    ("label", "ciphertext"),
    [(replace(CASE.label, kappa=bytes(32)), bytes(48)), (CASE.label, bytes(47)), (CASE.label, bytes(49))],
)
def test_a_true_proof_of_a_foreign_label_or_length_is_refused(label: Label, ciphertext: bytes) -> None:
    r, s = draw_scalar(draws("r")), draw_scalar(draws("s"))
    bases = multiply_base(r), multiply(r, SECOND_BASE)
    e = challenge(label, ciphertext, bases, s)
    with pytest.raises(WrapRefused, match="another"):
        check(label, Wrap(*bases, ciphertext, e, multiply_add(e, r, s)), KEY)


NEIGHBOURS: list[Callable[[Label], Label]] = [
    lambda label: replace(label, version=2),
    lambda label: replace(label, epoch=1),
    lambda label: replace(label, category="sante"),
    lambda label: replace(label, ids=(label.ids[0], fake_id("autre"))),
    lambda label: replace(label, ids=label.ids[::-1]),
    lambda label: replace(label, blob_sha256=bytes(32)),
    lambda label: replace(label, com=bytes(32)),
    lambda label: replace(label, kind="dossier", blob_sha256=b""),
]


@pytest.mark.parametrize("neighbour", NEIGHBOURS)
def test_a_wrap_is_of_one_label_only(neighbour: Callable[[Label], Label]) -> None:
    label = neighbour(CASE.label)
    assert label != CASE.label
    with pytest.raises(WrapRefused):
        check(label, CASE.copy.wrap, KEY)
    with pytest.raises(WrapRefused):
        open_layer(CASE.copy.p_ct, label, HYBRID)


def test_a_wrap_is_of_one_quorum_only() -> None:
    other = make_world(name="autre").roster.key
    with pytest.raises(WrapRefused):
        check(CASE.label, CASE.copy.wrap, other)
    with pytest.raises(WrapRefused):
        check(CASE.label, CASE.copy.wrap, QuorumKey(KEY.kappa, other.public))
    with pytest.raises(WrapRefused):
        check(replace(CASE.label, kappa=other.kappa), CASE.copy.wrap, QuorumKey(other.kappa, KEY.public))
    with pytest.raises(WrapRefused):
        check(CASE.label, replace(CASE.copy.wrap, ciphertext=bytes(47)), KEY)


def test_wrapping_under_another_key_s_label_is_refused() -> None:
    for key in (stretch("autre", 32), CASE.key[:31], CASE.key + b"x"):
        with pytest.raises(WrapRefused):
            wrap(key, CASE.label, WORLD.roster)
    with pytest.raises(WrapRefused):
        wrap(CASE.key, CASE.label, make_world(name="autre").roster)
    with pytest.raises(InvalidEncoding):
        wrap(CASE.key, CASE.label, WORLD.roster, lambda size: bytes(size - 1))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 196), st.integers(1, 255))
def test_any_changed_byte_of_a_wrap_is_refused(place: int, mask: int) -> None:
    with pytest.raises(QuorumError) as refusal:
        check(CASE.label, parse_wrap_as_refusal(flip(CASE.copy.wrap.encode(), place, mask)), KEY)
    assert isinstance(refusal.value, WrapRefused | InvalidElement)


def parse_wrap_as_refusal(data: bytes) -> Wrap:
    try:
        return parse_wrap(data)
    except InvalidEncoding as error:
        raise WrapRefused("not a wrap") from error


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1218), st.integers(1, 255))
def test_any_changed_byte_of_the_second_layer_is_refused(place: int, mask: int) -> None:
    with pytest.raises(WrapRefused):
        open_layer(flip(CASE.copy.p_ct, place, mask), CASE.label, HYBRID)


def test_the_second_layer_names_its_key() -> None:
    with pytest.raises(WrapRefused, match="another hybrid key"):
        open_layer(CASE.copy.p_ct, CASE.label, hybrid_key(bytes(32)))
    for cut in (b"", CASE.copy.p_ct[:-1], CASE.copy.p_ct + b"x", CASE.copy.p_ct[:51]):
        with pytest.raises(WrapRefused):
            open_layer(cut, CASE.label, HYBRID)


SUBSTITUTES = {
    "identity": (1).to_bytes(32, "little"),
    "order two": (2**255 - 20).to_bytes(32, "little"),
    "zero": bytes(32),
    "order": (2**252 + 27742317777372353535851937790883648493).to_bytes(32, "little"),
    "all ones": b"\xff" * 32,
}


@pytest.mark.parametrize("start", [21, 53])
@pytest.mark.parametrize("name", ["identity", "order two", "zero", "all ones"])
def test_points_of_a_wrap_are_checked(start: int, name: str) -> None:
    data = CASE.copy.wrap.encode()
    with pytest.raises(InvalidElement):
        parse_wrap(data[:start] + SUBSTITUTES[name] + data[start + 32 :])


@pytest.mark.parametrize("start", [133, 165])
@pytest.mark.parametrize("name", ["zero", "order", "all ones"])
def test_scalars_of_a_wrap_are_checked(start: int, name: str) -> None:
    data = CASE.copy.wrap.encode()
    with pytest.raises(InvalidElement):
        parse_wrap(data[:start] + SUBSTITUTES[name] + data[start + 32 :])


def test_opening_recomputes_the_whole_wrap() -> None:
    p = open_layer(CASE.copy.p_ct, CASE.label, HYBRID)
    r = Hs("r", CASE.key, CASE.label.encode(), p)
    shared = multiply(r, KEY.public)
    assert open_wrap(CASE.copy.wrap, CASE.label, shared, p, KEY) == CASE.key
    with pytest.raises(WrapRefused, match="does not open"):
        open_wrap(CASE.copy.wrap, CASE.label, multiply_base(r), p, KEY)
    with pytest.raises(WrapRefused, match="not the one"):
        open_wrap(replace(CASE.copy.wrap, response=number_scalar(3)), CASE.label, shared, p, KEY)


def test_labels_have_bounds() -> None:
    label = CASE.label
    for broken in (
        {"kappa": b""},
        {"kind": "master"},
        {"ids": ()},
        {"ids": tuple(fake_id(str(n)) for n in range(9))},
        {"ids": ("copie",)},
        {"epoch": -1},
        {"version": 2**53},
        {"version": True},
        {"category": ""},
        {"category": "x" * 65},
        {"blob_sha256": b""},
        {"kind": "dossier"},
        {"com": bytes(31)},
    ):
        with pytest.raises(InvalidEncoding):
            replace(label, **broken)


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.text(min_size=1, max_size=64), st.integers(0, 2**53 - 1))
def test_every_key_and_label_round_trips(key: bytes, category: str, version: int) -> None:
    try:
        label = replace(CASE.label, com=commit(key), category=category, version=version)
    except InvalidEncoding:
        return
    copy = wrap(key, label, WORLD.roster, draws("p"))
    case = Case(key, label, copy)
    check(label, parse_wrap(copy.wrap.encode()), KEY)
    p = open_layer(copy.p_ct, label, HYBRID)
    shared = multiply(Hs("r", key, label.encode(), p), KEY.public)
    assert open_wrap(copy.wrap, label, shared, p, KEY) == case.key
