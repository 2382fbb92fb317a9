"""What is sealed of a person's request: who asks, how that was checked, for whom, and what is wanted."""

from dataclasses import asdict, dataclass, field
from typing import cast

from ciment.canon import InvalidEncoding, JsonObject, decode, encode
from ciment.vault import open_blob, seal
from ciment_web.access.keys import sealed_context
from ciment_web.access.models import PersonRequest


@dataclass(frozen=True)
class Content:
    """The sealed words of a person's request. They print redacted."""

    given: str = field(repr=False)
    family: str = field(repr=False)
    reach: str = field(repr=False)
    identity: str = field(repr=False)
    wanted: str = field(repr=False)
    birth: str = field(default="", repr=False)
    details: str = field(default="", repr=False)
    # Who acts for the person, under what mandate; empty for the person in person.
    acting: str = field(default="", repr=False)
    agent: str = field(default="", repr=False)
    mandate: str = field(default="", repr=False)
    mandate_file: str = field(default="", repr=False)
    mandate_key: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """The person's name as it is written on an envelope."""
        return f"{self.given} {self.family}".strip()

    def addressee(self) -> tuple[str, ...]:
        """Return the lines under which the statement is addressed: the person's agent where there is one."""
        lines = [self.agent, self.name] if self.agent else [self.name]
        return tuple(line.strip() for line in (*lines, *self.reach.splitlines()) if line.strip())


def encode_content(content: Content) -> bytes:
    """Return the canonical bytes of a content, which checks sign by digest."""
    return encode(cast("JsonObject", asdict(content)))


def seal_content(request: PersonRequest, key: bytes, content: Content) -> bytes:
    """Return `content` sealed under the request's key, bound to this request and its kind."""
    return seal(key, encode_content(content), _context(request))


def open_content(request: PersonRequest, key: bytes) -> Content:
    """Return the content of a request.

    Raises:
        BlobError: if the stored bytes were changed or belong to another request or kind.
    """
    fields = decode(open_blob(key, bytes(request.sealed_content), _context(request)))
    if not isinstance(fields, dict):
        raise InvalidEncoding("not the content of a person's request")
    return Content(**{name: str(value) for name, value in fields.items()})


def _context(request: PersonRequest) -> JsonObject:
    # The day of reception starts the clock: changed in its row, nothing opens.
    return {**sealed_context(request, "content"), "kind": request.kind, "received": request.received_on.isoformat()}
