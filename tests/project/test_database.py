"""What the database itself refuses."""

import pytest
from django.apps import apps
from django.db import connection

from ciment_web.institutions.tenancy import tenant_references, trigger_name


@pytest.mark.django_db
def test_every_reference_between_tenant_rows_is_guarded() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        installed = {name for (name,) in cursor.fetchall()}
    for table, column, _parent in tenant_references(apps):
        name = trigger_name(table, column)
        due = {name} if connection.vendor == "postgresql" else {f"{name}_insert", f"{name}_update"}
        assert due <= installed


@pytest.mark.django_db
def test_sqlite_is_set_to_survive_a_power_cut() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("settings of SQLite")
    with connection.cursor() as cursor:
        answers = {}
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "recursive_triggers"):
            cursor.execute(f"PRAGMA {name}")
            answers[name] = cursor.fetchone()[0]
    assert answers == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "recursive_triggers": 1,
    }
