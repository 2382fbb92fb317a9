"""The questions and the sentences as they are shown."""

import re
from collections.abc import Iterator

import pytest
from django import forms

from ciment_web.inquiries.forms import CopyForm, QualificationForm, RecordForm
from ciment_web.inquiries.phrases import sentence_to_say
from ciment_web.inquiries.templatetags.words import whole

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


def test_a_hyphenated_word_is_kept_whole_and_its_characters_are_those_typed() -> None:
    shown = whole(sentence_to_say())
    assert '<span class="whole">dites-le-moi</span>.' in shown
    assert re.sub("<[^>]*>", "", shown) == sentence_to_say()
    assert whole("<b>1-2</b> a - b") == "&lt;b&gt;1-2&lt;/b&gt; a - b"
