"""A centre whose lawbook strangers read."""

import pytest
from django.test import Client
from django.utils import timezone

from ciment.law import Pack, load_pack
from ciment_web.institutions.models import Institution
from ciment_web.law import pin_demonstration_key


@pytest.fixture
def institution(db: None) -> Institution:  # noqa: ARG001 - opens the database
    centre = Institution.objects.create(
        slug="valbrume",
        name="CPAS de Valbrume <essai>",
        address="Rue d’Essai 1\n9999 Valbrume",
        contact="essai@valbrume.example",
        place="Valbrume",
        created_at=timezone.now(),
    )
    pin_demonstration_key(centre)
    return centre


@pytest.fixture
def stranger(institution: Institution) -> Client:  # noqa: ARG001 - there is a lawbook to read
    """Somebody without an account; a form's token is asked for where one is needed."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("be")
