"""Send the alerts that are due: those on call first, then their deputies, then every signatory, until one reads."""

import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from ciment_web.governance.alerts import send_due


class Command(BaseCommand):
    """`ciment manage escalate`, each minute; `ciment serve` runs it beside the server."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how often to go on; without it, once."""
        parser.add_argument("--every", type=int, default=0, metavar="SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send what is due and say how much; go on while whoever started this is there."""
        del args
        parent = os.getppid()
        while True:
            outcome = send_due()
            if not options["every"] or outcome.sent or outcome.failed:
                self.stdout.write(f"{outcome.sent} sent, {outcome.failed} failed")
            if not options["every"]:
                return
            close_old_connections()
            time.sleep(options["every"])
            if os.getppid() != parent:
                return
