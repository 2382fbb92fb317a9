"""Tell the signatories of duties to answer that are about to lapse: to be run once a day, with `sweep`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ciment_web.inquiries.deadlines import remind
from ciment_web.institutions.models import Institution


class Command(BaseCommand):
    """`ciment manage remind`."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through every institution of the server; a notice never says what waits, or about whom."""
        del args, options
        now = timezone.now()
        told = sum(remind(institution, now) for institution in Institution.objects.all())
        self.stdout.write(f"{told} duties about to lapse")
