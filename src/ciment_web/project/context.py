"""What every page of an institution shows around its content."""

from importlib.metadata import version
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ciment_web.institutions.languages import is_translated, list_choices

VERSION = version("ciment")


def describe_page(request: HttpRequest) -> dict[str, Any]:
    """Return institution, member and navigation for the frame of the page."""
    institution = getattr(request, "institution", None)
    actor = getattr(request, "actor", None)
    page: dict[str, Any] = {"institution": institution, "version": VERSION}
    if institution is not None:
        page["languages"] = list_choices(request)
        page["is_translated"] = is_translated()
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
        ("quorum", _("Garder"), "lock-keyhole", ("members", "freezes", "settings", "founding")),
        ("home", _("Répondre"), "message-square-reply", ()),
        ("register", _("Rendre compte"), "scale", ("lawbook", "verify", "figures")),
    ]
    # What each verb leads to, with what else stands under it.
    under = {name: [reverse(each, kwargs=where) for each in (name, *others)] for name, _label, _icon, others in items}
    # The most specific address that the path begins with is the current one; home begins them all.
    places = [(len(url), name) for name, urls in under.items() for url in urls if path.startswith(url)]
    current = max(places, default=(0, ""))[1]
    return [
        {"label": label, "url": under[name][0], "icon": icon, "current": name == current}
        for name, label, icon, _others in items
    ]
