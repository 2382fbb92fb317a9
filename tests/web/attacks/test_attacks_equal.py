"""Done 6 of the main job: a refusal is the same whether or not anything is held about the person."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from web_stories import CONTENT, prepare_release, record, silenced

from ciment.register import Entry
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.refuse import draft_refusal, refuse_inquiry
from ciment_web.inquiries.models import Inquiry
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
# What differs between any two requests, whoever they are about: identifiers, tokens, the number.
_VARYING = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|name=\"csrfmiddlewaretoken\" value=\"[^\"]+\"|20\d\d-\d{4}|entrée no \d+"
)


def known(demonstration: Demonstration) -> None:
    """Let the institution hold documents about the person that `CONTENT` asks about, and have answered on them."""
    prepare_release(demonstration, CONTENT.about.encode()).release(demonstration)
    prepare_release(demonstration, b"encore")
    record(demonstration)


def letter(demonstration: Demonstration) -> bytes:
    inquiry = silenced(demonstration)
    # The number is the one thing that counts the requests: the same one makes the comparison exact.
    Inquiry.objects.filter(pk=inquiry.pk).update(number=900)
    inquiry.refresh_from_db()
    state_recusal(demonstration.people["dg"], inquiry, recused=False)
    made = draft_refusal(demonstration.people["dg"], read_inquiry(demonstration.people["dg"], inquiry))
    Inquiry.objects.filter(pk=inquiry.pk).update(number=901)
    return made


def test_the_letter_is_the_same_to_the_byte(demonstration: Demonstration) -> None:
    before = letter(demonstration)
    Inquiry.objects.filter(number=901).update(number=902)
    known(demonstration)
    assert letter(demonstration) == before
    assert before.startswith(b"%PDF-")


def _visit(demonstration: Demonstration, sign_in: SignIn) -> list[tuple[str, int, str]]:
    """Go through a refusal in the browser's place; return each step's name, number of queries and normalised page."""
    inquiry = record(demonstration)
    where = f"/i/demo/demandes/{inquiry.id}/"
    facts = {"categories": ["existence", "address"], "form": "oral"}
    steps: list[tuple[str, str, str, dict[str, Any]]] = [
        ("referent", "POST", "recusation/", {"tied": "no"}),
        ("referent", "GET", "", {}),
        ("referent", "GET", "qualification/", {}),
        ("referent", "POST", "qualification/apercu/", facts),
        ("referent", "POST", "qualification/", facts),
        ("dg", "POST", "recusation/", {"tied": "no"}),
        ("dg", "GET", "", {}),
        ("dg", "GET", "refus/", {}),
        ("dg", "GET", "refus/projet.pdf", {}),
        ("dg", "POST", "refus/", {}),
        ("dg", "GET", "", {}),
    ]
    clients = {login: sign_in(login) for login in ("referent", "dg")}
    seen = []
    for login, method, path, sent in steps:
        client = clients[login]
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(where + path, sent) if method == "POST" else client.get(where + path)
        assert answer.status_code in (200, 302), (path, answer.content[:500])
        page = "" if path.endswith(".pdf") else _VARYING.sub("…", answer.content.decode())
        seen.append((f"{login} {method} {path}", len(queries), page))
    return seen


def test_pages_and_queries_are_the_same(demonstration: Demonstration, sign_in: SignIn) -> None:
    before = _visit(demonstration, sign_in)
    known(demonstration)
    after = _visit(demonstration, sign_in)
    for (name, queries, page), (_, other_queries, other_page) in zip(before, after, strict=True):
        assert _without_time(page) == _without_time(other_page), name
        # One query more or less only where the register grew by a level: proofs and heads are read in a fixed number.
        assert queries == other_queries, name


def test_the_register_tells_nothing_either(demonstration: Demonstration) -> None:
    def kinds() -> list[tuple[str, dict[str, Any]]]:
        first = Leaf.objects.count()
        inquiry = silenced(demonstration)
        state_recusal(demonstration.people["dg"], inquiry, recused=False)
        refuse_inquiry(demonstration.people["dg"], read_inquiry(demonstration.people["dg"], inquiry))
        rows = Leaf.objects.filter(index__gte=first).order_by("index")
        entries = [Entry.parse(bytes(row.entry)) for row in rows]
        return [(entry.kind, dict(entry.attributes)) for entry in entries]

    before = kinds()
    known(demonstration)
    assert kinds() == before


@pytest.mark.parametrize("name", ["Refusal", "RefusalLetter"])
def test_no_field_of_a_refusal_can_carry_a_file(name: str) -> None:
    from dataclasses import fields  # noqa: PLC0415 - beside what it looks at

    from ciment_web.inquiries import documents  # noqa: PLC0415
    from ciment_web.letters import RefusalLetter  # noqa: PLC0415

    made = documents.Refusal if name == "Refusal" else RefusalLetter
    allowed = {"str", "date", "dt.date", "Content", "Letterhead", "tuple[str, ...]"}
    kinds = {getattr(field.type, "__name__", str(field.type)).replace("datetime.", "") for field in fields(made)}
    assert {kind for kind in kinds if kind not in allowed and not kind.startswith("tuple")} == set()


def _without_time(page: str) -> str:
    return re.sub(r"\d{1,2} \w+ 20\d\d(, \d\d:\d\d)?|\d\d h \d\d|\d\d:\d\d", "…", page)
