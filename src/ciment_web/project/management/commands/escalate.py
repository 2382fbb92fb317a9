"""Send the alerts that are due: those on call first, then their deputies, then every signatory, until one reads."""

import logging
import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from ciment_web.governance.alerts import send_due

LOG = logging.getLogger("ciment")


class Command(BaseCommand):
    """`ciment manage escalate`, each minute; `ciment serve` runs it beside the server."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how often to go on; without it, once."""
        parser.add_argument("--every", type=int, default=0, metavar="SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send what is due and say how much; go on while whoever started this is there."""
        del args
        if not options["every"]:
            outcome = send_due()
            self.stdout.write(f"{outcome.sent} sent, {outcome.failed} failed")
            return
        parent = os.getppid()
        while os.getppid() == parent:
            try:
                send_due()
            except DatabaseError as error:
                # A database that is gone for a while comes back; alerts that are due then are still due.
                LOG.warning("alert.failed", extra={"fields": {"error_type": type(error).__name__}})
            close_old_connections()
            time.sleep(options["every"])
