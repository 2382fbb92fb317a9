"""What the core refuses becomes a page: a sentence that says what to do, and nothing that was typed or sealed."""

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.views.defaults import page_not_found

from ciment.canon import CimentError
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.forms import NOT_KEPT
from ciment_web.members.refusals import NotAllowed
from ciment_web.members.throttle import TooManyAttempts
from ciment_web.project.explanations import explain

# Errors with an answer of their own in Django: 404, 403, 400.
_ANSWERED_BY_DJANGO = (Http404, PermissionDenied, SuspiciousOperation)
LOG = logging.getLogger("ciment")


class CoreFailures:
    """Turns the errors of the package into pages. Anything else is our fault: a plain page, an event, no detail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; an address that only a form may reach says so, instead of an empty page."""
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page of a refusal; None leaves Django to answer."""
        if isinstance(error, NotReader):
            # Somebody without a key learns nothing, not even that the inquiry exists.
            return page_not_found(request, error)
        if isinstance(error, TooManyAttempts):
            return render(request, "429.html", status=429)
        if isinstance(error, NotAllowed):
            return render(request, "403.html", status=403)
        if isinstance(error, CimentError):
            LOG.warning("act.refused", extra={"fields": {"error_type": type(error).__name__}})
            return render(request, "refused.html", {"explanation": explain(error), "kept": _kept(request)}, status=409)
        if not isinstance(error, _ANSWERED_BY_DJANGO):
            LOG.error("fault", extra={"fields": {"error_type": type(error).__name__, "where": _where(error)}})
        return None


def show_forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or stale."""
    del reason
    return render(request, "403_csrf.html", status=403)


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    # What was typed comes back with the refusal, so that nothing has to be typed twice; a passphrase never does.
    if request.method != "POST":
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_KEPT]


def _where(error: Exception) -> str:
    # File and line of the innermost frame: enough to mend it, nothing of what was in the variables.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    name = trace.tb_frame.f_code.co_filename.rsplit("/", 2)
    return f"{'/'.join(name[-2:])}:{trace.tb_lineno}"
