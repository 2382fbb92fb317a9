"""Write the catalogues; with --check, only say whether they are in step with the pages.

Sentences are French where they stand, so the French catalogue holds those with a plural alone: it tells gettext that
French says « 0 personne », where a sentence of no catalogue follows English, « 0 personnes ». Any other language has a
folder under `locale` and holds every sentence; a sentence that changed is to be translated again. A language is offered
to readers (settings, LANGUAGES) once nothing of it is left to translate: a test says so.

    python tools/catalogue.py                 write every catalogue, keeping the translations there are
    python tools/catalogue.py --check         say what is missing, out of step, or lost on the way
    python tools/catalogue.py --begin nl      begin a language
"""

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

WEB = Path(__file__).parents[1] / "src" / "ciment_web"
LOCALE = WEB / "project" / "locale"
# `marked` is for sentences of folders that know no Django: whoever shows them translates them.
KEYWORDS = {
    **dict.fromkeys(("_", "_lazy", "gettext", "gettext_lazy", "marked")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
}
# A date of the file would make it differ from itself on another day.
NEVER = datetime(2026, 1, 1, tzinfo=UTC)
# What must come through a translation as it is: values that are put in, and tags.
KEPT = re.compile(r"%\(\w+\)[sd]|%%|</?[a-z][^>]*>")

Id = str | tuple[str, str]


def sentences() -> Iterator[Id]:
    """Yield each sentence of templates and modules, one with a plural as (singular, plural)."""
    for path in sorted([*WEB.rglob("*.html"), *WEB.rglob("*.txt"), *WEB.rglob("*.py")]):
        source = path.read_text("utf-8")
        if path.suffix != ".py":
            # Django's own reading of a template, as calls; what stands between them is blanked out, not indented.
            source = "\n".join(line.strip() for line in templatize(source).splitlines())
        for _line, found, _comments, _context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            yield found if isinstance(found, str) else (found[0], found[1])


def counted_sentences() -> Iterator[tuple[str, str]]:
    """Yield each singular with its plural."""
    yield from (each for each in sentences() if isinstance(each, tuple))


def languages() -> list[str]:
    """Return the languages that have a catalogue, French first."""
    return ["fr", *sorted(path.name for path in LOCALE.iterdir() if path.is_dir() and path.name != "fr")]


def build_catalogue(language: str, known: Catalog | None = None) -> Catalog:
    """Return the catalogue of a language: every sentence once, with the translations of `known`."""
    catalogue = Catalog(
        language,
        project="ciment",
        version="web",
        msgid_bugs_address="CONTRIBUTING.md",
        last_translator="Ciment",
        language_team="Ciment",
        header_comment="# Written by `make catalogue`.",
        creation_date=NEVER,
        revision_date=NEVER,
        fuzzy=False,
    )
    if language == "fr":
        for counted in sorted(set(counted_sentences())):
            catalogue.add(counted, counted)
        return catalogue
    for each in sorted(set(sentences()), key=lambda found: found if isinstance(found, str) else found[0]):
        before = known.get(each if isinstance(each, str) else each[0]) if known else None
        catalogue.add(
            each, before.string if before and before.id == each else ("", "") if isinstance(each, tuple) else ""
        )
    return catalogue


@dataclass(frozen=True)
class Written:
    """The two files of one language, as they stand."""

    readable: Catalog
    compiled: Catalog


def read(language: str) -> Written | None:
    """Return the files of a language, or None where one is missing."""
    folder = LOCALE / language / "LC_MESSAGES"
    try:
        with (folder / "django.po").open("rb") as po, (folder / "django.mo").open("rb") as mo:
            return Written(read_po(po), read_mo(mo))
    except FileNotFoundError:
        return None


def write(language: str) -> None:
    """Write the readable and the compiled form, keeping what is translated."""
    folder = LOCALE / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    known = None
    if (folder / "django.po").exists():
        with (folder / "django.po").open("rb") as file:
            known = read_po(file)
    catalogue = build_catalogue(language, known)
    with (folder / "django.po").open("wb") as file:
        write_po(file, catalogue, sort_output=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalogue)


def faults_of(language: str) -> list[str]:
    """Return what is wrong with the catalogue of a language, each in a line."""
    written = read(language)
    if written is None:
        return [f"{language}: a file is missing; run make catalogue"]
    expected = build_catalogue(language, written.readable)
    if content_of(written.readable) != content_of(expected) or content_of(written.compiled) != content_of(expected):
        return [f"{language}: not in step with the sentences of the pages; run make catalogue"]
    return [fault for message in expected if message.id for fault in _losses_of(language, message)]


def untranslated_in(language: str) -> list[str]:
    """Return the sentences that a language does not say yet."""
    written = read(language)
    messages = build_catalogue(language, written.readable if written else None)
    return [forms_of(each.id)[0] for each in messages if each.id and not all(forms_of(each.string))]


def _losses_of(language: str, message: Message) -> Iterator[str]:
    originals, translations = forms_of(message.id), forms_of(message.string)
    for at, translation in enumerate(translations):
        allowed = [sorted(KEPT.findall(each)) for each in originals[at:] or originals]
        if translation and sorted(KEPT.findall(translation)) not in allowed:
            yield f"{language}: a value or a tag is lost in: {translation}"


def content_of(catalogue: Catalog) -> tuple[str, dict[tuple[str, ...], tuple[str, ...]]]:
    """Return what a catalogue says, without how it is written; an untranslated sentence says nothing."""
    said = {forms_of(each.id): forms_of(each.string) for each in catalogue if each.id}
    return catalogue.plural_forms, {each: words for each, words in said.items() if any(words)}


def forms_of(words: object) -> tuple[str, ...]:
    """Return the singular and the plural, or the one form there is."""
    return tuple(words) if isinstance(words, list | tuple) else (str(words),)


def main(arguments: list[str]) -> int:
    """Write, begin, or check; return the exit code."""
    if arguments[:1] == ["--check"]:
        faults = [fault for language in languages() for fault in faults_of(language)]
        sys.stderr.write("".join(f"catalogue: {fault}\n" for fault in faults))
        return 1 if faults else 0
    for language in arguments[1:] if arguments[:1] == ["--begin"] else languages():
        write(language)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
