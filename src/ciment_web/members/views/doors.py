"""Sign in and sign out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ciment_web.institutions.models import Institution
from ciment_web.members import actions
from ciment_web.members.forms import NOT_KEPT, SignInForm
from ciment_web.members.middleware import COOKIE, SignedIn, cookie_path, cookie_secret, public, set_cookie
from ciment_web.members.throttle import TooManyAttempts


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: SignedIn, slug: str) -> HttpResponse:
    """Show the sign-in page, or open a session."""
    del slug
    institution = request.institution
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _actor, secret = actions.sign_in(
                institution, form.cleaned_data["identifiant"], form.cleaned_data["phrase"], address_of(request)
            )
        except TooManyAttempts:
            return render(request, "429.html", status=429)
        except actions.AccountFrozen:
            form.add_error(None, _("L’accès de ce compte est gelé. Adressez-vous à une personne signataire."))
        except actions.SignInRefused:
            form.add_error(
                None, _("Cet identifiant et cette phrase de passe ne vont pas ensemble. Vérifiez-les et recommencez.")
            )
        else:
            response = redirect(_next_page(request, institution))
            set_cookie(response, institution, secret)
            return response
    status = 422 if form.errors else 200
    return render(request, "members/sign_in.html", {"form": form, "next": request.GET.get("suite", "")}, status=status)


@require_POST
def sign_out(request: SignedIn, slug: str) -> HttpResponse:
    """Close the session and forget the cookie."""
    secret = cookie_secret(request)
    if secret is not None:
        actions.sign_out(request.actor, secret)
    response = redirect("sign-in", slug=slug)
    response.delete_cookie(COOKIE, path=cookie_path(request.institution))
    return response


def ask_again(request: HttpRequest, institution: Institution) -> HttpResponse:
    """Answer a form sent after the session ended: what was typed comes back once one has signed in again."""
    kept = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_KEPT]
    page: dict[str, Any] = {"form": SignInForm(), "kept": kept, "kept_for": request.path, "institution": institution}
    return render(request, "members/sign_in.html", page, status=401)


@public
@sensitive_post_parameters()
@require_POST
def sign_in_again(request: SignedIn, slug: str) -> HttpResponse:
    """Sign in and show again what was typed before the session ended, ready to be sent."""
    del slug
    form = SignInForm(request.POST)
    kept = [
        (name.removeprefix("kept."), value)
        for name, values in request.POST.lists()
        for value in values
        if name.startswith("kept.")
    ]
    kept_for = _safe(request, request.POST.get("kept_for", ""), request.institution)
    page: dict[str, Any] = {"form": form, "kept": kept, "kept_for": kept_for}
    if form.is_valid():
        try:
            _actor, secret = actions.sign_in(
                request.institution, form.cleaned_data["identifiant"], form.cleaned_data["phrase"], address_of(request)
            )
        except TooManyAttempts:
            return render(request, "429.html", status=429)
        except actions.AccountFrozen:
            form.add_error(None, _("L’accès de ce compte est gelé. Adressez-vous à une personne signataire."))
        except actions.SignInRefused:
            form.add_error(
                None, _("Cet identifiant et cette phrase de passe ne vont pas ensemble. Vérifiez-les et recommencez.")
            )
        else:
            response = render(request, "members/resume.html", page)
            set_cookie(response, request.institution, secret)
            return response
    return render(request, "members/sign_in.html", page, status=422)


@public
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the one institution of this server; where there are several, nobody is told which."""
    institutions = list(Institution.objects.all()[:2])
    if len(institutions) == 1:
        return redirect("home", slug=institutions[0].slug)
    return render(request, "members/index.html")


def _next_page(request: HttpRequest, institution: Institution) -> str:
    return _safe(request, request.POST.get("suite", ""), institution)


def _safe(request: HttpRequest, address: str, institution: Institution) -> str:
    home = reverse("home", kwargs={"slug": institution.slug})
    if address.startswith(home) and url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return address
    return home


def address_of(request: HttpRequest) -> str:
    """Return the network address that refused attempts are counted by."""
    return str(request.META.get("REMOTE_ADDR", ""))
