"""Pages of the law. Anyone opens them; they read the pack, store nothing and set no cookie."""

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from ciment.law import Pack, explain, parse_facts, qualify
from ciment_web.inquiries.documents import today
from ciment_web.institutions.languages import reading_language
from ciment_web.law import pack_of
from ciment_web.lawbook.bills import Comparison, compare_bill, list_bills
from ciment_web.lawbook.briefs import describe_bill, write_brief
from ciment_web.lawbook.cards import describe_families, describe_rule, write_day
from ciment_web.lawbook.changes import describe_changes
from ciment_web.lawbook.choosing import choose_rules, eve, turning_days
from ciment_web.lawbook.clauses import tell_situation
from ciment_web.lawbook.forms import DatesForm, RulesForm, SituationForm
from ciment_web.lawbook.shifts import facts_at
from ciment_web.lawbook.situations import describe_situation
from ciment_web.letters import BillBrief, render_brief
from ciment_web.members.middleware import SignedIn, public


# A list of every rule is long and repeats itself. Compressing is safe here: what the page shows is public, and the one
# secret of its frame, a member's token to sign out, is masked anew in every answer.
@gzip_page
@public
@require_safe
def show_lawbook(request: SignedIn, slug: str) -> HttpResponse:
    """Show the rules of a day, for everybody or for one requester or one ground."""
    del slug
    pack = _pack(request)
    now = today(request.institution)
    form = RulesForm(request.GET or None, initial={"au": now})
    given = form.cleaned_data if form.is_valid() else {}
    on = given.get("au") or now
    wanted = {name: given[key] for name, key in (("requester", "auteur"), ("ground", "motif")) if given.get(key)}
    choice = choose_rules(pack, on, wanted)
    page = {
        "form": form,
        "on": write_day(on),
        "is_today": on == now,
        "filtered": bool(wanted),
        "naming": describe_families(choice.naming),
        "others": describe_families(choice.others),
        "absent": [describe_rule(rule) for rule in choice.absent],
        "bills": [{"name": bill.name, "title": bill.title[reading_language()]} for bill in list_bills(pack)],
        **_describe_pack(pack),
    }
    return render(request, "lawbook/lawbook.html", page, status=422 if form.errors else 200)


@public
@require_safe
def show_rule(request: SignedIn, slug: str, rule_id: str) -> HttpResponse:
    """Show one rule with everything there is to know of it."""
    del slug
    pack = _pack(request)
    rule = next((each for each in pack.rules if each.id == rule_id), None)
    if rule is None:
        raise Http404
    now = today(request.institution)
    example = explain(pack, rule_id, now).example
    page = {
        "rule": describe_rule(rule),
        "example": tell_situation(facts_at(example.situation)) if example else "",
        "holds": rule.holds(now, now),
        "overridden_by": [other.id for other in pack.rules if rule_id in pack.yielding[other.id]],
        **_describe_pack(pack),
    }
    return render(request, "lawbook/rule.html", page)


@gzip_page
@public
@require_safe
def compare_dates(request: SignedIn, slug: str) -> HttpResponse:
    """Show two days of the law side by side: the rules that differ, and what that changes."""
    del slug
    pack = _pack(request)
    form = DatesForm(request.GET or None)
    page: dict[str, Any] = {"form": form, **_describe_pack(pack)}
    if form.is_valid():
        page["changes"] = describe_changes(pack, form.cleaned_data["avant"], form.cleaned_data["apres"])
    page["turning_days"] = [
        {"day": write_day(day), "query": f"?avant={eve(day).isoformat()}&apres={day.isoformat()}"}
        for day in turning_days(pack)
    ]
    return render(request, "lawbook/compare.html", page, status=422 if form.errors else 200)


# Posted, so that no address, and no log of a proxy, holds a situation. Nothing is changed and nobody's session is
# used, so there is nothing a forged form could do, and no token: a token would be a cookie.
@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def try_situation(request: SignedIn, slug: str) -> HttpResponse:
    """Ask for the facts of a situation; on POST, answer as the law does, and keep nothing."""
    del slug
    pack = _pack(request)
    form = SituationForm(request.POST if request.method == "POST" else None, initial={"on": today(request.institution)})
    page: dict[str, Any] = {"form": form, **_describe_pack(pack)}
    if form.is_valid():
        on = form.cleaned_data["on"]
        qualification = qualify(pack, parse_facts(form.facts()), on)
        page |= {"on": write_day(on), **describe_situation(qualification)}
    return render(request, "lawbook/situation.html", page, status=422 if form.errors else 200)


@gzip_page
@public
@require_safe
def show_bill(request: SignedIn, slug: str, bill: str) -> HttpResponse:
    """Show what a text of law changes, for whom, with examples, and what it adds to what necessity already allows."""
    del slug
    pack = _pack(request)
    page = {**describe_bill(_compare(pack, bill)), **_describe_pack(pack)}
    return render(request, "lawbook/bill.html", page)


@public
@require_safe
def print_brief(request: SignedIn, slug: str, bill: str) -> HttpResponse:
    """Send the brief of a text of law, to be printed."""
    del slug
    pack = _pack(request)
    brief = write_brief(request.institution, pack, _compare(pack, bill), today(request.institution))
    # Typesetting takes a while and anyone may ask: the same values are typeset once.
    answer = HttpResponse(_typeset(brief), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="note-{bill}.pdf"'
    return answer


def _compare(pack: Pack, name: str) -> Comparison:
    if name not in {bill.name for bill in list_bills(pack)}:
        raise Http404
    return compare_bill(pack, name)


@lru_cache(maxsize=32)
def _typeset(brief: BillBrief) -> bytes:
    return render_brief(brief)


def _pack(request: HttpRequest) -> Pack:
    return pack_of(request.institution)  # type: ignore[attr-defined]


def _describe_pack(pack: Pack) -> dict[str, str]:
    return {"pack": pack.name, "digest": pack.digest}
