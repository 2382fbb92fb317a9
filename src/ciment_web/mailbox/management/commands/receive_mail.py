"""Seal one message given on standard input, as a mail server's pipe does."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ciment_web.institutions.models import Institution
from ciment_web.mailbox.receiving import LARGEST, MessageRefused, receive_message


class Command(BaseCommand):
    """`ciment manage receive_mail SLUG < message.eml`: 0 once sealed, 75 to be tried again, 65 for no message."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the institution's name in addresses."""
        parser.add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal the message; whatever fails leaves it to the mail server, which tries again."""
        del args
        try:
            data = sys.stdin.buffer.read(LARGEST + 1)
            arrived = receive_message(Institution.objects.get(slug=options["slug"]), data)
        except MessageRefused as error:
            raise CommandError("not a message, or one that is too large", returncode=os.EX_DATAERR) from error
        except Exception as error:  # anything else may pass: a database that restarts, a mailbox that is closed today
            # The type alone: nothing of the message may reach a log of the mail server.
            told = f"not sealed ({type(error).__name__}); the message is left to the mail server"
            raise CommandError(told, returncode=os.EX_TEMPFAIL) from error
        self.stdout.write("known already" if arrived.again else "sealed")
