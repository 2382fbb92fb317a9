"""The pages that lead a new centre from its first administrator to its first request."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ciment_web.founding import actions
from ciment_web.founding.forms import LetterheadForm, RhythmForm, TeamForms
from ciment_web.founding.permissions import can_set_up
from ciment_web.founding.queries import law_of, look_around, printable_fingerprint
from ciment_web.founding.sample import picture_of, sample_letter
from ciment_web.founding.steps import list_steps
from ciment_web.founding.team import TEAMS, find_team
from ciment_web.inquiries.permissions import can_record
from ciment_web.institutions.models import Institution
from ciment_web.members.invitation_refusals import explain_invitation
from ciment_web.members.invitations import InvitationRefused
from ciment_web.members.middleware import SignedIn
from ciment_web.members.models import Role
from ciment_web.members.refusals import require


@require_GET
def show_steps(request: SignedIn, slug: str) -> HttpResponse:
    """Show where the centre stands, and whose turn it is."""
    del slug
    steps = list_steps(request.actor, look_around(request.actor))
    page = {"steps": steps, "done": sum(step.done for step in steps), "may_set_up": can_set_up(request.actor)}
    return render(request, "founding/steps.html", page)


@require_http_methods(["GET", "POST"])
def letterhead(request: SignedIn, slug: str) -> HttpResponse:
    """Show the letterhead with its letter; the administrator changes it, before the ceremony."""
    may, institution = can_set_up(request.actor), request.institution
    form = LetterheadForm(request.POST or None, initial=_written(institution))
    if request.method == "POST":
        require(may)
        if form.is_valid():
            actions.set_letterhead(request.actor, form.words())
            return redirect("founding-letterhead", slug=slug)
    page = {"form": form if may else None, "ready": bool(institution.address)}
    return render(request, "founding/letterhead.html", page, status=422 if form.errors else 200)


@require_GET
def letter(request: SignedIn, slug: str) -> HttpResponse:
    """Give the sample letter as a PDF."""
    del slug
    response = HttpResponse(sample_letter(request.institution), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="exemple.pdf"'
    return response


@require_GET
def letter_picture(request: SignedIn, slug: str) -> HttpResponse:
    """Give the sample letter as a picture."""
    del slug
    return HttpResponse(picture_of(sample_letter(request.institution)), content_type="image/png")


@require_http_methods(["GET", "POST"])
def rhythm(request: SignedIn, slug: str) -> HttpResponse:
    """Show the rhythm of the replies; the administrator changes it, before the ceremony."""
    may, institution = can_set_up(request.actor), request.institution
    kept = {"delay_hours": institution.reply_delay_hours, "decision_days": institution.decision_days}
    form = RhythmForm(request.POST or None, initial=kept)
    if request.method == "POST":
        require(may)
        if form.is_valid():
            actions.set_rhythm(request.actor, form.cleaned_data["delay_hours"], form.cleaned_data["decision_days"])
            return redirect("founding", slug=slug)
    page = {"form": form if may else None, **kept}
    return render(request, "founding/rhythm.html", page, status=422 if form.errors else 200)


@require_GET
def law(request: SignedIn, slug: str) -> HttpResponse:
    """Say which law is applied, or what the host must do."""
    del slug
    institution = request.institution
    return render(request, "founding/law.html", {"law": law_of(institution), "folder": str(institution.id)})


@require_GET
def choose_team(request: SignedIn, slug: str) -> HttpResponse:
    """Show the ready-made teams."""
    del slug
    require(can_set_up(request.actor))
    teams = [
        {"team": team, "posts": [_words_of(post.roles, str(post.function)) for post in team.posts]} for team in TEAMS
    ]
    return render(request, "founding/teams.html", {"teams": teams})


@require_http_methods(["GET", "POST"])
def invite_team(request: SignedIn, slug: str, team: str) -> HttpResponse:
    """Ask for the names of a ready-made team; show each invitation on a sheet of its own, this once."""
    require(can_set_up(request.actor))
    chosen = find_team(team)
    if chosen is None:
        raise Http404
    held = look_around(request.actor)
    # Where somebody advises already, that place is taken.
    audited = any(Role.DPO in roles for _member, roles in held.people)
    posts = [post for post in chosen.posts if not (audited and post.roles == (Role.DPO,))]
    forms = TeamForms(posts, request.POST or None)
    refused: list[str] = []
    if forms.is_valid():
        newcomers = forms.newcomers(request.institution)
        try:
            sheets = actions.invite_team(request.actor, newcomers) if newcomers else []
        except actions.TeamRefused as error:
            refused = [str(reason) for reason in error.reasons]
        except InvitationRefused as error:
            refused = [explain_invitation(error.reason)]
        else:
            if sheets:
                return _show_sheets(request, slug, sheets, [_words_of(each.roles, each.function) for each in newcomers])
            refused = [_("Écrivez au moins un nom.")]
    wrong = bool(refused) or any(form.errors for form in forms.forms)
    page = {"team": chosen, "forms": forms.forms, "refused": refused, "waiting": bool(held.invitations)}
    return render(request, "founding/team.html", page, status=422 if wrong else 200)


@require_GET
def paper(request: SignedIn, slug: str) -> HttpResponse:
    """Print the fingerprint of the ceremony, for whoever trusts it; the others copy it from that paper."""
    del slug
    mark, seats = printable_fingerprint(request.actor)
    return render(request, "founding/paper.html", {"fingerprint": mark, "seats": seats})


@require_GET
def first_day(request: SignedIn, slug: str) -> HttpResponse:
    """Lead to the first request, and name what a centre adopts before it works for real."""
    del slug
    return render(request, "founding/first_day.html", {"may_record": can_record(request.actor)})


def _show_sheets(request: SignedIn, slug: str, sheets: list[Any], words: list[dict[str, Any]]) -> HttpResponse:
    address = request.build_absolute_uri(reverse("invitation", kwargs={"slug": slug}))
    shown = [{"invitation": row, "code": code, **said} for (row, code), said in zip(sheets, words, strict=True)]
    return render(request, "founding/sheets.html", {"sheets": shown, "address": address})


def _words_of(roles: tuple[Role, ...], function: str) -> dict[str, Any]:
    return {"function": function, "roles": [Role(role).label for role in roles]}


def _written(institution: Institution) -> dict[str, str]:
    names = ("name", "address", "contact", "place")
    return {name: getattr(institution, name) for name in names}
