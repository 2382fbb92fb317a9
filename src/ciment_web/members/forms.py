"""What people type to sign in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """Account and passphrase."""

    identifiant = forms.CharField(
        label=_("Identifiant"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    phrase = forms.CharField(
        label=_("Phrase de passe"),
        help_text=_("Les mots, séparés par des traits d’union ou des espaces. Les accents sont facultatifs."),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PassphraseForm(forms.Form):
    """The passphrase, asked again before an accord."""

    phrase = forms.CharField(
        label=_("Votre phrase de passe"),
        help_text=_("Elle ouvre votre part de la clé, sur cette décision seulement."),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
