"""Tell by e-mail what is about to lapse or comes back: to be run once a day, with `sweep`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ciment_web.access.reminding import send_reminders
from ciment_web.inquiries.deadlines import remind
from ciment_web.institutions.models import Institution


class Command(BaseCommand):
    """`ciment manage remind`."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through every institution of the server; a notice never says what waits, or about whom."""
        del args, options
        now = timezone.now()
        institutions = list(Institution.objects.all())
        told = sum(remind(institution, now) for institution in institutions)
        due = sum(send_reminders(institution) for institution in institutions)
        self.stdout.write(f"{told} duties about to lapse")
        self.stdout.write(f"{due} last days near, or days to look again")
