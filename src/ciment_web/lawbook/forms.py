"""What anyone may ask of the law: a day, whom or what a rule concerns, a situation."""

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciment_web.inquiries.forms import FactsForm, list_requesters, list_values

# Outside, a day says nothing of this law and no calendar is sure.
_FIRST_DAY, _LAST_DAY = date(1830, 1, 1), date(2199, 12, 31)
_LONGEST_QUOTE = 40


class DayField(forms.DateField):
    """A calendar day; what cannot be one is quoted, and stays in the field."""

    def __init__(self, **kwargs: Any) -> None:
        """Read what a browser's calendar sends, or a day as people write it."""
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def clean(self, value: Any) -> date | None:
        """Return the day; None where none was given and none is needed."""
        try:
            day: date | None = super().clean(value)
            if day is None or _FIRST_DAY <= day <= _LAST_DAY:
                return day
        except forms.ValidationError as error:
            if error.code == "required":
                raise
        # A browser's calendar shows no text that is no date: as text, it stays there to be corrected.
        self.widget.input_type = "text"
        quoted = str(value) if len(str(value)) <= _LONGEST_QUOTE else f"{str(value)[:_LONGEST_QUOTE]}…"
        raise forms.ValidationError(
            gettext(
                "« %(typed)s » n’est pas une date possible. Écrivez jour, mois et année (14/03/2019), de 1830 à 2199."
            )
            % {"typed": quoted}
        )


class RulesForm(forms.Form):
    """Which rules are shown: those of a day, of one requester, of one ground."""

    au = DayField(label=_("Le droit du"), required=False)
    auteur = forms.ChoiceField(
        label=_("Qui demande"),
        choices=lazy(lambda: list_requesters(_("Tout le monde")), list),
        required=False,
    )
    motif = forms.ChoiceField(
        label=_("Motif invoqué"),
        choices=lazy(lambda: [("", gettext("Tous")), *list_values("ground")], list),
        required=False,
    )


class DatesForm(forms.Form):
    """Two days to compare."""

    avant = DayField(label=_("Premier jour"), error_messages={"required": _("Choisissez le premier jour.")})
    apres = DayField(label=_("Second jour"), error_messages={"required": _("Choisissez le second jour.")})


class SituationForm(FactsForm):
    """A situation to try: who asks, what, and the facts; nobody in particular is asked about."""

    requester = forms.ChoiceField(
        label=_("Qui demande ?"),
        choices=lazy(lambda: list_requesters(_("Choisissez…")), list),
        error_messages={"required": _("Choisissez qui demande.")},
    )
    on = DayField(label=_("Le droit du"), error_messages={"required": _("Choisissez le jour du droit à appliquer.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask first who, then what."""
        super().__init__(*args, **kwargs)
        self.fields["categories"].error_messages["required"] = gettext("Cochez au moins une information demandée.")
        self.order_fields(["requester", "categories", "on"])

    def facts(self) -> dict[str, object]:
        """Return the facts that were stated, who asks among them."""
        return {**super().facts(), "requester": self.cleaned_data["requester"]}
