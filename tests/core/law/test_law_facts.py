"""Facts: every mistake is named with its key, its value and what is allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciment.law import REQUIRED, VOCABULARY, UnknownFact, parse_facts, space

ASKED: dict[str, object] = {"requester": "police", "category": "address"}


def test_what_is_missing_takes_the_first_value_and_is_said_to_be_assumed() -> None:
    facts = parse_facts({**ASKED, "form": "written"})
    assert facts.values["form"] == "written"
    assert facts.values["self_created"] == "yes"
    assert facts.assumed == tuple(name for name in VOCABULARY if name not in {"requester", "category", "form"})
    assert all(facts.values[name] == VOCABULARY[name][0] for name in facts.assumed)


def test_a_value_given_explicitly_is_not_assumed_even_when_it_is_the_default() -> None:
    assert "form" not in parse_facts({**ASKED, "form": "oral"}).assumed


def test_categories_keep_their_order_and_appear_once() -> None:
    assert parse_facts({**ASKED, "category": ["medical", "aid", "medical"]}).categories == ("medical", "aid")
    assert parse_facts({**ASKED, "category": "aid"}).categories == ("aid",)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"colour": "red"}, ["'colour'", "requester", "self_created"]),
        ({"form": "shouted"}, ["'form'", "'shouted'", "oral, written, written_reasoned"]),
        ({"form": ["oral"]}, ["'form'", "['oral']", "oral, written"]),
        ({"form": None}, ["'form'", "None", "oral"]),
        ({"authenticated": True}, ["'authenticated'", "True", "no, yes"]),
        ({"category": []}, ["'category'", "[]", "existence, identity"]),
        ({"category": ["aid", "salary"]}, ["'category'", "'salary'", "existence, identity"]),
        ({"category": {"aid": 1}}, ["'category'", "{'aid': 1}"]),
        ({"category": [["aid"]]}, ["'category'", "['aid']"]),
        ({"requester": 1.5}, ["'requester'", "1.5", "nobody, police"]),
        ({"consent": "x" * 5000}, ["'consent'", "xxx…", "withdrawn"]),
    ],
)
def test_mistakes_are_named(change: dict[str, object], expected: list[str]) -> None:
    with pytest.raises(UnknownFact) as refusal:
        parse_facts({**ASKED, **change})
    message = str(refusal.value)
    assert all(part in message for part in expected), message
    assert len(message) < 1000


CATEGORIES = ", ".join(VOCABULARY["category"])


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({**ASKED, "colour": "red"}, f"unknown fact 'colour'; allowed: {', '.join(VOCABULARY)}"),
        ({"requester": "police"}, f"fact 'category' is missing; allowed: {CATEGORIES}"),
        (
            {**ASKED, "form": "shouted"},
            "fact 'form' has the value 'shouted'; allowed: oral, written, written_reasoned",
        ),
        (
            {**ASKED, "category": []},
            f"fact 'category' has the value [], which asks for nothing; allowed, one or more of: {CATEGORIES}",
        ),
        (
            {**ASKED, "consent": "x" * 58},
            f"fact 'consent' has the value '{'x' * 58}'; allowed: {', '.join(VOCABULARY['consent'])}",
        ),
        (
            {**ASKED, "consent": "x" * 59},
            f"fact 'consent' has the value '{'x' * 59}…; allowed: {', '.join(VOCABULARY['consent'])}",
        ),
    ],
)
def test_mistakes_are_told_in_full_words(mapping: dict[str, object], message: str) -> None:
    with pytest.raises(UnknownFact) as refusal:
        parse_facts(mapping)
    assert str(refusal.value) == message


def test_a_situation_is_one_bit_for_each_fact_but_its_category() -> None:
    facts = parse_facts({**ASKED, "form": "written"})
    expected = [space.POSITIONS[name, value] for name, value in facts.values.items()]
    assert facts.positions == tuple(expected)
    assert facts.situation == sum(2**position for position in expected)
    assert space.conditions(facts.situation, ["requester", "form", "category"]) == {
        "requester": ("police",),
        "form": ("written",),
        "category": (),
    }


@pytest.mark.parametrize("key", REQUIRED)
def test_required_facts_are_required(key: str) -> None:
    with pytest.raises(UnknownFact, match=f"'{key}' is missing; allowed: {VOCABULARY[key][0]}"):
        parse_facts({name: value for name, value in ASKED.items() if name != key})


given_facts = st.fixed_dictionaries(
    {
        "requester": st.sampled_from(VOCABULARY["requester"]),
        "category": st.lists(st.sampled_from(VOCABULARY["category"]), min_size=1, unique=True),
    },
    optional={name: st.sampled_from(VOCABULARY[name]) for name in VOCABULARY if name not in REQUIRED},
)


@given(given_facts)
def test_facts_come_back_as_they_were_given(mapping: dict[str, object]) -> None:
    facts = parse_facts(mapping)
    assert facts.to_json() == mapping
    assert parse_facts(facts.to_json()) == facts


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(list(VOCABULARY)) | st.text(), json_values))
def test_anything_else_is_refused_as_an_unknown_fact(mapping: dict[str, object]) -> None:
    with pytest.raises(UnknownFact):
        parse_facts(mapping)
