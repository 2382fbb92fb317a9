"""The four questions of a line in the journal."""

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from ciment_web.inquiries.forms import list_values
from ciment_web.journal.kinds import TOLD_TO, kinds

_CHOOSE = {"required": _("Choisissez une réponse.")}


class ActForm(forms.Form):
    """One line: what, when, to whom, about whom."""

    kind = forms.ChoiceField(
        label=_("Qu’avez-vous fait pour la personne ?"),
        choices=lazy(lambda: [(kind.id, kind.text) for kind in kinds().values()], list),
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    done_on = forms.DateField(label=_("Quel jour ?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    told_to = forms.ChoiceField(
        label=_("À qui avez-vous parlé ?"),
        choices=lazy(
            lambda: [("", _("Choisissez…")), *(each for each in list_values("requester") if each[0] in TOLD_TO)], list
        ),
        error_messages=_CHOOSE,
    )
    about = forms.CharField(
        label=_("Pour qui ?"),
        help_text=_("Scellé : vous et les référents le lirez."),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
