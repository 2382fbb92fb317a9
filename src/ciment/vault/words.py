"""What passphrases are made of: their plain form, their making, their strength (docs/formats/passphrase.md)."""

import secrets
import unicodedata
from functools import cache

from mnemonic import Mnemonic
from zxcvbn import zxcvbn

from ciment.vault.errors import PassphraseError, WeakPassphrase

_LONGEST = 1024
_STRONG_WORDS = 6
_STRONG_GUESSES = 10**14
# What zxcvbn accepts; a passphrase whose beginning is strong is strong.
_ESTIMATED = 72


def plain_passphrase(text: str) -> str:
    """Return the plain form of `text`: without accents, case or kinds of separators. Idempotent.

    Raises:
        PassphraseError: for an empty or overlong text, or characters whose form is not settled.
    """
    if len(text) > _LONGEST or any(not _is_settled(character) for character in text):
        raise PassphraseError("passphrase that is too long or holds unusable characters")
    # Normalised on both sides of the folding, which undoes normalisation (Unicode, D145).
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = (character for character in folded if unicodedata.category(character) not in {"Mn", "Mc", "Me", "Cf"})
    spaced = "".join(" " if _is_separator(character) else character for character in bare)
    plain = "-".join(spaced.split())
    if not plain:
        raise PassphraseError("empty passphrase")
    return plain


def generate_passphrase(words: int = 7) -> str:
    """Return `words` French words drawn uniformly from 2048 and joined by `-` (11 bits each; NFC, with their accents).

    Raises:
        WeakPassphrase: for fewer than 6 words.
    """
    if words < _STRONG_WORDS:
        raise WeakPassphrase("a generated passphrase has six words or more")
    return "-".join(secrets.choice(_word_list()) for _ in range(words))


def require_strong(passphrase: str) -> None:
    """Return if `passphrase` is strong: 6 different generated words, or 10¹⁴ guesses by zxcvbn.

    Raises:
        WeakPassphrase: otherwise.
    """
    try:
        plain = plain_passphrase(passphrase)
    except PassphraseError as error:
        raise WeakPassphrase("passphrase that cannot be used") from error
    listed = _plain_words()
    parts = plain.split("-")
    if len(listed.intersection(parts)) >= _STRONG_WORDS:
        return
    # Listed words alone are worth 11 bits each: zxcvbn, which reads no French, would count them as random letters.
    if listed.issuperset(parts) or zxcvbn(plain[:_ESTIMATED], sorted(listed))["guesses"] < _STRONG_GUESSES:
        raise WeakPassphrase("passphrase that could be guessed: use six generated words or more")


@cache
def _word_list() -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", word) for word in Mnemonic("french").wordlist)


@cache
def _plain_words() -> frozenset[str]:
    return frozenset(plain_passphrase(word) for word in _word_list())


def _is_settled(character: str) -> bool:
    # An unassigned code point may get another form in the next Unicode version, and would then lock its owner out.
    category = unicodedata.category(character)
    return category not in {"Cn", "Co", "Cs"} and (category != "Cc" or character.isspace())


def _is_separator(character: str) -> bool:
    return character.isspace() or character in "_.,'’" or unicodedata.category(character) == "Pd"
