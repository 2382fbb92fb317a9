"""A smaller copy of a PDF: pictures of the pages kept, so that nothing of the others can hide in it.

Leaving pages out of a PDF leaves their text and images behind in shared resources, links and forms. A picture of a
page holds what can be seen on it and nothing else.
"""

import io
import re
from collections.abc import Sequence
from itertools import chain

import pypdfium2
from PIL import Image

from ciment_web.decisions.refusals import CopyRefused

# Enough to read small print and to print again, at some 100 KiB a page.
_DOTS_PER_INCH = 150
_QUALITY = 85
_MOST_PAGES = 50
_PAGES = re.compile(r"\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?")
# A page may claim to be a square kilometre.
_LARGEST_SIDE = 6000


def keep_pages(pdf: bytes, pages: str) -> bytes:
    """Return a PDF of pictures of only the pages named ("1-2, 4").

    Raises:
        CopyRefused: `broken_pdf`, or `pages` when the list is empty, malformed, too long or names an absent page.
    """
    try:
        document = pypdfium2.PdfDocument(pdf)
        numbers = _page_numbers(pages, len(document))
        pictures = [_picture(document[number - 1]) for number in numbers]
    except pypdfium2.PdfiumError as error:
        raise CopyRefused("broken_pdf") from error
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=_DOTS_PER_INCH, quality=_QUALITY)
    return out.getvalue()


def _picture(page: pypdfium2.PdfPage) -> Image.Image:
    scale = _DOTS_PER_INCH / 72
    if max(page.get_size()) * scale > _LARGEST_SIDE:
        raise CopyRefused("broken_pdf")
    picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return picture.convert("RGB")


def _page_numbers(text: str, last: int) -> Sequence[int]:
    ranges = []
    for part in text.split(","):
        found = _PAGES.fullmatch(part)
        if not found:
            raise CopyRefused("pages")
        first, end = int(found[1]), int(found[2] or found[1])
        if not 1 <= first <= end <= last:
            raise CopyRefused("pages")
        ranges.append(range(first, end + 1))
    numbers = sorted(set(chain.from_iterable(ranges)))
    if len(numbers) > _MOST_PAGES:
        raise CopyRefused("pages")
    return numbers
