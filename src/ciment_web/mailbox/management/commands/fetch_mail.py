"""Fetch the mailbox named by the institution's key file `imap.json`, and seal each message."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ciment.canon import CimentError
from ciment_web.arrivals.trust import open_arrivals_of
from ciment_web.institutions.keyfiles import read_key
from ciment_web.institutions.models import Institution
from ciment_web.mailbox.imap import KEY_FILE, fetch_messages, parse_account
from ciment_web.mailbox.receiving import LARGEST, receive_message


class Command(BaseCommand):
    """`ciment manage fetch_mail SLUG`: 0 once everything that fits is sealed, 75 to be tried again."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the institution's name in addresses."""
        parser.add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch; a message leaves the server once it is sealed and committed, never before."""
        del args
        try:
            institution = Institution.objects.get(slug=options["slug"])
            # Asked first: nothing is downloaded that could not be sealed.
            open_arrivals_of(institution, "mail")
            account = parse_account(read_key(institution, KEY_FILE))
            done = fetch_messages(account, LARGEST, lambda data: not receive_message(institution, data).again)
        except Exception as error:  # whatever fails, what is not sealed is still on the server
            told = f"stopped ({type(error).__name__}): {_reason(error)}; what is not sealed is still on the mail server"
            raise CommandError(told, returncode=os.EX_TEMPFAIL) from error
        self.stdout.write(f"{done.taken} sealed, {done.again} known already, {done.left} left on the server")
        if done.left:
            raise CommandError("messages that are too large are left on the server", returncode=os.EX_TEMPFAIL)


def _reason(error: Exception) -> str:
    # Our own messages hold no account and no content; those of others might.
    return str(error) if isinstance(error, CimentError) else "see the server"
