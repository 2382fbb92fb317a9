"""One question of a drill."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciment_web.drills.casebook import Moment


class MomentForm(forms.Form):
    """What would you do?"""

    choix = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        # The same words for what was not offered: nothing that was sent is said again.
        error_messages=dict.fromkeys(
            ("required", "invalid_choice", "invalid"),
            _("Choisissez une réponse : il n’y a rien à perdre, c’est un exercice."),
        ),
    )

    def __init__(self, moment: Moment, *args: Any, **kwargs: Any) -> None:
        """Offer the choices of `moment`."""
        super().__init__(*args, **kwargs)
        field = self.fields["choix"]
        field.label = moment.ask
        field.choices = [(at, choice.text) for at, choice in enumerate(moment.choices)]  # type: ignore[attr-defined]  # a field of choices
