"""Found the demonstration institution, unless it exists, and say whom to sign in as."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ciment_web.project.demo import seed


class Command(BaseCommand):
    """`ciment manage seed`, which `ciment serve --demo` runs first."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder of the three messages, and the port to name in the address."""
        parser.add_argument("--examples", type=Path, default=Path("examples"))
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, and print one line for each thing to know."""
        del args
        if not settings.CIMENT_DEMO:
            raise CommandError("fictitious people belong in a demonstration: set CIMENT_MODE=demo")
        for line in seed(options["examples"], options["port"]):
            self.stdout.write(line)
