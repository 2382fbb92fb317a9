"""The words of the law pack, words that stay whole, and the hours of the institution, in templates."""

import re
from datetime import datetime

from django import template
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ciment_web.inquiries.documents import local_time
from ciment_web.institutions.models import Institution
from ciment_web.law import word_for

register = template.Library()
_HYPHENATED = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)+)")


@register.filter
def word(value: str, kind: str) -> str:
    """Return the word for a value of the vocabulary."""
    return word_for(kind, value)


@register.filter
def local(moment: datetime, institution: Institution) -> str:
    """Return a moment as the institution's clocks show it."""
    return formats.date_format(local_time(institution, moment), "j F Y, H:i")


@register.filter
def dialled(number: str) -> str:
    """Return a telephone number as a telephone dials it."""
    return "".join(each for each in number if each.isdigit() or each == "+")


@register.filter
def whole(text: str) -> SafeString:
    """Return the text with each hyphenated word kept on one line: what is read aloud is not read in two.

    By style, not by a non-breaking hyphen: whoever searches or copies the text finds the characters of a keyboard.
    """
    pieces = enumerate(_HYPHENATED.split(text))
    marked = (format_html('<span class="whole">{}</span>', piece) if at % 2 else piece for at, piece in pieces)
    return format_html_join("", "{}", ((piece,) for piece in marked))
