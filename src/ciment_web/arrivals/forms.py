"""What a signatory says when opening the institution to arrivals."""

from django import forms
from django.utils.translation import gettext_lazy as _


class OpenForm(forms.Form):
    """Which ways in are opened, under the signatory's passphrase."""

    channels = forms.MultipleChoiceField(
        label=_("Par où peut-on vous écrire ?"),
        choices=[
            ("desk", _("Le guichet : une page publique où déposer une demande écrite et motivée")),
            ("mail", _("Le courriel : une adresse réservée, dont les messages sont scellés à leur arrivée")),
        ],
        initial=["desk"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins une voie. Pour tout fermer, utilisez « Fermer »")},
    )
    phrase = forms.CharField(
        label=_("Votre phrase de passe"),
        help_text=_("Votre signature répond de la clé à laquelle les demandes seront scellées."),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
