"""The reflex card: what to say and do when somebody asks, on one page. Drafts, until a jurist has read them."""

from dataclasses import replace
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from ciment_web.governance.queries import current_on_host
from ciment_web.governance.rota import ROTA
from ciment_web.inquiries.documents import letterhead_of
from ciment_web.inquiries.phrases import danger_now, sentence_if_pressed, sentence_to_say
from ciment_web.institutions.languages import reading_language
from ciment_web.institutions.models import Institution
from ciment_web.letters import ReflexCard


def write_card(institution: Institution, day: date) -> ReflexCard:
    """Return the reflex card of an institution, as of one day."""
    danger_title, danger = danger_now()
    rota = current_on_host(institution, ROTA).value
    return ReflexCard(
        letterhead=replace(letterhead_of(institution), language=reading_language()),
        date=day,
        title=_("Carte réflexe : on me demande une information"),
        danger_title=danger_title,
        danger=danger,
        say_title=_("Phrase à dire"),
        say=sentence_to_say(),
        insist_title=_("Si l’on insiste :"),
        insist=sentence_if_pressed(None),
        gestures_title=_("Trois gestes"),
        gestures=_gestures(),
        cases=_cases(),
        phones=((_("Permanence, téléphone"), rota.phone), (_("Si elle ne répond pas"), rota.second_phone)),
        paper=_(
            "Sans écran : notez sur papier qui demande, ce qui est demandé, l’heure et comment répondre ; "
            "remettez la feuille au référent, sous enveloppe fermée."
        ),
        url=record_address(institution),
        draft=_("Texte provisoire : une ou un juriste doit encore le relire."),
    )


def record_address(institution: Institution) -> str:
    """Return the full address of the page where a request is recorded."""
    scheme = "https" if settings.CIMENT_SECURE else "http"
    return f"{scheme}://{settings.CIMENT_HOST}{reverse('new-inquiry', kwargs={'slug': institution.slug})}"


def _gestures() -> tuple[str, ...]:
    return (
        _("Dites la phrase, et rien d’autre : ni oui, ni non, ni « je vais voir »."),
        _("N’ouvrez aucun dossier : ce que vous n’avez pas lu ne peut pas vous échapper."),
        _("Notez la demande tout de suite : l’institution prend le relais et vous recevez votre attestation."),
    )


def _cases() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("On me montre un mandat"),
            _(
                "Ne vous y opposez pas. Demandez à lire le titre, notez le nom du magistrat, appelez la permanence. "
                "Dites, pièce par pièce, ce que le secret couvre ; demandez un inventaire et une copie."
            ),
        ),
        (
            _("Je suis cité·e en personne"),
            _(
                "Appelé à témoigner sous serment, le témoin peut parler ou se taire : lui seul choisit. La police et "
                "le parquet n’entendent pas sous serment : devant eux, le secret s’impose. Prenez conseil avant."
            ),
        ),
        (
            _("J’ai déjà répondu"),
            _(
                "Dites-le aujourd’hui, de vive voix d’abord : à la personne déléguée à la protection des données ou à "
                "la permanence. Sans reproche ; le temps compte."
            ),
        ),
        (
            _("On fait pression sur moi"),
            _(
                "Ce n’est pas à vous de décider, et vous n’êtes pas seul·e. Répétez la phrase, notez l’heure et le "
                "nom, prévenez la permanence."
            ),
        ),
    )
