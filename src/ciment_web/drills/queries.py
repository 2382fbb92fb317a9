"""Reads of what the team chose, small numbers hidden."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ciment.register import Breakdown, break_down
from ciment_web.drills.casebook import Case, all_cases
from ciment_web.drills.models import ChoiceCount
from ciment_web.institutions.models import Institution


@dataclass(frozen=True)
class Result:
    """What the team chose at one moment: counts by place of the choice, as far as they may show."""

    case: Case
    moment: int
    told: Breakdown


def team_results(institution: Institution) -> list[Result]:
    """Return the moments that enough people answered, in the order of the cases."""
    counts: Mapping[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for row in ChoiceCount.objects.filter(institution=institution, shown__gt=0):
        counts[row.case, row.moment][str(row.choice)] = row.shown
    return [
        Result(case, moment, break_down(counts[case.slug, moment]))
        for case in all_cases().values()
        for moment in range(len(case.moments))
        if (case.slug, moment) in counts
    ]
