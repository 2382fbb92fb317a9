"""What every page of an institution shows around its content."""

from importlib.metadata import version
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

VERSION = version("ciment")


def describe_page(request: HttpRequest) -> dict[str, Any]:
    """Return institution, member and navigation for the frame of the page."""
    institution = getattr(request, "institution", None)
    actor = getattr(request, "actor", None)
    page: dict[str, Any] = {"institution": institution, "version": VERSION}
    if institution is not None and actor is not None:
        where = {"slug": institution.slug}
        page["member"] = actor.member.name
        page["actor"] = actor
        page["home_url"] = reverse("home", kwargs=where)
        page["sign_out_url"] = reverse("sign-out", kwargs=where)
        page["nav_items"] = _navigation(request.path, where)
    return page


def _navigation(path: str, where: dict[str, str]) -> list[dict[str, Any]]:
    items = [
        ("quorum", _("Garder"), "lock-keyhole"),
        ("home", _("Répondre"), "message-square-reply"),
        ("register", _("Rendre compte"), "scale"),
    ]
    pages = [(reverse(name, kwargs=where), label, icon) for name, label, icon in items]
    # The most specific address that the path begins with is the current one; home begins them all.
    current = max((url for url, _label, _icon in pages if path.startswith(url)), key=len, default="")
    return [{"label": label, "url": url, "icon": icon, "current": url == current} for url, label, icon in pages]
