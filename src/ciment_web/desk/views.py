"""The desk: its public pages, where nothing of a request is ever in an address, and those of the referents."""

import uuid
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciment.canon import CimentError
from ciment_web.arrivals.permissions import can_see_arrivals, can_take_over
from ciment_web.arrivals.trust import ArrivalsClosed, open_arrivals_of
from ciment_web.desk.actions.file import AlreadyFiled, NewFiling, NothingToFollow, file_request
from ciment_web.desk.actions.follow import Followed, UnknownCode, fetch_proof, fetch_receipt, fetch_reply, follow
from ciment_web.desk.actions.take import take_over
from ciment_web.desk.forms import CodeForm, FilingForm
from ciment_web.desk.queries import get_filing, waiting_filings
from ciment_web.inquiries.actions.draft import discard
from ciment_web.inquiries.actions.record import NamedFile
from ciment_web.inquiries.message_refusals import explain_message
from ciment_web.members.middleware import SignedIn, public
from ciment_web.members.refusals import require
from ciment_web.members.throttle import TooManyAttempts
from ciment_web.members.views.doors import address_of

_EVERYTHING = sensitive_post_parameters()


@public
@_EVERYTHING
@require_http_methods(["GET", "HEAD", "POST"])
def show_desk(request: SignedIn, slug: str) -> HttpResponse:
    """Ask for a written request and give its receipt; while the desk is closed, say how to write instead."""
    del slug
    try:
        open_arrivals_of(request.institution, "desk")
    except ArrivalsClosed:
        return render(request, "desk/closed.html", status=503 if request.method == "POST" else 200)
    form = FilingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and getattr(request, "upload_too_large", False):
        form.errors.clear()
        form.add_error("letters", explain_message("too_large"))
    if form.is_valid():
        answer = _file(request, form)
        if answer is not None:
            return answer
    return render(request, "desk/desk.html", {"form": form, **_who_sees()}, status=422 if form.errors else 200)


@public
@_EVERYTHING
@require_http_methods(["GET", "HEAD", "POST"])
def show_state(request: SignedIn, slug: str) -> HttpResponseBase:
    """Ask for the code of a receipt; with it, say where the request stands and hand over what is there."""
    del slug
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            followed = follow(request.institution, code, address_of(request))
            if part := request.POST.get("part", ""):
                return _hand_over(request, followed, part)
        except UnknownCode:
            form.add_error("code", _("Ce code ne correspond à aucune demande déposée ici. Vérifiez chaque mot."))
        else:
            return render(request, "desk/state.html", {"filing": followed.filing, "followed": followed, "code": code})
    return render(request, "desk/code.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def list_filings(request: SignedIn, slug: str) -> HttpResponse:
    """List what waits at the desk: who asks, in kind, and since when; nobody is named before somebody takes it over."""
    del slug
    require(can_see_arrivals(request.actor))
    page = {"rows": waiting_filings(request.actor), "may_take": can_take_over(request.actor)}
    return render(request, "desk/filings.html", page)


@require_POST
def take(request: SignedIn, slug: str, filing_id: uuid.UUID) -> HttpResponse:
    """Take a filing over; the recusal question comes next."""
    inquiry = take_over(request.actor, get_filing(request.actor, filing_id))
    return redirect("inquiry", slug=slug, inquiry_id=inquiry.id)


def _file(request: SignedIn, form: FilingForm) -> HttpResponse | None:
    """Return the receipt, or None once the form says what stands in the way."""
    given = form.cleaned_data
    files = [NamedFile(upload.name or "lettre.pdf", upload.keep()) for upload in given["letters"]]
    new = NewFiling(form.filed(), files, given["form_id"], given["follows"])
    try:
        receipt = file_request(request.institution, new, address_of(request))
    except NothingToFollow:
        discard(files)
        form.add_error(
            "follows", _("Ce code ne correspond à aucune demande déposée ici. Vérifiez chaque mot, ou laissez vide.")
        )
    except AlreadyFiled:
        discard(files)
        form.add_error(
            None,
            _(
                "Cette page a déjà été envoyée, et la demande est arrivée. Son code a été montré à ce moment. Pour en déposer une autre, rouvrez le guichet."
            ),
        )
    except TooManyAttempts:
        discard(files)
        form.add_error(
            None,
            _(
                "Trop de demandes sont arrivées en peu de temps. Attendez un quart d’heure et envoyez à nouveau, ou écrivez à l’institution."
            ),
        )
    except CimentError:
        discard(files)
        raise
    else:
        return render(request, "desk/filed.html", {"filing": receipt.filing, "code": receipt.code})
    return None


def _hand_over(request: SignedIn, followed: Followed, part: str) -> HttpResponseBase:
    if part == "receipt":
        return _download(fetch_receipt(followed), "attestation-de-depot.pdf", "application/pdf")
    if part == "filed":
        return _download(followed.content.filed.encode(), "demande.json", "application/json")
    if part == "proof":
        proof = fetch_proof(followed)
        if proof is None:
            return render(request, "desk/not_published.html", status=409)
        return _download(proof, "attestation.tlog-proof", "text/plain; charset=utf-8")
    if not part.isdecimal() or len(part) > 3:
        raise UnknownCode("no such part")
    name, content = fetch_reply(followed, int(part))
    answer = StreamingHttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return answer


def _download(content: bytes, name: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _who_sees() -> dict[str, Any]:
    return {
        "readers": _(
            "Les référents et les signataires de l’institution. La demande est scellée à son arrivée ; l’administration du système ne peut pas la lire."
        ),
        "next": _(
            "Vous recevez aussitôt un code et une attestation de dépôt. L’institution répond au même rythme à chacun ; la réponse vous attendra ici, sous ce code."
        ),
    }
