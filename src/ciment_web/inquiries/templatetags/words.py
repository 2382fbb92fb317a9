"""The words of the law pack and the hours of the institution, in templates."""

from datetime import datetime

from django import template
from django.utils import formats

from ciment.law import label
from ciment_web.inquiries.documents import local_time
from ciment_web.inquiries.forms import LANG
from ciment_web.institutions.models import Institution

register = template.Library()


@register.filter
def word(value: str, kind: str) -> str:
    """Return the word for a value of the vocabulary."""
    return label(kind, value, LANG)


@register.filter
def local(moment: datetime, institution: Institution) -> str:
    """Return a moment as the institution's clocks show it."""
    return formats.date_format(local_time(institution, moment), "j F Y, H:i")
