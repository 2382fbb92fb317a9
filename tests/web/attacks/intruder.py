"""Somebody with SQL on the server and keys of their own: what such a person writes into the rows of others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from ciment.canon import CimentError, new_id
from ciment.quorum.deal import accept, assemble, contribute
from ciment.quorum.holder import Holder, Title
from ciment.quorum.plan import CeremonyPlan, Contributor, PlannedSeat, SignedPlan, sign_plan
from ciment.quorum.roster import SignedRoster, sign_roster
from ciment.vault import MemberKeys, new_seed
from ciment.vault.enrolment import Enrolment, sign_enrolment
from ciment_web.members.actions import actor_of
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, MemberRole, Role
from ciment_web.project.demonstration import Demonstration
from ciment_web.quorum.models import RosterRecord


@dataclass(frozen=True)
class Intruder:
    """Keys that belong to nobody of the institution, and the rows that this person may write."""

    demonstration: Demonstration
    keys: MemberKeys

    def rows(self, login: str) -> Any:
        """Return the row of a member, to be updated behind the application's back."""
        return Member.objects.filter(institution=self.demonstration.institution, login=login)

    def member(self, login: str) -> Member:
        found: Member = self.rows(login).get()
        return found

    def update(self, login: str, **columns: Any) -> None:
        assert self.rows(login).update(**columns) == 1

    def add_role(self, login: str, *roles: Role) -> None:
        member = self.member(login)
        MemberRole.objects.bulk_create(
            MemberRole(institution=member.institution, member=member, role=role) for role in roles
        )

    def enrolment(self, login: str, keys: MemberKeys | None = None, roles: tuple[Role, ...] = ()) -> bytes:
        """Return an enrolment in a member's name, under other keys or with other roles, that verifies by itself."""
        member = self.member(login)
        held = roles or tuple(Role(role) for role in member.held_roles.values_list("role", flat=True))
        chosen = keys or self.keys
        at = int(timezone.now().timestamp() * 1000)
        names = tuple(sorted(str(role) for role in held))
        statement = Enrolment(str(member.institution_id), str(member.id), chosen.public, names, member.title, at)
        return sign_enrolment(statement, chosen)

    def take_over(self, login: str, **columns: Any) -> None:
        """Make a member's whole row agree with the intruder's keys."""
        self.update(login, public_key=self.keys.public.encode(), enrolment=self.enrolment(login), **columns)

    def promote(self, login: str, *roles: Role) -> None:
        """Let a member who plays along sign for more roles than anybody answers for."""
        held = self.member(login).held_roles.values_list("role", flat=True)
        every = tuple(sorted({*map(Role, held), *roles}))
        self.add_role(login, *sorted(set(every) - set(held)))
        self.update(login, enrolment=self.enrolment(login, self.demonstration.people[login].keys, every))

    def replace_roster(self, signed: bytes, generation: int = 1) -> None:
        institution = self.demonstration.institution
        if generation == 1:
            RosterRecord.objects.filter(institution=institution).update(signed=signed)
            return
        RosterRecord.objects.create(
            institution=institution, generation=generation, signed=signed, activated_at=timezone.now()
        )

    def own_roster(self) -> bytes:
        """Return a roster that holds together in every way: the signatories' names, and keys of the intruder."""
        institution = str(self.demonstration.institution.id)
        puppets = {self.member(login).id: MemberKeys.from_seed(new_seed()) for login in ("adjoint", "dg", "president")}
        holders = [Holder(str(member), keys.public.ed25519, keys.public.hpke) for member, keys in puppets.items()]
        titles: tuple[Title, ...] = ("other", "director_general", "president")
        seats = tuple(
            PlannedSeat(number, titles[number - 1], (holder,)) for number, holder in enumerate(holders, start=1)
        )
        plan = CeremonyPlan(
            institution, 1, 2, tuple(Contributor(seat.number, seat.holders[0]) for seat in seats), seats
        )
        everyone = {str(member): keys for member, keys in puppets.items()}
        agreed = SignedPlan(plan, {member: sign_plan(plan, keys.sign) for member, keys in everyone.items()})
        parts = [contribute(agreed, member, keys.sign) for member, keys in everyone.items()]
        roster = accept(agreed, parts, *next((member, keys.hpke) for member, keys in everyone.items())).roster
        signatures = {member: sign_roster(roster, keys.sign) for member, keys in everyone.items()}
        made: SignedRoster = assemble(roster, signatures)
        return made.encode()


def make_intruder(demonstration: Demonstration) -> Intruder:
    return Intruder(demonstration, MemberKeys.from_seed(new_seed()))


def present(demonstration: Demonstration, login: str) -> Actor:
    """Return a member as the next request would find them: the row as it is now, and the roles it is given."""
    return actor_of(member_now(demonstration, login), demonstration.people[login].keys)


def member_now(demonstration: Demonstration, login: str) -> Member:
    rows = Member.objects.select_related("institution", "countersigned_by")
    return rows.get(institution=demonstration.institution, login=login)


def plant(intruder: Intruder, login: str, **columns: Any) -> Member:
    """Add a member of the intruder's own, self-signed as referent and signatory."""
    institution = intruder.demonstration.institution
    identifier = new_id()
    roles = (Role.REFERENT, Role.SIGNATORY)
    at = int(timezone.now().timestamp() * 1000)
    names = tuple(sorted(str(role) for role in roles))
    statement = Enrolment(str(institution.id), identifier, intruder.keys.public, names, "other", at)
    member = Member.objects.create(
        id=identifier,
        institution=institution,
        login=login,
        name="Intrus",
        function="intrus",
        public_key=intruder.keys.public.encode(),
        sealed_seed=b"-",
        enrolment=sign_enrolment(statement, intruder.keys),
        **columns,
    )
    intruder.add_role(login, *roles)
    return member


def refusal_of(act: Callable[[], Any]) -> CimentError | None:
    try:
        act()
    except CimentError as error:
        return error
    return None
