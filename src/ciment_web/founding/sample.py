"""The letter that a centre would send, as a sample: the real one, to somebody who does not exist."""

import io

import pypdfium2

from ciment_web.inquiries.content import Content
from ciment_web.inquiries.documents import Refusal, compose_refusal, today
from ciment_web.institutions.models import Institution

# A4 at 72 dots an inch is 595 wide: enough to see the head of a letter, light enough for a phone.
_SCALE = 1.0
_SHADES = 8


def sample_letter(institution: Institution) -> bytes:
    """Return the refusal that the institution would write today, unsigned.

    Raises:
        UnprintableLetter: if a word of the letterhead cannot be printed.
    """
    return compose_refusal(
        institution,
        Refusal(
            requester="police",
            content=Content("Alex Témoin", "Rue de l’Exemple 1\n0000 Exemple", "", ""),
            form_needed=(),
            reference="EXEMPLE",
            on=today(institution),
            signatory_name="…",
            signatory_title="…",
        ),
    )


def picture_of(letter: bytes) -> bytes:
    """Return the first page of a PDF as a small PNG."""
    with pypdfium2.PdfDocument(letter) as document:
        picture = document[0].render(scale=_SCALE, grayscale=True).to_pil()
    out = io.BytesIO()
    picture.convert("L").quantize(_SHADES).save(out, format="PNG", optimize=True)
    return out.getvalue()
