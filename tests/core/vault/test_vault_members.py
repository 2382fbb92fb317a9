import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl import bindings

from ciment import vault
from ciment.canon import InvalidEncoding
from ciment.vault.member import MEMBER_PUBLIC_SIZE

ALICE = vault.MemberKeys.from_seed(bytes([1]) * 32)
BRUNO = vault.MemberKeys.from_seed(bytes([2]) * 32)
MESSAGE = b"ciment/test/v1 message"
SIGNATURE = ALICE.sign(MESSAGE)
ORDER = 2**252 + 27742317777372353535851937790883648493


def test_one_seed_gives_one_member() -> None:
    seed = vault.new_seed()
    assert len(seed) == 32
    assert vault.MemberKeys.from_seed(seed).public == vault.MemberKeys.from_seed(seed).public
    assert vault.MemberKeys.from_seed(vault.new_seed()).public != vault.MemberKeys.from_seed(seed).public


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_public_keys_have_one_form(seed: bytes) -> None:
    public = vault.MemberKeys.from_seed(seed).public
    assert len(public.encode()) == MEMBER_PUBLIC_SIZE
    assert vault.MemberPublic.parse(public.encode()) == public


@settings(deadline=None)
@given(st.binary(max_size=200) | st.binary(min_size=MEMBER_PUBLIC_SIZE, max_size=MEMBER_PUBLIC_SIZE))
def test_other_bytes_are_no_public_keys(data: bytes) -> None:
    with pytest.raises(InvalidEncoding):
        vault.MemberPublic.parse(data)


def test_unchecked_signing_keys_cannot_be_held() -> None:
    for point in (b"", bytes(31), bytes(32), (1).to_bytes(32, "little")):
        with pytest.raises(InvalidEncoding):
            vault.MemberPublic(ALICE.public.hpke, point)


def test_a_point_outside_the_subgroup_is_a_point() -> None:
    # So that the vector of that name is refused for its subgroup, and for nothing else.
    base = bindings.crypto_scalarmult_ed25519_base_noclamp((1).to_bytes(32, "little"))
    two = (2**255 - 20).to_bytes(32, "little")
    mixed = bindings.crypto_core_ed25519_add(base, two)
    assert bindings.crypto_core_ed25519_add(mixed, two) == base
    assert not bindings.crypto_core_ed25519_is_valid_point(mixed)
    with pytest.raises(InvalidEncoding):
        vault.MemberPublic(ALICE.public.hpke, mixed)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_seeds_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(InvalidEncoding):
        vault.MemberKeys.from_seed(bytes(size))


@settings(deadline=None)
@given(st.binary(max_size=500))
def test_signatures_verify(message: bytes) -> None:
    ALICE.public.verify(message, ALICE.sign(message))
    with pytest.raises(vault.BadSignature):
        BRUNO.public.verify(message, ALICE.sign(message))
    with pytest.raises(vault.BadSignature):
        ALICE.public.verify(message + b"\0", ALICE.sign(message))


def test_every_byte_of_a_signature_counts() -> None:
    for at in range(64):
        with pytest.raises(vault.BadSignature):
            ALICE.public.verify(MESSAGE, SIGNATURE[:at] + bytes([SIGNATURE[at] ^ 1]) + SIGNATURE[at + 1 :])


def test_other_forms_of_a_signature_are_refused() -> None:
    malleable = SIGNATURE[:32] + (int.from_bytes(SIGNATURE[32:], "little") + ORDER).to_bytes(32, "little")
    for signature in (b"", SIGNATURE[:63], SIGNATURE + b"\0", malleable):
        with pytest.raises(vault.BadSignature):
            ALICE.public.verify(MESSAGE, signature)


def test_derived_keys_are_apart() -> None:
    labels = ["draft", "titles", "titles/2", "a-b"]
    keys = {ALICE.derive(label) for label in labels} | {BRUNO.derive("draft")}
    assert len(keys) == 5
    assert all(len(key) == 32 for key in keys)


@pytest.mark.parametrize("label", ["", "Draft", "é", "a" * 65, "a b", "draft\n"])
def test_other_labels_are_refused(label: str) -> None:
    with pytest.raises(InvalidEncoding):
        ALICE.derive(label)


def test_keys_print_redacted() -> None:
    seed = bytes(range(32))
    keys = vault.MemberKeys.from_seed(seed)
    assert repr(seed) not in repr(keys)
    assert "_seed" not in repr(keys)
    assert "_signing" not in repr(keys)
