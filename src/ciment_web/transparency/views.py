"""The register as members see it, and what anyone may read and check of it."""

from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from ciment.canon import InvalidEncoding
from ciment.cli.proof import describe_evidence
from ciment.register import NoteRefused, NoteVerifier, PathMissing, ProofRefused, verify_proof
from ciment.register.tiles import CHECKPOINT_PATH
from ciment_web.blobs.uploads import SealedUpload
from ciment_web.institutions.languages import reading_language
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.middleware import SignedIn, public
from ciment_web.members.models import Member
from ciment_web.members.permissions import can_read_register_details
from ciment_web.register.models import Leaf
from ciment_web.register.queries import latest_checkpoint
from ciment_web.register.signer import signer_of
from ciment_web.transparency import queries
from ciment_web.transparency.actions import Details, open_details, publish_waiting
from ciment_web.transparency.archive import stream_zip
from ciment_web.transparency.forms import FilterForm, ProofForm
from ciment_web.transparency.published import export_register, read_published
from ciment_web.transparency.queries import Shown, Trusted
from ciment_web.transparency.words import (
    describe_acts,
    describe_attributes,
    describe_details,
    describe_kinds,
    describe_refusal,
)

# A tile never changes once it is covered by a checkpoint; the checkpoint is asked for again each time.
_LASTING = "public, max-age=31536000, immutable"
_FRESH = "no-cache"


@require_GET
def show_register(request: SignedIn, slug: str) -> HttpResponse:
    """Show the state of the register, how to check it, and its entries, newest first."""
    del slug
    institution = request.institution
    publication = publish_waiting(institution)
    vkey = queries.trusted_key(request.actor)
    trusted, forged = _read_checkpoint(institution, vkey)
    form = FilterForm(request.GET or None)
    wanted = form.wanted()
    rows, more = queries.list_entries(institution, wanted)
    page = {
        "publication": publication,
        "trusted": trusted,
        "forged": forged,
        "form": form,
        "filtered": bool(wanted.kind or wanted.day),
        "rows": [_describe(row, trusted) for row in rows],
        "newest": f"?{_query(form)}" if wanted.before is not None else "",
        "older": f"?{_query(form, avant=rows[-1].index)}" if more else "",
        **_describe_key(request, vkey),
    }
    return render(request, "transparency/register.html", page, status=422 if form.errors else 200)


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "POST"])
def show_entry(request: SignedIn, slug: str, index: int) -> HttpResponse:
    """Show what is public of one entry; on POST, an auditor opens its details, which leaves a trace."""
    del slug
    leaf = _find_leaf(request.institution, index)
    details = open_details(request.actor, leaf) if request.method == "POST" else None
    shown = queries.show_entry(leaf.index, bytes(leaf.entry))
    trusted, forged = _read_checkpoint(request.institution, queries.trusted_key(request.actor))
    page = {
        "row": _describe(shown, trusted),
        "commitment": shown.entry.commitment.hex() if shown.entry else "",
        "trusted": trusted,
        "forged": forged,
        "proved": trusted is not None and queries.is_covered(request.institution, shown, trusted),
        "may_open": can_read_register_details(request.actor) and details is None and bool(leaf.sealed_details),
        "details": _describe_opened(request.actor, details) if details else None,
    }
    return render(request, "transparency/entry.html", page)


