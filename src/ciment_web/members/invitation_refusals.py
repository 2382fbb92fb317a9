"""The sentence a person reads when an invitation cannot be made or used."""

from django.utils.translation import gettext as _

from ciment_web.members.invitations import Reason


def explain_invitation(reason: Reason) -> str:
    """Return what happened and what to do next."""
    return {
        "unknown": _(
            "Ce code n’est pas celui d’une invitation. Recopiez les douze mots, dans l’ordre, puis recommencez."
        ),
        "used": _(
            "Cette invitation a déjà servi. Si ce n’est pas par vous, prévenez tout de suite une personne signataire."
        ),
        "revoked": _("Cette invitation a été retirée. Demandez-en une autre à l’administration de votre institution."),
        "expired": _("Cette invitation a expiré. Demandez-en une autre à l’administration de votre institution."),
        "login": _("Cet identifiant est déjà celui d’un membre, présent ou passé. Choisissez-en un autre."),
        "cumul": _(
            "La personne déléguée à la protection des données conseille : elle ne prépare ni ne signe. Décochez l’un de ces rôles."
        ),
        "waiting": _("Une invitation attend déjà pour cet identifiant. Retirez-la d’abord."),
    }[reason]
