"""The demonstration institution: fictitious people named by their role, and a quorum of two accords out of three."""

from dataclasses import dataclass, field

from ciment_web.founding.establishing import Founding, found_institution
from ciment_web.institutions.models import Institution
from ciment_web.law import pin_demonstration_key
from ciment_web.members.actions import NewMember
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role, Title
from ciment_web.members.pin import open_pin
from ciment_web.quorum.actions import agree_to_plan, confirm, countersign_member, deal, pin_roster, plan_ceremony

NAME = "CPAS de Valbrume (démonstration)"
CAST = (
    NewMember("travailleur", "Lou Travailleur", "assistant social", (Role.WORKER,), mail="travailleur@demo.invalid"),
    NewMember(
        "referent",
        "Sacha Référent",
        "référent secret professionnel",
        (Role.WORKER, Role.REFERENT),
        mail="referent@demo.invalid",
    ),
    NewMember(
        "dg",
        "Dominique Général",
        "directeur général",
        (Role.SIGNATORY,),
        Title.DIRECTOR_GENERAL,
        mail="dg@demo.invalid",
    ),
    NewMember(
        "president",
        "Claude Présidente",
        "présidente",
        (Role.SIGNATORY,),
        Title.PRESIDENT,
        mail="president@demo.invalid",
    ),
    NewMember("adjoint", "Noa Adjoint", "directrice générale adjointe", (Role.SIGNATORY,), mail="adjoint@demo.invalid"),
    NewMember("dpo", "Alix Délégué", "déléguée à la protection des données", (Role.DPO,), mail="dpo@demo.invalid"),
    NewMember("admin", "Charlie Admin", "administrateur", (Role.ADMINISTRATOR,), mail="admin@demo.invalid"),
)
SIGNATORIES = ("adjoint", "dg", "president")


@dataclass(frozen=True)
class Demonstration:
    """The founded institution and its people, by login, with the one passphrase they share."""

    institution: Institution
    people: dict[str, Actor]
    passphrase: str = field(repr=False)


def found_demonstration(passphrase: str, slug: str = "demo", delay_hours: int = 0) -> Demonstration:
    """Found the institution, enrol its people, hold the ceremony, and countersign every enrolment."""
    founding: Founding = found_institution(
        Institution(
            slug=slug,
            name=NAME,
            address="Rue de l’Exemple 1\n0000 Valbrume",
            contact="081 00 00 00\ninfo@demo.invalid",
            place="Valbrume",
            reply_delay_hours=delay_hours,
        )
    )
    pin_demonstration_key(founding.institution)
    people = {newcomer.login: founding.enrol(newcomer, passphrase) for newcomer in CAST}
    hold_ceremony([people[login] for login in SIGNATORIES])
    mark = roster_fingerprint(people["dg"])
    for login, actor in people.items():
        if login not in SIGNATORIES:
            actor.member.refresh_from_db()
            countersign_member(people["dg"], actor.member)
            actor.member.refresh_from_db()
            pin_roster(actor, mark)
    return Demonstration(founding.institution, people, passphrase)


def roster_fingerprint(actor: Actor) -> str:
    """Return what is printed on paper at the end of the ceremony."""
    return open_pin(actor.member, actor.keys).trusted.hex()


def hold_ceremony(signatories: list[Actor], threshold: int = 2) -> None:
    """Go through the three rounds of the ceremony with each signatory in turn."""
    ceremony = plan_ceremony(signatories[0], threshold)
    for step in (agree_to_plan, deal, confirm):
        for actor in signatories:
            step(actor, ceremony)
