"""Why something is frozen, and why it should be reopened."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """A reason, sealed to those who decide."""

    reason = forms.CharField(
        label=_("Pourquoi ?"),
        help_text=_("Des faits, en peu de mots. Scellé : seules les personnes qui décident le lisent."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Dites pourquoi, en quelques mots.")},
    )
