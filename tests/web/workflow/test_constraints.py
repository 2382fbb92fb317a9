"""What the database itself refuses, whoever writes to it: each constraint violated by a row that is otherwise right."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from filled_rows import belongs, every_model, fill, make_institution

from ciment_web.decisions.models import Decision, ReleaseCopy
from ciment_web.institutions.models import Institution
from ciment_web.institutions.tenancy import tenant_references

pytestmark = pytest.mark.django_db
NOW = timezone.now()
# Check constraint → values that it alone refuses.
VIOLATIONS: dict[str, dict[str, Any]] = {
    "ceremony_round": {"round": "fourth"},
    "choice_shown_was_counted": {"shown": 1},
    "copy_size": {"size": 10 * 1024 * 1024 + 1},
    "decision_state": {"state": "forgotten"},
    "document_kind": {"kind": "rumour"},
    "filing_file_side": {"side": "front"},
    "freeze_reopened_by_decision": {"reopened_at": NOW},
    "freeze_scope": {"scope": "weather"},
    "inquiry_answered": {"state": "answered", "decided_at": NOW},
    "inquiry_channel": {"channel": "pigeon"},
    "inquiry_decided": {"state": "decided"},
    "inquiry_lane": {"lane": "report"},
    "inquiry_state": {"state": "reopened"},
    "delivery_channel": {"channel": "pigeon"},
    "delivery_group": {"called_as": "strangers"},
    "setting_generation": {"generation": 0},
    "institution_decision_days": {"decision_days": 0},
    "institution_language": {"language": "xx"},
    "invitation_end": {"ended": "lost"},
    "message_end": {"ended": "lost"},
    "message_kept": {"blob": None},
    "person_due_after": {"due_on": date(2020, 1, 1)},
    "person_key_part": {"part": "all"},
    "person_kind": {"kind": "portability"},
    "person_state": {"state": "lost"},
    "seizure_lifted_after": {"lifted_at": NOW - timedelta(days=9000)},
    "statement_handed": {"handed_at": NOW},
    "member_title": {"title": "king"},
    "node_above_leaves": {"level": 0},
    "role_known": {"role": "superuser"},
}
CHECKS = {
    constraint.name: model
    for model in every_model()
    for constraint in model._meta.constraints
    if isinstance(constraint, models.CheckConstraint)
}
UNIQUE = [
    (model, tuple(constraint.fields))
    for model in every_model()
    for constraint in model._meta.constraints
    if isinstance(constraint, models.UniqueConstraint)
] + [(model, (field.name,)) for model in every_model() for field in model._meta.concrete_fields if field.unique]
REFERENCES = tenant_references(apps)
MODELS = {model._meta.db_table: model for model in apps.get_models()}


def field_of(table: str, column: str) -> str:
    return next(field.name for field in MODELS[table]._meta.concrete_fields if field.column == column)


@pytest.mark.parametrize("model", every_model(), ids=lambda model: model.__name__)
def test_a_right_row_is_taken(model: type[models.Model]) -> None:
    # Otherwise the refusals below would prove nothing.
    for _ in range(2):
        assert fill(model, make_institution()).pk


def test_every_check_is_violated_here() -> None:
    assert set(CHECKS) == set(VIOLATIONS)


@pytest.mark.parametrize("name", sorted(VIOLATIONS))
def test_a_check_refuses(name: str) -> None:
    institution = make_institution()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        fill(CHECKS[name], institution, **VIOLATIONS[name])


@pytest.mark.parametrize(
    ("model", "names"), UNIQUE, ids=[f"{model.__name__}-{'-'.join(names)}" for model, names in UNIQUE]
)
def test_what_is_once_is_not_twice(model: type[models.Model], names: tuple[str, ...]) -> None:
    institution = make_institution()
    fields = [model._meta.get_field(name) for name in names]
    # A reference that may be missing is given: without a value, nothing is there twice.
    parents = {
        field.name: fill(field.related_model, institution)
        for field in fields
        if isinstance(field, models.ForeignKey) and field.null
    }
    row = fill(model, institution, **parents)
    same = {name: getattr(row, name) for name in names}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        fill(model, institution, **same)
    assert all(str(field.column) in str(refused.value) for field in fields if isinstance(field, models.Field))


def test_a_subject_has_one_open_decision_and_any_number_of_past_ones() -> None:
    institution, subject = make_institution(), bytes(32)
    for state in ("open", "lapsed", "declined", "executed", "lapsed"):
        fill(Decision, institution, subject_digest=subject, state=state)
    past = Decision.objects.filter(state="lapsed")
    with pytest.raises(IntegrityError), transaction.atomic():
        past.update(state="open")
    fill(Decision, make_institution(), subject_digest=subject, state="open")


def test_copies_in_preparation_have_a_place_each() -> None:
    institution = make_institution()
    fill(ReleaseCopy, institution, subject_digest=bytes(32), position=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        fill(ReleaseCopy, institution, subject_digest=bytes(32), position=1)


def test_what_was_answered_does_not_become_undecided() -> None:
    model = MODELS["inquiries_inquiry"]
    fill(model, make_institution(), state="answered", decided_at=NOW, answered_at=NOW + timedelta(hours=1))
    for change in ({"decided_at": None}, {"answered_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            model._default_manager.update(**change)


@pytest.mark.parametrize(("table", "column", "parent"), REFERENCES, ids=[f"{t}.{c}" for t, c, _ in REFERENCES])
def test_no_row_refers_to_another_institution(table: str, column: str, parent: str) -> None:
    model, name = MODELS[table], field_of(table, column)
    ours, theirs = make_institution(), make_institution()
    foreign, own = (fill(MODELS[parent], institution) for institution in (theirs, ours))
    with pytest.raises(IntegrityError, match="across institutions"), transaction.atomic():
        fill(model, ours, **{name: foreign})
    row = model._default_manager.filter(pk=fill(model, ours, **{name: own}).pk)
    # Neither the reference nor the row itself can be moved afterwards.
    for change in ({name: foreign}, {"institution": theirs}):
        with pytest.raises(IntegrityError, match="across institutions"), transaction.atomic():
            row.update(**change)
    assert row.get() == model._default_manager.get(**{name: own})


@pytest.mark.parametrize("parent", sorted({parent for _, _, parent in REFERENCES}))
def test_no_row_leaves_its_institution_while_others_refer_to_it(parent: str) -> None:
    table, column = next((table, column) for table, column, referred in REFERENCES if referred == parent)
    ours, theirs = make_institution(), make_institution()
    row = fill(MODELS[parent], ours)
    fill(MODELS[table], ours, **{field_of(table, column): row})
    # Its own references go along, so that only those who refer to it hold it back.
    own = {name: fill(MODELS[up], theirs) for name, up in _references_of(parent)}
    with pytest.raises(IntegrityError), transaction.atomic():
        MODELS[parent]._default_manager.filter(pk=row.pk).update(institution=theirs, **own)


def _references_of(table: str) -> list[tuple[str, str]]:
    found = [(field_of(where, column), parent) for where, column, parent in REFERENCES if where == table]
    return [(name, parent) for name, parent in found if not MODELS[table]._meta.get_field(name).null]


def test_an_institution_that_has_rows_is_not_deleted() -> None:
    for model in (each for each in every_model() if belongs(each)):
        institution = make_institution()
        fill(model, institution)
        with pytest.raises((IntegrityError, models.ProtectedError)), transaction.atomic():
            Institution.objects.filter(pk=institution.pk).delete()
