"""The pages of an administrator: who is a member, who is invited, who renews an enrolment, who leaves."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciment_web.members import invitations
from ciment_web.members.actions import NewMember, put_out_of_service
from ciment_web.members.forms import InviteForm, RenewForm
from ciment_web.members.invitation_refusals import explain_invitation
from ciment_web.members.middleware import SignedIn
from ciment_web.members.models import Invitation, Member, Role
from ciment_web.members.permissions import can_manage_members, can_put_out_of_service, can_renew
from ciment_web.members.queries import members_of, open_invitations
from ciment_web.members.refusals import require
from ciment_web.members.register_key import holders_of_register_key


@require_GET
def members(request: SignedIn, slug: str) -> HttpResponse:
    """Show the members, and the invitations that wait."""
    del slug
    require(can_manage_members(request.actor))
    everybody = members_of(request.institution)
    page = {
        "present": [member for member in everybody if member.active],
        "left": [member for member in everybody if not member.active],
        "logins": {member.login for member in everybody if member.active},
        "invitations": open_invitations(request.institution),
        "now": timezone.now(),
    }
    return render(request, "members/members.html", page)


@require_http_methods(["GET", "POST"])
def invite(request: SignedIn, slug: str) -> HttpResponse:
    """Ask who is invited; show the code, this once."""
    require(can_manage_members(request.actor))
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row, code = invitations.invite(request.actor, form.newcomer)
        except invitations.InvitationRefused as refused:
            form.add_error("login", explain_invitation(refused.reason))
        else:
            return _show_code(request, slug, row, (form.newcomer, code))
    return render(request, "members/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def renew(request: SignedIn, slug: str, member_id: uuid.UUID) -> HttpResponse:
    """Say what renewing an enrolment loses; ask what changes; show the code, this once."""
    require(can_manage_members(request.actor))
    member = get_object_or_404(Member, id=member_id, institution=request.institution)
    require(can_renew(request.actor, member))
    form = RenewForm(member, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row, code = invitations.invite(request.actor, form.newcomer, renews=member)
        except invitations.InvitationRefused as refused:
            form.add_error(None, explain_invitation(refused.reason))
        else:
            return _show_code(request, slug, row, (form.newcomer, code))
    page = {"renewed": member, "form": form, "last_key": _is_last_holder(member)}
    return render(request, "members/renew.html", page, status=422 if form.errors else 200)


@require_POST
def revoke(request: SignedIn, slug: str, invitation_id: uuid.UUID) -> HttpResponse:
    """Take an invitation back."""
    require(can_manage_members(request.actor))
    row = get_object_or_404(Invitation, id=invitation_id, institution=request.institution)
    invitations.revoke_invitation(request.actor, row)
    return redirect("members", slug=slug)


@require_http_methods(["GET", "POST"])
def leave(request: SignedIn, slug: str, member_id: uuid.UUID) -> HttpResponse:
    """Say what ending a member's service does, and do it."""
    require(can_manage_members(request.actor))
    member = get_object_or_404(Member, id=member_id, institution=request.institution)
    require(can_put_out_of_service(request.actor, member))
    if request.method == "POST":
        put_out_of_service(request.actor, member)
        return redirect("members", slug=slug)
    return render(request, "members/leave.html", {"leaving": member, "last_key": _is_last_holder(member)})


def _show_code(request: SignedIn, slug: str, row: Invitation, made: tuple[NewMember, str]) -> HttpResponse:
    newcomer, code = made
    sheet = {
        "invitation": row,
        "code": code,
        "function": newcomer.function,
        "roles": [Role(role).label for role in newcomer.roles],
    }
    address = request.build_absolute_uri(reverse("invitation", kwargs={"slug": slug}))
    return render(request, "members/invited.html", {"sheet": sheet, "invitation": row, "address": address})


def _is_last_holder(member: Member) -> bool:
    # With that account the details of the register close for everybody.
    return holders_of_register_key(member.institution) == [member]
