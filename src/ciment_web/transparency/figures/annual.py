"""The annual report as values, in the institution's language whoever asks for it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciment.canon import JsonObject
from ciment.register import LEAST
from ciment_web.inquiries.documents import letterhead_of, today
from ciment_web.institutions.languages import writing_for
from ciment_web.institutions.models import Institution
from ciment_web.letters import AnnualReport, ReportLine, ReportTable
from ciment_web.transparency.figures.reading import is_under_way
from ciment_web.transparency.figures.tables import QUARTERS, Figures, Series, Table, tell_figures, tell_quarter


def write_annual(institution: Institution, report: JsonObject, command: str) -> AnnualReport:
    """Return the annual report of an institution."""
    year = int(str(report["year"]))
    with writing_for(institution):
        figures = tell_figures(report)
        return AnnualReport(
            letterhead=letterhead_of(institution),
            date=today(institution),
            title=_("Secret professionnel : rapport de l’année %(year)s") % {"year": year},
            opening=(
                _(
                    "Ce rapport dit combien de fois on a demandé à l’institution de lever le secret, qui l’a demandé, "
                    "au nom de quoi, et ce qu’elle a répondu. Il ne dit rien de personne."
                ),
                *((_("L’année est en cours : ces nombres changeront encore."),) if is_under_way(year) else ()),
            ),
            headline=_headline(figures),
            tables=tuple(_table(table) for table in figures.tables),
            series_title=_("Les motifs invoqués, trimestre par trimestre"),
            series_text=_series_text(figures),
            quarters=tuple(tell_quarter(name) for name in QUARTERS),
            series=tuple((each.label, *_quarters(each)) for each in figures.series),
            method=_method(),
            command=command,
            register=_register(report),
        )


def _headline(figures: Figures) -> tuple[tuple[str, str], ...]:
    return (
        (_say(figures.received), _("demandes d’information reçues")),
        (_say(figures.answered), _("demandes traitées : refusées, ou suivies d’une communication")),
    )


def _say(count: int | None) -> str:
    return _("moins de %(least)s") % {"least": LEAST} if count is None else str(count)


def _table(table: Table) -> ReportTable:
    if table.total is None:
        note = _("Moins de %(least)s : le détail ne se publie pas.") % {"least": LEAST}
    elif not table.total:
        note = _("Aucune cette année.")
    elif table.is_gathered:
        note = _("Une des valeurs est trop petite pour se publier sans se laisser deviner : tout est regroupé.")
    else:
        note = ""
    lines = (
        ()
        if table.is_gathered
        else tuple(
            ReportLine(
                label=row.label,
                value=_("caché") if row.count is None else str(row.count),
                share=(row.count or 0) / table.largest,
                gathered=row.gathered or row.count is None,
            )
            for row in table.rows
        )
    )
    return ReportTable(title=table.title, question=table.question, note=note, lines=lines)


def _series_text(figures: Figures) -> str:
    if not figures.series:
        return _("Trop peu de demandes traitées cette année pour les suivre dans le temps.")
    return _(
        "Une loi qui ouvre une brèche pour un motif grave sert-elle ensuite à d’autres ? Ce tableau le montre, année après année."
    )


def _quarters(series: Series) -> tuple[str, ...]:
    return tuple(_("caché") if row.count is None else str(row.count) for row in series.quarters)


def _method() -> tuple[str, ...]:
    return (
        _("Les nombres viennent du registre public de l’institution, et de lui seul ; l’année est celle du temps universel."),
        _(
            "Aucun nombre inférieur à %(least)s n’est publié, ni ce qui permettrait de le retrouver par soustraction : "
            "ces lignes sont regroupées, ou dites cachées. Un nombre caché peut aussi être nul."
        )
        % {"least": LEAST},
        _("Une demande est « traitée » quand l’institution a signé un refus, ou communiqué ce qu’une décision collégiale a permis."),
    )  # fmt: skip


def _register(report: JsonObject) -> str:
    register = report["register"]
    if not isinstance(register, dict):
        raise TypeError("a report names its register")
    size = int(str(register["size"]))
    counted = ngettext("%(size)s entrée", "%(size)s entrées", size) % {"size": size}
    return f"{register['origin']} · {counted} · {register['root']}"
