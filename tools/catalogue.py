"""Write the French catalogue; with --check, only say whether it is in step with the pages.

Sentences are French where they stand, so the catalogue holds those with a plural alone: it tells gettext that French
says « 0 personne », where a sentence of no catalogue follows English, « 0 personnes ».
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

WEB = Path(__file__).parents[1] / "src" / "ciment_web"
FOLDER = WEB / "project" / "locale" / "fr" / "LC_MESSAGES"
COUNTED = {"ngettext": (1, 2), "ngettext_lazy": (1, 2)}
# A date of the file would make it differ from itself on another day.
NEVER = datetime(2026, 1, 1, tzinfo=UTC)


def counted_sentences() -> Iterator[tuple[str, str]]:
    """Yield each singular with its plural, as templates and modules look them up."""
    for path in sorted([*WEB.rglob("*.html"), *WEB.rglob("*.py")]):
        source = path.read_text("utf-8")
        if path.suffix == ".html":
            # Django's own reading of a template, as calls; what stands between them is blanked out, not indented.
            source = "\n".join(line.strip() for line in templatize(source).splitlines())
        for _line, sentences, _comments, _context in extract("python", io.BytesIO(source.encode()), keywords=COUNTED):
            yield sentences[0], sentences[1]


def build_catalogue() -> Catalog:
    """Return the catalogue: every sentence said as it stands, the plural from two on."""
    catalogue = Catalog(
        "fr",
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
    for sentence in sorted(set(counted_sentences())):
        catalogue.add(sentence, sentence)
    return catalogue


def content_of(catalogue: Catalog) -> tuple[str, dict[tuple[str, ...], tuple[str, ...]]]:
    """Return what a catalogue says, without how it is written."""
    return catalogue.plural_forms, {forms_of(each.id): forms_of(each.string) for each in catalogue if each.id}


def forms_of(words: object) -> tuple[str, ...]:
    """Return the singular and the plural, or the one form there is."""
    return tuple(words) if isinstance(words, list | tuple) else (str(words),)


def write(catalogue: Catalog) -> None:
    """Write the readable and the compiled form."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "django.po").open("wb") as file:
        write_po(file, catalogue, sort_output=True)
    with (FOLDER / "django.mo").open("wb") as file:
        write_mo(file, catalogue)


def is_in_step(catalogue: Catalog) -> bool:
    """Tell whether both files are there and say what the pages need."""
    try:
        with (FOLDER / "django.po").open("rb") as po, (FOLDER / "django.mo").open("rb") as mo:
            written = read_po(po), read_mo(mo)
    except FileNotFoundError:
        return False
    return all(content_of(each) == content_of(catalogue) for each in written)


def main(arguments: list[str]) -> int:
    """Write, or check; return the exit code."""
    catalogue = build_catalogue()
    if arguments != ["--check"]:
        write(catalogue)
    elif not is_in_step(catalogue):
        sys.stderr.write("catalogue: not in step with the sentences of the pages; run make catalogue\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
