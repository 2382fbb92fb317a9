import sys
import unicodedata

import pytest
import vault_reference as reference
from hypothesis import given, settings
from hypothesis import strategies as st

from ciment import vault
from ciment.canon import InvalidEncoding, u64be

# The floor of the bounds: about 20 ms a run.
FAST = vault.KdfParameters(8 * 1024)
PEPPER, SEED = bytes([5]) * 32, bytes([6]) * 32
OWNER, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
TYPED = "Éléphant abeille zèbre"
SEALED = vault.seal_seed(SEED, TYPED, PEPPER, FAST, OWNER)


def test_a_seed_opens_however_its_passphrase_is_typed() -> None:
    assert len(SEALED) == 448
    for typed in (
        TYPED,
        "elephant-abeille-zebre",
        unicodedata.normalize("NFD", TYPED.upper()),
        "  éléphant_Abeille—zebre ",
    ):
        assert vault.open_seed(SEALED, typed, PEPPER, OWNER) == SEED


def test_a_wrong_passphrase_is_told_from_a_damaged_seal() -> None:
    for passphrase, pepper in (("elephant-abeille", PEPPER), (TYPED, bytes(32)), ("", PEPPER), ("\ud800", PEPPER)):
        with pytest.raises(vault.WrongPassphrase):
            vault.open_seed(SEALED, passphrase, pepper, OWNER)
    with pytest.raises(vault.CorruptedBlob):
        vault.open_seed(SEALED, TYPED, PEPPER, OTHER)


@settings(deadline=None)
@given(st.integers(0, 447), st.integers(1, 255), st.binary(min_size=1, max_size=40))
def test_damage_is_never_called_a_wrong_passphrase(at: int, change: int, more: bytes) -> None:
    flipped = SEALED[:at] + bytes([SEALED[at] ^ change]) + SEALED[at + 1 :]
    for damaged in (flipped, SEALED[:at], SEALED + more, more):
        with pytest.raises(vault.CorruptedBlob):
            vault.open_seed(damaged, TYPED, PEPPER, OWNER)
        with pytest.raises(vault.CorruptedBlob):
            vault.parse_parameters(damaged)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 415), st.integers(1, 255))
def test_a_change_that_hides_itself_is_refused(at: int, change: int) -> None:
    # Whoever writes the row recomputes the digest; parameters are changed within bounds by the next test.
    body = SEALED[:at] + bytes([SEALED[at] ^ change]) + SEALED[at + 1 : 416]
    with pytest.raises((vault.CorruptedBlob, vault.WrongPassphrase)):
        vault.open_seed(reference.with_digest(body), TYPED, PEPPER, OWNER)


def test_changed_parameters_or_parts_are_refused() -> None:
    other = vault.seal_seed(bytes([7]) * 32, TYPED, PEPPER, FAST, OTHER)
    cheaper = SEALED[:16] + u64be(4) + SEALED[24:416]
    resalted = SEALED[:32] + other[32:48] + SEALED[48:416]
    swapped = SEALED[:48] + other[48:416]
    for body in (cheaper, resalted, swapped):
        with pytest.raises(vault.WrongPassphrase):
            vault.open_seed(reference.with_digest(body), TYPED, PEPPER, OWNER)
    # The AEAD part alone: the commitment still matches.
    grafted = SEALED[:120] + other[120:416]
    with pytest.raises(vault.CorruptedBlob):
        vault.open_seed(reference.with_digest(grafted), TYPED, PEPPER, OWNER)


def test_a_seal_of_something_else_than_a_seed_is_refused() -> None:
    case = {"memory": 8192, "iterations": 3, "lanes": 1, "salt": "00" * 16, "nonce": "00" * 24}
    case |= {"pepper": PEPPER.hex(), "owner": OWNER, "seed": "06" * 31}
    with pytest.raises(vault.CorruptedBlob):
        vault.open_seed(reference.sealed_seed(case, "elephant-abeille-zebre"), TYPED, PEPPER, OWNER)


@pytest.mark.parametrize(
    ("memory", "iterations", "lanes"),
    [(8191, 3, 1), (262145, 3, 1), (8192, 2, 1), (8192, 9, 1), (8192, 3, 0), (8192, 3, 5), (2**63, 2**63, 2**63)],
)
def test_parameters_out_of_bounds_cost_nothing(memory: int, iterations: int, lanes: int) -> None:
    with pytest.raises(InvalidEncoding):
        vault.KdfParameters(memory, iterations, lanes)
    body = SEALED[:8] + u64be(memory) + u64be(iterations) + u64be(lanes) + SEALED[32:416]
    with pytest.raises(vault.CorruptedBlob):
        vault.open_seed(reference.with_digest(body), TYPED, PEPPER, OWNER)


