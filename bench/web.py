"""Pages of the main job, against the same template with constant data behind the same middleware."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client
from django.test.utils import (
    CaptureQueriesContext,
    override_settings,
    setup_test_environment,
    teardown_test_environment,
)
from django.urls import path

from harness import Report, Row, Size
from house import house, sign_in

from ciment_web.inquiries.models import Inquiry, InquiryKey  # isort: skip - after house has set Django up
from ciment_web.members.middleware import SignedIn  # isort: skip
from ciment_web.members.tracing import record as leave_trace  # isort: skip
from ciment_web.project import urls as real_urls  # isort: skip
from web_stories import record  # isort: skip


@dataclass(frozen=True)
class Page:
    """A page as it was once answered: its template, and its data already fetched and opened."""

    template: str
    data: dict[str, Any]
    leaves_trace: bool


PAGES: dict[str, Page] = {}


def constant(request: SignedIn, slug: str, name: str) -> HttpResponse:
    """Render a page again from constant data, for a member whom the middleware signed in."""
    del slug
    page = PAGES[name]
    if page.leaves_trace:
        with transaction.atomic():
            leave_trace(request.actor, "inquiry.read", {"inquiry": name})
    return render(request, page.template, page.data)


urlpatterns = [path("i/<slug:slug>/constante/<str:name>/", constant), *real_urls.urlpatterns]


def rows(size: Size) -> Iterator[Row | Report]:
    demo = house()
    with override_settings(ROOT_URLCONF=__name__):
        worker, referent = sign_in("travailleur"), sign_in("referent")
        one = record(demo)
        address = f"/i/demo/demandes/{one.id}/"
        calls = 3 if size.quick else 30
        _multiply(one, 9)
        yield _row("home, 10 requests", worker, "/i/demo/", calls)
        yield _row("the form of the record", worker, "/i/demo/demandes/nouvelle/", calls)
        yield _row("one request, opened", worker, address, calls)
        yield _row("the same, its durable trace in both", worker, address, calls, leaves_trace=True)
        places = {"home (worker)": (worker, "/i/demo/"), "home (referent)": (referent, "/i/demo/")}
        places["request (worker)"] = (worker, address)
        few = {name: _range(*place) for name, place in places.items()}
        _multiply(one, 990)
        many = {name: _range(*place) for name, place in places.items()}
        yield Report(
            "queries at 10 and at 1,000 requests",
            "; ".join(f"{name}: {_span(few[name])} and {_span(many[name])}" for name in places),
            {"at_10": few, "at_1000": many, "constant": few == many},
        )
        yield _row("home, 1,000 requests (50 shown)", worker, "/i/demo/", calls)


def _row(name: str, client: Client, address: str, calls: int, *, leaves_trace: bool = False) -> Row:
    PAGES[name] = _capture(client, address, leaves_trace=leaves_trace)
    constant_address = f"/i/demo/constante/{name}/"
    assert client.get(constant_address).status_code == 200
    return Row(
        name, "same template, constant data, same middleware" + (" and the trace" if leaves_trace else ""),
        lambda: client.get(address), lambda: client.get(constant_address),
        None if leaves_trace else 2, calls, note=f"{_count(client, address)} queries",
    )  # fmt: skip


def _capture(client: Client, address: str, *, leaves_trace: bool) -> Page:
    # Only here does the test environment report templates: it slows every rendering down, so it is not timed.
    setup_test_environment()
    try:
        answer: Any = client.get(address)
    finally:
        teardown_test_environment()
    assert answer.status_code == 200, answer.status_code
    data: dict[str, Any] = answer.context[0].flatten()
    # The token belongs to its own request.
    data.pop("csrf_token", None)
    return Page(str(answer.templates[0].name), data, leaves_trace)


def _count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def _range(client: Client, address: str) -> list[int]:
    # A trace writes one row more when it completes a node of the tree: that follows the register, not the list.
    counts = [_count(client, address) for _ in range(8)]
    return [min(counts), max(counts)]


def _span(counts: list[int]) -> str:
    return "–".join(map(str, sorted(set(counts))))


def _multiply(one: Inquiry, count: int) -> None:
    """Add requests with the facts of `one`, in its state: rows of a list, whose words nobody opens here."""
    last = Inquiry.objects.order_by("-number").values_list("number", flat=True)[0]
    keys = list(InquiryKey.objects.filter(inquiry=one))
    facts = {
        field.attname: getattr(one, field.attname)
        for field in Inquiry._meta.concrete_fields  # noqa: SLF001 - Django's documented way to its fields
        if field.name not in ("id", "number")
    }
    made = [Inquiry(id=uuid.uuid4(), number=last + n, **facts) for n in range(1, count + 1)]
    with transaction.atomic():
        Inquiry.objects.bulk_create(made)
        InquiryKey.objects.bulk_create(
            InquiryKey(institution=one.institution, inquiry=each, member_id=key.member_id, wrapped=key.wrapped)
            for each in made
            for key in keys
        )
