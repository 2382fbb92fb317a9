"""Why nothing may be noted, or a flow not go on."""

from django.utils.translation import gettext as _

from ciment.canon import CimentError


class FlowStopped(CimentError):  # noqa: N818 - the class names the refusal
    """A flow within which nobody may act now; `reason` is a key of `explain_stop`."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the flow is stopped: {reason}")
        self.reason = reason


class TermsRefused(CimentError):  # noqa: N818 - the class names the refusal
    """Terms that no accord may be asked on: `reason` is `until`, `rule`, `owner` or `terms`."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"terms refused: {reason}")
        self.reason = reason


class LeavesFlow(CimentError):  # noqa: N818 - the class names the refusal
    """A communication that is not exactly what the template allows: a request like any other."""


class ReviewRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A review of what the month's draw did not choose, or of what was reviewed already."""


def explain_stop(reason: str) -> str:
    """Return why a flow is stopped, and what lets it go on."""
    return {
        "outside": _("Cet échange automatisé passe hors de Ciment : il est seulement déclaré ici."),
        "not_agreed": _("Les accords requis ne sont pas donnés. Rien ne peut être noté dans ce flux."),
        "frozen": _("L’institution est gelée. Seuls les accords requis la rouvrent."),
        "suspended": _("Ce flux est suspendu. Seuls de nouveaux accords le rouvrent."),
        "expired": _(
            "Ce flux est arrivé à son terme et s’est arrêté de lui-même. Proposez-en un nouveau s’il le faut."
        ),
        "law": _(
            "Le recueil de droit en vigueur ne donne plus la réponse sur laquelle les accords ont été donnés : le flux s’est arrêté de lui-même. La personne référente relit la règle et propose un nouveau flux."
        ),
        "law_unread": _(
            "Le recueil de droit de ce serveur n’est signé par aucune clé que l’institution reconnaît : le flux attend. Prévenez l’administrateur."
        ),
        "overdue": _(
            "Le contrôle d’un mois passé n’a pas été fait à temps : le flux est arrêté jusqu’à ce qu’il le soit. Une personne référente ou déléguée à la protection des données s’en charge."
        ),
        "unverified": _(
            "Les accords enregistrés ne se vérifient pas. Rien ne peut être noté. Prévenez l’administrateur et la personne déléguée à la protection des données."
        ),
    }[reason]


def explain_terms(reason: str) -> str:
    """Return why terms are refused, and what to do."""
    return {
        "until": _("Un flux dure douze mois au plus, et au moins un jour. Choisissez une autre date de fin."),
        "rule": _(
            "Le recueil de droit en vigueur ne permet pas ce flux par cette règle. Choisissez une règle de la page, ou traitez chaque demande séparément."
        ),
        "owner": _("La personne responsable doit être membre en service. Choisissez quelqu’un d’autre."),
        "terms": _("Une réponse n’est pas dans la liste proposée. Choisissez l’une des réponses de la page."),
    }[reason]
