"""What the desk asks of whoever files a request, one question each."""

import uuid
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from ciment_web.blobs.media import sniff
from ciment_web.blobs.sealing import open_file
from ciment_web.desk.sealing import Filed
from ciment_web.inquiries.forms import FilesField, list_requesters, list_values

MOST_FILES = 5
_CHOOSE = {"required": _("Choisissez une réponse.")}


def _ask(label: Any, most: int, help_text: Any = "", *, rows: int = 1, required: bool = True) -> forms.CharField:
    attrs = {"autocomplete": "off"}
    widget = forms.Textarea(attrs={**attrs, "rows": rows}) if rows > 1 else forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        required=required,
        widget=widget,
        error_messages={"required": _("Répondez à cette question.")},
    )


class FilingForm(forms.Form):
    """A written, reasoned request."""

    requester = forms.ChoiceField(
        label=_("À quel titre demandez-vous ?"),
        choices=lazy(lambda: list_requesters(_("Choisissez…"), frozenset({"nobody"})), list),
        error_messages=_CHOOSE,
    )
    name = _ask(_("Votre nom et votre fonction"), 200)
    service = _ask(_("Votre service ou organisation"), 200, required=False)
    reach = _ask(
        _("Comment vous joindre"),
        500,
        _("Adresse, courriel, numéro du central : l’institution vérifiera qui vous êtes."),
        rows=3,
    )
    basis = _ask(
        _("La disposition légale que vous invoquez"),
        1000,
        _("Loi et article. S’il n’y en a pas, écrivez « aucune »."),
        rows=2,
    )
    about = _ask(_("Au sujet de qui ?"), 500, _("Seulement ce qui est nécessaire pour désigner la personne."))
    categories = forms.MultipleChoiceField(
        label=_("Que voulez-vous savoir ?"),
        choices=lazy(lambda: list_values("category"), list),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins une réponse.")},
    )
    text = _ask(_("Votre demande, et ses motifs"), 20000, rows=8)
    follows = _ask(
        _("Le code d’une demande que celle-ci complète ou corrige"),
        300,
        _("Si vous en avez déjà déposé une. Rien n’est rouvert : celle-ci s’y ajoute."),
        required=False,
    )
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    # Last: where a file is too large, the answers before it are there.
    letters = FilesField(
        label=_("Votre lettre signée, et ses annexes"),
        help_text=_("En PDF, cinq fichiers au plus, 10 Mo chacun. Ils sont scellés pendant leur envoi."),
        most=MOST_FILES,
        accept=".pdf,application/pdf",
        required=False,
    )

    field_order = [
        "requester",
        "name",
        "service",
        "reach",
        "basis",
        "about",
        "categories",
        "text",
        "follows",
        "form_id",
        "letters",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give each fresh page an identifier of its own: sent twice, it files once."""
        super().__init__(*args, **kwargs)
        self.fields["form_id"].initial = uuid.uuid4

    def clean_letters(self) -> list[Any]:
        """Take PDF alone, by what the bytes are."""
        files: list[Any] = self.cleaned_data["letters"]
        for upload in files:
            head = next(open_file(upload.sealed.key, upload.sealed.blob, upload.sealed.id), b"")
            if sniff(head) != "application/pdf":
                raise forms.ValidationError(
                    _(
                        "Un de ces fichiers n’est pas un PDF. Enregistrez-le en PDF, puis choisissez à nouveau vos fichiers."
                    )
                )
        return files

    def filed(self) -> Filed:
        """Return the words of the checked form."""
        given = self.cleaned_data
        return Filed(
            requester=given["requester"],
            name=given["name"],
            service=given["service"],
            reach=given["reach"],
            basis=given["basis"],
            about=given["about"],
            categories=tuple(given["categories"]),
            text=given["text"],
        )


class CodeForm(forms.Form):
    """The code of a receipt."""

    code = forms.CharField(
        label=_("Le code de votre demande"),
        help_text=_("Douze mots, séparés par des traits d’union ou des espaces. Les accents sont facultatifs."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
