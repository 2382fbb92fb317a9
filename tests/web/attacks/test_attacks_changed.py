"""Done 4 of the main job: any byte of any stored column, changed or moved behind the application's back, is refused."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from stored import ELSEWHERE, READERS, ROWS, World, build_world, column_of, every_row, expect_refusal
from web_stories import record

from ciment_web.project.demonstration import Demonstration

pytestmark = pytest.mark.slow


@pytest.fixture
def world(demonstration: Demonstration) -> World:
    return build_world(demonstration)


def test_every_binary_column_has_a_reader_or_a_reason() -> None:
    columns = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField)
    }
    assert columns == set(READERS) | set(ELSEWHERE)


def test_any_changed_byte_is_refused(world: World) -> None:
    for name, read in READERS.items():
        read(world)
        model, column = column_of(name)
        rows = model._default_manager.filter(**ROWS.get(name, every_row)(world))
        stored = [(row.pk, bytes(getattr(row, column))) for row in rows.exclude(**{column: b""})]
        assert stored, name
        _change_bytes(world, name, model, column, stored)


def _change_bytes(
    world: World, name: str, model: type[models.Model], column: str, stored: list[tuple[Any, bytes]]
) -> None:
    @settings(max_examples=10, database=None)
    @given(st.data())
    def change(data: st.DataObject) -> None:
        pk, original = data.draw(st.sampled_from(stored))
        place = data.draw(st.integers(0, len(original) - 1))
        mask = data.draw(st.integers(1, 255))
        changed = original[:place] + bytes([original[place] ^ mask]) + original[place + 1 :]
        rows = model._default_manager.filter(pk=pk)
        rows.update(**{column: changed})
        try:
            expect_refusal(READERS[name], world, f"{name}: byte {place} of {len(original)}")
        finally:
            rows.update(**{column: original})

    change()
    READERS[name](world)


def test_a_blob_moved_to_another_row_is_refused(world: World) -> None:
    for name, read in READERS.items():
        model, column = column_of(name)
        target: Any = model._default_manager.filter(**ROWS.get(name, every_row)(world)).exclude(**{column: b""}).first()
        other = model._default_manager.exclude(pk=target.pk).exclude(**{column: bytes(getattr(target, column))})
        source = other.exclude(**{column: b""}).first()
        if source is None:
            continue
        original = bytes(getattr(target, column))
        rows = model._default_manager.filter(pk=target.pk)
        try:
            with transaction.atomic():
                rows.update(**{column: bytes(getattr(source, column))})
        except IntegrityError:
            # A constraint refused it first, which is as good.
            continue
        expect_refusal(read, world, f"{name}: a blob of another row")
        rows.update(**{column: original})


def test_record_still_works_beside_it_all(world: World) -> None:
    assert record(world.demonstration).state == "received"
