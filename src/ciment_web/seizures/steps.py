"""The steps at the door, in order, and how their answers are told again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciment_web.seizures import forms
from ciment_web.seizures.actions import Told
from ciment_web.seizures.forms import FactForm, Word


@dataclass(frozen=True)
class Step:
    """One page of questions: its address, its title, what to say and do first, and where it leads."""

    name: str
    title: Word
    short: Word
    advice: tuple[Word, ...]
    form: type[FactForm]
    next: str


STEPS = {
    step.name: step
    for step in (
        Step(
            "titre",
            _("Que vous montre-t-on ?"),
            _("Le titre"),
            (
                _("Ne vous y opposez pas, et ne répondez à aucune question sur qui que ce soit."),
                _("Sans titre, ou sur simple accord, le secret s’impose. Un membre du personnel ne donne jamais cet accord."),
            ),
            forms.TitleForm,
            "appel",
        ),
        Step(
            "appel",
            _("Qui est prévenu ?"),
            _("Les appels"),
            (
                _("Appelez la permanence et la direction générale : les numéros sont sur la carte réflexe. Demandez si l’on peut les attendre."),
                _("À confirmer par une ou un juriste : aucun texte lu ne dit qui, hors du centre, doit assister à la saisie dans un CPAS."),
            ),
            forms.CallForm,
            "presence",
        ),
        Step("presence", _("Qui est là ?"), _("Les présents"), (), forms.PresenceForm, "piece"),
        Step(
            "piece",
            _("Pièce par pièce"),
            _("Les pièces"),
            (_("Pour chaque pièce, dites la phrase avant qu’elle soit ouverte ou emportée. Puis notez."),),
            forms.ItemForm,
            "piece",
        ),
        Step(
            "fin",
            _("Ils partent"),
            _("La fin"),
            (_("Demandez une copie de ce qui est emporté, et de tout ce qu’ils ont écrit. Relisez avant de signer quoi que ce soit."),),
            forms.EndForm,
            "",
        ),
        Step("remarque", _("Autre chose à noter"), _("Une remarque"), (), forms.NoteForm, ""),
    )
}  # fmt: skip
_BY_KIND = {step.form.kind: step for step in STEPS.values()}
_CHOICES = {
    "title": forms.TITLES,
    "executing": forms.EXECUTING,
    "whom": forms.CALLED,
    "answered": forms.ANSWERED,
    "done": forms.DONE,
    "copy": forms.COPIES,
    "objection": forms.OBJECTIONS,
}


def heading_of(told: Told) -> Word:
    """Return in words what kind of fact this is."""
    step = _BY_KIND.get(told.words.kind)
    return step.short if step else _("Le gel est levé")


def answers_of(told: Told) -> list[tuple[str, str]]:
    """Return (question, answer) of a fact in words, in the order of its questions."""
    step = _BY_KIND.get(told.words.kind)
    given = told.words.answers
    if step is None:
        return [(str(_("Pourquoi")), given.get("reason", ""))]
    asked = step.form().fields
    return [(str(asked[name].label), word_of(name, given[name])) for name in asked if given.get(name)]


def word_of(name: str, value: str) -> str:
    """Return an answer in words: a choice as it was offered, anything else as it was written."""
    return str(_CHOICES.get(name, {}).get(value, value))


def of_kind(facts: Sequence[Told], kind: str) -> list[Told]:
    """Return the facts of one kind, in order."""
    return [each for each in facts if each.words.kind == kind]


def objection_sentence() -> str:
    """Return what to say before each item. Draft, until a jurist has read it."""
    return gettext(
        "Le secret professionnel couvre cette pièce. Je m’oppose à ce qu’elle soit lue ou emportée, et je demande que ce soit noté."
    )


def objection_of(told: Told) -> str:
    """Return the objection to one item as it was said; empty where none was."""
    given = told.words.answers
    if given.get("objection") == "said":
        return objection_sentence()
    return given.get("objection_words", "")
