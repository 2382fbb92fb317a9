"""Tell by e-mail, once each, what has become due: last days of persons' requests, and days to look again."""

from typing import Any

from django.core.management.base import BaseCommand

from ciment_web.access.reminding import send_reminders
from ciment_web.institutions.models import Institution


class Command(BaseCommand):
    """`ciment manage remind`, each morning."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Send what is due, institution by institution."""
        del args, options
        found = sum(send_reminders(institution) for institution in Institution.objects.all())
        self.stdout.write(f"{found} things became due")
