"""What people are asked about a flow: one question each, from closed words wherever the law counts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ciment_web.flows.law import Basis
from ciment_web.flows.terms import CHANNELS
from ciment_web.inquiries.forms import list_requesters, list_values
from ciment_web.institutions.models import Institution
from ciment_web.members.models import Member, Role
from ciment_web.members.queries import members_with

_NEVER = frozenset({"nobody"})
_CHOOSE = {"required": _("Choisissez une réponse.")}
_LONG = 2000


def _text(label: Any, help_text: Any = "", rows: int = 1) -> forms.CharField:
    attrs: dict[str, Any] = {"autocomplete": "off"}
    widget = forms.Textarea(attrs={**attrs, "rows": rows}) if rows > 1 else forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, help_text=help_text, max_length=_LONG, widget=widget)


class WhoForm(forms.Form):
    """The first questions: what the law is asked. Everything else depends on its answer."""

    requester = forms.ChoiceField(
        label=_("À qui l’information va-t-elle ?"),
        choices=lazy(lambda: list_requesters(_("Choisissez…"), _NEVER), list),
        error_messages=_CHOOSE,
    )
    categories = forms.MultipleChoiceField(
        label=_("Que lui dit-on, à chaque fois ?"),
        help_text=_("Le moins possible : rien d’autre ne pourra passer par ce flux."),
        choices=lazy(lambda: list_values("category"), list),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins une réponse.")},
    )
    outside = forms.ChoiceField(
        label=_("Par où cela passe-t-il ?"),
        choices=[
            ("no", _("Des membres communiquent, et le notent ici")),
            ("yes", _("Un échange automatisé, hors de Ciment : il est seulement déclaré")),
        ],
        widget=forms.RadioSelect,
        initial="no",
        error_messages=_CHOOSE,
    )


class TermsForm(forms.Form):
    """The rest of the terms, once the law has said under which rules this may flow."""

    rule = forms.ChoiceField(label=_("Sur quelle règle ?"), widget=forms.RadioSelect, error_messages=_CHOOSE)
    service = _text(
        _("Quel service, exactement ?"), _("Le nom du service destinataire, jamais celui d’une personne aidée.")
    )
    purpose = _text(_("Pour quoi faire ?"), _("La finalité, en une ou deux phrases."), rows=3)
    channel = forms.ChoiceField(
        label=_("Par quel canal ?"),
        choices=lazy(lambda: [(name, capfirst(str(words))) for name, words in CHANNELS.items()], list),
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    address = _text(_("À quelle adresse, sur ce canal ?"))
    verified = _text(
        _("Comment l’avez-vous vérifiée ?"),
        _("Par quel répertoire de confiance, quel jour ; jamais par le seul message de qui demande."),
    )
    owner = forms.ModelChoiceField(
        label=_("Qui répond de ce flux ?"),
        queryset=Member.objects.none(),
        empty_label=_("Choisissez…"),
        error_messages=_CHOOSE,
    )
    until = forms.DateField(
        label=_("Jusqu’à quand ?"),
        help_text=_("Douze mois au plus. Ce jour passé, le flux s’arrête de lui-même."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sample = forms.IntegerField(
        label=_("Quelle part relire chaque mois, sur cent ?"),
        help_text=_("Le registre tire au sort ; au moins une communication est relue chaque mois."),
        min_value=1,
        max_value=100,
        initial=10,
    )

    def __init__(self, institution: Institution, bases: Sequence[Basis], *args: Any, **kwargs: Any) -> None:
        """Offer the rules that the law gave, and the members who may answer for a flow."""
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [  # type: ignore[attr-defined]
            (basis.rule.id, basis.rule.id) for basis in bases
        ]
        if len(bases) == 1:
            self.fields["rule"].initial = bases[0].rule.id
        owners = members_with(institution, Role.WORKER, Role.TEAM_LEAD, Role.REFERENT, Role.SIGNATORY)
        field = self.fields["owner"]
        field.queryset = Member.objects.filter(pk__in=[owner.pk for owner in owners])  # type: ignore[attr-defined]
        field.label_from_instance = _tell_owner  # type: ignore[attr-defined]


class OpinionForm(forms.Form):
    """The officer's opinion."""

    favourable = forms.ChoiceField(
        label=_("Quel est votre avis ?"),
        choices=[("yes", _("Favorable")), ("no", _("Défavorable"))],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    text = _text(
        _("Pourquoi ?"), _("Les signataires liront ce texte, tel quel. L’avis éclaire, il ne décide pas."), rows=3
    )


class SuspensionForm(forms.Form):
    """Why a flow is stopped."""

    reason = _text(
        _("Pourquoi suspendre ce flux ?"),
        _("Les lecteurs du flux liront cette raison. Aucun nom de personne aidée."),
        rows=2,
    )


class CommunicationForm(forms.Form):
    """One communication within a flow."""

    sent_on = forms.DateField(label=_("Quel jour ?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    categories = forms.MultipleChoiceField(
        label=_("Qu’avez-vous communiqué ?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins une réponse.")},
    )
    about = _text(
        _("Au sujet de qui ?"), _("Scellé : vous et les référents le lirez, et personne d’autre sans un tirage.")
    )
    kept_at = _text(
        _("Où est la pièce ?"), _("La référence du dossier dans votre logiciel ou votre armoire. Pas son contenu.")
    )
    exactly = forms.ChoiceField(
        label=_("Est-ce exactement ce que permet le flux ?"), widget=forms.RadioSelect, error_messages=_CHOOSE
    )

    OTHER = "other"

    def __init__(self, categories: Sequence[str], *args: Any, **kwargs: Any) -> None:
        """Offer what the flow allows, and what leaves it."""
        super().__init__(*args, **kwargs)
        allowed = [choice for choice in list_values("category") if choice[0] in categories]
        self.fields["categories"].choices = [*allowed, (self.OTHER, _("Autre chose aussi"))]  # type: ignore[attr-defined]
        self.fields["exactly"].choices = [  # type: ignore[attr-defined]
            ("yes", _("Oui : ce destinataire, ce canal, ces conditions")),
            ("no", _("Non : un appel, une autre adresse, un autre service, une condition qui manque")),
        ]


class ReviewForm(forms.Form):
    """What a reviewer concludes."""

    conforms = forms.ChoiceField(
        label=_("Cette communication est-elle conforme au flux ?"),
        choices=[("yes", _("Conforme")), ("no", _("Non conforme"))],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    text = _text(_("Ce que vous avez vérifié"), _("Scellé avec la communication."), rows=2)


def _tell_owner(member: Member) -> str:
    return f"{member.name}, {member.function}"
