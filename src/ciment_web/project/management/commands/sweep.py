"""Remove sealed files that no row names: what a crash between file and commit left behind."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from ciment_web.access.models import PersonRequest
from ciment_web.blobs import store
from ciment_web.decisions.models import Packet, ReleaseCopy
from ciment_web.desk.models import FilingFile
from ciment_web.inquiries.models import Attachment, Draft
from ciment_web.mailbox.models import Message
from ciment_web.seizures.models import Fact


class Command(BaseCommand):
    """`ciment manage sweep`."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove every orphan older than an hour: a younger one may belong to a request that is still running."""
        del args, options
        named = set(_named())
        orphans = [name for name in store.names() if name not in named and store.age_in_seconds(name) > 3600]
        for name in orphans:
            store.remove(name)
        partials = store.remove_partials(older_than=3600)
        self.stdout.write(f"{len(orphans)} orphans and {partials} partial files removed")


def _named() -> Iterator[str]:
    for model, field in (
        (Attachment, "blob"),
        (Draft, "blob"),
        (ReleaseCopy, "blob"),
        (ReleaseCopy, "reading_blob"),
        (Packet, "blob"),
        (PersonRequest, "mandate_blob"),
        (Fact, "blob"),
        (FilingFile, "blob"),
        (Message, "blob"),
    ):
        yield from model._default_manager.values_list(field, flat=True).iterator()  # noqa: SLF001 - Django's documented API
