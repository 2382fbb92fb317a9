"""Done 6 of the main job: a refusal is the same whether or not anything is held about the person."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
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
    r"/i/(demo|voisin)/|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|name=\"csrfmiddlewaretoken\" value=\"[^\"]+\"|20\d\d-\d{4}|entrée no \d+"
)


def known(demonstration: Demonstration, about: str = CONTENT.about) -> None:
    """Let the institution hold documents about a person, by default the one asked about, and have answered on them."""
    prepare_release(demonstration, about.encode()).release(demonstration)
    prepare_release(demonstration, b"encore " + about.encode())
    record(demonstration, content=replace(CONTENT, about=about))


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


@dataclass
class Seen:
    """One step as the person who acts sees it, and as the database does."""

    step: str
    queries: int
    hashes: int
    answer: tuple[int, str, dict[str, str]]


def _visit(sign_in: SignIn, slug: str = "demo") -> list[Seen]:
    """Go through a request and its refusal in the browser's place, from the record to the page of what was sent."""
    answers = {
        "requester": "police", "form": "oral", "categories": ["existence", "address"],
        "name": CONTENT.name, "reach": CONTENT.reach, "about": CONTENT.about, "text": CONTENT.text,
    }  # fmt: skip
    facts = {"categories": ["existence", "address"], "form": "oral"}
    steps: list[tuple[str, str, str, dict[str, Any]]] = [
        ("travailleur", "GET", "", {}),
        ("travailleur", "GET", "document/certificate.tlog-proof", {}),
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
        ("dg", "GET", "document/refusal.pdf", {}),
        ("referent", "POST", "reponse/", {}),
        ("referent", "POST", "cloture/", {}),
    ]
    clients = {login: sign_in(login, slug) for login in ("travailleur", "referent", "dg")}
    seen = [_step(clients["travailleur"], "POST", f"/i/{slug}/demandes/nouvelle/", answers)]
    where = f"/i/{slug}/demandes/{Inquiry.objects.latest('received_at').id}/"
    return seen + [_step(clients[login], method, where + path, sent) for login, method, path, sent in steps]


def _step(client: Client, method: str, address: str, sent: dict[str, Any]) -> Seen:
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(address, sent) if method == "POST" else client.get(address)
    assert answer.status_code in (200, 302), (address, answer.content[:500])
    headers = {name: _without_time(_VARYING.sub("…", value)) for name, value in answer.headers.items()}
    # A PDF carries its number and its proof carries hashes, compressed: the letter has a test of its own, above.
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    page = _without_time(_VARYING.sub("…", answer.content.decode())) if is_page else ""
    headers.pop("Content-Length", None)
    step = f"{method} {_VARYING.sub('…', address)}"
    # How many hashes an entry completes and a proof reads depends on the register's length alone, which is public.
    hashes = sum(1 for query in queries if re.search(r'"register_(leaf|node)"', query["sql"]))
    return Seen(step, len(queries) - hashes, hashes, (answer.status_code, page, headers))


def test_pages_and_queries_are_the_same(demonstration: Demonstration, sign_in: SignIn) -> None:
    before = _visit(sign_in)
    known(demonstration)
    after = _visit(sign_in)
    for first, second in zip(before, after, strict=True):
        assert replace(first, hashes=0) == replace(second, hashes=0)


def test_with_registers_of_one_length_every_query_is_the_same(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn
) -> None:
    """Two institutions with one history: the first holds documents on the person asked about, the second on another."""
    known(demonstration)
    known(neighbour, "Dominique Autre")
    first, second = _visit(sign_in, "demo"), _visit(sign_in, "voisin")
    for one, other in zip(first, second, strict=True):
        assert one == other


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
