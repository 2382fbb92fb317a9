"""Which year is asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class YearForm(forms.Form):
    """A year of the register."""

    annee = forms.TypedChoiceField(
        label=_("Année"),
        coerce=int,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid_choice", "invalid"), _("Le registre n’a rien de cette année. Choisissez-en une dans la liste.")
        ),
    )

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        """Offer `years`, newest first."""
        super().__init__(*args, **kwargs)
        self.years = years
        self.fields["annee"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]  # a field of choices

    def wanted(self) -> int:
        """Return the chosen year; the newest when none was, or none that there is."""
        chosen = self.cleaned_data["annee"] if self.is_bound and self.is_valid() else None
        return int(chosen or self.years[0])
