"""The file of invariants beside a pack: read whole or refused with the reason."""

import pytest
from law_small_packs import is_told

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
    assert mission.invariants == (one,)
    assert mission.necessity == ("x.need",)
    assert one.id == "one"
    assert (len(one.when["requester"]), one.when["requester"][0], one.when["form"]) == (31, "police", ("oral",))
    assert one.never == {"verdict": ("must",), "decided_by": ("referent",)}
    assert (one.exempt, one.same_as, one.precedence, one.text) == (("x.need",), {}, (), {"fr": "Texte."})


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            '"oral"',
            '"spoken"',
            ":5: rule one: unknown value 'spoken' of when.form; allowed: oral, written, written_reasoned",
        ),
        ("form =", "shape =", ":5: rule one: unknown attribute 'when.shape'; allowed: requester, recipient…"),
        ("any_but", "not", ":5: rule one: unknown key 'when.requester.not'; allowed: any_but"),
        ('"must"', '"should"', ":6: rule one: unknown value 'should' of never.verdict; allowed: silence, may…"),
        (
            "decided_by",
            "decider",
            ":6: rule one: unknown key 'never.decider'; did you mean 'decided_by'? allowed: verdict, decided_by",
        ),
        (
            'never = { verdict = ["must"], decided_by = ["referent"] }',
            "",
            ":3: rule one: what is demanded is missing; write never, as, both, or precedence alone",
        ),
        (
            'never = { verdict = ["must"], decided_by = ["referent"] }',
            'as = { form = "written" }',
            ":7: rule one: except goes with never only; take it out",
        ),
        (
            "except",
            'precedence = ["must"]\nexcept',
            ":3: rule one: what is demanded is missing; write never, as, both, or precedence alone",
        ),
        (
            "except",
            'as = { shape = "written" }\nexcept',
            ":7: rule one: unknown key 'as.shape'; allowed: requester, recipient…",
        ),
        (
            "except",
            'as = { form = "spoken" }\nexcept',
            ":7: rule one: unknown value 'spoken' of as.form; allowed: oral, written, written_reasoned",
        ),
        (
            'text.fr = "Texte."',
            "",
            ':3: rule one: missing language: text holds none; write, for instance, text.fr = "…"',
        ),
        ("necessity", "need", ":2: unknown key 'need'; allowed: invariant, necessity"),
        (
            "[[invariant]]",
            "[[invariant",
            ":3: not TOML in UTF-8: Expected ']]' at the end of an array declaration (at line 3, column 12)…",
        ),
        (SOUND, SOUND + SOUND[SOUND.index("[[") :], ":10: rule one: duplicate id; give one another id"),
        (
            SOUND,
            "invariant = 3",
            ":1: invariant must be written [[invariant]]; write [[invariant]] above the keys of each invariant",
        ),
        (
            SOUND,
            "invariant = [3]",
            ":1: invariant must be written [[invariant]]; write [[invariant]] above the keys of each invariant",
        ),
        (SOUND, "", ": missing 'invariant'"),
        ('id = "one"', "", ":3: rule #1: missing 'id'; write, for instance, id = \"xx.topic\""),
        (
            'id = "one"',
            "id = 1",
            ':4: rule 1: id must be a text that is not empty; write, for instance, id = "xx.topic"',
        ),
        ('["x.need"]\n[', "3\n[", ":2: necessity must be a list"),
        (
            "except",
            "besides",
            ":7: rule one: unknown key 'besides'; allowed: id, when, text, except, never, as, precedence",
        ),
        ('["x.need"]\ntext', "3\ntext", ":7: rule one: except must be a list"),
        ('["must"]', "3", ":6: rule one: never.verdict must be a list"),
        (
            '["referent"]',
            '["nobody"]',
            ":6: rule one: unknown value 'nobody' of never.decided_by; allowed: holder_now, summoned_person…",
        ),
        (
            'never = { verdict = ["must"], decided_by = ["referent"] }',
            "never = 3",
            ":6: rule one: never must hold tables",
        ),
        (
            "when = { requester",
            "when = 3 # { requester",
            ":5: rule one: when must hold tables; write…",
        ),
        (
            '["nobody"]',
            "3",
            ':5: rule one: when.requester must be a list; write, for instance, requester = ["person_concerned"]',
        ),
        (
            '["nobody"]',
            '["somebody"]',
            ":5: rule one: unknown value 'somebody' of when.requester; did you mean 'nobody'? allowed: nobody, police…",
        ),
        ('{ any_but = ["nobody"] }', "{}", ":5: rule one: missing 'when.requester.any_but'"),
        ("except", "as = 3\nexcept", ":7: rule one: as must hold tables"),
        ("except", "as = { form = 3 }\nexcept", ":7: rule one: as.form must be a text that is not empty"),
        (
            'never = { verdict = ["must"], decided_by = ["referent"] }\nexcept = ["x.need"]',
            "precedence = 3",
            ":6: rule one: precedence must be a list",
        ),
        (
            'never = { verdict = ["must"], decided_by = ["referent"] }\nexcept = ["x.need"]',
            'precedence = ["x"]',
            ":6: rule one: unknown value 'x' of precedence; allowed: silence, may…",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(old: str, new: str, reason: str) -> None:
    with pytest.raises(PackRefused) as refused:
        parse_mission("x.toml", SOUND.replace(old, new).encode())
    assert is_told(str(refused.value), f"x.toml{reason}")


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
def test_what_stands_beside_a_shipped_pack_speaks_of_its_rules_in_its_languages(name: str) -> None:
    mission, rules = load_mission(name), [rule.id for rule in load_pack(name).rules]
    assert mission.invariants
    for family in (*mission.necessity, *(each for one in mission.invariants for each in one.exempt)):
        assert any(belongs(rule, [family]) for rule in rules), family
    assert all(one.text.keys() == set(load_pack(name).languages) for one in mission.invariants)