@require_GET
def export(request: SignedIn, slug: str) -> StreamingHttpResponse:
    """Send the published register as a ZIP archive, while it is being made."""
    published = latest_checkpoint(request.institution)
    if published is None:
        raise Http404
    files = export_register(request.institution, published)
    answer = StreamingHttpResponse(stream_zip(files, "registre"), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="registre-{slug}-{published.size}.zip"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@public
@require_safe
def read_log(request: SignedIn, slug: str, resource: str) -> HttpResponseBase:
    """Serve one resource of the published register, at the paths of C2SP tlog-tiles."""
    del slug
    try:
        content = read_published(request.institution, resource)
    except PathMissing:
        return HttpResponse(status=404, content_type="text/plain", headers={"Cache-Control": _FRESH})
    is_checkpoint = resource == CHECKPOINT_PATH
    answer = HttpResponse(
        content,
        content_type="text/plain; charset=utf-8" if is_checkpoint else "application/octet-stream",
        headers={"Cache-Control": _FRESH if is_checkpoint else _LASTING, "ETag": f'"{sha256(content).hexdigest()}"'},
    )
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


@public
@require_http_methods(["GET", "POST"])
def verify(request: SignedIn, slug: str) -> HttpResponse:
    """Explain how anybody checks a document of the institution; on POST, check one here and keep nothing of it."""
    del slug
    vkey = signer_of(request.institution).vkey
    form, sentence = ProofForm(), ""
    if request.method == "POST":
        form = ProofForm(request.POST, request.FILES)
        if getattr(request, "upload_too_large", False):
            form.errors.clear()
            form.add_error(
                None, _("Un fichier dépasse 10 Mo. Vérifiez-le sur votre propre ordinateur, comme expliqué ci-dessous.")
            )
        elif form.is_valid():
            sentence = _check_proof(form, vkey)
    page = {"form": form, "sentence": sentence, **_describe_key(request, vkey)}
    return render(request, "transparency/verify.html", page, status=422 if form.errors else 200)


def _check_proof(form: ProofForm, vkey: str) -> str:
    # The only upload handler makes sealed uploads; they are removed when the request ends.
    proof, document = (cast("SealedUpload", form.cleaned_data[name]).read_all() for name in ("preuve", "document"))
    try:
        evidence = verify_proof(proof, NoteVerifier.parse(vkey), document)
    except InvalidEncoding:
        form.add_error(
            "preuve", _("Ce n’est pas un fichier de preuve. Choisissez celui dont le nom finit par .tlog-proof.")
        )
    except ProofRefused as error:
        form.add_error("document" if error.reason == "document_differs" else "preuve", describe_refusal(error.reason))
    else:
        return describe_evidence(evidence, reading_language(), shown=True)
    return ""


def _find_leaf(institution: Institution, index: int) -> Leaf:
    # Beyond what a database counts, there is no entry either.
    leaf = queries.find_leaf(institution, index) if index < 1 << 63 else None
    if leaf is None:
        raise Http404
    return leaf


def _read_checkpoint(institution: Institution, vkey: str) -> tuple[Trusted | None, bool]:
    try:
        return queries.trusted_checkpoint(institution, vkey), False
    except NoteRefused:
        return None, True


def _describe(row: Shown, trusted: Trusted | None) -> dict[str, Any]:
    entry = row.entry
    return {
        "index": row.index,
        "at": row.at,
        "kind": describe_kinds()[entry.kind] if entry else "",
        "attributes": describe_attributes(entry.attributes) if entry else [],
        "leaf_hash": row.leaf_hash.hex(),
        "published": trusted is not None and row.index < trusted.size,
    }


def _describe_opened(actor: Actor, details: Details) -> dict[str, Any]:
    act, by = str(details.told.get("act", "")), str(details.told.get("actor", ""))
    named = {str(member.id): member.name for member in Member.objects.filter(institution=actor.institution)}
    return {
        "agreement": details.agreement.value,
        "actor": named.get(by, by),
        "act": describe_acts().get(act, act),
        "rest": describe_details(details.told),
    }


def _describe_key(request: HttpRequest, vkey: str) -> dict[str, str]:
    slug = cast("SignedIn", request).institution.slug
    checkpoint = request.build_absolute_uri(reverse("log", kwargs={"slug": slug, "resource": CHECKPOINT_PATH}))
    digest = sha256(vkey.encode()).hexdigest()
    return {
        "vkey": vkey,
        # Certificates print the first 16 characters.
        "fingerprint": digest[:16],
        "fingerprint_rest": digest[16:],
        "log_url": checkpoint.removesuffix(f"/{CHECKPOINT_PATH}"),
    }


def _query(form: FilterForm, **more: int) -> str:
    given = {name: form.data[name] for name in ("nature", "jour") if form.is_bound and form.data.get(name)}
    return urlencode({**given, **more})
