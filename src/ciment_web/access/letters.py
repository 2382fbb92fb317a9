"""Letters to the person concerned, from values: the statement, and that something was asked or communicated.

Drafts, until a jurist has read them. The sentences on what a statement leaves out are the same for everybody: they
stand there whether something is left out or not, so that nobody learns from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciment_web.access.outcomes import Account, Outcome
from ciment_web.access.readings import Reading
from ciment_web.inquiries.documents import letterhead_of, local_time
from ciment_web.institutions.languages import writing_for
from ciment_web.institutions.models import Institution
from ciment_web.letters import Chapter, PersonLetter, render_person
from ciment_web.letters.wording import load_wording, write_date, write_moment
from ciment_web.members.models import Member


@dataclass(frozen=True)
class PersonAddress:
    """To whom a letter goes: name first, then the lines of the address."""

    lines: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Statement:
    """Everything a statement says. What is put off never comes this far."""

    reference: str
    to: PersonAddress
    examined: int
    received: int
    searched_at: datetime
    accounts: tuple[Account, ...]
    # None where nobody at the institution can open the register.
    readings: tuple[Reading, ...] | None
    register_size: int


def compose_statement(institution: Institution, statement: Statement, signatory: Member, on: date) -> bytes:
    """Return the unsigned statement: the same bytes for the same values."""
    with writing_for(institution):
        chapters = [_scope(institution, statement), *_requests(institution, statement.accounts)]
        chapters.append(_readings(institution, statement))
        return render_person(
            PersonLetter(
                letterhead=letterhead_of(institution),
                reference=statement.reference,
                date=on,
                place=institution.place,
                addressee=statement.to.lines,
                subject=_("Relevé de ce qui a été demandé, lu et communiqué à votre sujet"),
                opening=(
                    _("Vous avez demandé accès à ce que l’institution détient à votre sujet. Voici le relevé."),
                    _("Projet de lettre, à valider par une ou un juriste."),
                ),
                chapters=tuple(chapters),
                limits_title=_("Ce que ce relevé ne contient pas"),
                limits=limits(),
                sources=_statement_sources(),
                signatory_name=signatory.name,
                signatory_title=signatory.function,
            )
        )


def compose_notice(account: Account, to: PersonAddress, signatory: Member, on: date) -> bytes:
    """Return the unsigned letter that tells a person of one request about them, and of what was communicated."""
    institution = account.inquiry.institution
    with writing_for(institution):
        return render_person(
            PersonLetter(
                letterhead=letterhead_of(institution),
                reference=account.inquiry.reference,
                date=on,
                place=institution.place,
                addressee=to.lines,
                subject=_("Une demande d’information à votre sujet"),
                opening=(
                    _("Une demande d’information à votre sujet a été adressée à l’institution, qui y a répondu."),
                    _("Projet de lettre, à valider par une ou un juriste."),
                ),
                chapters=(_request(institution, account),),
                limits_title=_("Et maintenant"),
                limits=(
                    _("Vous pouvez demander un relevé de ce qui a été demandé, lu et communiqué à votre sujet."),
                    _("Cette lettre ne parle que de la demande décrite ci-dessus."),
                ),
                sources=(_("art. 15 du RGPD (à confirmer pour la Belgique)"),),
                signatory_name=signatory.name,
                signatory_title=signatory.function,
            )
        )


def limits() -> tuple[str, ...]:
    """Return what every statement says it leaves out, word for word the same whoever it is for."""
    return (
        _(
            "Ce relevé ne contient pas ce dont la loi impose de différer la communication, s’il en existe. Cette "
            "phrase figure dans tous les relevés, à l’identique ; elle n’autorise aucune conclusion."
        ),
        _(
            "Il porte sur les demandes d’information auxquelles l’institution a répondu, et sur leurs lectures dans "
            "Ciment ; ni sur celles qui attendent encore une réponse, ni sur les situations de danger, ni sur le "
            "dossier social lui-même, que l’institution communique séparément."
        ),
        _(
            "Les demandes sont retrouvées par les noms qui y sont écrits : celle qui ne nomme personne, ou écrit un "
            "nom autrement, peut manquer. Les pièces jointes ne sont pas comparées."
        ),
        _("Vous pouvez demander une rectification, et introduire une réclamation auprès d’une autorité de contrôle."),
    )


def _statement_sources() -> tuple[str, ...]:
    return (
        _("art. 12, § 3, et art. 15 du RGPD (lus dans des reproductions ; limites belges à confirmer)"),
        _("CJUE, 22 juin 2023, C-579/21 (commentaire lu, à confirmer) : quand et pourquoi, non l’identité des agents"),
    )


def _scope(institution: Institution, statement: Statement) -> Chapter:
    words = load_wording(institution.language)
    when = write_moment(words, local_time(institution, statement.searched_at))
    facts = [
        (_("Recherche"), when),
        (
            _("Examinées"),
            _("%(examined)d des %(received)d demandes d’information reçues jusque-là, à propos de toute personne")
            % {"examined": statement.examined, "received": statement.received},
        ),
        (_("Dans ce relevé"), _count(len(statement.accounts))),
    ]
    return Chapter(title=_("Ce qui a été cherché"), facts=tuple(facts))


def _count(number: int) -> str:
    if not number:
        return _("aucune demande que ce relevé puisse mentionner")
    counted = ngettext("%(number)d demande d’information", "%(number)d demandes d’information", number)
    return counted % {"number": number}


def _requests(institution: Institution, accounts: Sequence[Account]) -> list[Chapter]:
    return [_request(institution, account) for account in accounts]


def _request(institution: Institution, account: Account) -> Chapter:
    words = load_wording(institution.language)
    inquiry = account.inquiry
    facts = [
        (_("Reçue"), write_date(words, local_time(institution, inquiry.received_at))),
        (_("Auteur"), account.requester),
        (_("Forme"), account.form),
        (_("Demandé"), ", ".join(account.categories)),
        (_("Réponse"), _outcome(account)),
    ]
    if account.answered_at is not None:
        facts.append((_("Le"), write_date(words, local_time(institution, account.answered_at))))
    if account.communicated is not None:
        told = account.communicated
        facts.append((_("Communiqué à"), told.recipient))
        facts += [(_("Communiqué"), item) for item in told.items]
        facts += [(_("Fondement"), basis) for basis in told.basis]
    title = _("Demande %(reference)s") % {"reference": inquiry.reference}
    return Chapter(title=title, facts=tuple(facts))


def _outcome(account: Account) -> str:
    return {
        Outcome.PENDING: _("pas encore de réponse"),
        Outcome.REFUSED: _("l’institution a refusé ; elle n’a ni confirmé ni infirmé que vous lui êtes connu·e"),
        Outcome.RELEASED: _("l’institution a communiqué ce qui suit, et cela seul"),
        Outcome.WITHDRAWN: _("la demande a été retirée ; rien n’a été communiqué"),
    }[account.outcome]


def _readings(institution: Institution, statement: Statement) -> Chapter:
    title = _("Qui a lu ces demandes")
    if statement.readings is None:
        return Chapter(
            title=title,
            paragraphs=(_("Personne ne peut encore ouvrir le registre ici : les lectures ne figurent pas."),),
        )
    references = {str(account.inquiry.id): account.inquiry.reference for account in statement.accounts}
    rows = [
        (
            _minute(local_time(institution, datetime.fromtimestamp(row.time_ms / 1000, UTC))),
            _("%(function)s ; demande %(reference)s ; %(purpose)s ; entrée no %(index)d")
            % {
                "function": row.function or _("fonction non notée"),
                "reference": references[row.inquiry],
                "purpose": _purpose(row.act),
                "index": row.index,
            },
        )
        for row in statement.readings
    ]
    count = ngettext("%(number)d lecture", "%(number)d lectures", len(rows)) % {"number": len(rows)}
    told = _("%(count)s des demandes ci-dessus, parmi les %(size)d premières entrées du registre.")
    return Chapter(
        title=title,
        paragraphs=(
            told % {"count": count, "size": statement.register_size},
            _("Chaque lecture est dite par la fonction de qui a lu, non par son nom : c’est aussi une personne."),
        ),
        facts=tuple(rows),
    )


def _minute(when: datetime) -> str:
    # In figures: many rows stand in a narrow column.
    return f"{when:%d/%m/%Y}, {when.hour} h {when.minute:02d}"


def _purpose(act: str) -> str:
    return {
        "inquiry.read": _("pour y répondre"),
        "inquiry.part_read": _("ouverture d’une pièce, pour y répondre"),
        "person.searched": _("ouverte en cherchant ce qui concerne une personne qui exerce son droit d’accès"),
    }.get(act, act)
