"""The pages of a member who is pressed. Each visit leaves the same entry, so that none of them tells anything."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciment_web.members.middleware import SignedIn
from ciment_web.members.refusals import require
from ciment_web.pressure.actions import (
    NewReport,
    Told,
    add_words,
    leave_visit,
    read_report,
    share_report,
    tell_report,
)
from ciment_web.pressure.forms import ReadersForm, TellForm, WhoForm, WordsForm
from ciment_web.pressure.permissions import can_tell
from ciment_web.pressure.queries import colleagues, entrusted, open_report, possible_readers, signatories
from ciment_web.pressure.sealing import READ, Head, Said


@require_GET
def show_confidences(request: SignedIn, slug: str) -> HttpResponse:
    """Say what to expect and who helps; list what the member wrote or was entrusted with."""
    del slug
    leave_visit(request.actor)
    page = {"rows": entrusted(request.actor), "may_tell": can_tell(request.actor)}
    return render(request, "pressure/confidences.html", page)


@require_http_methods(["GET", "POST"])
def tell(request: SignedIn, slug: str) -> HttpResponse:
    """Ask who presses; then what happened, and to whom among the others it is entrusted."""
    require(can_tell(request.actor))
    who = WhoForm(request.POST if request.method == "POST" else None, colleagues=colleagues(request.actor))
    if not who.is_valid():
        leave_visit(request.actor)
        return render(request, "pressure/who.html", {"form": who}, status=422 if who.errors else 200)
    named = frozenset(who.cleaned_data["named"])
    offered = [member for member in possible_readers(request.actor).values() if member.id not in named]
    if "what" not in request.POST:
        default = [member.id for member in offered if member.id in signatories(request.actor)]
        form = TellForm(offered=offered, initial={"readers": default})
        leave_visit(request.actor)
        return render(request, "pressure/tell.html", _tell_page(who, form))
    form = TellForm(request.POST, offered=offered)
    if not form.is_valid():
        leave_visit(request.actor)
        return render(request, "pressure/tell.html", _tell_page(who, form), status=422)
    words = {**form.words(), **({"outsider": outsider} if (outsider := who.cleaned_data["outsider"]) else {})}
    report = tell_report(request.actor, NewReport(words, named, frozenset(form.cleaned_data["readers"])))
    return redirect("confidence", slug=slug, report_id=report.id)


@require_GET
def show_report(request: SignedIn, slug: str, report_id: uuid.UUID) -> HttpResponse:
    """Show what was told, to its author and to those it is entrusted to; to anybody else there is nothing."""
    del slug
    return render(request, "pressure/confidence.html", _report_page(request, read_report(request.actor, report_id)))


@require_POST
def add(request: SignedIn, slug: str, report_id: uuid.UUID) -> HttpResponse:
    """Take what happened since."""
    form = WordsForm(request.POST)
    if form.is_valid():
        add_words(request.actor, report_id, form.words())
        return redirect("confidence", slug=slug, report_id=report_id)
    page = _report_page(request, read_report(request.actor, report_id))
    require(page["mine"])
    return render(request, "pressure/confidence.html", {**page, "form": form}, status=422)


@require_POST
def share(request: SignedIn, slug: str, report_id: uuid.UUID) -> HttpResponse:
    """Take the readers chosen anew; nobody is a choice too."""
    head = open_report(request.actor, report_id).head
    require(head.author == request.actor.id)
    form = _readers_form(request, head, request.POST)
    if form.is_valid():
        share_report(request.actor, report_id, frozenset(form.cleaned_data["readers"]))
        return redirect("confidence", slug=slug, report_id=report_id)
    page = _report_page(request, read_report(request.actor, report_id))
    return render(request, "pressure/confidence.html", {**page, "readers_form": form}, status=422)


def _tell_page(who: WhoForm, form: TellForm) -> dict[str, Any]:
    return {
        "who": who,
        "form": form,
        "kept": [("named", value) for value in who.cleaned_data["named"]] + [("outsider", who.cleaned_data["outsider"])],
        "readers": _("Vous, et les personnes cochées ci-dessus. Personne d’autre : ni la personne nommée, ni l’administration du système."),
        "next": _(
            "Un courriel sans aucun contenu invite les personnes cochées à se connecter ; il ne dit pas pourquoi. "
            "Vous pourrez ajouter, et retirer le partage. Ce qui a été lu ne peut pas être oublié."
        ),
    }  # fmt: skip


def _report_page(request: SignedIn, told: Told) -> dict[str, Any]:
    mine = told.head.author == request.actor.id
    return {
        "told": told,
        "mine": mine,
        "author": told.people[told.head.author].name,
        "named": _names(told, told.head.named),
        "entrusted": _names(told, told.head.readers),
        "said": [_describe(each, told) for each in told.said if each.kind != READ],
        "openings": [{"by": told.people[each.by].name, "at": each.at} for each in told.said if each.kind == READ],
        "form": WordsForm(),
        "readers": _("Vous, et les personnes à qui c’est confié."),
        "next": _("Un courriel sans aucun contenu les invite à se connecter. Ce qui précède ne change pas."),
        "readers_form": _readers_form(request, told.head, None) if mine else None,
    }


def _readers_form(request: SignedIn, head: Head, data: Any) -> ReadersForm:
    offered = [member for member in possible_readers(request.actor).values() if str(member.id) not in head.named]
    return ReadersForm(data, offered=offered, initial={"readers": list(head.readers)})


def _names(told: Told, members: tuple[str, ...]) -> list[str]:
    return sorted(told.people[each].name for each in members if each in told.people)


def _describe(said: Said, told: Told) -> dict[str, Any]:
    titles = (
        ("outsider", _("Quelqu’un d’extérieur")),
        ("what", _("Ce qui a été dit ou fait")),
        ("when", _("Quand")),
    )
    return {
        "at": said.at,
        "by": told.people[said.by].name,
        "words": [(title, said.words[name]) for name, title in titles if said.words.get(name)],
    }
