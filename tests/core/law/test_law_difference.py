"""What changes between two laws, against a slow reading of every situation."""

from collections import Counter

from hypothesis import given
from law_small_packs import DAY, DEFAULT, POINTS, full, many, mask_of, pack, packs, price_of, read_slowly, rule, say

from ciment.law import VERDICTS, Pack, compare, epoch_of, space


@given(packs(orderly=True), packs(orderly=True))
@many
def test_a_difference_is_what_a_slow_reading_of_both_finds(one: Pack, other: Pack) -> None:
    before, after = read_slowly(one), read_slowly(other)
    counted: Counter[tuple[str, str]] = Counter()
    covered: Counter[tuple[str, str]] = Counter()
    changes: dict[tuple[str, str], dict[int, bool]] = {}
    for point, weight in POINTS:
        pair = say(before, point), say(after, point)
        if pair[0] != pair[1]:
            holding = [each.id for each in one.rules if all(point[name] in vs for name, vs in each.when.items())]
            already = pair[0] != "silence" and any(name.split(".")[0] == "r1" for name in holding)
            counted[pair] += weight
            covered[pair] += weight * already
            changes.setdefault(pair, {})[mask_of(point)] = already
    difference = compare(epoch_of(one, DAY, DAY), epoch_of(other, DAY, DAY), ["r1"])
    groups = {(group.before, group.after): group for group in difference.groups}
    assert {pair: group.count for pair, group in groups.items()} == counted
    assert {pair: group.covered_by_necessity for pair, group in groups.items()} == covered
    assert difference.changed == sum(counted.values())
    assert difference.covered_by_necessity == sum(covered.values())
    for pair, group in groups.items():
        reached = {mask for mask in map(mask_of, POINTS_ALONE) if any(mask & box == mask for box in group.boxes)}
        assert reached == set(changes[pair])
        example = mask_of(full(group.example))
        best = [mask for mask, already in changes[pair].items() if not already] or list(changes[pair])
        assert example in best
        assert price_of(full(group.example)) == min(price_of(point) for point in POINTS_ALONE if mask_of(point) in best)


@given(packs(orderly=True))
@many
def test_nothing_changes_from_a_law_to_itself(law: Pack) -> None:
    epoch = epoch_of(law, DAY, DAY)
    assert compare(epoch, epoch).groups == ()


POINTS_ALONE = [point for point, _ in POINTS]


def test_the_answer_in_json_has_the_published_shape() -> None:
    speak = rule("speak", "may", {"form": ["written"], "danger": ["grave"]}, ["default"])
    wider = rule("speak", "may", {"form": ["written", "oral"], "danger": ["grave"]}, ["default"])
    before, after = (epoch_of(pack(DEFAULT, each), DAY, DAY) for each in (speak, wider))
    count = space.size(space.box({"form": ["oral"], "danger": ["grave"]}))
    assert compare(before, after).to_json() == {
        "changed": count,
        "covered_by_necessity": 0,
        "groups": [
            {
                "before": "silence",
                "after": "may",
                "count": count,
                "covered_by_necessity": 0,
                "boxes": [{"form": ["oral"], "danger": ["grave"]}],
                "example": {"requester": "nobody", "danger": "grave", "category": ["existence"]},
            }
        ],
    }


def test_groups_come_in_the_order_of_the_verdicts_and_the_largest_boxes_first() -> None:
    narrow = {"form": ["written"], "consent": ["informed"], "category": ["aid"]}
    law = pack(
        DEFAULT,
        rule("a", "must", {"form": ["oral"]}, ["default", "b", "c"]),
        rule("b", "may", {"consent": ["none"], "form": ["written"]}, ["default"]),
        rule("c", "may", narrow, ["default"]),
    )
    groups = compare(epoch_of(pack(DEFAULT), DAY, DAY), epoch_of(law, DAY, DAY)).groups
    order = [(VERDICTS.index(group.before), VERDICTS.index(group.after)) for group in groups]
    assert order == sorted(order)
    assert [group.after for group in groups] == ["may", "must"]
    sizes = [space.size(box) for box in groups[0].boxes]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 2


def test_a_rule_that_only_gains_an_override_is_looked_at() -> None:
    low = rule("low", "may", {"form": ["written"]}, ["default"])
    ties = rule("tie", "silence", {"consent": ["informed"]}, ["default", "low"])
    loses = rule("tie", "silence", {"consent": ["informed"]}, ["default"])
    wins = rule("low", "may", {"form": ["written"]}, ["default", "tie"])
    before = epoch_of(pack(DEFAULT, low, ties), DAY, DAY)
    after = epoch_of(pack(DEFAULT, wins, loses), DAY, DAY)
    (group,) = compare(before, after).groups
    assert (group.before, group.after) == ("silence", "may")
    assert group.boxes == (space.box({"form": ["written"], "consent": ["informed"]}),)
