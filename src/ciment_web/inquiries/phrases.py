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


def sentence_if_pressed(at: datetime | None) -> str:
    """Return what to say to somebody who insists; on paper, nobody knows the hour yet."""
    return _("Je comprends l’urgence. Je ne peux rien ajouter ; je note votre appel à %(hour)s.") % {
        "hour": at.strftime("%H h %M") if at else "___ h ___"
    }


def danger_now() -> tuple[str, str]:
    """Return the call that comes before everything else, and what to say then."""
    return (
        _("Une vie est en danger maintenant ? Appelez le 112."),
        _(
            "Dites ce qui permet de secourir : qui, où, quel danger. Rien de plus. N’attendez l’accord de personne. "
            "Porter secours est un devoir ; vous noterez ensuite et l’institution prendra le relais."
        ),
    )


def danger_soon() -> tuple[str, str]:
    """Return the question for whoever has a few minutes, and what happens then."""
    return (
        _("Le danger est grave, mais vous avez quelques minutes ?"),
        _("Restez ici : la permanence est prévenue. Que savez-vous, depuis quand, et par qui ?"),
    )
