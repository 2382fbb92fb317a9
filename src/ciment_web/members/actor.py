"""Who acts: a member with the keys that only the member's passphrase or session opens."""

from dataclasses import dataclass, field

from ciment.vault import MemberKeys
from ciment_web.institutions.models import Institution
from ciment_web.members.models import Member, Role


@dataclass(frozen=True)
class Actor:
    """The acting member, the roles held, and the opened keys (never printed)."""

    member: Member
    roles: frozenset[str]
    keys: MemberKeys = field(repr=False)

    @property
    def institution(self) -> Institution:
        """The institution in whose name the member acts."""
        return self.member.institution

    @property
    def id(self) -> str:
        """The member's identifier as text."""
        return str(self.member.id)

    def holds(self, *roles: Role) -> bool:
        """Whether the member holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)
