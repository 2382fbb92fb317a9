"""What people are asked about a request: one question each, from the closed words of the law pack."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ciment.law import VOCABULARY
from ciment_web.law import word_for
from ciment_web.members.forms import PassphraseForm

# Asked first because they ask most; the others follow in the order of the pack.
_FREQUENT = ("police", "prosecutor", "housing", "bailiff", "tax_administration", "municipality", "relative")
# `nobody` is the institution speaking first, which is no request.
_NEVER = frozenset({"nobody"})
_GROUPS: tuple[tuple[Any, tuple[str, ...], bool], ...] = (
    (_("Qui demande, et comment"), ("authenticated", "form", "setting", "title"), True),
    (_("Ce qui est invoqué"), ("ground", "statute", "offence", "person_role"), True),
    (_("Accord de la personne, destinataire"), ("consent", "recipient", "recipient_bound"), False),
    (_("Danger"), ("danger", "danger_to", "other_means", "protected_interest", "self_created"), False),
)
_HELP = {
    "authenticated": _("Rappelez par un numéro que vous connaissez, jamais par celui que donne l’auteur."),
    "form": _("« Motivée » : la demande dit pourquoi et sur quelle loi elle se fonde."),
    "statute": _("« Vérifiée » seulement si vous avez lu l’article et pouvez le nommer."),
}


def list_requesters(nobody_chosen: Any, never: frozenset[str] = frozenset()) -> list[tuple[str, Any]]:
    """Return the kinds of requesters to choose from, those who ask most first; `nobody_chosen` names the empty one."""
    others = [value for value in VOCABULARY["requester"] if value not in _FREQUENT and value not in never]
    return [
        ("", nobody_chosen),
        (str(_("Le plus souvent")), _choices("requester", _FREQUENT)),
        (str(_("Autres")), _choices("requester", others)),
    ]


def _choices(attribute: str, values: Iterable[str]) -> list[tuple[str, str]]:
    # A choice stands alone, so it begins like a sentence; the labels themselves also stand inside sentences.
    return [(value, capfirst(word_for(attribute, value))) for value in values]


def list_values(attribute: str) -> list[tuple[str, str]]:
    """Return the values of one attribute to choose from."""
    return _choices(attribute, VOCABULARY[attribute])


_CHOOSE = {"required": _("Choisissez une réponse.")}


class RecordForm(forms.Form):
    """The six questions of the record; no ground, no judgement."""

    requester = forms.ChoiceField(
        label=_("Qui demande ?"),
        choices=lazy(lambda: list_requesters(_("Choisissez…"), _NEVER), list),
        error_messages=_CHOOSE,
    )
    name = forms.CharField(
        label=_("Son nom, son service"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reach = forms.CharField(
        label=_("Comment lui répondre"),
        help_text=_("Adresse, courriel, numéro du central."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    form = forms.ChoiceField(
        label=_("Sous quelle forme ?"),
        choices=[("oral", _("De vive voix ou par téléphone")), ("written", _("Par écrit"))],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    about = forms.CharField(
        label=_("Au sujet de qui ?"),
        help_text=_("Tel que la demande le dit. Ne cherchez dans aucun dossier."),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    categories = forms.MultipleChoiceField(
        label=_("Que veut-on savoir ?"),
        choices=lazy(lambda: list_values("category"), list),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _(
                "Cochez au moins une réponse. Si l’on veut savoir si la personne est connue, c’est la première."
            )
        },
    )
    text = forms.CharField(
        label=_("Les mots de la demande"),
        help_text=_("Ce qui a été dit ou écrit, sans commentaire."),
        max_length=20000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)

    field_order = ["requester", "name", "reach", "form", "about", "categories", "text", "draft"]


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, in the order they were chosen; its value is a list, empty when there are none."""

    widget = _ManyFiles

    def __init__(self, *, most: int, accept: str, **kwargs: Any) -> None:
        """Take at most `most` files of the kinds that `accept` offers."""
        super().__init__(widget=_ManyFiles(attrs={"accept": accept}), **kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files, each checked by itself."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > self.most:
            raise forms.ValidationError(_("Au plus %(most)s fichiers à la fois.") % {"most": self.most})
        if not given:
            super().clean(None, initial)
        return [super(FilesField, self).clean(each, initial) for each in given]


class MessageForm(forms.Form):
    """A message or letter to start from."""

    # Telephones offer their camera for `image/*`; `capture` would keep them from offering pictures taken before.
    message = FilesField(
        label=_("Le message ou la lettre"),
        help_text=_(
            "Courriel (.eml), PDF ou photos, 10 Mo chacun. Plusieurs pages : choisissez-les ensemble, dans l’ordre de leurs noms. Tout est scellé dès l’arrivée."
        ),
        most=10,
        accept=".eml,.pdf,.txt,.heic,.tif,.tiff,.webp,image/*",
    )


class FactField(forms.ChoiceField):
    """One attribute of the vocabulary. It always has an answer: the first value, least favourable to disclosure."""

    def __init__(self, attribute: str) -> None:
        """Ask for `attribute`."""
        self.default = VOCABULARY[attribute][0]
        super().__init__(
            label=capfirst(word_for("attribute", attribute)),
            help_text=_HELP.get(attribute, ""),
            choices=list_values(attribute),
        )

    def clean(self, value: Any) -> str:
        """Return the value, or the default where nothing was sent."""
        return str(super().clean(value or self.default))


class FactsForm(forms.Form):
    """The facts that the law pack reads; what is left untouched is taken at its least favourable to disclosure."""

    categories = forms.MultipleChoiceField(
        label=_("Ce qui est demandé"),
        choices=lazy(lambda: list_values("category"), list),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add one field for each attribute of the vocabulary."""
        super().__init__(*args, **kwargs)
        for _title, attributes, _open in _GROUPS:
            for attribute in attributes:
                self.fields[attribute] = FactField(attribute)

    def groups(self) -> list[dict[str, Any]]:
        """Return the questions by group; a closed group opens when something in it was answered."""
        groups = []
        for title, attributes, is_open in _GROUPS:
            fields = [self[attribute] for attribute in attributes]
            answered = any(field.value() not in (None, "", VOCABULARY[field.name][0]) for field in fields)
            groups.append({"title": title, "fields": fields, "open": is_open or answered})
        return groups

    def facts(self) -> dict[str, object]:
        """Return the facts that were stated: untouched answers stay out, so that they count as assumed."""
        stated = {
            attribute: self.cleaned_data[attribute]
            for _title, attributes, _open in _GROUPS
            for attribute in attributes
            if self.cleaned_data.get(attribute) not in ("", None, VOCABULARY[attribute][0])
        }
        return {**stated, "category": list(self.cleaned_data["categories"])}


class QualificationForm(FactsForm):
    """What a referent states of a request: the facts, where to stay silent nevertheless, and a note."""

    silenced = forms.MultipleChoiceField(
        label=_("Se taire malgré tout sur"),
        help_text=_(
            "L’institution peut toujours se taire quand la loi lui laisse le choix. Contre une obligation, seule la direction générale le peut."
        ),
        choices=lazy(lambda: list_values("category"), list),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=_("Note du référent"),
        help_text=_("Comment l’auteur a été identifié, quel article a été lu. Scellée avec la demande."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OverrideForm(PassphraseForm):
    """Which duties are silenced, and at what risk."""

    categories = forms.MultipleChoiceField(
        label=_("Se taire sur"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez ce sur quoi l’institution se tait.")},
    )
    risk = forms.CharField(
        label=_("Le risque assumé, et pourquoi"),
        help_text=_("Ce que l’institution risque, et ce qui le justifie à vos yeux. Scellé avec la demande."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Dites quel risque est assumé : il reste sur le dossier de la demande.")},
    )
    field_order = ["categories", "risk", "phrase"]

    def __init__(self, *args: Any, duties: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        """Offer only the duties of this request."""
        super().__init__(*args, **kwargs)
        offered = [value for value in VOCABULARY["category"] if value in duties]
        self.fields["categories"].choices = _choices("category", offered)  # type: ignore[attr-defined]
        self.fields["phrase"].help_text = _("Elle confirme que c’est bien vous qui décidez.")


class CopyForm(forms.Form):
    """One copy to be communicated."""

    document = forms.FileField(
        label=_("Le document"),
        help_text=_("PDF, image ou texte, 10 Mo au plus. Il est scellé pendant son envoi."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.txt"}),
    )
    category = forms.ChoiceField(label=_("Catégorie d’information"))
    description = forms.CharField(
        label=_("Description pour les signataires et le destinataire"), max_length=300, widget=forms.TextInput()
    )
    pages = forms.CharField(
        label=_("Pages à garder"),
        help_text=_("Pour un PDF dont une partie seulement doit partir : 1-2, 4. Vide : le document entier."),
        max_length=100,
        required=False,
    )
    reason = forms.CharField(
        label=_("Pourquoi le reste est retiré"),
        help_text=_("Une raison par ligne. Le destinataire la lira."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reading = forms.BooleanField(
        label=_("Joindre une copie de lecture pour les signataires"),
        help_text=_("Seulement s’ils ne peuvent pas décider sans la lire. Chaque ouverture est inscrite au registre."),
        required=False,
    )

    def __init__(self, *args: Any, categories: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        """Offer only the categories that may leave."""
        super().__init__(*args, **kwargs)
        offered = [value for value in VOCABULARY["category"] if value in categories]
        self.fields["category"].choices = _choices("category", offered)  # type: ignore[attr-defined]


class RecipientForm(forms.Form):
    """To whom the packet is sealed."""

    recipient = forms.CharField(
        label=_("Clé du destinataire"),
        help_text=_(
            "Une clé age (age1…) donnée par le destinataire. Sans clé, une phrase de passe est générée : vous la donnerez de vive voix."
        ),
        max_length=5000,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
