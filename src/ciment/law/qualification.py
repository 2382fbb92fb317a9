"""Qualification: for one request and each category asked, the verdict of the law with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ciment.canon import JsonObject
from ciment.law import space
from ciment.law.epoch import Epoch, Outcome, epoch_of
from ciment.law.errors import UnknownWord
from ciment.law.facts import Facts
from ciment.law.labels import label
from ciment.law.near import NearMiss, find_near_misses
from ciment.law.rules import Pack, Source


@dataclass(frozen=True)
class CategoryVerdict:
    """The verdict on one category of information, and why."""

    outcome: Outcome = field(repr=False)
    epoch: Epoch = field(repr=False)
    situation: int = field(repr=False)

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        return self.outcome.verdict

    @property
    def rules(self) -> tuple[str, ...]:
        """The identifiers of the rules that decide; none when no rule speaks, which is silence."""
        return self.outcome.rule_ids

    @property
    def decided_by(self) -> str:
        """One of `DECIDERS`: the first of the deciding rules' in that order."""
        return self.outcome.decided_by

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags of the deciding rules."""
        return self.outcome.flags

    @property
    def status(self) -> str:
        """The worst status among the sources."""
        return self.outcome.status

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of the deciding rules."""
        return self.outcome.sources

    @cached_property
    def near_misses(self) -> tuple[NearMiss, ...]:
        """For a silence, what was missing; nothing for any other verdict. Computed when first asked for."""
        return find_near_misses(self.epoch, self.situation) if self.verdict == "silence" else ()

    def text(self, lang: str) -> str:
        """Return the plain sentences of the deciding rules.

        Raises:
            UnknownWord: the pack does not speak that language.
        """
        if not self.outcome.rules:
            return label("phrase", "no_rule", lang)
        if lang not in self.outcome.texts:
            raise UnknownWord(f"unknown language {lang!r}; allowed: {', '.join(self.outcome.texts)}")
        return self.outcome.texts[lang]

    def to_json(self, lang: str) -> JsonObject:
        """Return the verdict as `qualify --json` writes it."""
        return {
            "verdict": self.verdict,
            "rules": list(self.rules),
            "decided_by": self.decided_by,
            "flags": list(self.flags),
            "status": self.status,
            "near_misses": [miss.to_json() for miss in self.near_misses],
            "sources": [source.to_json() for source in self.sources],
            "text": self.text(lang),
        }


@dataclass(frozen=True)
class Qualification:
    """What one pack says of one request on one day, as the law was known on another.

    Attributes:
        pack: the name of the pack; `digest` says which version of it.
        languages: those the pack speaks; `drafts` are those among them that no jurist has read yet.
        assumed: the attributes nobody gave, taken at their least favourable to disclosure.
        verdicts: category to verdict, in the order asked.
    """

    pack: str
    digest: str
    languages: tuple[str, ...]
    drafts: tuple[str, ...]
    on: date
    known: date
    assumed: tuple[str, ...]
    verdicts: Mapping[str, CategoryVerdict]

    @property
    def reveals_existence(self) -> bool:
        """Whether answering as granted reveals that the person is known: any verdict but silence does."""
        return any(verdict.verdict != "silence" for verdict in self.verdicts.values())

    def to_json(self, lang: str) -> JsonObject:
        """Return the qualification as `qualify --json` writes it; `draft` is there, and true, for a draft language.

        Raises:
            UnknownWord: the pack does not speak that language.
        """
        if lang not in self.languages:
            allowed = ", ".join(self.languages)
            raise UnknownWord(f"pack {self.pack!r} does not speak the language {lang!r}; allowed: {allowed}")
        draft: JsonObject = {"draft": True} if lang in self.drafts else {}
        return draft | {
            "pack": self.pack,
            "digest": self.digest,
            "on": self.on.isoformat(),
            "known": self.known.isoformat(),
            "assumed": list(self.assumed),
            "reveals_existence": self.reveals_existence,
            "verdicts": {category: verdict.to_json(lang) for category, verdict in self.verdicts.items()},
        }


def qualify(pack: Pack, facts: Facts, on: date, known: date | None = None) -> Qualification:
    """Qualify a request under the law of the day `on`, as known on the day `known` (by default the same day).

    Raises:
        AmbiguousLaw: the pack contradicts itself on these facts.
    """
    known = on if known is None else known
    epoch = epoch_of(pack, on, known)
    holding = epoch.accept(facts.positions)
    verdicts = {}
    for category in facts.categories:
        position = space.POSITIONS["category", category]
        outcome = epoch.decide(holding & epoch.accepting[position])
        verdicts[category] = CategoryVerdict(outcome, epoch, facts.situation | 1 << position)
    return Qualification(
        pack=pack.name,
        digest=pack.digest,
        languages=pack.languages,
        drafts=pack.drafts,
        on=on,
        known=known,
        assumed=facts.assumed,
        verdicts=verdicts,
    )
