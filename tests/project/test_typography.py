"""What people read in French has typographic apostrophes; identifiers and code have none to write."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from ciment.law import load_pack, shipped_packs

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src"


def words_of_the_law() -> Iterator[str]:
    """Yield what the packs say in French, their sources, and the French labels."""
    for name in shipped_packs():
        for rule in load_pack(name).rules:
            yield rule.text["fr"]
            yield from (source.ref for source in rule.sources)
    for table in tomllib.loads((SOURCES / "ciment/law/labels/fr.toml").read_text("utf-8")).values():
        yield from table.values()


def words_of_templates() -> Iterator[str]:
    """Yield what templates mark for translation, which is every word they show."""
    for path in SOURCES.rglob("*.html"):
        text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        yield from re.findall(r'(?:\{% translate |_\()"(.*?)"', text)
        yield from re.findall(r"\{% blocktranslate.*?%\}(.*?)\{% endblocktranslate %\}", text, flags=re.DOTALL)


def words_of_modules() -> Iterator[str]:
    """Yield the strings that modules of the web mark for translation."""
    marks = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
    for path in (SOURCES / "ciment_web").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in marks:
                yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))


def test_no_straight_apostrophe_stands_in_a_french_text() -> None:
    for words in (words_of_the_law, words_of_templates, words_of_modules):
        texts = list(words())
        assert len(texts) > 50, words.__name__
        assert [text for text in texts if "'" in text] == [], words.__name__


def test_no_line_of_a_french_text_begins_with_a_mark() -> None:
    """Before « ? ! : ; » and inside quotation marks the space does not break."""
    for words in (words_of_the_law, words_of_templates, words_of_modules):
        assert [text for text in words() if re.search(r"\w’? [?!:;](\s|$)| »|« ", text)] == [], words.__name__
