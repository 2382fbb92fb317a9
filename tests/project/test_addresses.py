"""Every address: what needs no sign-in is on this list, everything else is closed."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# What anybody may open, and why.
PUBLIC = {
    "": "leads to the one institution of the server",
    "i/<slug:slug>/connexion/": "sign in",
    "i/<slug:slug>/connexion/reprendre/": "sign in again, with what was typed",
    "i/<slug:slug>/danger/": "a life is in danger: nothing to sign in to",
    "i/<slug:slug>/droit/": "the rules of the law",
    "i/<slug:slug>/droit/regles/<str:rule_id>/": "one rule of the law",
    "i/<slug:slug>/droit/comparer/": "the law of two days",
    "i/<slug:slug>/droit/situation/": "what the law says of a situation",
    "i/<slug:slug>/droit/textes/<slug:bill>/": "what a text of law changes",
    "i/<slug:slug>/droit/textes/<slug:bill>/note.pdf": "the brief of a text of law",
    "i/<slug:slug>/guichet/": "file a written request",
    "i/<slug:slug>/guichet/suivi/": "follow it, with the code of its receipt",
    "i/<slug:slug>/invitation/": "become a member, with the code of an invitation",
    "i/<slug:slug>/log/<path:resource>": "checkpoint, tiles and entry bundles of the register",
    "i/<slug:slug>/perquisition/": "they are at the door: nothing to sign in to",
    "i/<slug:slug>/verifier/": "check a proof",
}


def addresses(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, where)
        else:
            yield where, pattern


ALL = list(addresses(get_resolver().url_patterns))


def test_only_the_listed_views_are_public() -> None:
    public = {where for where, pattern in ALL if getattr(pattern.callback, "is_public", False)}
    assert public == set(PUBLIC)


def test_every_other_address_belongs_to_one_institution() -> None:
    assert [where for where, _ in ALL if where not in PUBLIC and not where.startswith("i/<slug:slug>/")] == []


def test_addresses_and_their_names_are_distinct() -> None:
    names = [pattern.name for _, pattern in ALL]
    assert None not in names
    assert len(set(names)) == len(names)
    assert len({where for where, _ in ALL}) == len(ALL)
