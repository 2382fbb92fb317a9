"""The page of the accords: who holds a seat, the fingerprint on paper, and the ceremony."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciment.canon import CimentError
from ciment.quorum.plan import parse_plan
from ciment.quorum.roster import Roster, fingerprint, format_fingerprint, parse_signed_roster
from ciment.vault import WrongPassphrase
from ciment_web.members.actor import Actor
from ciment_web.members.answering import own_enrolment, parsed_enrolment
from ciment_web.members.middleware import SignedIn
from ciment_web.members.models import Member, Role, Title
from ciment_web.members.permissions import can_countersign, can_manage_members
from ciment_web.members.pin import open_pin
from ciment_web.members.queries import enrolment_digest, enrolment_fingerprint
from ciment_web.members.refusals import require
from ciment_web.members.register_key import waits_for_register_key
from ciment_web.quorum import actions
from ciment_web.quorum.auditors import auditors_waiting, hand_over_register_key
from ciment_web.quorum.forms import AnswerForm, HandOverForm
from ciment_web.quorum.models import Ceremony, CeremonyMessage, RosterRecord
from ciment_web.quorum.permissions import can_answer
from ciment_web.quorum.queries import Waiting, get_waiting, waiting_members
from ciment_web.quorum.trust import trusted_roster

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
            "waiting": _waiting(request),
        }
        if _is_unanswered(request.actor):
            # Compared in person: the fingerprint of one's own enrolment, as signed with one's own keys.
            page["mine"] = enrolment_fingerprint(own_enrolment(request.actor.member, request.actor.keys))
    else:
        page = {"ceremony": _ceremony(request)}
    if "mine" not in page and request.actor.member in waits_for_register_key(request.institution):
        # Compared in person too, by whoever hands the key of the register over.
        page["shown"] = enrolment_fingerprint(own_enrolment(request.actor.member, request.actor.keys))
    page["may_manage"] = can_manage_members(request.actor)
    page["may_start"] = request.actor.holds(Role.SIGNATORY)
    page["auditors"] = auditors_waiting(request.actor)
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


@sensitive_post_parameters("phrase")
@require_http_methods(["GET", "POST"])
def answer(request: SignedIn, slug: str, member_id: uuid.UUID) -> HttpResponse:
    """Show who waits to be answered for, and answer."""
    require(can_answer(request.actor, trusted_roster(request.actor).roster))
    waiting = get_waiting(request.actor, member_id)
    require(can_countersign(request.actor, waiting.member))
    form = AnswerForm(request.POST or None, initial={"seen": waiting.digest})
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_for(request.actor, waiting.member, form.cleaned_data["phrase"], form.cleaned_data["seen"])
            return redirect("quorum", slug=slug)
        except WrongPassphrase:
            form.add_error("phrase", _("Ce n’est pas votre phrase de passe. Rien n’a été signé. Recommencez."))
    page = {"waiting": waiting, "form": form, **_enrolled(waiting)}
    return render(request, "quorum/answer.html", page, status=422 if form.errors else 200)


@sensitive_post_parameters("phrase")
@require_http_methods(["GET", "POST"])
def hand_over(request: SignedIn, slug: str, member_id: uuid.UUID) -> HttpResponse:
    """Show which auditor waits for the key of the register, and hand it over."""
    waiting = next((each for each in auditors_waiting(request.actor) if each.id == member_id), None)
    if waiting is None:
        raise Http404
    form = HandOverForm(request.POST or None, initial={"seen": enrolment_digest(bytes(waiting.enrolment))})
    if request.method == "POST" and form.is_valid():
        try:
            hand_over_register_key(request.actor, waiting, form.cleaned_data["phrase"], form.cleaned_data["seen"])
            return redirect("quorum", slug=slug)
        except WrongPassphrase:
            form.add_error("phrase", _("Ce n’est pas votre phrase de passe. Rien n’a été remis. Recommencez."))
    page = {
        "waiting": waiting,
        "form": form,
        "fingerprint": enrolment_fingerprint(bytes(waiting.enrolment)),
        "keeps": request.actor.holds(Role.DPO),
    }
    return render(request, "quorum/hand_over.html", page, status=422 if form.errors else 200)


def _is_unanswered(actor: Actor) -> bool:
    # Of a holder with several roles the roster answers for one.
    return actor.roles != frozenset(parsed_enrolment(bytes(actor.member.enrolment)).roles)


def _waiting(request: SignedIn) -> list[dict[str, Any]] | None:
    # None for whoever answers for nobody: a member, or a holder whose roster is not the stored one.
    actor = request.actor
    try:
        if not can_answer(actor, trusted_roster(actor).roster):
            return None
    except CimentError:
        return None
    return [
        {"member": each.member, "may": can_countersign(actor, each.member), **_enrolled(each)}
        for each in waiting_members(actor)
    ]


def _enrolled(waiting: Waiting) -> dict[str, Any]:
    # Roles and title as signed, never as the rows say them; a word that is no role is shown as it is.
    if waiting.enrolment is None:
        return {"holds": False}
    roles = [dict(Role.choices).get(role, role) for role in waiting.enrolment.roles]
    title = dict(Title.choices).get(waiting.enrolment.title, waiting.enrolment.title)
    return {"holds": True, "roles": roles, "title": title, "fingerprint": waiting.fingerprint}


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
