"""The pages of drills: one question at a time, then the reflex and why; and what the team chose, as a whole."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ciment.register import LEAST
from ciment_web.drills.actions import answer_moment
from ciment_web.drills.casebook import AUDIENCES, Case, Moment, all_cases, next_case
from ciment_web.drills.forms import MomentForm
from ciment_web.drills.queries import Result, team_results
from ciment_web.drills.telling import ask_the_law, tell_audience, tell_channel, tell_reflexes
from ciment_web.members.middleware import SignedIn


@require_safe
def list_drills(request: SignedIn, slug: str) -> HttpResponse:
    """Show every case, by whom it is for."""
    del slug
    groups = [
        {"title": tell_audience(audience), "cases": [_describe(case) for case in _for(audience)]}
        for audience in AUDIENCES
    ]
    page = {"groups": groups, "first": next(iter(all_cases())), "count": len(all_cases())}
    return render(request, "drills/list.html", page)


@require_http_methods(["GET", "POST"])
def play_moment(request: SignedIn, slug: str, case_slug: str, number: int = 1) -> HttpResponse:
    """Show what is said up to a moment and ask what to do; a choice is counted for the team."""
    case = _find(case_slug)
    moment = _moment(case, number)
    form = MomentForm(moment, request.POST if request.method == "POST" else None)
    if form.is_valid():
        choice = form.cleaned_data["choix"]
        answer_moment(request.actor, case, number - 1, choice)
        return redirect("drill-comment", slug=slug, case_slug=case.slug, number=number, choice=choice + 1)
    page = {**_describe(case), "moment": moment, "form": form, "number": number, "of": len(case.moments)}
    return render(request, "drills/moment.html", page, status=422 if form.errors else 200)


@require_safe
def show_comment(request: SignedIn, slug: str, case_slug: str, number: int, choice: int) -> HttpResponse:
    """Say what a choice leads to; after the last moment, the reflex, why, and what the law itself answers."""
    del slug
    case = _find(case_slug)
    moment = _moment(case, number)
    if not 1 <= choice <= len(moment.choices):
        raise Http404
    last = number == len(case.moments)
    page = {
        **_describe(case),
        "number": number,
        "of": len(case.moments),
        "chosen": moment.choices[choice - 1],
        "is_right": choice - 1 == moment.right,
        "right": moment.choices[moment.right],
        "following": None if last else number + 1,
        **(_conclude(request, case) if last else {}),
    }
    return render(request, "drills/comment.html", page)


@require_safe
def show_sheet(request: SignedIn, slug: str, case_slug: str) -> HttpResponse:
    """Show one case whole, to be printed for a meeting of the team."""
    del slug
    case = _find(case_slug)
    moments = [{"moment": each, "right": each.choices[each.right]} for each in case.moments]
    return render(request, "drills/sheet.html", {**_describe(case), "moments": moments, **_conclude(request, case)})


@require_safe
def show_results(request: SignedIn, slug: str) -> HttpResponse:
    """Show what the team chose, where enough people answered."""
    del slug
    results = [_describe_result(each) for each in team_results(request.institution)]
    return render(request, "drills/results.html", {"results": results, "least": LEAST})


def _find(case_slug: str) -> Case:
    case = all_cases().get(case_slug)
    if case is None:
        raise Http404
    return case


def _moment(case: Case, number: int) -> Moment:
    if not 1 <= number <= len(case.moments):
        raise Http404
    return case.moments[number - 1]


def _for(audience: str) -> list[Case]:
    return [case for case in all_cases().values() if case.audience == audience]


def _describe(case: Case) -> dict[str, Any]:
    return {"case": case, "audience": tell_audience(case.audience), "channel": tell_channel(case.channel)}


def _conclude(request: SignedIn, case: Case) -> dict[str, Any]:
    return {
        "reflexes": tell_reflexes(case),
        "verdicts": ask_the_law(request.institution, case),
        "another": next_case(case),
    }


def _describe_result(result: Result) -> dict[str, Any]:
    moment = result.case.moments[result.moment]
    shown = result.told.shown
    rows = [
        {"text": choice.text, "count": shown.get(str(at)), "right": at == moment.right}
        for at, choice in enumerate(moment.choices)
    ]
    return {
        "case": result.case,
        "ask": moment.ask,
        "total": result.told.total,
        "rows": rows,
        # What no count shows of is nought only when nothing is hidden.
        "hidden": bool(result.told.rest),
    }
