"""One French sentence or two for each refusal and each warning: what is wrong, what to do."""

_EXPLANATIONS = {
    # refusals
    "too_large": "Ce fichier dépasse 10 Mio. Enregistrez les pièces jointes à part et déposez le message seul.",
    "empty": "Ce fichier est vide. Enregistrez à nouveau le message, puis déposez-le.",
    "not_supported": (
        "Le contenu de ce fichier n’est ni un courriel (.eml), ni un PDF, ni une image, ni un texte, quel que soit "
        "son nom. Enregistrez-le en PDF, ou recopiez la demande."
    ),
    "outlook_message": (
        "C’est un message au format propre à Outlook (.msg). Enregistrez-le au format .eml ou imprimez-le en PDF, "
        "puis déposez ce fichier."
    ),
    "broken_email": "Ce courriel est endommagé. Enregistrez-le à nouveau depuis la messagerie, ou recopiez la demande.",
    "too_many_parts": "Ce courriel contient trop de parties. Déposez le message d’origine, sans ses transferts.",
    "too_deep": "Ce courriel contient trop de messages emboîtés. Déposez le message d’origine, sans ses transferts.",
    "broken_pdf": "Ce PDF est endommagé. Demandez un nouvel envoi, ou numérisez la lettre.",
    "encrypted_pdf": "Ce PDF est protégé par un mot de passe. Enregistrez-en une copie sans mot de passe.",
    "too_complex": "Ce fichier demande trop de temps ou de mémoire pour être lu. Recopiez la demande.",
    # warnings
    "address_in_name": "Le nom affiché de l’expéditeur contient une autre adresse que la sienne : soyez attentif.",
    "broken_header": "Un en-tête du courriel est mal formé et a été laissé de côté.",
    "calendar": "Ce courriel contient une invitation à un rendez-vous ; elle est gardée comme pièce jointe.",
    "header_cut": "Un en-tête anormalement long a été coupé.",
    "hidden_characters": "Des caractères invisibles, ou changeant le sens de lecture, ont été retirés.",
    "html_only": "Ce courriel n’a pas de version en texte simple : seul le texte visible a été repris.",
    "html_unreadable": "La mise en page du courriel n’a pas pu être lue : recopiez la demande.",
    "name_changed": "Le nom d’une pièce jointe a été modifié parce qu’il était dangereux ou trop long.",
    "name_differs": "Le nom du fichier annonce un autre type que son contenu ; le contenu a fait foi.",
    "nested_message": "Ce courriel en contient un autre, transféré. Vérifiez qui pose réellement la question.",
    "no_text": "Aucun texte n’a été trouvé (une lettre numérisée, par exemple) : recopiez la demande.",
    "pages_cut": "Seules les 50 premières pages ont été lues.",
    "text_cut": "Le texte, très long, a été coupé. Le fichier d’origine est gardé en entier.",
    "unknown_charset": "Le codage du texte est inconnu ou faux : certains caractères peuvent être remplacés.",
    "winmail": "Une pièce jointe propre à Outlook (winmail.dat) est gardée sans être lue. Demandez un envoi en PDF.",
}

CODES = frozenset(_EXPLANATIONS)


def explain(code: str) -> str:
    """Return the French sentence for a refusal or a warning; `code` is one of CODES, else KeyError."""
    return _EXPLANATIONS[code]
