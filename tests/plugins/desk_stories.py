"""Ways to open the desk, to file a request at it as anybody would, and to answer it."""

import re
import uuid
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ciment_web.arrivals.actions import open_arrivals
from ciment_web.arrivals.models import ArrivalKey
from ciment_web.project.demonstration import Demonstration

DESK, STATE, LIST = "/i/demo/guichet/", "/i/demo/guichet/suivi/", "/i/demo/guichet/demandes/"
PDF = b"%PDF-1.7\nlettre de demande\n%%EOF\n"
ASKED: dict[str, Any] = {
    "requester": "police",
    "name": "Robin Inspecteur",
    "service": "Zone de police de Valbrume",
    "reach": "Place de l’Exemple 2\n0000 Valbrume",
    "basis": "aucune",
    "about": "Camille Exemple",
    "categories": ["existence", "address"],
    "text": "Camille Exemple est-elle connue de vos services ?",
    "follows": "",
}


def open_desk(demonstration: Demonstration, *channels: str) -> ArrivalKey:
    """Let the director general open the desk."""
    return open_arrivals(demonstration.people["dg"], channels or ("desk",), demonstration.passphrase)


def pdf(name: str = "lettre.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """Return a letter as a browser sends it."""
    return SimpleUploadedFile(name, content, "application/pdf")


def asked(**changes: Any) -> dict[str, Any]:
    """Return the answers of a page that was just opened."""
    return {**ASKED, "form_id": str(uuid.uuid4()), **changes}


def code_in(page: bytes) -> str:
    """Return the code that a page shows."""
    found = re.search(r'<code class="wrap">([^<]+)</code>', page.decode())
    assert found, unescape(page.decode())
    return unescape(found[1])


def file(client: Client | None = None, **changes: Any) -> str:
    """File a request through the public page; return its code."""
    answer = (client or Client()).post(DESK, asked(**changes))
    assert answer.status_code == 200, unescape(answer.content.decode())
    return code_in(answer.content)


def said(page: bytes) -> str:
    """Return the words of a page, spaces made plain."""
    return unescape(page.decode()).replace("\u00a0", " ")