@settings(deadline=None)
@given(st.integers(8192, 262144), st.integers(3, 8), st.integers(1, 4))
def test_parameters_have_one_form(memory: int, iterations: int, lanes: int) -> None:
    parameters = vault.KdfParameters(memory, iterations, lanes)
    assert vault.KdfParameters.parse(parameters.encode()) == parameters
    for other in (parameters.encode() + b"\0", parameters.encode()[1:]):
        with pytest.raises(InvalidEncoding):
            vault.KdfParameters.parse(other)


def test_costs_are_those_of_the_design() -> None:
    assert (vault.WORKER.memory_kib, vault.WORKER.iterations, vault.WORKER.lanes) == (64 * 1024, 3, 1)
    assert (vault.SIGNATORY.memory_kib, vault.SIGNATORY.iterations, vault.SIGNATORY.lanes) == (128 * 1024, 3, 1)
    assert vault.open_seed(vault.seal_seed(SEED, TYPED, PEPPER, vault.WORKER, OWNER), TYPED, PEPPER, OWNER) == SEED


def test_lengths_of_seed_and_pepper() -> None:
    for seed, pepper in ((SEED[1:], PEPPER), (SEED, PEPPER[1:])):
        with pytest.raises(InvalidEncoding):
            vault.seal_seed(seed, TYPED, pepper, FAST, OWNER)
    with pytest.raises(InvalidEncoding):
        vault.open_seed(SEALED, TYPED, PEPPER[1:], OWNER)
    with pytest.raises(vault.PassphraseError):
        vault.seal_seed(SEED, " - ", PEPPER, FAST, OWNER)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_the_plain_form_is_idempotent(text: str) -> None:
    try:
        plain = vault.plain_passphrase(text)
    except vault.PassphraseError:
        return
    assert vault.plain_passphrase(plain) == plain
    assert vault.plain_passphrase(f" {text}\t") == plain
    for form in ("NFC", "NFD"):
        assert vault.plain_passphrase(unicodedata.normalize(form, text)) == plain


def test_the_plain_form_of_every_character_is_stable() -> None:
    for code in range(sys.maxunicode + 1):
        if unicodedata.normalize("NFKD", chr(code).casefold()) == chr(code):
            continue
        try:
            plain = vault.plain_passphrase(chr(code))
        except vault.PassphraseError:
            continue
        assert vault.plain_passphrase(plain) == plain, hex(code)


@pytest.mark.parametrize("text", ["", "   ", "-_-", "\u0301", "a\0b", "a\ud800", "a\ue000", "a\u0378", "a" * 1025])
def test_texts_without_plain_form(text: str) -> None:
    with pytest.raises(vault.PassphraseError):
        vault.plain_passphrase(text)
    with pytest.raises(vault.WeakPassphrase):
        vault.require_strong(text)


@settings(deadline=None, max_examples=50)
@given(st.integers(6, 12))
def test_generated_passphrases_are_strong_almost_always(words: int) -> None:
    passphrase = vault.generate_passphrase(words)
    assert passphrase.count("-") == words - 1
    assert unicodedata.is_normalized("NFC", passphrase)
    if len(set(passphrase.split("-"))) >= 6:
        vault.require_strong(passphrase)


def test_words_keep_their_difference_in_the_plain_form() -> None:
    seen = {word for _ in range(300) for word in vault.generate_passphrase(12).split("-")}
    assert len({vault.plain_passphrase(word) for word in seen}) == len(seen)
    assert any(not word.isascii() for word in seen)


def test_too_few_words_are_not_generated() -> None:
    with pytest.raises(vault.WeakPassphrase):
        vault.generate_passphrase(5)


STRONG = ["élan-abeille-abolir-aborder-absolu-abriter", "Tr0ub4dour&3 sur le pont d'Avignon", "kP9#vQ2!mZ7$wX4"]
WEAK = [
    "motdepasse",
    "correct horse",
    "abeille-abolir-aborder-absolu-abriter",
    "abeille-" * 12 + "abeille",
    "azertyuiop",
    "12345678901234567890",
    "CPAS2026!",
]


def test_strong_passphrases_pass() -> None:
    for passphrase in STRONG:
        vault.require_strong(passphrase)
    vault.require_strong("kP9#vQ2!mZ7$wX4" * 60)


@pytest.mark.parametrize("passphrase", WEAK)
def test_weak_passphrases_do_not(passphrase: str) -> None:
    with pytest.raises(vault.WeakPassphrase) as refusal:
        vault.require_strong(passphrase)
    assert passphrase not in str(refusal.value)
