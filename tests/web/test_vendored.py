"""The looks of the application: bytes vendored as declared, nothing inline or foreign, readable in light and dark."""

import gzip
import hashlib
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from django.template.loader import get_template

PROJECT = Path(__file__).resolve().parents[2] / "src" / "ciment_web" / "project"
STATIC = PROJECT / "static"
TEMPLATES = PROJECT / "templates"
VENDORED = tomllib.loads((STATIC / "VENDORED.toml").read_text())["file"]
STYLE = (STATIC / "ciment" / "ciment.css").read_text()
PAGES = sorted(TEMPLATES.rglob("*.html"), key=str)
OURS = {"ciment/ciment.css", "ciment/favicon.svg"}
FIRST_LOAD_BYTES = 100 * 1024


def page_id(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("entry", VENDORED, ids=lambda entry: entry["file"])
def test_a_vendored_file_has_the_declared_bytes_and_licence(entry: dict[str, str]) -> None:
    assert hashlib.sha256((STATIC / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert (STATIC / entry["licence_file"]).stat().st_size > 0
    assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"])
    assert entry["name"]
    assert entry["licence"]


def test_every_static_file_is_ours_or_declared() -> None:
    served = {path.relative_to(STATIC).as_posix() for path in (STATIC / "ciment").rglob("*") if path.is_file()}
    licences = {entry["licence_file"] for entry in VENDORED}
    assert served == {entry["file"] for entry in VENDORED} | licences | OURS


def test_the_first_load_is_small() -> None:
    loaded = [
        "ciment/pico.min.css",
        "ciment/ciment.css",
        "ciment/htmx.min.js",
        "ciment/icons.svg",
        "ciment/favicon.svg",
    ]
    assert sum(len(gzip.compress((STATIC / name).read_bytes())) for name in loaded) <= FIRST_LOAD_BYTES


def test_every_address_in_our_style_leads_to_a_local_file() -> None:
    addresses = re.findall(r"url\(([^)]*)\)", STYLE)
    assert addresses
    for address in addresses:
        assert (STATIC / "ciment" / address.strip("\"'")).is_file(), address


def test_every_data_address_of_pico_is_replaced() -> None:
    # The content policy refuses data: images, and no accessibility checker notices a missing check mark.
    pico = (STATIC / "ciment" / "pico.min.css").read_text()
    data = set(re.findall(r"(--[a-z-]+):url\([\"']data:", pico))
    assert data
    assert pico.count("url(") == len(re.findall(r"--[a-z-]+:url\([\"']data:", pico))
    ours = STYLE.split(":root:not([data-theme]) {")[1].split("\n}")[0]
    assert {name for name in data if f"{name}:" not in ours} == set()


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_a_template_holds_nothing_inline_and_nothing_foreign(page: Path) -> None:
    text = page.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|\shx-on|javascript:|data:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)
    assert "|safe" not in text


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_a_template_compiles(page: Path) -> None:
    assert get_template(page_id(page)).template.name == page_id(page)  # type: ignore[attr-defined]  # Django's own engine


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_the_words_of_a_template_are_marked_for_translation(page: Path) -> None:
    text = re.sub(r"(?s){% comment %}.*?{% endcomment %}|{#.*?#}", " ", page.read_text())
    text = re.sub(r"(?s){% blocktranslate.*?{% endblocktranslate %}", " ", text)
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text)
    words = set(re.findall(r"[^\W\d_]{2,}", re.sub(r"(?s)<[^>]*>", " ", text)))
    assert words <= {"Ciment"}


def test_the_icons_that_templates_name_are_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "ciment" / "icons.svg").read_text()))
    named = {name for page in PAGES for name in re.findall(r'icon\.html" with name="([^"]+)"', page.read_text())}
    assert "seal" in named
    assert named <= sprite


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})\b", block))


def luminance(colour: str) -> float:
    """Relative luminance of a #rrggbb colour (WCAG 2.2)."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


LIGHT = tokens(STYLE.split("\n:root {")[1].split("\n}")[0])
DARK = LIGHT | tokens(STYLE.split("  :root {")[1].split("  }")[0])


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "sheet", "wash"])
def test_colours_are_readable(scheme: dict[str, str], ground: str) -> None:
    for text in ("ink", "soft", "accent", "accent-strong", "danger-ink"):
        assert contrast(scheme[text], scheme[ground]) >= 4.5, text
    # A control is seen by its border (WCAG 1.4.11).
    assert contrast(scheme["edge"], scheme[ground]) >= 3


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), [("on-fill", "fill"), ("on-fill", "fill-strong"), ("on-danger", "danger")])
def test_words_on_a_filled_ground_are_readable(scheme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(scheme[text], scheme[ground]) >= 4.5


def test_red_is_kept_for_danger_to_life() -> None:
    # Every rule that uses a danger token belongs to the danger banner or to the danger card.
    rules = re.findall(r"(?m)^\s*([^{}@/]+)\{([^{}]*)\}", STYLE)
    using = {selector.strip() for selector, body in rules if "var(--danger" in body or "var(--on-danger" in body}
    assert using
    assert all(".danger" in selector or ".action-danger" in selector for selector in using)
    for scheme in (LIGHT, DARK):
        for name, colour in scheme.items():
            red, green = (int(colour[i : i + 2], 16) for i in (1, 3))
            assert "danger" in name or red - green < 0x20, name


def test_headings_of_the_style_go_down_in_size() -> None:
    sizes = [float(size) for size in re.findall(r"(?m)^h[123] \{ --pico-font-size: ([\d.]+)rem", STYLE)]
    assert len(sizes) == 3
    assert all(larger > smaller for larger, smaller in pairwise(sizes))
