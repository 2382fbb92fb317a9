"""What a flow allows, as frozen text: its terms, the officer's opinion, and both together, which the accords are on."""

from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from ciment.canon import InvalidEncoding, Json, JsonObject, b64, decode_object, encode, lp, unb64

MAX_DAYS = 366
"""No flow runs longer than twelve months, leap day included."""

CHANNELS: dict[str, Any] = {
    "portal": _("portail sécurisé d’un organisme public"),
    "post": _("courrier postal"),
    "encrypted_mail": _("courriel chiffré"),
    "by_hand": _("remise en main propre, contre reçu"),
}
"""How something may flow. No telephone: who listens is not shown by a number."""

_TERMS_FORMAT = "ciment/flow/v1/terms"
_TEMPLATE_FORMAT = "ciment/flow/v1/template"
_OPINION = b"ciment/flow/v1/opinion"
_TEMPLATE_KEYS = frozenset({"format", "terms", "opinion"})


@dataclass(frozen=True)
class Terms:
    """What is proposed: who may be told which kinds of information, why, on which rule, by which way, until when.

    `rule` is a rule of the law pack, `facts` what it asks for; `sample` is the part of each month's communications, in
    percent, that somebody else reads. Words print redacted.
    """

    flow: str
    outside: bool
    requester: str
    service: str = field(repr=False)
    channel: str
    address: str = field(repr=False)
    verified: str = field(repr=False)
    categories: tuple[str, ...]
    rule: str
    facts: dict[str, str]
    purpose: str = field(repr=False)
    owner: str
    owner_name: str = field(repr=False)
    until: str
    sample: int

    @property
    def last_day(self) -> date:
        """The last day on which something may flow."""
        return date.fromisoformat(self.until)

    @property
    def situation(self) -> dict[str, Any]:
        """The facts that the law pack reads."""
        return {**self.facts, "requester": self.requester, "category": list(self.categories)}

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        value = {**asdict(self), "categories": list(self.categories), "format": _TERMS_FORMAT}
        return encode(cast("JsonObject", value))

    @property
    def digest(self) -> bytes:
        """SHA-256 of the canonical bytes: what the officer's opinion is on."""
        return sha256(self.encode()).digest()


@dataclass(frozen=True)
class Opinion:
    """What the data protection officer thinks of exactly these terms. It advises; it decides nothing."""

    member: str
    name: str = field(repr=False)
    favourable: bool
    text: str = field(repr=False)
    given_on: str
    signature: bytes

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        value: JsonObject = {**self._said(), "signature": b64(self.signature)}
        return encode(value)

    def statement(self, terms: Terms) -> bytes:
        """Return what the officer signs: the opinion, on these terms and no others."""
        return _OPINION + lp(encode(self._said())) + lp(terms.digest)

    def _said(self) -> dict[str, Json]:
        return {
            "member": self.member,
            "name": self.name,
            "favourable": self.favourable,
            "text": self.text,
            "given_on": self.given_on,
        }


@dataclass(frozen=True)
class Template:
    """What the signatories agree to: the terms, and the opinion they were given beside them."""

    terms: Terms
    opinion: Opinion

    def encode(self) -> bytes:
        """Return the canonical bytes, whose SHA-256 the decision names."""
        value: JsonObject = {
            "format": _TEMPLATE_FORMAT,
            "terms": b64(self.terms.encode()),
            "opinion": b64(self.opinion.encode()),
        }
        return encode(value)


def parse_terms(data: bytes) -> Terms:
    """Return the terms of their canonical bytes.

    Raises:
        InvalidEncoding: for any other bytes.
    """
    fields: dict[str, Any] = dict(decode_object(data, frozenset({*Terms.__dataclass_fields__, "format"})))
    if fields.pop("format") != _TERMS_FORMAT or not isinstance(fields["categories"], list):
        raise InvalidEncoding("not the terms of a flow")
    terms = Terms(**{**fields, "categories": tuple(fields["categories"])})
    # Re-encoding decides: a value of another type than these fields hold gives other bytes, or none.
    if terms.encode() != data or not isinstance(terms.facts, dict):
        raise InvalidEncoding("not the terms of a flow")
    return terms


def parse_opinion(data: bytes) -> Opinion:
    """Return the opinion of its canonical bytes, its signature not verified yet; raises InvalidEncoding otherwise."""
    fields: dict[str, Any] = dict(decode_object(data, frozenset(Opinion.__dataclass_fields__)))
    if not isinstance(fields["favourable"], bool):
        raise InvalidEncoding("not an opinion")
    return Opinion(**{**fields, "signature": unb64(fields["signature"], 64)})


def parse_template(data: bytes) -> Template:
    """Return the template of its canonical bytes; raises InvalidEncoding for any other bytes."""
    fields = decode_object(data, _TEMPLATE_KEYS)
    template = Template(parse_terms(unb64(fields["terms"])), parse_opinion(unb64(fields["opinion"])))
    if template.encode() != data:
        raise InvalidEncoding("not the template of a flow")
    return template
