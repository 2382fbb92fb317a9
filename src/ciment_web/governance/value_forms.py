"""Settings that are a few values rather than a list of lines: letterhead, delays, gateway, directory."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciment_web.governance.directory import Directory, read_csv, write_csv
from ciment_web.governance.explanations import explain_setting
from ciment_web.governance.forms import People, SettingForm
from ciment_web.governance.gateway import Gateway
from ciment_web.governance.kinds import SettingRefused
from ciment_web.governance.letterhead import Head
from ciment_web.governance.rhythm import Rhythm


class LetterheadForm(SettingForm[Head]):
    """Address, contact, place, and the institution's own sentence."""

    address = forms.CharField(
        label=_("Adresse"), max_length=400, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    )
    contact = forms.CharField(
        label=_("Téléphone et courriel de l’institution"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    place = forms.CharField(
        label=_("Lieu écrit devant la date"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sentence = forms.CharField(
        label=_("Votre phrase, au bas des lettres"),
        help_text=_("La même pour tout le monde. Le texte du refus lui-même ne change pas."),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, value: Head, people: People, data: Any = None, **kwargs: Any) -> None:
        """Fill the form with what counts."""
        del people
        initial = {
            "address": "\n".join(value.address),
            "contact": "\n".join(value.contact),
            "place": value.place,
            "sentence": value.sentence,
        }
        super().__init__(data, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)

    def value(self) -> Head:
        """Return the head; a browser ends its lines with two characters."""
        given = self.cleaned_data
        return Head(
            tuple(given["address"].splitlines()),
            tuple(given["contact"].splitlines()),
            given["place"],
            given["sentence"],
        )


class RhythmForm(SettingForm[Rhythm]):
    """The delay of every reply, and the days of a decision."""

    reply_delay_hours = forms.IntegerField(
        label=_("Heures avant que parte une réponse"),
        help_text=_("La même attente pour toutes : elle ne dit rien de la personne. De 0 à 240."),
        min_value=0,
        max_value=240,
    )
    decision_days = forms.IntegerField(
        label=_("Jours ouvrables pour donner les accords"),
        help_text=_("Samedis, dimanches et jours fériés légaux ne comptent pas. De 1 à 60."),
        min_value=1,
        max_value=60,
    )

    def __init__(self, value: Rhythm, people: People, data: Any = None, **kwargs: Any) -> None:
        """Fill the form with what counts."""
        del people
        super().__init__(data, initial={**vars(value), **kwargs.pop("initial", {})}, **kwargs)

    def value(self) -> Rhythm:
        """Return the rhythm."""
        return Rhythm(self.cleaned_data["reply_delay_hours"], self.cleaned_data["decision_days"])


class GatewayForm(SettingForm[Gateway]):
    """The address of the gateway; its key is made when it is signed."""

    url = forms.CharField(
        label=_("Adresse de la passerelle"),
        help_text=_("Une adresse https:// d’une passerelle SMS de l’institution. Vide : aucune."),
        required=False,
        max_length=300,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, value: Gateway, people: People, data: Any = None, **kwargs: Any) -> None:
        """Fill the form with what counts."""
        del people
        super().__init__(data, initial={"url": value.url, **kwargs.pop("initial", {})}, **kwargs)

    def value(self) -> Gateway:
        """Return the address, with no key yet."""
        return Gateway(self.cleaned_data["url"])


class DirectoryForm(SettingForm[Directory]):
    """The whole directory, as lines, or as a file that takes their place."""

    document = forms.FileField(
        label=_("Un fichier CSV, à la place du texte ci-dessous"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    lines = forms.CharField(
        label=_("Le répertoire, une autorité par ligne"),
        help_text=_(
            "genre;nom;numéro;source. La première ligne reste « kind;name;phone;source ». Le numéro est celui d’un standard, que vous avez cherché vous-même : jamais celui qui figure sur une demande."
        ),
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, value: Directory, people: People, data: Any = None, **kwargs: Any) -> None:
        """Fill the lines with what counts."""
        del people
        super().__init__(data, initial={"lines": write_csv(value), **kwargs.pop("initial", {})}, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Read the lines, or the file."""
        cleaned = super().clean() or {}
        upload = cleaned.get("document")
        name = "document" if upload else "lines"
        try:
            content = upload.read_all() if upload else cleaned.get("lines", "").encode()
            self.directory = read_csv(content) if content.strip() else ()
        except SettingRefused as error:
            self.add_error(name, explain_setting(error))
        return cleaned

    def value(self) -> Directory:
        """Return what was read."""
        return self.directory
