"""What is sealed of an inquiry: names, how to reach the requester, about whom, and the words of the request."""

from dataclasses import asdict, dataclass, field
from typing import cast

from ciment.canon import InvalidEncoding, JsonObject, decode, encode
from ciment.vault import open_blob, seal
from ciment_web.inquiries.keys import sealed_context
from ciment_web.inquiries.models import Inquiry


@dataclass(frozen=True)
class Content:
    """The sealed words of an inquiry. They print redacted."""

    name: str = field(repr=False)
    reach: str = field(repr=False)
    about: str = field(repr=False)
    text: str = field(repr=False)

    def addressee(self) -> tuple[str, ...]:
        """Return the lines under which a letter is addressed."""
        lines = [self.name, *self.reach.replace(" · ", "\n").splitlines()]
        return tuple(line.strip() for line in lines if line.strip())


def seal_content(inquiry: Inquiry, key: bytes, content: Content) -> bytes:
    """Return `content` sealed under the inquiry's key, bound to this inquiry."""
    return seal(key, encode(cast("JsonObject", asdict(content))), sealed_context(inquiry, "content"))


def open_content(inquiry: Inquiry, key: bytes) -> Content:
    """Return the content of an inquiry.

    Raises:
        BlobError: if the stored bytes were changed or belong to another inquiry.
    """
    fields = decode(open_blob(key, bytes(inquiry.sealed_content), sealed_context(inquiry, "content")))
    if not isinstance(fields, dict):
        raise InvalidEncoding("not the content of an inquiry")
    return Content(**{name: str(value) for name, value in fields.items()})
