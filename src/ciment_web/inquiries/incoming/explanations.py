"""One French sentence or two for each refusal and each warning: what is wrong, what to do."""


def marked(sentence: str) -> str:
    """Mark a sentence for the catalogues; this folder knows no Django, so whoever shows the sentence translates it."""
    return sentence


_EXPLANATIONS = {
    # refusals
    "too_large": marked("Ce fichier dépasse 10 Mio. Enregistrez les pièces jointes à part et déposez le message seul."),
    "empty": marked("Ce fichier est vide. Enregistrez à nouveau le message, puis déposez-le."),
    "not_supported": marked(
        "Le contenu de ce fichier n’est ni un courriel (.eml), ni un PDF, ni une image, ni un texte, quel que soit "
        "son nom. Enregistrez-le en PDF, ou recopiez la demande."
    ),
    "outlook_message": marked(
        "C’est un message au format propre à Outlook (.msg). Enregistrez-le au format .eml ou imprimez-le en PDF, "
        "puis déposez ce fichier."
    ),
    "broken_email": marked(
        "Ce courriel est endommagé. Enregistrez-le à nouveau depuis la messagerie, ou recopiez la demande."
    ),
    "too_many_parts": marked(
        "Ce courriel contient trop de parties. Déposez le message d’origine, sans ses transferts."
    ),
    "too_deep": marked(
        "Ce courriel contient trop de messages emboîtés. Déposez le message d’origine, sans ses transferts."
    ),
    "broken_pdf": marked("Ce PDF est endommagé. Demandez un nouvel envoi, ou numérisez la lettre."),
    "encrypted_pdf": marked("Ce PDF est protégé par un mot de passe. Enregistrez-en une copie sans mot de passe."),
    "too_complex": marked("Ce fichier demande trop de temps ou de mémoire pour être lu. Recopiez la demande."),
    # warnings
    "address_in_name": marked(
        "Le nom affiché de l’expéditeur contient une autre adresse que la sienne : soyez attentif."
    ),
    "broken_header": marked("Un en-tête du courriel est mal formé et a été laissé de côté."),
    "calendar": marked("Ce courriel contient une invitation à un rendez-vous ; elle est gardée comme pièce jointe."),
    "header_cut": marked("Un en-tête anormalement long a été coupé."),
    "hidden_characters": marked("Des caractères invisibles, ou changeant le sens de lecture, ont été retirés."),
    "html_only": marked("Ce courriel n’a pas de version en texte simple : seul le texte visible a été repris."),
    "html_unreadable": marked("La mise en page du courriel n’a pas pu être lue : recopiez la demande."),
    "name_changed": marked("Le nom d’une pièce jointe a été modifié parce qu’il était dangereux ou trop long."),
    "name_differs": marked("Le nom du fichier annonce un autre type que son contenu ; le contenu a fait foi."),
    "nested_message": marked("Ce courriel en contient un autre, transféré. Vérifiez qui pose réellement la question."),
    "no_text": marked("Aucun texte n’a été trouvé (une lettre numérisée, par exemple) : recopiez la demande."),
    "pages_cut": marked("Seules les 50 premières pages ont été lues."),
    "text_cut": marked("Le texte, très long, a été coupé. Le fichier d’origine est gardé en entier."),
    "unknown_charset": marked("Le codage du texte est inconnu ou faux : certains caractères peuvent être remplacés."),
    "winmail": marked(
        "Une pièce jointe propre à Outlook (winmail.dat) est gardée sans être lue. Demandez un envoi en PDF."
    ),
}

CODES = frozenset(_EXPLANATIONS)


def explain(code: str) -> str:
    """Return the French sentence for a refusal or a warning; `code` is one of CODES, else KeyError."""
    return _EXPLANATIONS[code]
