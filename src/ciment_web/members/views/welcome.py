"""The page where somebody invited becomes a member: the code is typed, never part of an address."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ciment.vault import generate_passphrase
from ciment_web.members.forms import CodeForm, NewPassphraseForm
from ciment_web.members.invitation_refusals import explain_invitation
from ciment_web.members.invitations import InvitationRefused, Invited, accept_invitation, open_invitation
from ciment_web.members.middleware import SignedIn, public
from ciment_web.members.models import Role, Title
from ciment_web.members.queries import enrolment_fingerprint
from ciment_web.members.views.doors import address_of


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def accept(request: SignedIn, slug: str) -> HttpResponse:
    """Ask for the code; show what it invites to and ask for a passphrase; make the member."""
    del slug
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invited = open_invitation(request.institution, form.cleaned_data["code"], address_of(request))
            if "phrase" in request.POST:
                return _become_member(request, invited)
            return _show(request, invited, NewPassphraseForm(initial={"offered": generate_passphrase()}))
        except InvitationRefused as refused:
            form.add_error("code", explain_invitation(refused.reason))
    return render(request, "members/code.html", {"form": form}, status=422 if form.errors else 200)


def _become_member(request: SignedIn, invited: Invited) -> HttpResponse:
    form = NewPassphraseForm(request.POST)
    if not form.is_valid():
        return _show(request, invited, form)
    newcomer = accept_invitation(invited, form.cleaned_data["phrase"])
    page = {
        "newcomer": newcomer.member,
        "fingerprint": enrolment_fingerprint(bytes(newcomer.member.enrolment)),
        # Nobody invited the founder: there is no signatory to see yet, and a centre to set up.
        "first": not invited.by,
    }
    return render(request, "members/welcome.html", page)


def _show(request: SignedIn, invited: Invited, form: NewPassphraseForm) -> HttpResponse:
    page = {
        "form": form,
        "code": request.POST["code"],
        "invited": invited,
        "roles": [Role(role).label for role in invited.newcomer.roles],
        "title": "" if invited.newcomer.title == Title.NONE else Title(invited.newcomer.title).label,
        "offered": form["offered"].value(),
    }
    return render(request, "members/invitation.html", page, status=422 if form.errors else 200)
