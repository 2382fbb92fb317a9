"""The sentences about a file that cannot become a release copy."""

from django.utils.translation import gettext as _


def explain_copy(code: str) -> str:
    """Return what is wrong with a copy, and what to do."""
    return {
        "empty": _("Ce fichier est vide. Choisissez-en un autre."),
        "not_supported": _(
            "Ce n’est ni un PDF, ni une image PNG ou JPEG, ni un texte. Convertissez le document en PDF."
        ),
        "broken_pdf": _(
            "Ce PDF ne peut pas être lu. Enregistrez-le à nouveau depuis votre logiciel, puis recommencez."
        ),
        "pages": _("Les pages s’écrivent ainsi : 1-2, 4. Elles doivent exister dans le document."),
        "reason": _(
            "Dites pourquoi des pages sont retirées ; si le document part entier, laissez les deux champs vides."
        ),
        "silenced": _(
            "Une copie relève d’une catégorie qui doit rester sous silence depuis la dernière qualification. Retirez-la."
        ),
        "gone": _("Une copie a été retirée ou reprise entre-temps. Rechargez la page pour voir ce qui reste."),
        "none": _("Ajoutez au moins une copie à communiquer avant de soumettre la décision."),
    }.get(code, _("Ce fichier ne peut pas devenir une copie à communiquer. Rien n’a été enregistré."))
