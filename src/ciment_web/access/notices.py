"""Notices by e-mail about persons concerned: that something waits, never what or about whom."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciment_web.access.models import PersonRequest
from ciment_web.inquiries.notices import tell
from ciment_web.institutions.models import Institution
from ciment_web.members.models import Role

Kind = PersonRequest.Kind


def tell_holders(request: PersonRequest) -> None:
    """Tell those who answer a request, after the commit, that it waits."""
    role = Role.REFERENT if request.kind == Kind.ACCESS else Role.DPO
    _tell(request.institution, role)


def tell_auditors(request: PersonRequest) -> None:
    """Tell the auditors, after the commit, that readings are asked of the register."""
    _tell(request.institution, Role.DPO)


def tell_referents(institution: Institution) -> None:
    """Tell the referents, after the commit, that something they put off comes back, or that a last day is near."""
    _tell(institution, Role.REFERENT)


def _tell(institution: Institution, role: Role) -> None:
    # One subject for everything: whoever sees it pass learns that somebody works here.
    address = reverse("persons", kwargs={"slug": institution.slug})
    tell(institution, role, _("Ciment : quelque chose vous attend"), address)
