"""Institutions to test the register with: a worker and an auditor each, and entries that nobody made."""

import secrets
import subprocess
import sys
from dataclasses import dataclass

from django.db import transaction
from web_stories import PASSPHRASE

from ciment.register import Opening
from ciment_web.founding.establishing import found_institution
from ciment_web.institutions.models import Institution
from ciment_web.members.actions import NewMember
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.register import actions as register


@dataclass(frozen=True)
class House:
    """An institution and two of its people."""

    institution: Institution
    worker: Actor
    auditor: Actor


def found_house(slug: str) -> House:
    founding = found_institution(
        Institution(
            slug=slug,
            name=f"CPAS de {slug.capitalize()}",
            address="Rue de l’Exemple 1\n0000 Valbrume",
            contact="081 00 00 00",
            place="Valbrume",
            reply_delay_hours=0,
        )
    )
    worker = founding.enrol(NewMember("lou", "Lou Travailleur", "assistant social", (Role.WORKER,)), PASSPHRASE)
    auditor = founding.enrol(NewMember("alix", "Alix Délégué", "déléguée", (Role.DPO,)), PASSPHRASE)
    return House(founding.institution, worker, auditor)


def fill(institution: Institution, count: int) -> None:
    """Append `count` entries that nobody made."""
    with transaction.atomic():
        for number in range(count):
            register.append(institution, "act", {}, Opening(secrets.token_bytes(32), {"n": number}), b"-")


def run_ciment(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a fresh process."""
    start = "import sys; from ciment.cli import main; sys.exit(main())"
    return subprocess.run([sys.executable, "-c", start, *arguments], capture_output=True, text=True, check=False)
