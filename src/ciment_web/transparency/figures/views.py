"""The figures of a year: a page, the same for machines, and the annual report."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ciment.canon import JsonObject
from ciment.register import LEAST, NoteRefused, encode_report
from ciment.register.tiles import CHECKPOINT_PATH
from ciment_web.letters import render_annual
from ciment_web.members.middleware import SignedIn
from ciment_web.transparency.actions import publish_waiting
from ciment_web.transparency.figures.annual import write_annual
from ciment_web.transparency.figures.exports import write_csv
from ciment_web.transparency.figures.forms import YearForm
from ciment_web.transparency.figures.pictures import draw_bars, draw_columns, draw_series
from ciment_web.transparency.figures.reading import (
    RegisterDiffers,
    Waiting,
    is_under_way,
    list_years,
    read_waiting,
    read_year,
)
from ciment_web.transparency.figures.tables import MONTHS, Figures, Table, tell_figures, tell_month
from ciment_web.transparency.queries import trusted_checkpoint, trusted_key


@require_safe
def show_figures(request: SignedIn, slug: str) -> HttpResponse:
    """Show the figures of one year, each as a picture and as a table."""
    del slug
    publish_waiting(request.institution)
    form = YearForm(request.GET or None, years=list_years(request.institution))
    year = form.wanted()
    try:
        report = _read(request, year)
    except (NoteRefused, RegisterDiffers):
        return render(request, "transparency/figures.html", {"form": form, "year": year, "differs": True})
    page = {
        "form": form,
        "year": year,
        "under_way": is_under_way(year),
        "least": LEAST,
        **_describe(tell_figures(report)),
    }
    page["waiting"] = _describe_waiting(read_waiting(request.institution, year))
    page["command"] = tell_command(request, year)
    return render(request, "transparency/figures.html", page, status=422 if form.errors else 200)


@require_safe
def send_json(request: SignedIn, slug: str, year: int) -> HttpResponse:
    """Send the report of a year, as `ciment register report` writes it."""
    return _send(encode_report(_require(request, year)), "application/json", f"chiffres-{slug}-{year}.json")


@require_safe
def send_csv(request: SignedIn, slug: str, year: int) -> HttpResponse:
    """Send the figures of a year for a spreadsheet."""
    return _send(write_csv(_require(request, year)), "text/csv; charset=utf-8", f"chiffres-{slug}-{year}.csv")


@require_safe
def send_annual(request: SignedIn, slug: str, year: int) -> HttpResponse:
    """Send the annual report, to be printed and handed to those who govern the institution."""
    report = _require(request, year)
    pdf = render_annual(write_annual(request.institution, report, tell_command(request, year)))
    answer = _send(pdf, "application/pdf", f"rapport-{slug}-{year}.pdf")
    answer["Content-Disposition"] = answer["Content-Disposition"].replace("attachment", "inline")
    return answer


def tell_command(request: SignedIn, year: int) -> str:
    """Return the command that computes the same figures from the published register."""
    log = reverse("log", kwargs={"slug": request.institution.slug, "resource": CHECKPOINT_PATH})
    address = request.build_absolute_uri(log).removesuffix(f"/{CHECKPOINT_PATH}")
    return f"ciment register report {address} --year {year} --key '{trusted_key(request.actor)}'"


def _read(request: SignedIn, year: int) -> JsonObject:
    institution = request.institution
    return read_year(institution, trusted_checkpoint(institution, trusted_key(request.actor)), year)


def _require(request: SignedIn, year: int) -> JsonObject:
    publish_waiting(request.institution)
    if year not in list_years(request.institution):
        raise Http404
    try:
        return _read(request, year)
    except (NoteRefused, RegisterDiffers) as error:
        # The page says what is wrong; a file would be taken along without it.
        raise Http404 from error


def _send(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _describe(figures: Figures) -> dict[str, Any]:
    largest = max((row.count or 0 for each in figures.series for row in each.quarters), default=0) or 1
    return {
        "figures": figures,
        "tables": [{"table": table, "picture": _draw(table)} for table in figures.tables],
        "series": [{"series": each, "picture": draw_series(each, largest)} for each in figures.series],
        "months": [tell_month(name) for name in MONTHS],
    }


def _draw(table: Table) -> Any:
    return draw_columns(table) if table.name == "months" else draw_bars(table)


def _describe_waiting(waiting: Waiting | None) -> dict[str, Any] | None:
    if waiting is None:
        return None
    return {"count": waiting.count, "median": round(waiting.median, 1), "ninth": round(waiting.ninth, 1)}
