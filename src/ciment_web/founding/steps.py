"""The checklist of a new centre, in words: what is done, what is to do, and whose turn it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciment_web.founding.permissions import can_set_up
from ciment_web.founding.queries import Ground
from ciment_web.founding.team import what_is_advised, what_is_refused
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role


@dataclass(frozen=True)
class Way:
    """How a step goes on: whose turn it is, where, and whether that is the reader."""

    turn: str = ""
    url: str = ""
    label: str = ""
    yours: bool = False


@dataclass(frozen=True)
class Step:
    """One step; `state` is `done`, `current` (the first that is not) or `todo`."""

    title: str
    done: bool
    told: Sequence[str | Promise] = ()
    way: Way = Way()
    state: str = "todo"


def list_steps(actor: Actor, ground: Ground) -> list[Step]:
    """Return the steps in the order they are taken, as the ground stands."""
    steps = [
        _letterhead(actor),
        _rhythm(actor),
        _law(actor, ground),
        _team(actor, ground),
        _register_key(actor, ground),
        _ceremony(actor, ground),
        _paper(actor, ground),
        _answers(actor, ground),
        _first_day(actor, ground),
    ]
    first = next((number for number, step in enumerate(steps) if not step.done), len(steps))
    return [
        replace(step, state="done" if step.done else "current" if number == first else "todo")
        for number, step in enumerate(steps)
    ]


def _letterhead(actor: Actor) -> Step:
    institution = actor.institution
    done = all((institution.name, institution.address, institution.contact, institution.place))
    told = institution.name if done else _("Adresse, téléphone, lieu : ce qui figure en tête de chaque réponse.")
    way = _by_administration(
        actor, "founding-letterhead", _("Changer l’en-tête") if done else _("Écrire l’en-tête"), done
    )
    return Step(_("L’en-tête de vos lettres"), done, [told], way)


def _rhythm(actor: Actor) -> Step:
    told = _(
        "Une réponse part après %(hours)s h ; une décision attend ses accords %(days)s jours ouvrables au plus."
    ) % {
        "hours": actor.institution.reply_delay_hours,
        "days": actor.institution.decision_days,
    }
    way = _by_administration(actor, "founding-rhythm", _("Changer le rythme"), done=True)
    return Step(_("Le rythme des réponses"), done=True, told=[told], way=way)


def _law(actor: Actor, ground: Ground) -> Step:
    title = _("Le droit que l’institution applique")
    if ground.law:
        told = _("Recueil « %(name)s », signé par une clé que l’institution reconnaît.") % {"name": ground.law}
        return Step(title, done=True, told=[told])
    told = _("Aucune clé ne répond du recueil : le droit ne donne pas de réponse, et rien ne peut être qualifié.")
    turn = _("À la personne qui tient le serveur.")
    return Step(
        title, done=False, told=[told], way=Way(turn, _to(actor, "founding-law"), _("Voir ce qu’il faut faire"))
    )


def _team(actor: Actor, ground: Ground) -> Step:
    roles = [held for _member, held in ground.people]
    lacking = what_is_refused(roles)
    count = ngettext("%(count)s membre inscrit.", "%(count)s membres inscrits.", len(roles)) % {"count": len(roles)}
    told: list[str | Promise] = [count]
    way = _by_administration(actor, "founding-teams", _("Composer l’équipe"), done=not lacking)
    if ground.invitations:
        names = _names_of(invitation.name for invitation in ground.invitations)
        told.append(_("N’ont pas encore donné leur code : %(names)s.") % {"names": names})
        mine = actor.holds(Role.ADMINISTRATOR)
        turn = _("Aux personnes invitées.")
        way = Way(turn, _to(actor, "members") if mine else "", _("Voir les invitations"))
    else:
        told += lacking
    told += [] if lacking else what_is_advised(roles)
    return Step(_("Qui fait quoi"), not lacking and not ground.invitations, told, way)


def _register_key(actor: Actor, ground: Ground) -> Step:
    done = bool(ground.key_holders) and not ground.key_waits
    told: list[str | Promise] = []
    if ground.key_holders:
        told.append(_("La tient : %(names)s.") % {"names": _names(ground.key_holders)})
    else:
        told.append(
            _(
                "L’administration la garde, sans ouvrir quoi que ce soit avec elle, jusqu’à ce qu’une personne déléguée la reçoive. Perdue, le détail du registre ne s’ouvrirait plus jamais."
            )
        )
    if len(ground.key_holders) == 1:
        told.append(
            _(
                "Une seule personne la tient : si elle perd sa phrase de passe, plus personne n’ouvre le détail. Une seconde personne déléguée l’évite."
            )
        )
    way = Way() if done else Way(_("À la personne déléguée, qui doit d’abord s’inscrire."))
    if ground.key_waits:
        told.append(_("L’attend : %(names)s.") % {"names": _names(ground.key_waits)})
        turn = _("À qui la tient, en présence de la personne déléguée.")
        way = Way(
            turn, _to(actor, "quorum"), _("Comparer et remettre la clé"), actor.holds(Role.ADMINISTRATOR, Role.DPO)
        )
    return Step(_("La clé du détail du registre"), done, told, way)


def _ceremony(actor: Actor, ground: Ground) -> Step:
    title, where = _("La cérémonie des accords"), _to(actor, "quorum")
    if ground.roster is not None:
        values = {"needed": ground.roster.threshold, "seats": len(ground.roster.seats)}
        told = _("%(needed)s accords sur %(seats)s sièges.") % values
        return Step(title, done=True, told=[told], way=Way(url=where, label=_("Voir les accords")))
    if ground.round:
        return Step(title, done=False, told=[_round_of(ground)], way=_pass(actor, ground))
    if what_is_refused(held for _member, held in ground.people) or ground.invitations or not ground.key_holders:
        told = _(
            "D’abord l’équipe et la clé du registre : la cérémonie donne un siège à chaque signataire inscrit, et ne se refait pas."
        )
        return Step(title, done=False, told=[told])
    told = _("Les signataires se réunissent vingt minutes, chacun devant sa page, et passent trois fois.")
    turn = _("Aux signataires : %(names)s.") % {"names": _names(ground.signatories)}
    way = Way(turn, where, _("Ouvrir la cérémonie"), actor.holds(Role.SIGNATORY))
    return Step(title, done=False, told=[told], way=way)


def _round_of(ground: Ground) -> str:
    rounds = {
        "plan": _("signer le plan"),
        "contribution": _("distribuer sa part"),
        "roster": _("vérifier et confirmer"),
    }
    values = {"round": rounds[ground.round], "names": _names(ground.missing)}
    return _("Tour en cours : %(round)s. Doivent encore passer : %(names)s.") % values


def _pass(actor: Actor, ground: Ground) -> Way:
    yours = actor.member in ground.missing
    return Way(
        _("Aux signataires."), _to(actor, "quorum"), _("Passer à mon tour") if yours else _("Voir la cérémonie"), yours
    )


def _paper(actor: Actor, ground: Ground) -> Step:
    title = _("L’empreinte sur papier")
    if ground.roster is None:
        told = _("À la fin de la cérémonie, son empreinte s’imprime, se signe, et se remet à chacun.")
        return Step(title, done=False, told=[told])
    if ground.trusted:
        told = _("Vous faites confiance à cette empreinte. Chaque membre la recopie pour soi, depuis le papier.")
        way = Way(url=_to(actor, "founding-paper"), label=_("Imprimer l’empreinte"))
        return Step(title, done=True, told=[told], way=way)
    told = _("Demandez le papier à une personne signataire, et recopiez-en les cinq premiers groupes.")
    way = Way(_("À vous."), _to(actor, "quorum"), _("Recopier l’empreinte"), yours=True)
    return Step(title, done=False, told=[told], way=way)


def _answers(actor: Actor, ground: Ground) -> Step:
    title = _("Répondre de chaque membre")
    if ground.roster is None:
        told = _(
            "Après la cérémonie, une personne signataire compare avec chacun l’empreinte de son inscription, et répond de lui."
        )
        return Step(title, done=False, told=[told])
    if not ground.unanswered:
        return Step(title, done=True, told=[_("Une personne signataire répond de chacun.")])
    told = _("Attendent qu’on réponde d’eux : %(names)s.") % {"names": _names(ground.unanswered)}
    yours = actor.holds(Role.SIGNATORY) and any(each != actor.member for each in ground.unanswered)
    turn = _("Aux signataires qui tiennent un siège, en présence de chacun.")
    return Step(title, done=False, told=[told], way=Way(turn, _to(actor, "quorum"), _("Comparer et répondre"), yours))


def _first_day(actor: Actor, ground: Ground) -> Step:
    title = _("Le premier jour")
    if ground.worked:
        return Step(title, done=True, told=[_("Une première demande est enregistrée.")])
    told = _("Noter une demande d’essai, garder l’attestation, la refuser, vérifier la preuve.")
    if ground.roster is None:
        return Step(title, done=False, told=[told])
    way = Way(
        _("À toute l’équipe."), _to(actor, "founding-first-day"), _("Voir le premier jour"), yours=bool(actor.roles)
    )
    return Step(title, done=False, told=[told], way=way)


def _by_administration(actor: Actor, name: str, label: str, done: bool) -> Way:
    mine = can_set_up(actor)
    return Way("" if done else _("À l’administration."), _to(actor, name) if mine else "", label, mine and not done)


def _to(actor: Actor, name: str) -> str:
    return reverse(name, kwargs={"slug": actor.institution.slug})


def _names(members: Iterable[Member]) -> str:
    return _names_of(member.name for member in members)


def _names_of(names: Iterable[str]) -> str:
    return ", ".join(names)
