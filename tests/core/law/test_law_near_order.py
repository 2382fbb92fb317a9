"""Near misses as they are told: once each, the fewest changes first, then in the order of the vocabulary."""

from law_small_packs import DAY, DEFAULT, pack, rule

from ciment.law import NearMiss, Rule, parse_facts, qualify


def told(*rules: Rule) -> list[tuple[str, dict[str, tuple[str, ...]]]]:
    asked = parse_facts({"requester": "police", "category": "aid"})
    misses = qualify(pack(DEFAULT, *rules), asked, DAY).verdicts["aid"].near_misses
    return [(miss.verdict, dict(miss.changes)) for miss in misses]


def test_fewer_changes_come_first() -> None:
    assert told(
        rule("a", "may", {"recipient": ["prosecutor"], "form": ["written"]}, ["default"]),
        rule("b", "may", {"self_created": ["no"]}, ["default"]),
    ) == [
        ("may", {"self_created": ("no",)}),
        ("may", {"recipient": ("prosecutor",), "form": ("written",)}),
    ]


def test_attributes_follow_the_vocabulary_not_the_alphabet() -> None:
    assert told(
        rule("a", "may", {"authenticated": ["yes"]}, ["default"]),
        rule("b", "may", {"form": ["written"]}, ["default", "a"]),
    ) == [("may", {"form": ("written",)}), ("may", {"authenticated": ("yes",)})]


def test_verdicts_follow_their_own_order() -> None:
    assert told(
        rule("a", "may_testify", {"form": ["written"]}, ["default"]),
        rule("b", "must", {"form": ["written_reasoned"]}, ["default"]),
    ) == [("must", {"form": ("written_reasoned",)}), ("may_testify", {"form": ("written",)})]


def test_values_follow_the_vocabulary_too() -> None:
    assert told(
        rule("a", "may", {"consent": ["informed"], "danger": ["possible"]}, ["default"]),
        rule("b", "may", {"consent": ["withdrawn"], "danger": ["grave"]}, ["default"]),
    ) == [
        ("may", {"consent": ("withdrawn",), "danger": ("grave",)}),
        ("may", {"consent": ("informed",), "danger": ("possible",)}),
    ]


def test_what_two_rules_ask_alike_is_told_once() -> None:
    assert told(
        rule("a", "may", {"form": ["written"]}, ["default"]),
        rule("b", "may", {"form": ["written", "written_reasoned"], "title": ["none"]}, ["default"]),
    ) == [("may", {"form": ("written", "written_reasoned")})]


def test_in_json_the_values_are_lists() -> None:
    miss = NearMiss("may", {"form": ("written",)})
    assert miss.to_json() == {"verdict": "may", "changes": {"form": ["written"]}}
