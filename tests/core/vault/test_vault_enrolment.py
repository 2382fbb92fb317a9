import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ciment import vault
from ciment.canon import CimentError, InvalidEncoding, JsonObject, b64, encode, lp
from ciment.vault.enrolment import Enrolment, countersign, parse_enrolment, sign_enrolment, verify_countersignature

INSTITUTION, MEMBER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
ALICE = vault.MemberKeys.from_seed(bytes([1]) * 32)
BRUNO = vault.MemberKeys.from_seed(bytes([2]) * 32)
ENROLMENT = Enrolment(INSTITUTION, MEMBER, ALICE.public, ("referent", "worker"), "", 1_764_000_000_000)
SIGNED = sign_enrolment(ENROLMENT, ALICE)


def test_an_enrolment_is_read_as_it_was_signed() -> None:
    assert parse_enrolment(SIGNED) == ENROLMENT


@settings(deadline=None)
@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255), st.binary(min_size=1, max_size=100))
def test_any_other_bytes_are_no_enrolment(at: int, change: int, noise: bytes) -> None:
    for data in (SIGNED[:at] + bytes([SIGNED[at] ^ change]) + SIGNED[at + 1 :], SIGNED[:at], SIGNED + noise, noise):
        with pytest.raises(CimentError):
            parse_enrolment(data)


def test_nobody_enrols_the_keys_of_another() -> None:
    with pytest.raises(vault.BadSignature):
        parse_enrolment(sign_enrolment(ENROLMENT, BRUNO))


def signed(changes: JsonObject) -> bytes:
    statement: JsonObject = {
        "v": 1,
        "institution": INSTITUTION,
        "member": MEMBER,
        "roles": ["worker"],
        "title": "",
        "at": 1,
    }
    statement |= {"public": b64(ALICE.public.encode())} | changes
    data = encode(statement)
    return data + ALICE.sign(b"ciment/vault/v1/enrolment" + lp(data))


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"institution": "x"},
        {"member": "AAAAAAAA-2222-4222-8222-222222222222"},
        {"public": b64(ALICE.public.encode()[1:])},
        {"roles": "worker"},
        {"roles": [1]},
        {"roles": ["worker", "referent"]},
        {"roles": ["worker", "worker"]},
        {"title": None},
        {"at": "1"},
        {"more": 1},
    ],
)
def test_well_signed_statements_of_another_form_are_refused(changes: JsonObject) -> None:
    parse_enrolment(signed({}))
    with pytest.raises(InvalidEncoding):
        parse_enrolment(signed(changes))


def test_countersignatures_are_over_exactly_one_enrolment() -> None:
    countersignature = countersign(SIGNED, BRUNO)
    verify_countersignature(SIGNED, countersignature, BRUNO.public)
    for data, by in ((SIGNED, ALICE.public), (signed({}), BRUNO.public), (SIGNED[:-1], BRUNO.public)):
        with pytest.raises(vault.BadSignature):
            verify_countersignature(data, countersignature, by)
    assert countersignature == BRUNO.sign(b"ciment/vault/v1/enrolment-countersignature" + lp(SIGNED))
    # A member's own signature never serves as a countersignature.
    with pytest.raises(vault.BadSignature):
        verify_countersignature(SIGNED, SIGNED[-64:], ALICE.public)
