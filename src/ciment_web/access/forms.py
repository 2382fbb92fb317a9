"""What is asked about a person's request: one question each, few of them required."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciment_web.access.actions.record import Kind, NewRequest
from ciment_web.access.actions.tell import LONGEST_REVIEW
from ciment_web.access.content import Content
from ciment_web.access.grounds import all_grounds
from ciment_web.members.models import Member

IDENTITIES: tuple[tuple[str, Any], ...] = (
    ("card", _("Carte d’identité vue")),
    ("electronic", _("Identification électronique")),
    ("called_back", _("Rappel à un numéro déjà connu")),
    ("known", _("Connue en personne de qui note")),
    ("", _("Pas encore vérifiée")),
)
ACTING: tuple[tuple[str, Any], ...] = (
    ("", _("La personne elle-même")),
    ("lawyer_of_person", _("Son avocate ou son avocat")),
    ("guardian_or_administrator", _("Une tutrice, un tuteur, une administration de la personne")),
    ("relative", _("Un membre de sa famille ou un proche")),
)
WANTED: tuple[tuple[str, Any], ...] = (
    ("everything", _("Tout ce qui la concerne")),
    ("readings", _("Qui a lu ce qui la concerne")),
    ("file", _("Un dossier ou une pièce en particulier")),
)
_CHOOSE = {"required": _("Choisissez une réponse.")}


def _line(label: Any, help_text: Any = "", *, required: bool = False, longest: int = 200) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=longest, widget=widget)


def _text(label: Any, help_text: Any = "", *, required: bool = False, rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=5000, widget=widget)


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    # A browser reads the day of such a field in this form alone, whatever the language of the page.
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget, input_formats=["%Y-%m-%d"])


class RequestForm(forms.Form):
    """What is noted at the counter, in under a minute."""

    kind = forms.ChoiceField(
        label=_("Que demande la personne ?"),
        choices=(
            (Kind.ACCESS, _("L’accès à ce qui la concerne")),
            (Kind.RECTIFICATION, _("Que quelque chose soit corrigé")),
            (Kind.ERASURE, _("Que quelque chose soit effacé")),
        ),
        initial=Kind.ACCESS,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    family = _line(_("Son nom de famille"), required=True)
    given = _line(_("Son prénom"), required=True)
    birth = _line(
        _("Sa date de naissance"), _("Pour ne pas la confondre avec une autre personne du même nom."), longest=30
    )
    reach = _text(_("Où lui remettre la réponse"), _("Adresse, ou « au guichet »."))
    identity = forms.ChoiceField(
        label=_("Comment son identité, ou celle de qui agit pour elle, a-t-elle été vérifiée ?"),
        choices=IDENTITIES,
        required=False,
        widget=forms.RadioSelect,
    )
    acting = forms.ChoiceField(
        label=_("Qui se présente ?"), choices=ACTING, required=False, initial="", widget=forms.RadioSelect
    )
    agent = _line(_("Nom de qui agit pour elle"))
    mandate = _line(_("Le mandat"), _("Sa nature et sa date : procuration, ordonnance…"))
    mandate_seen = forms.BooleanField(label=_("J’ai vu le mandat moi-même"), required=False)
    photo = forms.FileField(
        label=_("Photo ou copie du mandat"),
        help_text=_("10 Mo au plus. Elle est scellée dès son arrivée."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
    wanted = forms.ChoiceField(
        label=_("Que veut-elle ?"),
        choices=WANTED,
        initial="everything",
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    details = _text(_("Précisions"), _("Le dossier ou la pièce visés, ce qui serait à corriger."))
    received_on = _day(_("Reçue le"), _("Le délai d’un mois court à partir de ce jour."))
    form = forms.ChoiceField(
        label=_("Sous quelle forme ?"),
        choices=[("oral", _("De vive voix ou par téléphone")), ("written", _("Par écrit"))],
        initial="oral",
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    second = forms.ChoiceField(
        label=_("Qui vérifiera avec vous ?"),
        help_text=_("Deux personnes vérifient identité et mandat. Celle que vous nommez pourra lire cette demande."),
        required=False,
    )

    def __init__(self, *args: Any, today: date, seconds: Sequence[Member] = (), **kwargs: Any) -> None:
        """Offer the colleagues who may check too; ask for nobody where there is none."""
        super().__init__(*args, **kwargs)
        self._today = today
        self._seconds = {str(member.id): member for member in seconds}
        self.fields["received_on"].initial = today
        if seconds:
            offered = [(name, f"{member.name}, {member.function}") for name, member in self._seconds.items()]
            self.fields["second"].choices = [("", _("Personne en particulier")), *offered]  # type: ignore[attr-defined]
        else:
            del self.fields["second"]

    def clean_received_on(self) -> date:
        """Refuse a day to come."""
        day: date = self.cleaned_data["received_on"]
        if day > self._today:
            raise forms.ValidationError(_("Cette date est à venir. Indiquez le jour où la demande est arrivée."))
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for the name of whoever acts for the person: a letter goes to somebody."""
        given = super().clean() or {}
        if given.get("acting") and not given.get("agent"):
            self.add_error("agent", _("Écrivez le nom de qui se présente pour la personne."))
        return given

    def new_request(self) -> NewRequest:
        """Return what was noted."""
        given = self.cleaned_data
        acting = bool(given["acting"])
        return NewRequest(
            kind=given["kind"],
            received_on=given["received_on"],
            form=given["form"],
            mandate_seen=given["mandate_seen"],
            second=self._seconds.get(given.get("second", "")),
            content=Content(
                given=given["given"].strip(),
                family=given["family"].strip(),
                birth=given["birth"],
                reach=given["reach"],
                identity=given["identity"],
                wanted=given["wanted"],
                details=given["details"],
                acting=given["acting"],
                agent=given["agent"] if acting else "",
                mandate=given["mandate"] if acting else "",
            ),
        )


