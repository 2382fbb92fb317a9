"""What is asked of a member who is pressed: who, then what and to whom. Names never travel in addresses."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciment_web.members.models import Member


def _name(member: Member) -> str:
    return f"{member.name}, {member.function}"


class WhoForm(forms.Form):
    """Who presses: members of the house, somebody outside, or both."""

    named = forms.TypedMultipleChoiceField(
        label=_("Quelqu’un de la maison ?"),
        help_text=_("Cochez chaque personne qui fait pression. Elle n’aura pas la clé, quelle que soit sa fonction."),
        required=False,
        coerce=uuid.UUID,
        widget=forms.CheckboxSelectMultiple,
    )
    outsider = forms.CharField(
        label=_("Quelqu’un d’extérieur ?"),
        help_text=_("Nom, service ou fonction, tels que vous les connaissez."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, colleagues: list[Member], **kwargs: Any) -> None:
        """Offer the other members of the house."""
        super().__init__(*args, **kwargs)
        self.fields["named"].choices = [(member.id, _name(member)) for member in colleagues]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Ask for one answer at least."""
        given = self.cleaned_data
        if not self.errors and not given.get("named") and not given.get("outsider"):
            raise forms.ValidationError(_("Dites qui : cochez un nom, ou écrivez qui c’est."))


class ReadersForm(forms.Form):
    """To whom it is entrusted; nobody is a choice too."""

    readers = forms.TypedMultipleChoiceField(
        label=_("À qui le confier ?"),
        help_text=_("Décochez qui vous voulez. Sans personne de coché, c’est gardé pour vous."),
        required=False,
        coerce=uuid.UUID,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, offered: list[Member], **kwargs: Any) -> None:
        """Offer those who may be entrusted; whoever is named is not among them."""
        super().__init__(*args, **kwargs)
        self.fields["readers"].choices = [(member.id, _name(member)) for member in offered]  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """What happened."""

    what = forms.CharField(
        label=_("Que vous a-t-on dit ou fait ?"),
        help_text=_("Les mots exacts, si vous les avez. Ne nommez aucune personne aidée."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        error_messages={"required": _("Écrivez au moins un mot.")},
    )
    when = forms.CharField(
        label=_("Quand ?"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def words(self) -> dict[str, str]:
        """Return what was written, the empty answers left out."""
        return {name: self.cleaned_data[name] for name in ("what", "when") if self.cleaned_data.get(name)}


class TellForm(ReadersForm, WordsForm):
    """What happened, and to whom it is entrusted."""

    field_order = ["what", "when", "readers"]
