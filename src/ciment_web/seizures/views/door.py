"""The pages at the door: one that anybody reads at once, and those where a member notes what happens."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from ciment.canon import CimentError
from ciment.law import VOCABULARY, parse_facts, qualify
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.message_refusals import explain_message
from ciment_web.inquiries.verdicts import describe_answer
from ciment_web.institutions.models import Institution
from ciment_web.law import pack_of
from ciment_web.members.middleware import SignedIn, public
from ciment_web.members.refusals import require
from ciment_web.seizures.actions import Told, add_fact, lift_hold, open_seizure, read_seizure
from ciment_web.seizures.forms import FactForm, LiftForm
from ciment_web.seizures.models import Seizure
from ciment_web.seizures.permissions import can_lift, can_note
from ciment_web.seizures.queries import get_seizure, latest
from ciment_web.seizures.steps import STEPS, Step, answers_of, heading_of, objection_sentence, of_kind


@public
@require_safe
def show_search(request: SignedIn, slug: str) -> HttpResponse:
    """Show what to do when they are at the door: no account, no cookie, nothing to fill in."""
    del slug
    return render(request, "seizures/search.html", {"sentence": objection_sentence()})


@require_GET
def list_seizures(request: SignedIn, slug: str) -> HttpResponse:
    """List the searches and seizures the member may open."""
    del slug
    return render(request, "seizures/list.html", {"rows": latest(request.actor)})


@require_http_methods(["GET", "POST"])
def new_seizure(request: SignedIn, slug: str) -> HttpResponse:
    """Tell the signatories that somebody is at the door; one press, nothing to write."""
    require(can_note(request.actor))
    if request.method == "POST":
        seizure = open_seizure(request.actor)
        return redirect("seizure-step", slug=slug, seizure_id=seizure.id, step="titre")
    return render(request, "seizures/new.html", _who_sees())


@require_GET
def show_seizure(request: SignedIn, slug: str, seizure_id: uuid.UUID) -> HttpResponse:
    """Show everything that was noted, in order, with what the law says of the title."""
    del slug
    seizure = get_seizure(request.actor, seizure_id)
    facts = read_seizure(request.actor, seizure)
    return render(request, "seizures/seizure.html", _page(request, seizure, facts))


@require_http_methods(["GET", "POST"])
def note_fact(request: SignedIn, slug: str, seizure_id: uuid.UUID, step: str) -> HttpResponse:
    """Ask one step; what is noted is added with its minute, and leads to the next."""
    seizure = get_seizure(request.actor, seizure_id)
    asked = STEPS.get(step)
    if asked is None:
        raise Http404
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = asked.form(*posted)
    if getattr(request, "upload_too_large", False):
        form.add_error(None, explain_message("too_large"))
    if form.is_valid():
        _note(request, seizure, form)
        if asked.next:
            return redirect("seizure-step", slug=slug, seizure_id=seizure.id, step=asked.next)
        return redirect("seizure", slug=slug, seizure_id=seizure.id)
    facts = read_seizure(request.actor, seizure)
    status = 422 if form.errors else 200
    return render(request, "seizures/step.html", _step_page(seizure, asked, form, facts), status=status)


@require_POST
def lift(request: SignedIn, slug: str, seizure_id: uuid.UUID) -> HttpResponse:
    """Take a signatory's reason for letting erasure begin again."""
    seizure = get_seizure(request.actor, seizure_id)
    require(can_lift(request.actor))
    form = LiftForm(request.POST)
    if form.is_valid():
        lift_hold(request.actor, seizure, form.cleaned_data["reason"])
        return redirect("seizure", slug=slug, seizure_id=seizure.id)
    page = _page(request, seizure, read_seizure(request.actor, seizure))
    return render(request, "seizures/seizure.html", {**page, "lift_form": form}, status=422)


def _note(request: SignedIn, seizure: Seizure, form: FactForm) -> None:
    add_fact(request.actor, seizure, form.words(form.cleaned_data.get("photo")))


def _page(request: SignedIn, seizure: Seizure, facts: Sequence[Told]) -> dict[str, Any]:
    ended = bool(of_kind(facts, "end"))
    return {
        "seizure": seizure,
        "facts": [_describe(each) for each in facts],
        "steps": _progress(facts),
        "more": [{"name": step.name, "title": step.title} for step in STEPS.values()],
        "inventories": seizure.inventories.order_by("-number").only("number", "made_at", "leaf_index"),
        "may_lift": can_lift(request.actor) and ended and seizure.lifted_at is None,
        "lift_form": LiftForm(),
        **_what_the_law_says(seizure.institution, facts),
    }


def _step_page(seizure: Seizure, step: Step, form: FactForm, facts: Sequence[Told]) -> dict[str, Any]:
    return {
        "seizure": seizure,
        "step": step,
        "form": form,
        "said": objection_sentence() if step.name == "piece" else "",
        "noted": [_describe(each) for each in of_kind(facts, step.form.kind)],
        "steps": _progress(facts, step),
        **_who_sees(),
    }


def _progress(facts: Sequence[Told], current: Step | None = None) -> list[dict[str, Any]]:
    noted = {each.words.kind for each in facts}
    return [
        {
            "label": step.short,
            "status": "current" if step is current else "done" if step.form.kind in noted else "todo",
        }
        for step in STEPS.values()
        if step.form.kind != "note"
    ]


def _describe(told: Told) -> dict[str, Any]:
    return {
        "heading": heading_of(told),
        "at": told.row.noted_at,
        "by": told.row.noted_by.name,
        "answers": answers_of(told),
        "photo": told.row.position if told.words.photo else None,
    }


def _what_the_law_says(institution: Institution, facts: Sequence[Told]) -> dict[str, Any]:
    """Return what the pack answers to the title last shown; nothing before one was noted, or without a pack."""
    shown = [each.words.answers for each in of_kind(facts, "title") if each.words.answers.get("title")]
    if not shown:
        return {"verdicts": [], "asked": False}
    stated = {
        # A police that names nobody who sent it is the least the law can read.
        "requester": shown[-1].get("executing") or "police",
        "setting": "search_or_seizure",
        "title": shown[-1]["title"],
        "category": list(VOCABULARY["category"]),
    }
    try:
        answer = qualify(pack_of(institution), parse_facts(stated), today(institution))
        cards = describe_answer(answer.to_json(institution.language), misses=4)
    except CimentError:
        # A pack that nobody vouches for says nothing; it stops nobody from noting what happens.
        return {"verdicts": [], "asked": True}
    # One answer for everything needs no list of twelve kinds of information above it.
    whole = [{**card, "subject": _("Tout ce que le centre garde")} for card in cards] if len(cards) == 1 else cards
    return {"verdicts": whole, "asked": True}


def _who_sees() -> dict[str, Any]:
    return {
        "readers": _("Vous, le référent et les signataires de l’institution. Le texte et les photos sont scellés."),
        "next": _(
            "Les signataires sont prévenus par un courriel sans aucun contenu, à l’ouverture. "
            "Ce que vous notez s’ajoute avec son heure ; l’inventaire imprimé est lu par les personnes présentes."
        ),
    }
