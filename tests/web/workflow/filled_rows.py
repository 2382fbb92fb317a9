"""A valid row of any table, made from its fields alone: what a test of the database itself starts from."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from ciment_web.institutions.models import Institution

NUMBERS = count(1)
# A value of each type of field, distinct for each number.
_PLAIN: dict[str, Callable[[int], Any]] = {
    "BinaryField": lambda number: number.to_bytes(32),
    "BooleanField": lambda _number: False,
    "CharField": "r{}".format,
    "DateField": lambda _number: timezone.now().date(),
    "DateTimeField": lambda _number: timezone.now(),
    "JSONField": lambda _number: [],
    "PositiveBigIntegerField": int,
    "PositiveIntegerField": int,
    "PositiveSmallIntegerField": int,
    "SlugField": "r{}".format,
    "TextField": "r{}".format,
    "UUIDField": lambda _number: uuid.uuid4(),
}
# Where a field takes no value that its type alone could give.
_VALID: dict[str, dict[str, Callable[[], Any]]] = {
    "CeremonyMessage": {"round": lambda: "plan"},
    "Document": {"kind": lambda: "certificate"},
    "Fact": {"blob": lambda: f"r{next(NUMBERS)}"},
    "FilingFile": {"side": lambda: "filed"},
    "Message": {"blob": lambda: f"r{next(NUMBERS)}"},
    "PersonKey": {"part": lambda: "request"},
    "PersonRequest": {"due_on": lambda: timezone.now().date() + timedelta(days=30)},
}


def every_model() -> list[type[models.Model]]:
    """Return the institution's table and every table whose rows belong to one."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("ciment_web.")]
    return [model for model in ours if model is Institution or belongs(model)]


def belongs(model: type[models.Model]) -> bool:
    """Return whether the rows of `model` carry an institution."""
    return any(field.name == "institution" for field in model._meta.concrete_fields)


def fill(model: type[models.Model], institution: Institution, /, **values: Any) -> models.Model:
    """Insert a row of `model`, and first every row that it refers to and that `values` does not give."""
    if "handed_by" in values:
        # Who and when go together.
        values.setdefault("handed_at", timezone.now())
    valid = {name: value() for name, value in _VALID.get(model.__name__, {}).items() if name not in values}
    given = {**valid, **values}
    for field in model._meta.concrete_fields:
        if field.name not in given and not field.has_default() and not field.null and not field.auto_created:
            given[field.name] = _value(field, institution)
    row = model(**given)
    row.save(force_insert=True)
    return row


def make_institution() -> Institution:
    """Insert an institution."""
    row = fill(Institution, Institution())
    assert isinstance(row, Institution)
    return row


def _value(field: "models.Field[Any, Any]", institution: Institution) -> Any:
    parent = field.related_model
    if isinstance(parent, type) and issubclass(parent, models.Model):
        return institution if parent is Institution else fill(parent, institution)
    if field.blank and field.empty_strings_allowed:
        return ""
    return field.choices[0][0] if field.choices else _PLAIN[field.get_internal_type()](next(NUMBERS))
