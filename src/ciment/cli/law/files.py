"""Files of facts and scenarios, read within bounds."""

import json
from pathlib import Path

from ciment.canon import CimentError

# No honest file of facts comes near: a bound keeps a device file or a mistaken path from filling the memory.
LARGEST_FILE = 1 << 20


class UnusableFile(CimentError):  # noqa: N818 - the class names the refusal, as its siblings do
    """A file that cannot be read, or holds no JSON object where one belongs."""


def read_object(path: Path) -> dict[str, object]:
    """Return the one JSON object of a file; raises UnusableFile, naming what is wrong."""
    return parse_object(read_bytes(path), repr(str(path)))


def read_bytes(path: Path) -> bytes:
    """Return the content of a file; raises UnusableFile when it cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a file name"
        raise UnusableFile(f"{str(path)!r} cannot be read: {reason}") from error
    if len(content) > LARGEST_FILE:
        raise UnusableFile(f"{str(path)!r} is too large; allowed: {LARGEST_FILE} bytes")
    return content


def parse_object(content: bytes, where: str) -> dict[str, object]:
    """Return the one JSON object of these bytes; raises UnusableFile, naming `where` and what is wrong."""
    try:
        value = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_require_single_keys)
    except (ValueError, RecursionError) as error:
        raise UnusableFile(f"{where} is not JSON in UTF-8; allowed: one JSON object") from error
    if not isinstance(value, dict):
        raise UnusableFile(f"{where} holds a JSON {type(value).__name__}; allowed: one JSON object")
    return value


def _require_single_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise UnusableFile(f"key {key[:60]!r} is given twice; allowed: each key once")
    return dict(pairs)
