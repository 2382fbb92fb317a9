"""The questions as they are shown."""

from collections.abc import Iterator

import pytest
from django import forms

from ciment_web.inquiries.forms import CopyForm, QualificationForm, RecordForm

FORMS = [RecordForm(), QualificationForm(), CopyForm(categories=frozenset({"identity", "household"}))]


def shown(form: forms.Form) -> Iterator[str]:
    """Yield every question and every choice."""
    for field in form:
        yield str(field.label)
        for _value, choice in getattr(field.field, "choices", ()):
            is_group = isinstance(choice, list)
            yield from (str(inner) for _, inner in choice) if is_group else [str(choice)]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: type(form).__name__)
def test_every_question_and_every_choice_begins_with_a_capital(form: forms.Form) -> None:
    texts = list(shown(form))
    assert "Composition du ménage" in texts
    assert [text for text in texts if text[0] != text[0].upper()] == []
