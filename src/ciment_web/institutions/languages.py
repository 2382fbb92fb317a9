"""The language a page is read in, and the one an institution writes in."""

from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from ciment_web.institutions.models import Institution

# A choice of whoever reads, kept in the browser alone: in the address it is made, in the cookie it stays.
PARAMETER = COOKIE = "langue"
# The language the sentences are written in: every other one is a translation, whose legal texts await a jurist of it.
_SOURCE = "fr"


def reading_language() -> str:
    """Return the two letters of the language that the page under way is read in."""
    return (translation.get_language() or settings.LANGUAGE_CODE)[:2]


def is_translated() -> bool:
    """Tell whether the page under way is read in a translation."""
    return reading_language() != _SOURCE


def writing_for(institution: Institution) -> AbstractContextManager[Any]:
    """Return a context in which sentences are those of the institution's language, whoever reads the page.

    What is signed, sealed or sent must not depend on the reader.
    """
    return translation.override(institution.language)


def speak(request: HttpRequest, institution: Institution) -> None:
    """Answer this request in the language that its reader chose, else in the institution's."""
    translation.activate(_choice(request) or _kept(request) or institution.language)


def keep_choice(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep the language that was chosen just now; whoever chooses nothing receives no cookie."""
    chosen, institution = _choice(request), getattr(request, "institution", None)
    if chosen is None or institution is None:
        return
    response.set_cookie(
        COOKIE,
        chosen,
        path=f"/i/{institution.slug}/",
        httponly=True,
        secure=settings.CIMENT_SECURE,
        samesite="Strict",
    )


def list_choices(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the languages with the address of this page in each; none where a form would be lost by going there."""
    if request.method != "GET" or len(settings.LANGUAGES) < 2:
        return []
    current = reading_language()
    choices = []
    for code, name in settings.LANGUAGES:
        query = request.GET.copy()
        query[PARAMETER] = code
        choices.append({"code": code, "name": name, "url": f"?{query.urlencode()}", "current": code == current})
    return choices


def _choice(request: HttpRequest) -> str | None:
    return _known(request.GET.get(PARAMETER))


def _kept(request: HttpRequest) -> str | None:
    return _known(request.COOKIES.get(COOKIE))


def _known(code: str | None) -> str | None:
    return code if code in dict(settings.LANGUAGES) else None
