"""Pages of the main job and letters, against the same work with constant data."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import django

from harness import Row

django.setup()

import typst  # noqa: E402 - after Django has its settings
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings, setup_test_environment  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from ciment_web.inquiries.actions.record import NewInquiry, record_inquiry  # noqa: E402
from ciment_web.inquiries.content import Content  # noqa: E402
from ciment_web.inquiries.documents import Refusal, compose_refusal, put_seal  # noqa: E402
from ciment_web.institutions.keyfiles import read_key  # noqa: E402
from ciment_web.letters import InstitutionSeal, seal_pdf  # noqa: E402
from ciment_web.members.middleware import public  # noqa: E402
from ciment_web.project import urls as real_urls  # noqa: E402
from ciment_web.project.demonstration import found_demonstration  # noqa: E402

PASSPHRASE = "abandon-bambou-cactus-dauphin-ecureuil-fabuleux-gallium"  # noqa: S105 - opens nothing else
CONSTANT: dict[str, HttpResponse] = {}


@public
def constant(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with a page made before: what is left is the middleware."""
    del request
    return HttpResponse(CONSTANT[name].content)


urlpatterns = [*real_urls.urlpatterns, path("constant/<str:name>/", constant)]


def rows(quick: bool) -> Iterator[Row]:
    # Without it the client does not say which template made a page.
    setup_test_environment()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    demo = found_demonstration(PASSPHRASE)
    content = Content("Alex Témoin", "Rue de l’Exemple 1", "Camille Exemple", "Un texte.")
    made = [
        record_inquiry(demo.people["travailleur"], NewInquiry("police", "oral", ("address",), content))
        for _ in range(20)
    ]
    client = Client()
    client.post("/i/demo/connexion/", {"identifiant": "travailleur", "phrase": PASSPHRASE})
    calls = 5 if quick else 40
    with override_settings(ROOT_URLCONF=__name__):
        for name, address in (
            ("home, 20 requests", "/i/demo/"),
            ("the record's form", "/i/demo/demandes/nouvelle/"),
            ("one request, opened", f"/i/demo/demandes/{made[0].id}/"),
        ):
            yield _page(client, name, address, calls)
    yield from _letters(demo, quick)


def _page(client: Client, name: str, address: str, calls: int) -> Row:
    answer = client.get(address)
    assert answer.status_code == 200
    template = str(answer.templates[0].name)
    # The same template with the same data, already fetched and opened.
    flat: dict[str, Any] = _flatten(answer.context)
    request = RequestFactory().get(address)
    flat.pop("csrf_token", None)
    key = name.split(",", maxsplit=1)[0].replace(" ", "-").replace("'", "")
    CONSTANT[key] = HttpResponse(answer.content)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)

    def rival() -> object:
        render_to_string(template, flat, request)
        return client.get(f"/constant/{key}/")

    against = "the same template with constant data, and the same middleware"
    note = f"{len(queries)} queries"
    return Row(name, against, lambda: client.get(address), rival, "≤ 2", calls, note=note)


def _flatten(context: Any) -> dict[str, Any]:
    # The client keeps the context of every template that was rendered; the page's own is the first.
    flat: dict[str, Any] = context[0].flatten()
    return flat


def _letters(demo: Any, quick: bool) -> Iterator[Row]:
    institution = demo.institution
    refusal = Refusal(
        "police",
        Content("Alex", "Rue 1", "", ""),
        (),
        "2026-0001",
        date(2026, 11, 24),
        "Dominique Général",
        "directeur général",
    )
    stamp = InstitutionSeal(read_key(institution, "seal.key.pem"), read_key(institution, "seal.cert.pem"))
    unsigned = compose_refusal(institution, refusal)
    bare_compiler = typst.Compiler()
    source = (
        b'#set page(paper: "a4")\n#set text(lang: "fr")\n= Objet\n'
        + b"Un paragraphe de la lettre, assez long pour couvrir des lignes. " * 20
    )

    def ours() -> bytes:
        return put_seal(institution, compose_refusal(institution, refusal), "Réponse")

    def rival() -> bytes:
        bare_compiler.compile(source)
        return seal_pdf(unsigned, stamp, reason="Réponse", signed_at=timezone.now())

    yield Row("a signed letter", "bare typst and pyHanko", ours, rival, "≤ 1.5", 3 if quick else 15)
