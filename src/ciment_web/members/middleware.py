"""Every view requires sign-in unless it is listed: the default closes, the exception is written on the view."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation

from ciment.canon import CimentError, InvalidEncoding, unhex
from ciment.vault import MemberKeys, open_session, session_id
from ciment_web.institutions.languages import keep_choice, speak
from ciment_web.institutions.models import Institution
from ciment_web.members.actions import SESSION_LENGTH, SESSION_LIMIT, actor_of
from ciment_web.members.actor import Actor
from ciment_web.members.answering import is_admitted
from ciment_web.members.models import MemberSession

COOKIE = "ciment"
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class SignedIn(HttpRequest):
    """A request to a view that requires sign-in: actor and institution are always there."""

    actor: Actor
    institution: Institution


def public(view: View) -> View:
    """List `view` among those that need no sign-in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


class SignInRequired:
    """Puts the actor on the request, or sends to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the decision falls in `process_view`, where the address is known."""
        # Threads serve many readers: what one of them chose must not answer the next.
        translation.activate(settings.LANGUAGE_CODE)
        response = self.get_response(request)
        keep_choice(request, response)
        if not response.has_header("Cache-Control"):
            # What is read or typed here stays in no cache, the browser's own included: the next person may sit down.
            response["Cache-Control"] = "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Resolve institution and actor; None lets the view run."""
        del args
        slug = kwargs.get("slug")
        is_public = getattr(view, "is_public", False)
        if slug is None:
            # Outside an institution only listed views exist; an unlisted one is a mistake and stays closed.
            return None if is_public else HttpResponse(status=403)
        institution = get_object_or_404(Institution, slug=slug)
        # Every hour a page shows is the institution's; the database and the register keep UTC.
        timezone.activate(institution.timezone)
        speak(request, institution)
        actor = _resume(request, institution)
        request.institution = institution  # type: ignore[attr-defined]
        request.actor = actor  # type: ignore[attr-defined]
        if actor is not None or is_public:
            return None
        return _ask_to_sign_in(request, institution)


def cookie_path(institution: Institution) -> str:
    """Return the path a session cookie is confined to."""
    return f"/i/{institution.slug}/"


def set_cookie(response: HttpResponse, institution: Institution, secret: bytes) -> None:
    """Give the browser the session's secret."""
    response.set_cookie(
        COOKIE,
        secret.hex(),
        path=cookie_path(institution),
        httponly=True,
        secure=settings.CIMENT_SECURE,
        samesite="Strict",
    )


def cookie_secret(request: HttpRequest) -> bytes | None:
    """Return the secret of the request's cookie, if it has the right form."""
    try:
        return unhex(request.COOKIES.get(COOKIE), 32)
    except InvalidEncoding:
        return None


def _resume(request: HttpRequest, institution: Institution) -> Actor | None:
    secret = cookie_secret(request)
    if secret is None:
        return None
    session = (
        MemberSession.objects.select_related("member__institution")
        .filter(id=session_id(secret), expires_at__gt=timezone.now())
        .filter(member__institution=institution, member__active=True)
        .first()
    )
    if session is None or not is_admitted(session.member):
        return None
    try:
        # The keys must be those of the member's own row: a session moved to somebody else is no session.
        actor = actor_of(session.member, MemberKeys.from_seed(open_session(bytes(session.sealed_seed), secret)))
    except CimentError:
        return None
    _prolong(session)
    return actor


def _prolong(session: MemberSession) -> None:
    # Written at most every few minutes, so that reading a page stays a read.
    if session.expires_at - timezone.now() < SESSION_LENGTH * 0.9:
        until = min(timezone.now() + SESSION_LENGTH, session.opened_at + SESSION_LIMIT)
        MemberSession.objects.filter(pk=session.pk).update(expires_at=until)


def _ask_to_sign_in(request: HttpRequest, institution: Institution) -> HttpResponse:
    if request.method != "GET":
        # The page with the typed text is still in the browser: it says how to come back to it.
        from ciment_web.members.views.doors import ask_again  # noqa: PLC0415 - views import this module

        return ask_again(request, institution)
    address = reverse("sign-in", kwargs={"slug": institution.slug})
    return redirect(f"{address}?suite={request.path}")
