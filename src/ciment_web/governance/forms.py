"""What is typed into a setting: the whole value each time, then the passphrase that signs it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Generic

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ciment.law import VOCABULARY
from ciment_web.governance.absences import Absence, Absences
from ciment_web.governance.kinds import Value
from ciment_web.governance.recusals import Recusals
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


MakeForm = Callable[..., SettingForm[Any]]
