"""Who does what in a centre: ready-made teams, and what no team may lack. Plain values; rows are elsewhere."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ciment_web.members.models import Role, Title
from ciment_web.members.permissions import can_be_held_together

# One accord would be one person alone.
FEWEST_SIGNATORIES = 2


@dataclass(frozen=True)
class Post:
    """A place in a team: what it is called, what it does, under which legal title."""

    function: str | Promise
    roles: tuple[Role, ...]
    title: Title = Title.NONE


@dataclass(frozen=True)
class Team:
    """A ready-made team, the administrator who sets it up not counted."""

    slug: str
    name: str | Promise
    text: str | Promise
    posts: tuple[Post, ...]


_ADVISER = Post(_("délégué·e à la protection des données"), (Role.DPO,))
TEAMS = (
    Team(
        "trois",
        _("Commencer à trois"),
        _(
            "Deux signataires, dont l’un·e prépare aussi ; l’administration tient le rôle de la personne déléguée, ou en invite une."
        ),
        (
            Post(
                _("directeur·rice général·e"),
                (Role.SIGNATORY, Role.REFERENT, Role.WORKER),
                Title.DIRECTOR_GENERAL,
            ),
            Post(_("président·e"), (Role.SIGNATORY,), Title.PRESIDENT),
            _ADVISER,
        ),
    ),
    Team(
        "huit",
        _("Un centre de huit"),
        _(
            "Trois signataires, deux personnes qui préparent, deux assistant·es, une personne déléguée : chacune peut tenir plusieurs rôles."
        ),
        (
            Post(_("directeur·rice général·e"), (Role.SIGNATORY, Role.REFERENT), Title.DIRECTOR_GENERAL),
            Post(_("président·e"), (Role.SIGNATORY,), Title.PRESIDENT),
            Post(_("suppléance de la direction générale"), (Role.SIGNATORY, Role.WORKER)),
            Post(_("assistant·e social·e en chef"), (Role.REFERENT, Role.TEAM_LEAD, Role.WORKER)),
            Post(_("assistant·e social·e"), (Role.WORKER,)),
            Post(_("assistant·e social·e"), (Role.WORKER,)),
            _ADVISER,
        ),
    ),
)


def find_team(slug: str) -> Team | None:
    """Return the ready-made team of that name."""
    return next((team for team in TEAMS if team.slug == slug), None)


def what_is_refused(people: Iterable[Collection[str]]) -> list[str | Promise]:
    """Return why a team cannot work, in words: two people for every release, who prepares not the only one to approve.

    `people` are the roles of each person.
    """
    held = [set(roles) for roles in people]
    signatories = [roles for roles in held if Role.SIGNATORY in roles]
    refused: list[str | Promise] = []
    if not all(can_be_held_together(roles) for roles in held):
        refused.append(
            _(
                "La personne déléguée à la protection des données conseille : elle ne prépare ni ne signe. Séparez ces rôles."
            )
        )
    if len(signatories) < FEWEST_SIGNATORIES:
        refused.append(
            _("Il manque un·e signataire : rien ne part sur l’accord d’une seule personne, il en faut au moins deux.")
        )
    elif all(Role.REFERENT in roles for roles in signatories):
        refused.append(
            _(
                "Toutes les personnes signataires préparent aussi : qui prépare ne peut pas être seul·e à approuver. Retirez à l’une d’elles le rôle de référent·e."
            )
        )
    if not any(Role.REFERENT in roles for roles in held):
        refused.append(
            _("Il manque un·e référent·e : c’est la personne qui qualifie les demandes et prépare les réponses.")
        )
    if not any(Role.DPO in roles for roles in held):
        refused.append(
            _("Il manque une personne déléguée à la protection des données : elle seule ouvre le détail du registre.")
        )
    return refused


def what_is_advised(people: Sequence[Collection[str]]) -> list[str | Promise]:
    """Return what a team that may work would do better, in words."""
    advised: list[str | Promise] = []
    if sum(Role.SIGNATORY in roles for roles in people) == FEWEST_SIGNATORIES:
        advised.append(
            _(
                "Deux signataires suffisent, mais une absence arrête tout, et une phrase de passe perdue aussi. Trois valent mieux."
            )
        )
    if any({Role.DPO, Role.ADMINISTRATOR} <= set(roles) for roles in people):
        advised.append(
            _(
                "La personne déléguée tient aussi l’administration : elle contrôle ce qu’elle fait. C’est permis ici, à éviter dès que possible."
            )
        )
    return advised
