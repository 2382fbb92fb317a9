"""The sentence that the host reads when an institution cannot be founded."""

from django.utils.translation import gettext as _

from ciment_web.founding.establishing import FoundingRefused


def explain_founding(refused: FoundingRefused) -> str:
    """Return what happened and what to do next; nothing was left behind."""
    return {
        "slug": _(
            "ce nom court ne convient pas : de 1 à 40 caractères parmi a-z, 0-9 et le trait d’union, qui n’est ni au début ni à la fin"
        ),
        "exists": _(
            "une institution porte déjà ce nom court. Si personne ne s’y est encore inscrit et que le code est perdu, ajoutez --again ; sinon, choisissez un autre nom"
        ),
        "keys": _("les fichiers de clés ne peuvent pas être écrits (%(why)s). Vérifiez CIMENT_KEYS et CIMENT_SIGNER"),
        "law": _("ce fichier de clés du droit ne convient pas (%(why)s)"),
    }[refused.reason] % {"why": refused.why}
