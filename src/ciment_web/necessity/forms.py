"""What is asked of a situation of necessity, condition by condition. Nothing is required: help comes first."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciment_web.inquiries.forms import list_values
from ciment_web.necessity.sealing import Words

_GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("1. Ce que vous savez"), ("known", "since", "source")),
    (_("2. Le danger"), ("danger", "danger_to")),
    (_("3. Ce qui a été essayé"), ("other_means", "tried")),
    (_("4. Ce qui est en balance"), ("protected_interest", "self_created")),
    (_("5. Ce qui est dit, et à qui"), ("recipient", "told", "told_at")),
)
FACTS = ("danger", "danger_to", "other_means", "protected_interest", "self_created", "recipient")
# Nobody asked: this word would name somebody who is not there.
_NOBODY_ASKED = frozenset({"same_as_requester"})
_ASKED: dict[str, tuple[Any, Any]] = {
    "danger": (_("Le danger est…"), _("« Grave et imminent » : il est là, ou tout proche ; il n’est pas seulement possible.")),
    "danger_to": (_("Qui est en danger ?"), ""),
    "other_means": (_("D’autres moyens d’éviter le danger"), _("En parler avec la personne, l’accompagner, l’aide d’un médecin…")),
    "protected_interest": (_("Ce qu’il faut protéger, face au secret, est de valeur…"), _("Une vie, un corps : égale ou supérieure.")),
    "self_created": (_("Le danger vient-il de l’institution elle-même ?"), ""),
    "recipient": (_("À qui le dire : qui peut écarter le danger"), _("Le strict nécessaire, à nul autre.")),
}  # fmt: skip


def _ask(label: Any, rows: int = 1, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=10000,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
        if rows > 1
        else forms.TextInput(attrs={"autocomplete": "off"}),
    )


class StatementForm(forms.Form):
    """One statement; every answer may stay empty."""

    known = _ask(_("Que savez-vous ?"), 3, _("Des faits : vu, entendu, lu. Pas d’hypothèse."))
    since = _ask(_("Depuis quand ?"))
    source = _ask(_("Par qui le savez-vous ?"))
    tried = _ask(_("Ce qui a été essayé, ou pourquoi rien ne peut l’être"), 2)
    told = _ask(_("Ce qui a été dit, ou le sera, et à qui"), 2, _("Déjà fait ? Notez-le tel quel : c’est un relais."))
    told_at = _ask(_("À quelle heure ?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the facts that the law pack reads."""
        super().__init__(*args, **kwargs)
        for name in FACTS:
            label, help_text = _ASKED[name]
            offered = [choice for choice in list_values(name) if choice[0] not in _NOBODY_ASKED]
            self.fields[name] = forms.ChoiceField(
                label=label, help_text=help_text, required=False, choices=[("", _("Pas encore dit")), *offered]
            )

    def groups(self) -> list[dict[str, Any]]:
        """Return the questions, condition by condition."""
        return [{"title": title, "fields": [self[name] for name in names]} for title, names in _GROUPS]

    def words(self) -> Words:
        """Return what was written."""
        names = ("known", "since", "source", "tried", "told", "told_at")
        return Words(**{name: self.cleaned_data.get(name, "") for name in names})

    def facts(self) -> dict[str, object]:
        """Return the facts that were stated; what was not said stays out, so that it counts as assumed."""
        given = {name: self.cleaned_data.get(name, "") for name in FACTS}
        return {name: value for name, value in given.items() if value}
