"""The file of invariants beside a pack: read whole or refused with the reason."""

import pytest

from ciment.law import PackRefused, load_invariants, load_mission, load_pack, shipped_packs
from ciment.law.invariants import belongs, parse_mission

SOUND = """
necessity = ["x.need"]
[[invariant]]
id = "one"
when = { requester = { any_but = ["nobody"] }, form = ["oral"] }
never = { verdict = ["must"], decided_by = ["referent"] }
except = ["x.need"]
text.fr = "Texte."
"""


def test_an_invariant_is_read_whole() -> None:
    mission = parse_mission("x.toml", SOUND.encode())
    (one,) = mission.invariants
    assert mission.necessity == ("x.need",)
    assert one.id == "one"
    assert (len(one.when["requester"]), one.when["requester"][0], one.when["form"]) == (31, "police", ("oral",))
    assert one.never == {"verdict": ("must",), "decided_by": ("referent",)}
    assert (one.exempt, one.same_as, one.precedence, one.text) == (("x.need",), {}, (), {"fr": "Texte."})


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"oral"', '"spoken"', "rule one: unknown value 'spoken' of when.form"),
        ("form =", "shape =", "unknown attribute 'when.shape'"),
        ("any_but", "not", "unknown key 'when.requester.not'"),
        ('"must"', '"should"', "unknown value 'should' of never.verdict"),
        ("decided_by", "decider", "unknown key 'never.decider'"),
        ('never = { verdict = ["must"], decided_by = ["referent"] }', "", "what is demanded is missing"),
        ('never = { verdict = ["must"], decided_by = ["referent"] }', 'as = { form = "written" }', "except goes with"),
        ("except", 'precedence = ["must"]\nexcept', "what is demanded is missing"),
        ("except", 'as = { shape = "written" }\nexcept', "unknown attribute 'as.shape'"),
        ("except", 'as = { form = "spoken" }\nexcept', "unknown value 'spoken' of as.form"),
        ('text.fr = "Texte."', "", "missing language"),
        ("necessity", "need", "unknown key 'need'"),
        ("[[invariant]]", "[[invariant", "not TOML"),
        (SOUND, SOUND + SOUND[SOUND.index("[[") :], "rule one: duplicate id"),
        (SOUND, "invariant = 3", "invariant must be a list"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(old: str, new: str, reason: str) -> None:
    with pytest.raises(PackRefused) as refused:
        parse_mission("x.toml", SOUND.replace(old, new).encode())
    assert reason in str(refused.value)


def test_a_family_is_a_rule_and_what_its_name_begins() -> None:
    assert belongs("x.need", ["x.need"])
    assert belongs("x.need.first", ["a", "x.need"])
    assert not belongs("x.needy", ["x.need"])
    assert not belongs("x", ["x.need"])
    assert not belongs("x", [])


def test_a_pack_without_a_file_has_no_mission() -> None:
    assert load_invariants("none") == ()
    assert load_mission("none").necessity == ()


@pytest.mark.parametrize("name", shipped_packs())
def test_what_stands_beside_a_shipped_pack_speaks_of_its_rules_in_two_languages(name: str) -> None:
    mission, rules = load_mission(name), [rule.id for rule in load_pack(name).rules]
    assert mission.invariants
    for family in (*mission.necessity, *(each for one in mission.invariants for each in one.exempt)):
        assert any(belongs(rule, [family]) for rule in rules), family
    assert all({"fr", "en"} <= one.text.keys() for one in mission.invariants)
