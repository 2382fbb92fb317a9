"""What is asked at the door, one step a page. Nothing is required but what makes a line of the inventory."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ciment_web.blobs.media import sniff
from ciment_web.blobs.sealing import open_file
from ciment_web.blobs.uploads import SealedUpload
from ciment_web.seizures.sealing import Photo, Words

Word = str | Promise
TITLES: dict[str, Word] = {
    "warrant": _("Un mandat, une ordonnance d’un juge"),
    "flagrante": _("Pas de mandat : on invoque le flagrant délit"),
    "production_order": _("Un ordre de remettre des pièces"),
    "consent_to_search": _("On demande seulement votre accord"),
    "none": _("Rien n’est montré"),
}
EXECUTING: dict[str, Word] = {
    "investigating_judge": _("Une ou un juge d’instruction, en personne"),
    "police_for_judge": _("La police, envoyée par un juge"),
    "prosecutor": _("Le parquet, ou la police envoyée par lui"),
    "police": _("La police, sans autre précision"),
}
CALLED: dict[str, Word] = {
    "director_general": _("La direction générale"),
    "president": _("La présidence"),
    "on_call": _("La permanence"),
    "referent": _("Le ou la référent·e secret professionnel"),
    "dpo": _("La personne déléguée à la protection des données"),
    "lawyer": _("Une avocate ou un avocat de l’institution"),
    "other": _("Quelqu’un d’autre"),
}
ANSWERED: dict[str, Word] = {
    "coming": _("Arrive"),
    "reached": _("A répondu, ne vient pas"),
    "voicemail": _("Pas de réponse ; message laissé, sans contenu"),
    "unreached": _("Pas de réponse"),
}
DONE: dict[str, Word] = {
    "taken": _("Emportée"),
    "copied": _("Copiée par eux"),
    "looked": _("Regardée, laissée sur place"),
    "sealed": _("Mise sous scellés"),
    "constraint": _("Remise sous contrainte"),
}
COPIES: dict[str, Word] = {
    "kept": _("Oui, une copie est gardée"),
    "refused": _("Demandée, refusée"),
    "none": _("Non"),
}
OBJECTIONS: dict[str, Word] = {
    "said": _("Oui, la phrase ci-dessus"),
    "other": _("Oui, avec d’autres mots"),
    "none": _("Non"),
}


def _choose(label: Any, values: dict[str, Word], help_text: Any = "", *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        required=required,
        choices=list(values.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une réponse.")},
    )


def _write(
    label: Any, help_text: Any = "", *, rows: int = 1, longest: int = 300, required: bool = False
) -> forms.CharField:
    wide = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=longest,
        widget=wide if rows > 1 else forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Écrivez au moins un mot.")},
    )


def _require_other_words(form: forms.Form) -> None:
    given = form.cleaned_data
    if given.get("objection") == "other" and not given.get("objection_words"):
        form.add_error("objection_words", _("Écrivez les mots que vous avez dits."))


class FactForm(forms.Form):
    """One fact; `kind` names what it is among the seizure's facts."""

    kind = ""

    def words(self, upload: SealedUpload | None = None) -> Words:
        """Return what was answered, the empty answers left out, with the photo that came along."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "photo" and value}
        photo = Photo.of(upload.name or "photo", upload.keep()) if upload is not None else None
        return Words(self.kind, given, photo)


class _PhotoForm(FactForm):
    photo = forms.FileField(
        label=_("Une photo"),
        help_text=_("PNG, JPEG ou PDF, 10 Mo au plus. Scellée pendant l’envoi."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,.pdf"}),
    )

    def clean_photo(self) -> Any:
        """Refuse what no page could show as a photo."""
        upload = self.cleaned_data["photo"]
        if upload is None:
            return None
        sealed = upload.sealed
        head = next(open_file(sealed.key, sealed.blob, sealed.id), b"")[:4096]
        if sniff(head) not in {"image/png", "image/jpeg", "application/pdf"}:
            raise forms.ValidationError(
                _("Ce fichier n’est ni une image PNG ou JPEG, ni un PDF. Choisissez-en un autre.")
            )
        return upload


class TitleForm(_PhotoForm):
    """What is shown at the door."""

    kind = "title"
    title = _choose(_("Que vous montre-t-on ?"), TITLES, _("Demandez à le lire, et lisez-le jusqu’au bout."))
    executing = _choose(_("Qui est là ?"), EXECUTING)
    magistrate = _write(_("Nom et fonction du magistrat qui a signé"))
    dated = _write(_("Date du titre"))
    arrived = _write(_("À quelle heure sont-ils arrivés ?"))
    field_order = ["title", "executing", "magistrate", "dated", "arrived", "photo"]


class CallForm(FactForm):
    """Who was told, and when."""

    kind = "called"
    whom = _choose(_("Qui avez-vous appelé ?"), CALLED, required=True)
    name = _write(_("Son nom"))
    called_at = _write(_("À quelle heure ?"))
    answered = _choose(_("Et alors ?"), ANSWERED)


class PresenceForm(FactForm):
    """Who is in the room."""

    kind = "present"
    who = _write(
        _("Qui est présent ?"),
        _("Une personne par ligne : nom, service ou fonction. Un refus de se nommer se note aussi."),
        rows=4,
        longest=3000,
        required=True,
    )


class ItemForm(_PhotoForm):
    """One line of the inventory."""

    kind = "item"
    what = _write(
        _("Quelle pièce ?"),
        _("De quoi la reconnaître : numéro, type, nombre de pages. Jamais ce qu’elle raconte."),
        rows=2,
        longest=1000,
        required=True,
    )
    place = _write(_("Où était-elle ?"))
    done = _choose(_("Qu’en ont-ils fait ?"), DONE, required=True)
    objection = _choose(_("Avez-vous opposé le secret ?"), OBJECTIONS, required=True)
    objection_words = _write(_("Vos autres mots, exactement"), rows=2, longest=2000)
    copy = _choose(_("En avez-vous gardé une copie ?"), COPIES)
    field_order = ["what", "place", "done", "objection", "objection_words", "copy", "photo"]

    def clean(self) -> None:
        """Ask for the other words where they are announced."""
        _require_other_words(self)


class EndForm(FactForm):
    """How it ends."""

    kind = "end"
    ended = _write(_("À quelle heure sont-ils partis ?"))
    papers = _write(
        _("Quels papiers ont-ils laissés ?"), _("Un procès-verbal, un reçu ; ou rien."), rows=2, longest=1000
    )
    remarks = _write(_("Ce que les personnes présentes ont demandé de noter"), rows=4, longest=5000)


class NoteForm(FactForm):
    """Anything else."""

    kind = "note"
    note = _write(_("Que faut-il noter ?"), rows=4, longest=5000, required=True)


class LiftForm(forms.Form):
    """Why erasure may begin again."""

    reason = _write(_("Pourquoi le gel peut-il être levé ?"), rows=2, longest=2000, required=True)


class HandoverForm(forms.Form):
    """What is demanded of one request, and what was said against it."""

    parts = forms.MultipleChoiceField(
        label=_("Qu’exige-t-on ?"),
        help_text=_("Seulement ce qui est exigé. Chaque pièce cochée devient une ligne de l’inventaire."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins une pièce.")},
    )
    objection = _choose(_("Avez-vous opposé le secret ?"), OBJECTIONS, required=True)
    objection_words = _write(_("Vos autres mots, exactement"), rows=2, longest=2000)

    def __init__(self, *args: Any, pieces: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        """Offer exactly the parts that the member can read."""
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = list(pieces)  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Ask for the other words where they are announced."""
        _require_other_words(self)
