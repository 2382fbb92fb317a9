"""A founded demonstration institution in the temporary home that `bench/run` made, and stories to bring requests in."""

import sys
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.test import Client

django.setup()
# The stories of the tests go through the very actions that the pages call.
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "plugins"))

from ciment_web.project.demonstration import Demonstration, found_demonstration  # noqa: E402 - after django.setup()

PASSPHRASE = "abandon-bambou-cactus-dauphin-ecureuil-fabuleux-gallium"  # noqa: S105 - opens nothing else


@cache
def house() -> Demonstration:
    """Return the one institution of this run."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    return found_demonstration(PASSPHRASE)


def sign_in(login: str) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    answer = client.post(f"/i/{house().institution.slug}/connexion/", {"identifiant": login, "phrase": PASSPHRASE})
    assert answer.status_code == 302, answer.status_code
    return client
