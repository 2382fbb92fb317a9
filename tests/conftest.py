"""The ground every test stands on: a host of its own, a real database, nothing but loopback."""

import os
import shutil
import tempfile
from pathlib import Path

import django
import postgres
import pytest
from hypothesis import HealthCheck, settings

# Set before Django reads its settings. The controlling process makes a host for the run; its workers inherit it, and
# each has a database of its own (pytest-django names it after the worker) and fresh keys and files in every test.
_IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
if not _IS_WORKER:
    os.environ["CIMENT_MODE"] = "test"
    os.environ["CIMENT_HOST"] = "localhost"
    os.environ["CIMENT_HOME"] = tempfile.mkdtemp(prefix="ciment-test-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "ciment_web.project.settings"
    Path(os.environ["CIMENT_HOME"], "static").mkdir()
    os.environ["CIMENT_DATABASE"] = postgres.address_of_run()

django.setup()

pytest_plugins = ["chromium", "imap"]

# Generous in time, modest in examples: machines are noisy, and the long runs have a place of their own.
settings.register_profile(
    "default",
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("soak", settings.get_profile("default"), max_examples=5000)
settings.load_profile(os.environ.get("CIMENT_EXAMPLES", "default"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing of this host behind."""
    del config
    if not _IS_WORKER:
        postgres.stop()
        shutil.rmtree(os.environ["CIMENT_HOME"], ignore_errors=True)
