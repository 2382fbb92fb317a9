"""What is typed into a setting: the whole value each time, then the passphrase that signs it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Generic

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ciment.law import VOCABULARY
from ciment_web.governance.absences import Absence, Absences
from ciment_web.governance.directory import Directory, read_csv, write_csv
from ciment_web.governance.explanations import explain_setting
from ciment_web.governance.gateway import Gateway
from ciment_web.governance.kinds import SettingRefused, Value
from ciment_web.governance.letterhead import Head
from ciment_web.governance.recusals import Recusals
from ciment_web.governance.rhythm import Rhythm
from ciment_web.governance.rota import Rota, Turn
from ciment_web.law import word_for
from ciment_web.members.models import Member

People = Iterable[Member]
# What one page asks beyond what it shows: a longer list is saved, and the page asks for more.
_BLANK_ROWS = 2
_NEVER_ASKS = frozenset({"nobody"})


class SettingForm(forms.Form, Generic[Value]):
    """One setting; `rows` are the lines of a list, where the setting is one."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    phrase = forms.CharField(
        label=_("Votre phrase de passe"),
        help_text=_("Elle signe ce réglage, en votre nom."),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    # Shown after the lines of the list.
    last = ("phrase",)
    rows: "forms.BaseFormSet[forms.Form] | None" = None

    def is_valid(self) -> bool:
        """Check the form and its lines."""
        rows_hold = self.rows is None or self.rows.is_valid()
        if not super().is_valid():
            return False
        if not rows_hold:
            self.add_error(None, _now("Une ligne de la liste est à corriger, plus bas."))
        return rows_hold

    def first_fields(self) -> list[forms.BoundField]:
        """Return the questions before the lines."""
        return [field for field in self.visible_fields() if field.name not in self.last]

    def kept(self) -> list[dict[str, Any]]:
        """Return the lines that are filled in and not marked to be removed."""
        if self.rows is None:
            return []
        given = [form.cleaned_data for form in self.rows.forms]
        return [each for each in given if each and not each.get("DELETE") and each.get("member")]

    def value(self) -> Value:
        """Return what was typed as a value of the setting."""
        raise AssertionError("each setting reads its own form")


class _Row(forms.Form):
    """A line of a list; an empty one says nothing."""

    def __init__(self, *args: Any, people: People = (), **kwargs: Any) -> None:
        """Offer the members of the institution."""
        super().__init__(*args, **kwargs)
        choices = [
            ("", _now("Personne")),
            *((str(member.id), f"{member.name}, {member.function}") for member in people),
        ]
        for name in ("member", "deputy", "second_deputy"):
            if name in self.fields:
                self.fields[name].choices = choices  # type: ignore[attr-defined]  # these are choices


def _rows_of(row: type[_Row], initial: list[dict[str, Any]], people: People, data: Any) -> Any:
    formset = forms.formset_factory(row, extra=_BLANK_ROWS, can_delete=True, max_num=500, validate_max=True)
    made = formset(data, initial=initial, prefix="rows", form_kwargs={"people": list(people)})
    for form in made.forms:
        form.fields["DELETE"].label = _now("Retirer cette ligne")
    return made


def _who(label: Any, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=required)


class _RecusalRow(_Row):
    member = _who(_("Qui siège aussi ailleurs"))
    requester = forms.ChoiceField(label=_("Ne prend part à aucune demande de ce genre d’auteur"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, word_for("requester", kind).capitalize()) for kind in VOCABULARY["requester"]]
        self.fields["requester"].choices = [  # type: ignore[attr-defined]  # it is a choice
            ("", _now("Choisissez")),
            *(pair for pair in kinds if pair[0] not in _NEVER_ASKS),
        ]


class RecusalsForm(SettingForm[Recusals]):
    """Who is recused from whose requests, one pair a line."""

    def __init__(self, value: Recusals, people: People, data: Any = None, **kwargs: Any) -> None:
        """Fill the lines with what counts."""
        super().__init__(data, **kwargs)
        pairs = [
            {"member": member, "requester": kind}
            for member, kinds in sorted(value.by_member.items())
            for kind in sorted(kinds)
        ]
        self.rows = _rows_of(_RecusalRow, pairs, people, data)

    def value(self) -> Recusals:
        """Gather the pairs by member."""
        found: dict[str, frozenset[str]] = {}
        for row in self.kept():
            found[row["member"]] = found.get(row["member"], frozenset()) | {row["requester"]}
        return Recusals(found)


class _AbsenceRow(_Row):
    member = _who(_("Qui est absent·e"))
    first = forms.DateField(label=_("Du"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("Au, compris"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    deputy = _who(_("Qui supplée"))
    title = forms.CharField(
        label=_("Acte qui désigne la suppléance"),
        help_text=_("Sa date et son numéro, sans motif d’absence."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AbsencesForm(SettingForm[Absences]):
    """Who is away, from when to when, and who deputises."""

    def __init__(self, value: Absences, people: People, data: Any = None, **kwargs: Any) -> None:
        """Fill the lines with what counts."""
        super().__init__(data, **kwargs)
        self.rows = _rows_of(_AbsenceRow, [dict(vars(each)) for each in value], people, data)

    def value(self) -> Absences:
        """Return the absences."""
        names = ("member", "first", "last", "deputy", "title")
        return tuple(Absence(**{name: row[name] for name in names}) for row in self.kept())


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class _TurnRow(_Row):
    member = _who(_("De permanence"))
    start = _moment(_("Du"))
    end = _moment(_("Jusqu’au"))
    deputy = _who(_("Ensuite"), required=False)
    second_deputy = _who(_("Et aussi"), required=False)


class RotaForm(SettingForm[Rota]):
    """Service numbers, the time before the next are called, and the turns."""

    phone = forms.CharField(
        label=_("Téléphone de la permanence"),
        help_text=_("Un numéro de service : il est imprimé sur la carte réflexe."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    second_phone = forms.CharField(
        label=_("Si elle ne répond pas"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    minutes = forms.IntegerField(
        label=_("Minutes sans lecture avant de prévenir les suivants"), min_value=1, max_value=120
    )

    def __init__(self, value: Rota, people: People, data: Any = None, **kwargs: Any) -> None:
        """Fill the form with what counts."""
        initial = {"phone": value.phone, "second_phone": value.second_phone, "minutes": value.minutes}
        super().__init__(data, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        now = datetime.now(UTC)
        # What is over stays in the register's chain; the page asks of what comes.
        turns = [self._initial(turn) for turn in value.turns if turn.end > now]
        self.rows = _rows_of(_TurnRow, turns, people, data)

    @staticmethod
    def _initial(turn: Turn) -> dict[str, Any]:
        first, second = (*turn.deputies, "", "")[:2]
        return {
            "member": turn.member,
            "start": turn.start,
            "end": turn.end,
            "deputy": first,
            "second_deputy": second,
        }

    def value(self) -> Rota:
        """Return the rota."""
        given = self.cleaned_data
        turns = tuple(
            Turn(
                row["member"],
                row["start"],
                row["end"],
                tuple(dict.fromkeys(each for each in (row["deputy"], row["second_deputy"]) if each)),
            )
            for row in self.kept()
        )
        return Rota(turns, given["phone"], given["second_phone"], given["minutes"])


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


MakeForm = Callable[..., SettingForm[Any]]
