"""The law as data: packs of dated rules, and the qualification of a request for information.

For one situation and each category of information: may the institution speak, must it, must it stay silent — why, on
which source, who decides, and what was missing. Pure: no clock, no network, and no file but those of the packs.
"""

from ciment.law.bills import Bill, amend, load_bill, parse_bill, shipped_bills
from ciment.law.difference import Difference, Group, compare, list_conditions
from ciment.law.epoch import Epoch, Outcome, epoch_of
from ciment.law.errors import AmbiguousLaw, PackRefused, ScenarioRefused, UnknownFact, UnknownWord
from ciment.law.explanation import Example, Explanation, explain
from ciment.law.facts import Facts, parse_facts
from ciment.law.invariants import Invariant, Mission, load_invariants, load_mission
from ciment.law.labels import label
from ciment.law.loading import load_pack, load_pack_from, parse_pack, shipped_packs
from ciment.law.near import NearMiss
from ciment.law.proof import Counterexample, Proof, prove
from ciment.law.qualification import CategoryVerdict, Qualification, qualify
from ciment.law.rules import Interval, Pack, Rule, Source
from ciment.law.schema import build_schema
from ciment.law.vocabulary import DECIDERS, FLAGS, REQUIRED, STATUSES, VERDICTS, VOCABULARY

__all__ = [
    "DECIDERS",
    "FLAGS",
    "REQUIRED",
    "STATUSES",
    "VERDICTS",
    "VOCABULARY",
    "AmbiguousLaw",
    "Bill",
    "CategoryVerdict",
    "Counterexample",
    "Difference",
    "Epoch",
    "Example",
    "Explanation",
    "Facts",
    "Group",
    "Interval",
    "Invariant",
    "Mission",
    "NearMiss",
    "Outcome",
    "Pack",
    "PackRefused",
    "Proof",
    "Qualification",
    "Rule",
    "ScenarioRefused",
    "Source",
    "UnknownFact",
    "UnknownWord",
    "amend",
    "build_schema",
    "compare",
    "epoch_of",
    "explain",
    "label",
    "list_conditions",
    "load_bill",
    "load_invariants",
    "load_mission",
    "load_pack",
    "load_pack_from",
    "parse_bill",
    "parse_facts",
    "parse_pack",
    "prove",
    "qualify",
    "shipped_bills",
    "shipped_packs",
]
