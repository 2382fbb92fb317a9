"""The sentence a person reads when a setting is refused: what to change."""

from django.utils.translation import gettext as _

from ciment_web.governance.directory import UnreadableDirectory
from ciment_web.governance.kinds import SettingRefused


def explain_setting(error: SettingRefused) -> str:
    """Return what is wrong and what to do."""
    sentence = _sentences().get(error.code, _("Ce réglage n’accepte pas cette valeur. Corrigez-la et recommencez."))
    if isinstance(error, UnreadableDirectory) and error.line:
        return _("Ligne %(line)d : %(sentence)s") % {"line": error.line, "sentence": sentence}
    return sentence


def _sentences() -> dict[str, str]:
    return {
        "moved": _("Une autre personne a signé ce réglage entre-temps. Rechargez la page, relisez, puis recommencez."),
        "own_recusal": _(
            "Vous ne pouvez pas lever votre propre récusation : une autre personne qui tient un siège le fait."
        ),
        "requester": _("Ce genre d’auteur n’est pas dans la liste. Prenez l’un des mots de la page."),
        "backwards": _("La fin vient avant le début. Corrigez les dates."),
        "overlap": _("Deux périodes de la même liste se recouvrent. Corrigez les dates."),
        "own_deputy": _("Personne ne se supplée soi-même. Choisissez quelqu’un d’autre."),
        "no_title": _("Indiquez l’acte qui désigne la suppléance : sa date, son numéro."),
        "phone": _(
            "Un numéro commence par 0 ou + et ne contient que des chiffres, espaces, points, traits, barres ou parenthèses."
        ),
        "empty": _("Il manque une information obligatoire."),
        "too_long": _("Ce texte est trop long. Raccourcissez-le."),
        "too_many": _("Cette liste compte plus de 500 lignes. Raccourcissez-la."),
        "too_many_lines": _("Six lignes au plus pour l’adresse, et pour les contacts."),
        "unprintable": _("Un caractère invisible s’est glissé dans le texte. Écrivez-le à nouveau."),
        "range": _("Ce nombre est hors des limites indiquées."),
        "too_large": _("Ce fichier dépasse 200 ko. Ce n’est sans doute pas un répertoire."),
        "encoding": _("Ce fichier n’est pas en UTF-8. Enregistrez-le en « CSV UTF-8 », puis recommencez."),
        "heading": _("La première ligne doit être : kind;name;phone;source."),
        "columns": _("Il faut exactement quatre colonnes : genre, nom, numéro, source."),
        "formula": _("Un texte ne commence pas par =, +, - ou @ : un tableur l’exécuterait."),
        "twice": _("Ce nom figure deux fois pour le même genre d’auteur."),
        "webhook_url": _(
            "L’adresse de la passerelle commence par https:// et ne contient ni espace, ni identifiant, ni #."
        ),
    }