class ReasonForm(forms.Form):
    """A reason, in words."""

    reason = _text(_("La raison"), _("Elle est dite à la personne."), required=True)


class HandForm(forms.Form):
    """How the statement leaves."""

    way = forms.ChoiceField(
        label=_("Comment est-il remis ?"),
        choices=(
            ("person", _("En main propre, imprimé, à la personne ou à qui a montré son mandat")),
            ("packet", _("Dans un pli chiffré, que la personne seule ouvre")),
        ),
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    recipient = _line(
        _("Sa clé"),
        _("Une clé age (age1…), si elle en a une. Sinon, une phrase est générée : vous la lui direz de vive voix."),
        longest=5000,
    )


class TellForm(forms.Form):
    """That the person is told, by letter or not."""

    letter = forms.ChoiceField(
        label=_("Faut-il lui écrire ?"),
        choices=(
            ("yes", _("Oui : préparer la lettre")),
            ("no", _("Non : elle le saura si elle demande son relevé")),
        ),
        initial="yes",
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    name = _line(_("Nom et prénom de la personne"))
    reach = _text(_("Son adresse"), rows=3)
    reason = _text(_("Pourquoi maintenant"), _("Utile si vous mettez fin à un report. Scellé, lu des seuls référents."))

    def clean(self) -> dict[str, Any]:
        """Ask for an addressee where a letter is written."""
        given = super().clean() or {}
        if given.get("letter") == "yes" and not given.get("name"):
            self.add_error("name", _("Écrivez à qui la lettre est adressée."))
        return given


class DeferForm(forms.Form):
    """That telling is put off: under which restriction, why, until when."""

    ground = forms.ChoiceField(label=_("Quelle restriction légale ?"), widget=forms.RadioSelect, error_messages=_CHOOSE)
    reason = _text(
        _("Pourquoi, dans ce cas"), _("Des faits et le texte lu. Scellé, lu des seuls référents."), required=True
    )
    review_on = _day(_("À revoir le"), _("Au plus tard dans un an. Ce jour-là, la question revient d’elle-même."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Offer the named restrictions, each with how far its source was read."""
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["ground"].choices = [(each.id, each.label) for each in all_grounds().values()]  # type: ignore[attr-defined]
        self.fields["review_on"].widget.attrs["min"] = (today + timedelta(days=1)).isoformat()

    def clean_review_on(self) -> date:
        """Refuse a day that is past, or more than a year ahead."""
        day: date = self.cleaned_data["review_on"]
        if not self._today < day <= self._today + LONGEST_REVIEW:
            raise forms.ValidationError(_("Choisissez un jour entre demain et dans un an."))
        return day
