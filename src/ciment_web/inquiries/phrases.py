"""What a worker may say aloud, word for word. Drafts, until a jurist has signed them."""

from datetime import datetime

from django.utils.translation import gettext as _


def sentence_to_say() -> str:
    """Return the sentence to say at once: the same for everybody, whoever asks and about whomever."""
    return _(
        "La loi m’interdit de dire si une personne est connue ou non du CPAS. Ma réponse est la même pour tout le monde : "
        "elle ne veut dire ni oui ni non. Donnez-moi votre nom, votre service et le numéro de votre central, puis "
        "écrivez au directeur général en indiquant la base légale. L’institution vous répondra. Si une vie est en "
        "danger maintenant, dites-le-moi."
    )


def sentence_if_pressed(at: datetime) -> str:
    """Return what to say to somebody who insists."""
    return _("Je comprends l’urgence. Je ne peux rien ajouter ; je note votre appel à %(hour)s.") % {
        "hour": at.strftime("%H h %M")
    }
