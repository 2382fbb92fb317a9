"""What people type to sign in, to invite somebody, and to become a member."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciment.vault import PassphraseError, WeakPassphrase, plain_passphrase, require_strong
from ciment_web.members.actions import NewMember
from ciment_web.members.models import Member, Role, Title
from ciment_web.members.permissions import can_be_held_together

# Never given back to a browser that typed it: the token of an old session, and every passphrase.
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "phrase", "phrase_again", "offered", "code", "follows"})


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


class InviteForm(forms.Form):
    """Who is invited, and to which roles."""

    login = forms.SlugField(
        label=_("Identifiant"),
        help_text=_(
            "Ce que la personne écrira pour se connecter : des lettres sans accent, des chiffres, des traits d’union."
        ),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Prénom et nom"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    function = forms.CharField(
        label=_("Fonction"),
        help_text=_("Telle qu’elle figurera sous une lettre signée."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("Que fera cette personne ?"),
        help_text=_("Chaque rôle coché devra être approuvé par une personne signataire."),
        choices=[(role.value, role.label.capitalize()) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins un rôle.")},
    )
    title = forms.ChoiceField(
        label=_("Titre légal"),
        choices=[(title.value, title.label.capitalize()) for title in Title],
        initial=Title.NONE.value,
    )
    mail = forms.EmailField(
        label=_("Courriel"),
        help_text=_("Pour les avis « quelque chose vous attend ». L’invitation n’y est pas envoyée."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Keep who advises apart from who decides: the data protection officer signs nothing."""
        cleaned = super().clean() or {}
        if not can_be_held_together(cleaned.get("roles", ())):
            self.add_error(
                "roles", _("La personne déléguée à la protection des données conseille : elle ne prépare ni ne signe.")
            )
        return cleaned

    @property
    def newcomer(self) -> NewMember:
        """The person that the checked form describes."""
        given = self.cleaned_data
        roles = tuple(Role(role) for role in given["roles"])
        login, name, function = given["login"].lower(), given["name"], given["function"]
        return NewMember(login, name, function, roles, Title(given["title"]), given["mail"])


class RenewForm(InviteForm):
    """What changes when an enrolment is renewed; the login stays."""

    def __init__(self, member: Member, data: Any = None) -> None:
        roles = list(member.held_roles.values_list("role", flat=True))
        kept = {"name": member.name, "function": member.function, "title": member.title, "mail": member.mail}
        super().__init__(data, initial={**kept, "roles": roles})
        self.kept_login = member.login
        del self.fields["login"]

    @property
    def newcomer(self) -> NewMember:
        """The person that the checked form describes, under the login that stays."""
        self.cleaned_data["login"] = self.kept_login
        return super().newcomer


class CodeForm(forms.Form):
    """The code of an invitation."""

    code = forms.CharField(
        label=_("Le code de votre invitation"),
        help_text=_("Douze mots, séparés par des traits d’union ou des espaces. Les accents sont facultatifs."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class NewPassphraseForm(forms.Form):
    """A passphrase chosen, or copied from the one that is offered, typed twice."""

    phrase = forms.CharField(
        label=_("Votre phrase de passe"),
        help_text=_("Celle qui est proposée, ou la vôtre, si elle ne peut pas être devinée."),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    phrase_again = forms.CharField(
        label=_("La même, encore une fois"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    offered = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def clean_phrase(self) -> str:
        """Refuse a passphrase that could be guessed."""
        phrase: str = self.cleaned_data["phrase"]
        try:
            require_strong(phrase)
        except WeakPassphrase as error:
            raise forms.ValidationError(
                _("Cette phrase de passe pourrait être devinée. Prenez celle qui est proposée, ou plus de mots.")
            ) from error
        return phrase

    def clean(self) -> dict[str, Any]:
        """Compare what was typed twice, as sign-in will read it: without accents, case or kinds of separators."""
        cleaned = super().clean() or {}
        if {"phrase", "phrase_again"} <= cleaned.keys() and not _same(cleaned["phrase"], cleaned["phrase_again"]):
            self.add_error("phrase_again", _("Ce n’est pas la même phrase. Écrivez deux fois la même."))
        return cleaned


def _same(one: str, other: str) -> bool:
    try:
        return plain_passphrase(one) == plain_passphrase(other)
    except PassphraseError:
        return False
