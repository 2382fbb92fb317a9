"""Identifiers: random UUIDs (version 4, RFC 9562) in their canonical text."""

import uuid

from ciment.canon.errors import InvalidEncoding


def new_id() -> str:
    """Return a fresh random identifier."""
    return str(uuid.uuid4())


def require_id(text: object) -> str:
    """Return `text` if it is the canonical form of a UUIDv4.

    Raises:
        InvalidEncoding: for anything else, upper case and braces included.
    """
    if isinstance(text, str):
        try:
            parsed = uuid.UUID(text)
        except ValueError:
            pass
        else:
            if parsed.version == 4 and str(parsed) == text:
                return text
    raise InvalidEncoding("not an identifier")
