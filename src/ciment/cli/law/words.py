"""Days, values and changes in the words of a language."""

from collections.abc import Iterator
from datetime import date

from ciment.law import VOCABULARY, Facts, NearMiss, Source, label


def tell_day(day: date, lang: str) -> str:
    """Return the day as that language writes it."""
    return day.strftime(label("phrase", "day", lang))


def tell_values(name: str, values: tuple[str, ...], lang: str) -> str:
    """Return some values of an attribute in words: one or another, or any but one."""
    others = [value for value in VOCABULARY[name] if value not in values]
    if len(others) == 1 < len(values) - 1:
        return f"{label('phrase', 'any_but', lang)} « {label(name, others[0], lang)} »"
    return f" {label('phrase', 'or', lang)} ".join(label(name, value, lang) for value in values)


def tell_near_miss(miss: NearMiss, lang: str) -> str:
    """Return another verdict and the changes that lead to it."""
    changes = (
        f"{label('attribute', name, lang)} : {tell_values(name, values, lang)}" for name, values in miss.changes.items()
    )
    return f"{label('verdict', miss.verdict, lang)} — {' ; '.join(changes)}"


def tell_source(source: Source, lang: str) -> str:
    """Return a source with how far it was read, when and where."""
    read = (
        f"{label('status', source.status, lang)} ; {label('phrase', 'read_on', lang)} {tell_day(source.checked, lang)}"
    )
    return f"{source.ref} ({read}) {source.url}".rstrip()


def tell_count(number: int) -> str:
    """Return a number with its thousands apart."""
    return f"{number:,}".replace(",", "\u202f")


def tell_facts(facts: Facts, lang: str) -> Iterator[str]:
    """Yield each fact that was given, then what is assumed of the others."""
    for name, value in facts.values.items():
        if name not in facts.assumed:
            yield f"{label('attribute', name, lang)} : {label(name, value, lang)}"
    categories = ", ".join(label("category", category, lang) for category in facts.categories)
    yield f"{label('attribute', 'category', lang)} : {categories}"
    yield label("phrase", "rest", lang)
