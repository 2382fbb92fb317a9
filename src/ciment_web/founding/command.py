"""`ciment found SLUG`: whoever holds the host founds an institution, and hands a code to its first administrator."""

import argparse
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from ciment_web.founding.establishing import FoundingRefused, found_by_host
from ciment_web.founding.refusals import explain_founding
from ciment_web.institutions.models import Institution
from ciment_web.members.actions import NewMember
from ciment_web.members.invitations import LIFETIME
from ciment_web.members.models import Role

# Letters are written in these (ciment_web/letters/sentences); all but French await a jurist of the language.
LANGUAGES = ("fr", "nl", "de", "en")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes; what is missing is asked, where somebody is there to answer."""
    parser.add_argument("slug", metavar="SLUG", help="nom court, dans chaque adresse : a-z, 0-9, trait d’union")
    parser.add_argument("--name", metavar="NOM", help="nom de l’institution, tel qu’il figure sur ses lettres")
    parser.add_argument(
        "--language", choices=LANGUAGES, default="fr", help="langue des lettres (fr) ; les autres sont des projets"
    )
    parser.add_argument("--founder", metavar="NOM", help="prénom et nom de la première personne qui administre")
    parser.add_argument("--function", metavar="FONCTION", default="administrateur·rice", help="sa fonction")
    parser.add_argument("--login", metavar="IDENTIFIANT", help="son identifiant, fait de son nom si rien n’est dit")
    parser.add_argument(
        "--dpo", action="store_true", help="cette personne est aussi déléguée à la protection des données"
    )
    parser.add_argument(
        "--law-key", metavar="FICHIER", type=Path, help="clés publiques qui répondent du recueil de règles"
    )
    parser.add_argument("--again", action="store_true", help="recommencer une fondation dont le code n’a jamais servi")


def run(options: argparse.Namespace) -> int:
    """Found the institution, say the code once, and return 0; 2 where nothing was founded."""
    try:
        institution = Institution(slug=options.slug, name=_words(options.name, "--name", "Nom de l’institution", 200))
        founder = _founder(options)
        law_keys = _read_keys(options.law_key) if options.law_key else b""
        institution.language = options.language
        code = found_by_host(institution, founder, law_keys, again=options.again)
    except FoundingRefused as refused:
        return _refuse(explain_founding(refused))
    except OSError as error:
        return _refuse(f"{options.law_key} : {error.strerror}")
    except ValueError as error:
        return _refuse(str(error))
    print("\n".join(_told(institution, founder, code, told_law=bool(law_keys))))
    return 0


def _read_keys(path: Path) -> bytes:
    # An empty file would pass for no file at all.
    if keys := path.read_bytes():
        return keys
    raise ValueError(f"ce fichier de clés du droit ne convient pas ({path} : vide)")


def _founder(options: argparse.Namespace) -> NewMember:
    name = _words(options.founder, "--founder", "Prénom et nom de la première personne qui administre", 100)
    login = options.login or slugify(name)[:40].strip("-_") or "administration"
    if login != slugify(login) or len(login) > 40:
        raise ValueError("--login : de 1 à 40 caractères parmi a-z, 0-9 et le trait d’union")
    roles = (Role.ADMINISTRATOR, Role.DPO) if options.dpo else (Role.ADMINISTRATOR,)
    return NewMember(login, name, _words(options.function, "--function", "Fonction", 100), roles)


def _words(given: str | None, option: str, question: str, longest: int) -> str:
    if given is None:
        if not sys.stdin.isatty():
            raise ValueError(f"sans personne pour répondre, donnez {option}")
        given = input(f"{question} : ")
    words = " ".join(given.split())
    if not words or len(words) > longest or not words.isprintable():
        raise ValueError(f"{option} : de 1 à {longest} caractères")
    return words


def _told(institution: Institution, founder: NewMember, code: str, *, told_law: bool) -> Sequence[str]:
    until = timezone.localtime(timezone.now() + LIFETIME - timedelta(minutes=1))
    lines = [
        f"Institution fondée : {institution.name} ({institution.slug}).",
        f"Code de fondation de {founder.name}, montré cette seule fois, valable jusqu’au {until:%d/%m/%Y, %H:%M} UTC :",
        "",
        f"  {code}",
        "",
        f"À écrire sur la page : {_address(institution, 'invitation')}",
        f"Ensuite, pas à pas :   {_address(institution, 'founding')}",
        "Remettez ce code en personne : qui l’a peut s’inscrire, et garde la clé du registre jusqu’à sa remise.",
        "Sceau des documents : auto-signé. Il prouve la forme, pas l’identité ; un sceau de confiance remplace",
        f"seal.key.pem et seal.cert.pem dans {settings.CIMENT_KEYS / str(institution.id)}.",
    ]
    if not told_law and not settings.CIMENT_DEMO:
        lines.append(
            "Droit : aucune clé n’en répond, donc aucune réponse. La page « Le droit » de la mise en place dit que faire."
        )
    return lines


def _address(institution: Institution, name: str) -> str:
    scheme = "https" if settings.CIMENT_SECURE else "http"
    return f"{scheme}://{settings.CIMENT_HOST}{reverse(name, kwargs={'slug': institution.slug})}"


def _refuse(why: str) -> int:
    print(f"ciment found: {why}", file=sys.stderr)
    return 2
