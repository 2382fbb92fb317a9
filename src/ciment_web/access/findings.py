"""What was found of a person: which requests may speak of them, and which a referent confirmed, one by one."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from ciment.canon import InvalidEncoding, Json, JsonObject, decode, encode
from ciment.vault import open_blob, seal
from ciment_web.access.keys import has_key, open_key, sealed_context, wrap_to
from ciment_web.access.models import PersonRequest
from ciment_web.access.signing import NotSigned, sign, verify
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.quorum.trust import trusted_members


@dataclass(frozen=True)
class Hit:
    """A request whose words may name the person: how near, and what it says of whom it is about."""

    inquiry: str
    closeness: str
    about: str = field(repr=False)


@dataclass(frozen=True)
class Findings:
    """Every request that was opened, the hits among them, and the signed verdict on each hit."""

    opened: frozenset[str] = frozenset()
    received: int = 0
    at: str = ""
    hits: tuple[Hit, ...] = ()
    verdicts: Mapping[str, str] = field(default_factory=dict, repr=False)


def open_findings(actor: Actor, request: PersonRequest) -> Findings:
    """Return what was found so far; nothing before the first search.

    Raises:
        NotReader: for anybody but the referents of that search.
        BlobError: if the stored findings were changed or moved.
    """
    if not request.sealed_findings:
        return Findings()
    key = open_key(actor, request, "findings")
    fields = decode(open_blob(key, bytes(request.sealed_findings), sealed_context(request, "findings")))
    if not isinstance(fields, dict):
        raise InvalidEncoding("not findings")
    return _parse(fields)


def keep_findings(actor: Actor, request: PersonRequest, findings: Findings) -> None:
    """Seal findings under their own key, which the referents alone hold, into a row that the caller locked and saves.

    The recorder holds no such key: which requests were found says what others asked, and what is put off.
    """
    if request.sealed_findings or has_key(actor, request, "findings"):
        key = open_key(actor, request, "findings")
    else:
        key = secrets.token_bytes(32)
        wrap_to(request, "findings", key, trusted_members(actor, Role.REFERENT))
    request.sealed_findings = seal(key, encode(_to_json(findings)), sealed_context(request, "findings"))


def sign_verdict(actor: Actor, request: PersonRequest, inquiry: str, *, same: bool) -> str:
    """Return the actor's signed word on whether a hit is about the person."""
    return sign(actor, {"request": str(request.id), "inquiry": inquiry, "same": same}).hex()


def verdict_of(actor: Actor, request: PersonRequest, findings: Findings, inquiry: str) -> bool | None:
    """Return what a referent signed about a hit; None while nobody did.

    Raises:
        NotSigned: for a verdict on another request, or that no referent signed.
    """
    signed = findings.verdicts.get(inquiry)
    if signed is None:
        return None
    told, _author = verify(actor, bytes.fromhex(signed), Role.REFERENT)
    if (told.get("request"), told.get("inquiry")) != (str(request.id), inquiry):
        raise NotSigned("a verdict on something else")
    return told.get("same") is True


def _to_json(findings: Findings) -> JsonObject:
    return {
        "opened": cast("Json", sorted(findings.opened)),
        "received": findings.received,
        "at": findings.at,
        "hits": [{"inquiry": hit.inquiry, "closeness": hit.closeness, "about": hit.about} for hit in findings.hits],
        "verdicts": cast("Json", dict(findings.verdicts)),
    }


def _parse(fields: JsonObject) -> Findings:
    opened = cast("list[str]", fields["opened"])
    hits = cast("list[dict[str, str]]", fields["hits"])
    return Findings(
        frozenset(opened),
        cast("int", fields["received"]),
        str(fields["at"]),
        tuple(Hit(hit["inquiry"], hit["closeness"], hit["about"]) for hit in hits),
        cast("dict[str, str]", fields["verdicts"]),
    )
