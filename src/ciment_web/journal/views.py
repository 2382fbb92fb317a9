"""The journal of mission acts: one short form, and one's own lines; for the officer, numbers alone."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ciment_web.inquiries.documents import today
from ciment_web.journal.actions import Line, NewAct, read_lines, record_act
from ciment_web.journal.forms import ActForm
from ciment_web.journal.kinds import kinds
from ciment_web.journal.permissions import can_count, can_record
from ciment_web.journal.queries import mission_counts
from ciment_web.law import word_for
from ciment_web.members.middleware import SignedIn
from ciment_web.members.refusals import require

_COUNTED_DAYS = 30


@require_http_methods(["GET", "POST"])
def show_journal(request: SignedIn, slug: str) -> HttpResponse:
    """Take a line, and show those the member may read."""
    actor = request.actor
    require(can_record(actor) or can_count(actor))
    if request.method == "POST":
        require(can_record(actor))
    form = ActForm(request.POST if request.method == "POST" else None, initial={"done_on": today(actor.institution)})
    if form.is_valid():
        given = form.cleaned_data
        record_act(actor, NewAct(given["kind"], given["done_on"], given["told_to"], given["about"]))
        return redirect("journal", slug=slug)
    page = {
        "form": form,
        "may_record": can_record(actor),
        "lines": [_describe(line) for line in read_lines(actor)],
        "counts": _counts(request) if can_count(actor) else [],
        "may_count": can_count(actor),
        "days": _COUNTED_DAYS,
        "readers": _(
            "Vous et les référents. Le texte est scellé. La personne déléguée voit des nombres, jamais une ligne."
        ),
        "next": _("Rien : c’est une ligne au journal. Aucun accord n’est demandé, personne ne juge."),
    }
    return render(request, "journal/journal.html", page, status=422 if form.errors else 200)


def _describe(line: Line) -> dict[str, Any]:
    kind = kinds().get(line.row.kind)
    return {
        "kind": kind.text if kind else line.row.kind,
        "day": formats.date_format(date.fromisoformat(line.words.done_on), "j F Y"),
        "told_to": word_for("requester", line.words.told_to),
        "about": line.words.about,
        "by": line.row.recorded_by.name,
    }


def _counts(request: SignedIn) -> list[tuple[str, int]]:
    now = timezone.now()
    counted = mission_counts(request.actor.institution, (now - timedelta(days=_COUNTED_DAYS), now))
    return [(kind.text, counted.get(kind.id, 0)) for kind in kinds().values()]
