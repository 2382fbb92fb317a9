"""The wall between institutions, kept by the database: a row may only refer to rows of its own institution."""

from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


def tenant_references(apps: Apps) -> list[tuple[str, str, str]]:
    """Return (table, column, parent table) for every reference between rows that carry an institution."""
    found = []
    for model in apps.get_models():
        if not _is_tenant(model):
            continue
        for field in model._meta.concrete_fields:  # noqa: SLF001 - Django's documented model API
            parent = field.related_model
            if isinstance(field, models.ForeignKey) and isinstance(parent, type) and _is_tenant(parent):
                found.append((model._meta.db_table, field.column, parent._meta.db_table))  # noqa: SLF001
    return sorted(found)


def trigger_name(table: str, column: str) -> str:
    """Return the name of the trigger that guards one reference."""
    return f"same_tenant_{table}_{column}"


class GuardTenants(Operation):
    """Install, for each named (table, column, parent table), the triggers that keep both rows in one institution."""

    reversible = True

    def __init__(self, references: list[tuple[str, str, str]]) -> None:
        """Guard `references`; the list stands in the migration so that history does not change with the models."""
        self.references = references

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change no state: triggers live in the database alone."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:  # noqa: ARG002
        """Create the triggers."""
        on_postgres = schema_editor.connection.vendor == "postgresql"
        for table, column, parent in self.references:
            names = {"name": trigger_name(table, column), "table": table, "column": column, "parent": parent}
            if on_postgres:
                statements = [_POSTGRES_FUNCTION.format(**names), _POSTGRES_TRIGGER.format(**names)]
            else:
                statements = [_SQLITE_TRIGGER.format(event=event, **names) for event in ("insert", "update")]
            for statement in statements:
                schema_editor.execute(statement, params=None)
        # A row that others refer to would leave them behind: no row ever changes institution.
        for guarded in sorted({name for child, _column, parent in self.references for name in (child, parent)}):
            names = {"name": f"one_tenant_{guarded}", "table": guarded}
            statements = [_POSTGRES_STAYS, _POSTGRES_STAYS_TRIGGER] if on_postgres else [_SQLITE_STAYS]
            for statement in statements:
                schema_editor.execute(statement.format(**names), params=None)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        """Leave the triggers: they fall with their tables."""

    def describe(self) -> str:
        """Say what the operation does."""
        return "Forbid references across institutions"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how to write this operation in a migration."""
        return (type(self).__name__, [self.references], {})


def _is_tenant(model: type[models.Model]) -> bool:
    return any(field.name == "institution" for field in model._meta.concrete_fields)  # noqa: SLF001


# IS NOT compares NULL-safely: a missing parent is refused as well as a foreign one.
_SQLITE_TRIGGER = """
CREATE TRIGGER {name}_{event} BEFORE {event} ON {table}
WHEN NEW.{column} IS NOT NULL
 AND (SELECT institution_id FROM {parent} WHERE id = NEW.{column}) IS NOT NEW.institution_id
BEGIN SELECT RAISE(ABORT, 'reference across institutions'); END
"""
_POSTGRES_FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF NEW.{column} IS NOT NULL
 AND (SELECT institution_id FROM {parent} WHERE id = NEW.{column}) IS DISTINCT FROM NEW.institution_id
THEN RAISE EXCEPTION 'reference across institutions' USING ERRCODE = 'integrity_constraint_violation'; END IF;
RETURN NEW; END $$
"""
_POSTGRES_TRIGGER = """
CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()
"""
_SQLITE_STAYS = """
CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN NEW.institution_id IS NOT OLD.institution_id
BEGIN SELECT RAISE(ABORT, 'reference across institutions'); END
"""
_POSTGRES_STAYS = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF NEW.institution_id IS DISTINCT FROM OLD.institution_id
THEN RAISE EXCEPTION 'reference across institutions' USING ERRCODE = 'integrity_constraint_violation'; END IF;
RETURN NEW; END $$
"""
_POSTGRES_STAYS_TRIGGER = """
CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()
"""
