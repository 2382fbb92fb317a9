"""Text that may be shown and stored: decoded, normalised, with nothing hidden in it."""

import codecs
import re
import unicodedata

MAX_TEXT = 200_000
"""Characters of text kept from one message; some eighty pages."""

MAX_NAME = 120
"""UTF-8 bytes of an attachment's name: under the 255 of common file systems, with room for a prefix."""

# Only character sets of written languages: Python also lists `unicode_escape`, `idna` or `punycode`, which are
# transformations chosen by the sender; UTF-7 hides text from whoever inspects it.
_CHARSETS = re.compile(
    r"ascii|utf-8(-sig)?|utf-16(-le|-be)?|iso8859-\d+|cp(125\d|437|850|852|932|949|950)|koi8-[ru]|mac-roman|"
    r"gb2312|gbk|gb18030|big5|shift_jis|euc_(jp|kr)|iso2022_jp"
)
# What web browsers do (WHATWG Encoding): senders who write ISO-8859-1 or ASCII mean Windows-1252.
_MEANS_CP1252 = frozenset({"ascii", "iso8859-1"})

# Marks that Persian, Arabic, Hebrew and Indic writing needs and that reorder nothing by themselves.
_KEPT_MARKS = frozenset("\u200c\u200d\u200e\u200f")
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\v\f]")
# C1 controls are no text: they are Windows-1252 punctuation read as ISO-8859-1, as many encoded headers have it.
_C1_AS_MEANT = {code: bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0)}
# A typesetter marks the words that it cuts; a hyphen at the end of a line may also be the word's own. Only a lower-case
# word of letters alone is mended: never an address, a reference, a number or a name.
_SOFT_CUT = re.compile(r"(?<=\w)\u00ad[ \t]*\n[ \t]*(?=\w)")
_CUT_WORD = re.compile(r"(?<![^\s'’(\[«“\"])([^\W\d_]+)[-\u2010][ \t]*\n[ \t]*([^\W\d_]+)(?=[.,;:!?…)\]»”\"]*(?:\s|$))")
_KEEPS_AFTER = re.compile(r"(?i)après|avant|cel(le|ui)|ceux|demi|mi|non|peut|quasi|rendez|semi|sous|tout|vice|vis")
_KEEPS_BEFORE = re.compile(r"ce(ci|la)?|ci|elles?|en|ils?|je|la|les?|leurs?|lui|là|moi|mêmes?|nous|on|toi|tu|vous|y")
_BLANK_LINES = re.compile(r"\n{3,}")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_UNSAFE_IN_NAME = re.compile(r'[<>:"|?*/\\]')


def decode_text(data: bytes, charset: str | None) -> tuple[str, bool]:
    """Return the text of `data` and whether the claimed character set was good; never raises."""
    codec = _known_codec(charset or "ascii")
    candidates = [] if codec is None else ["utf-8", "cp1252"] if codec in _MEANS_CP1252 else [codec]
    for candidate in candidates:
        try:
            return data.decode(candidate), True
        except UnicodeDecodeError:
            continue
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), False


def _known_codec(charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return None
    return name if _CHARSETS.fullmatch(name) else None


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return `text` in NFC with plain line ends, without hidden characters, of at most `limit` characters."""
    plain = _LINE_ENDS.sub("\n", text[: 2 * limit].translate(_C1_AS_MEANT))
    shown = "".join(_shown(character) for character in plain)
    lines = "\n".join(line.rstrip() for line in unicodedata.normalize("NFC", shown).split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip()[:limit]


def mend_words(text: str) -> str:
    """Return `text` with each word that was cut at the end of a line in one piece; the two lines become one."""
    return _CUT_WORD.sub(_mend, _SOFT_CUT.sub("", text))


def _mend(cut: re.Match[str]) -> str:
    start, end = cut.groups()
    # No typesetter cuts one letter off, and what goes on with a capital is a name.
    if min(len(start), len(end)) < 2 or not end.islower() or not start[1:].islower():
        return cut.group()
    own = _KEEPS_AFTER.fullmatch(start) or _KEEPS_BEFORE.fullmatch(end)
    return f"{start}-{end}" if own else start + end


def clean_line(text: str, limit: int = 500) -> str:
    """Return `text` on one line, without hidden characters, of at most `limit` characters."""
    return " ".join(clean_text(text, 4 * limit).split())[:limit].strip()


def has_hidden(text: str) -> bool:
    """Tell whether characters that hide or reorder text stand in `text`; a leading byte-order mark does not count."""
    return any(
        unicodedata.category(c) == "Cf" and c not in _KEPT_MARKS and c != "\u00ad" for c in text.lstrip("\ufeff")
    )


def _shown(character: str) -> str:
    if character in "\n\t" or character in _KEPT_MARKS:
        return character
    category = unicodedata.category(character)
    if category == "Cs":  # a lone surrogate cannot be written as UTF-8: email uses them for undecodable bytes
        return "\ufffd"
    return "" if category in {"Cc", "Cf"} else character


def clean_file_name(name: str, fallback: str) -> str:
    """Return a name without path, control or reserved part, of at most MAX_NAME bytes, never empty or hidden."""
    line = "".join(c for c in clean_line(name.replace("\0", ""), 2_000) if c not in _KEPT_MARKS)
    # A path of any system ends with the name; "C:x" has no separator but the colon.
    last = re.split(r"[/\\]", line)[-1]
    safe = _UNSAFE_IN_NAME.sub("_", re.sub(r"^[A-Za-z]:", "", last)).strip(" .")
    if not safe:
        return fallback
    return _shorten("_" + safe if _RESERVED.match(safe) else safe)


def _shorten(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    if not dot or not 0 < len(suffix.encode()) <= 10:
        stem, suffix = name, ""
    else:
        suffix = "." + suffix
    room = MAX_NAME - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + suffix
