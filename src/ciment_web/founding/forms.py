"""What an administrator types to set a centre up."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from ciment_web.founding.actions import LetterheadWords
from ciment_web.founding.team import Post
from ciment_web.institutions.models import Institution
from ciment_web.members.actions import NewMember
from ciment_web.members.models import Invitation, Member, Role, Title

LONGEST_LOGIN = 40


class LetterheadForm(forms.Form):
    """What heads every letter."""

    name = forms.CharField(label=_("Nom de l’institution"), max_length=200)
    address = forms.CharField(
        label=_("Adresse"), max_length=500, widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
    )
    contact = forms.CharField(
        label=_("Téléphone, courriel"),
        help_text=_("Une ligne chacun."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    place = forms.CharField(label=_("Lieu"), help_text=_("Celui qui précède la date d’une lettre."), max_length=100)

    def words(self) -> LetterheadWords:
        """Return what was typed."""
        given = self.cleaned_data
        lines = {name: "\n".join(given[name].splitlines()) for name in ("address", "contact")}
        return LetterheadWords(given["name"], lines["address"], lines["contact"], given["place"])


class RhythmForm(forms.Form):
    """After how long a reply leaves, and how long a decision may wait."""

    delay_hours = forms.IntegerField(
        label=_("Après combien d’heures une réponse part-elle ?"),
        help_text=_("Toujours après le même temps : sinon, le délai dirait quelque chose de la personne."),
        min_value=1,
        max_value=240,
    )
    decision_days = forms.IntegerField(
        label=_("Combien de jours ouvrables une décision peut-elle attendre ses accords ?"),
        help_text=_("Passé ce temps, elle est préparée à nouveau. Rien ne part sans accords."),
        min_value=1,
        max_value=30,
    )


class PersonForm(forms.Form):
    """One place of a ready-made team; without a name, nobody is invited to it."""

    name = forms.CharField(
        label=_("Prénom et nom"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    function = forms.CharField(
        label=_("Fonction, telle qu’elle figurera sous une lettre"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("Ce que fera cette personne"),
        choices=[(role.value, role.label) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins un rôle.")},
    )
    title = forms.ChoiceField(label=_("Titre légal"), choices=[(title.value, title.label) for title in Title])
    mail = forms.EmailField(
        label=_("Courriel"),
        help_text=_("Pour les avis « quelque chose vous attend ». Le code n’y est pas envoyé."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def newcomer(self, login: str) -> NewMember:
        """Return the person that the checked form describes."""
        given = self.cleaned_data
        roles = tuple(Role(role) for role in given["roles"])
        return NewMember(login, given["name"], given["function"], roles, Title(given["title"]), given["mail"])


class TeamForms:
    """The forms of a ready-made team, one for each place."""

    def __init__(self, posts: Sequence[Post], data: Any = None) -> None:
        """Prefill one form for each of `posts`, or read them from `data`."""
        self.forms = [
            PersonForm(
                data,
                prefix=str(number),
                initial={"function": str(post.function), "roles": list(post.roles), "title": post.title},
            )
            for number, post in enumerate(posts)
        ]
        self.bound = data is not None

    def is_valid(self) -> bool:
        """Whether every form holds; each is asked, so that every error shows at once."""
        return self.bound and all([form.is_valid() for form in self.forms])  # noqa: C419 - all are asked

    def newcomers(self, institution: Institution) -> list[NewMember]:
        """Return the people that were named, each with a login made from the name."""
        taken = {
            *Member.objects.filter(institution=institution).values_list("login", flat=True),
            *Invitation.objects.filter(institution=institution, ended="").values_list("login", flat=True),
        }
        people = []
        for form in self.forms:
            if form.cleaned_data["name"]:
                login = login_for(form.cleaned_data["name"], taken)
                taken.add(login)
                people.append(form.newcomer(login))
        return people


def login_for(name: str, taken: set[str]) -> str:
    """Return a login made of a name, that nobody of `taken` has."""
    plain = slugify(name)[: LONGEST_LOGIN - 4].strip("-_") or "membre"
    number, login = 1, plain
    while login in taken:
        number += 1
        login = f"{plain}-{number}"
    return login
