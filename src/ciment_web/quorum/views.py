"""The page of the accords: who holds a seat, the fingerprint on paper, and the ceremony."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from ciment.quorum.plan import parse_plan
from ciment.quorum.roster import Roster, fingerprint, format_fingerprint, parse_signed_roster
from ciment_web.members.middleware import SignedIn
from ciment_web.members.models import Member
from ciment_web.members.pin import open_pin
from ciment_web.quorum import actions
from ciment_web.quorum.models import Ceremony, CeremonyMessage, RosterRecord

_STEPS = {"plan": actions.agree_to_plan, "contribution": actions.deal, "roster": actions.confirm}


@require_GET
def show_quorum(request: SignedIn, slug: str) -> HttpResponse:
    """Show the accords in force, or where the ceremony stands."""
    del slug
    stored = RosterRecord.objects.filter(institution=request.institution).order_by("-generation").first()
    page: dict[str, Any] = {}
    if stored is not None:
        roster = parse_signed_roster(bytes(stored.signed)).roster
        mark = fingerprint(roster)
        page = {
            "roster": roster,
            "seats": _seats(roster),
            "fingerprint": format_fingerprint(mark),
            "pinned": open_pin(request.actor.member, request.actor.keys).trusted == mark,
            "activated_at": stored.activated_at,
        }
    else:
        page = {"ceremony": _ceremony(request)}
    return render(request, "quorum/quorum.html", page)


@require_POST
def pin(request: SignedIn, slug: str) -> HttpResponse:
    """Trust the roster whose fingerprint the member compared with the paper."""
    actions.pin_roster(request.actor, request.POST.get("fingerprint", ""))
    return redirect("quorum", slug=slug)


@require_POST
def start(request: SignedIn, slug: str) -> HttpResponse:
    """Propose the ceremony."""
    text = request.POST.get("threshold", "")
    actions.plan_ceremony(request.actor, int(text) if text.isdecimal() else 0)
    return redirect("quorum", slug=slug)


@require_POST
def step(request: SignedIn, slug: str) -> HttpResponse:
    """Do the member's part of the round that is open."""
    ceremony = Ceremony.objects.filter(institution=request.institution).order_by("-generation").first()
    name = _open_round(ceremony, request.actor.id) if ceremony else None
    if ceremony is not None and name is not None:
        _STEPS[name](request.actor, ceremony)
    return redirect("quorum", slug=slug)


def _ceremony(request: SignedIn) -> dict[str, Any] | None:
    ceremony = Ceremony.objects.filter(institution=request.institution).order_by("-generation").first()
    if ceremony is None:
        return None
    rounds = [
        {"name": name, "missing": len(actions.messages_missing(ceremony, name))} for name in CeremonyMessage.ROUNDS
    ]
    plan = parse_plan(bytes(ceremony.plan))
    names = {str(member.id): member for member in Member.objects.filter(institution=request.institution)}
    return {
        "rounds": rounds,
        "threshold": plan.threshold,
        "seats": [
            {
                "number": seat.number,
                "title": seat.title,
                "holders": [{"member": names.get(h.member_id), "key": h.ed25519.hex()[:16]} for h in seat.holders],
            }
            for seat in plan.seats
        ],
        "mine": _open_round(ceremony, request.actor.id),
    }


def _open_round(ceremony: Ceremony, member_id: str) -> str | None:
    for name in CeremonyMessage.ROUNDS:
        missing = actions.messages_missing(ceremony, name)
        if missing:
            return name if member_id in missing else None
    return None


def _seats(roster: Roster) -> list[dict[str, Any]]:
    names = {
        str(member.id): member
        for member in Member.objects.filter(id__in=[holder.member_id for holder in roster.holders])
    }
    return [
        {"number": seat.number, "holders": [names[h.member_id] for h in seat.holders if h.member_id in names]}
        for seat in roster.seats
    ]
