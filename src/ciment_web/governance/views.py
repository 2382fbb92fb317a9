"""The pages of the settings: what counts, who signed it, and the form that replaces it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciment.canon import CimentError
from ciment.vault import WrongPassphrase
from ciment_web.governance import forms, value_forms
from ciment_web.governance.absences import ABSENCES
from ciment_web.governance.actions import state_gateway, state_setting
from ciment_web.governance.directory import DIRECTORY, write_csv
from ciment_web.governance.explanations import explain_setting
from ciment_web.governance.gateway import GATEWAY, NewGateway
from ciment_web.governance.kinds import Setting, SettingRefused
from ciment_web.governance.letterhead import LETTERHEAD, preview_head
from ciment_web.governance.permissions import can_see_settings, can_state
from ciment_web.governance.queries import Current, current, signer_of
from ciment_web.governance.recusals import RECUSALS
from ciment_web.governance.rhythm import RHYTHM
from ciment_web.governance.rota import ROTA
from ciment_web.governance.wording import Words, words_of
from ciment_web.letters import UnprintableLetter
from ciment_web.members.actor import Actor
from ciment_web.members.middleware import SignedIn
from ciment_web.members.models import Member, Role
from ciment_web.members.refusals import require
from ciment_web.members.throttle import TooManyAttempts
from ciment_web.quorum.trust import trusted_members


@dataclass(frozen=True)
class Page:
    """One setting with its form, its address, and the roles of those whom it may name."""

    setting: Setting[Any]
    form: forms.MakeForm
    url: str
    roles: tuple[Role, ...] = (Role.REFERENT, Role.SIGNATORY)


PAGES = (
    Page(RECUSALS, forms.RecusalsForm, "setting-recusals"),
    Page(ROTA, forms.RotaForm, "setting-rota"),
    Page(GATEWAY, value_forms.GatewayForm, "setting-gateway"),
    Page(DIRECTORY, value_forms.DirectoryForm, "setting-directory"),
    Page(ABSENCES, forms.AbsencesForm, "setting-absences", (Role.SIGNATORY,)),
    Page(LETTERHEAD, value_forms.LetterheadForm, "setting-letterhead"),
    Page(RHYTHM, value_forms.RhythmForm, "setting-rhythm"),
)


@require_GET
def show_settings(request: SignedIn, slug: str) -> HttpResponse:
    """List the settings: what counts of each, and whether it holds."""
    del slug
    require(can_see_settings(request.actor))
    listed = [{"page": page, **_describe(request.actor, page.setting)} for page in PAGES]
    return render(request, "governance/settings.html", {"listed": listed})


@sensitive_post_parameters("phrase")
@require_http_methods(["GET", "POST"])
def edit_setting(request: SignedIn, slug: str, name: str) -> HttpResponse:
    """Show one setting; take the value that replaces it."""
    page = next(page for page in PAGES if page.setting.name == name)
    require(can_see_settings(request.actor))
    counting = current(request.actor, page.setting)
    form = make_form(request, page, counting)
    if request.method == "POST":
        require(can_state(request.actor, reserved=page.setting.reserved))
        if form.is_valid() and _state(request.actor, page.setting, form):
            return redirect(page.url, slug=slug)
    return show_setting(request, page, form)


@sensitive_post_parameters("phrase")
@require_http_methods(["GET", "POST"])
def edit_gateway(request: SignedIn, slug: str) -> HttpResponse:
    """Show the gateway; take another, and show the key to copy there, this once."""
    page = next(page for page in PAGES if page.setting is GATEWAY)
    form = make_form(request, page, current(request.actor, GATEWAY))
    if request.method != "POST" or not request.POST.get("url", "").strip():
        return edit_setting(request, slug, GATEWAY.name)
    require(can_state(request.actor, reserved=GATEWAY.reserved))
    if form.is_valid():
        given, made = form.cleaned_data, list[NewGateway]()
        if _attempt(
            form, lambda: made.append(state_gateway(request.actor, given["url"], given["phrase"], given["seen"]))
        ):
            return render(request, "governance/gateway_key.html", {"secret": made[0].secret})
    return show_setting(request, page, form)


@require_GET
def export_directory(request: SignedIn, slug: str) -> HttpResponse:
    """Give the directory as a file that the page takes back."""
    del slug
    require(can_see_settings(request.actor))
    text = write_csv(current(request.actor, DIRECTORY).value)
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="repertoire.csv"'
    return response


@sensitive_post_parameters("phrase")
@require_POST
def preview_letter(request: SignedIn, slug: str) -> HttpResponse:
    """Show a letter under the head that was typed: nothing is kept, nobody has signed it."""
    del slug
    page = next(page for page in PAGES if page.setting is LETTERHEAD)
    require(can_state(request.actor, reserved=page.setting.reserved))
    form = make_form(request, page, current(request.actor, page.setting))
    # A letter is looked at before the passphrase is typed.
    form.fields["phrase"].required = False
    if form.is_valid():
        try:
            head = LETTERHEAD.parse(LETTERHEAD.dump(form.value()))
            day = timezone.localdate()
            response = HttpResponse(preview_head(request.institution, head, day), content_type="application/pdf")
        except SettingRefused as error:
            form.add_error(None, explain_setting(error))
        except UnprintableLetter:
            form.add_error(None, _("Un caractère ne peut pas être imprimé dans une lettre. Corrigez-le."))
        else:
            response["Content-Disposition"] = 'inline; filename="apercu.pdf"'
            return response
    return show_setting(request, page, form)


def make_form(request: SignedIn, page: Page, counting: Current[Any]) -> forms.SettingForm[Any]:
    """Return the form of a setting, bound to what was sent."""
    sent: dict[str, Any] = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = page.form(
        counting.value, people_of(request.actor, page.roles), initial={"seen": counting.generation}, **sent
    )
    if getattr(request, "upload_too_large", False):
        form.add_error(None, explain_setting(SettingRefused("too_large")))
    return form


def show_setting(request: SignedIn, page: Page, form: forms.SettingForm[Any]) -> HttpResponse:
    """Return the page of one setting around its form."""
    shown = {
        **_describe(request.actor, page.setting),
        "page": page,
        "form": form,
        "may": can_state(request.actor, reserved=page.setting.reserved),
    }
    return render(request, f"governance/{page.setting.name}.html", shown, status=422 if form.errors else 200)


def people_of(actor: Actor, roles: Sequence[Role]) -> list[Member]:
    """Return those whom a setting may name: members with one of `roles` whom somebody answers for."""
    try:
        return [member for member, _public in trusted_members(actor, *roles)]
    except CimentError:
        return []


def _state(actor: Actor, setting: Setting[Any], form: forms.SettingForm[Any]) -> bool:
    given = form.cleaned_data
    return _attempt(form, lambda: state_setting(actor, setting, form.value(), given["phrase"], given["seen"]))


def _attempt(form: forms.SettingForm[Any], act: Callable[[], object]) -> bool:
    """Do it, or say in the form why not."""
    try:
        act()
    except TooManyAttempts:
        raise
    except WrongPassphrase:
        form.add_error("phrase", _("Ce n’est pas votre phrase de passe. Rien n’a été signé. Recommencez."))
    except SettingRefused as error:
        form.add_error(None, explain_setting(error))
    return not form.errors


def _describe(actor: Actor, setting: Setting[Any]) -> dict[str, Any]:
    counting: Current[Any] = current(actor, setting)
    names = {str(member.id): member.name for member in Member.objects.filter(institution=actor.institution)}
    words: Words = words_of(setting.name)
    return {
        "words": words,
        "counting": counting,
        "signer": signer_of(actor.institution, counting),
        "says": words.says(counting.value, names),
    }
