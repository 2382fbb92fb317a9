"""What people ask of the register: a page of entries, or the check of one proof."""

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciment.register import KINDS
from ciment_web.transparency.queries import Filter
from ciment_web.transparency.words import describe_kinds

# Before, no time of an entry has thirteen digits; far beyond, no calendar is sure.
_FIRST_DAY, _LAST_DAY = date(2002, 1, 1), date(2285, 12, 31)


def _kinds() -> list[tuple[str, str]]:
    words = describe_kinds()
    return [("", gettext("toutes")), *((kind, words[kind]) for kind in KINDS)]


class FilterForm(forms.Form):
    """Which entries are shown."""

    nature = forms.ChoiceField(label=_("Nature de l’entrée"), choices=lazy(_kinds, list), required=False)
    jour = forms.DateField(
        label=_("Jour"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    avant = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput())

    def clean_jour(self) -> date | None:
        """Refuse a day on which no entry can have been made."""
        day: date | None = self.cleaned_data["jour"]
        if day is not None and not _FIRST_DAY <= day <= _LAST_DAY:
            raise forms.ValidationError(_("Ce jour est hors du calendrier du registre. Choisissez-en un autre."))
        return day

    def wanted(self) -> Filter:
        """Return the filter; everything when an answer cannot be used."""
        if not self.is_valid():
            return Filter()
        given = self.cleaned_data
        return Filter(given["nature"], given["jour"], given["avant"])


class ProofForm(forms.Form):
    """A proof file and the document it should prove."""

    preuve = forms.FileField(
        label=_("Le fichier de preuve"),
        help_text=_("Il accompagne le document ; son nom finit par .tlog-proof."),
        widget=forms.ClearableFileInput(attrs={"accept": ".tlog-proof"}),
    )
    document = forms.FileField(
        label=_("Le document"),
        help_text=_("Le PDF ou le pli, tel que vous l’avez reçu, 10 Mo au plus."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for files that stay out of every stored place."""
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self.fields[name].error_messages["required"] = gettext("Choisissez ce fichier sur votre appareil.")
            self.fields[name].error_messages["empty"] = gettext("Ce fichier est vide. Choisissez-en un autre.")
