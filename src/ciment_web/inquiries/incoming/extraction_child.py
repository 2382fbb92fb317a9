"""The child process of `extraction`: bytes on standard input, one JSON object on standard output.

Run by its path in isolated mode, it imports nothing of the project.
"""

import io
import json
import logging
import resource
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES = 50
MAX_MEMORY = 1 << 30
"""Bytes of address space: pypdf with its cryptography library takes about a quarter of it."""
MAX_CPU_SECONDS = 5
MAX_INFLATED = 8 << 20
"""Bytes one compressed stream of a PDF may become; a page of text is a few kilobytes."""

_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "iframe"})
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "tr",
        "table",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "hr",
        "section",
        "article",
    ]
)
_NO_END = frozenset({"br", "hr"})

Result = dict[str, object]


class VisibleText(HTMLParser):
    """Collects what a reader would see; runs nothing, fetches nothing, follows no link."""

    def __init__(self, limit: int) -> None:
        super().__init__(convert_charrefs=True)
        self._limit = limit
        self._length = 0
        self._pieces: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element: hidden ones silence what they hold, blocks start a line."""
        style = (dict(attrs).get("style") or "").replace(" ", "").lower()
        if tag in _UNSEEN or (("display:none" in style) and tag not in _NO_END):
            self._unseen.append(tag)
        elif tag in _BLOCKS:
            self._add("\n")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if self._unseen and tag == self._unseen[-1]:
            self._unseen.pop()
        elif tag in _BLOCKS and tag not in _NO_END:
            self._add("\n")

    def handle_data(self, data: str) -> None:
        """Take the text of a visible element, its blanks joined as a browser joins them."""
        if not self._unseen:
            joined = " ".join(data.split())
            before, after = (" " if data[:1].isspace() else ""), (" " if data[-1:].isspace() else "")
            self._add(f"{before}{joined}{after}" if joined else " ")

    def _add(self, piece: str) -> None:
        if self._length <= self._limit:
            self._pieces.append(piece)
            self._length += len(piece)

    def text(self) -> str:
        """Return the text, each line stripped."""
        return "\n".join(" ".join(line.split()) for line in "".join(self._pieces).split("\n"))


def read_html(data: bytes, limit: int) -> Result:
    """Return the visible text of an HTML page in UTF-8."""
    parser = VisibleText(limit)
    parser.feed(data.decode("utf-8", errors="replace"))
    parser.close()
    return _result(parser.text(), limit, [])


def read_pdf(data: bytes, limit: int) -> Result:
    """Return the text of the first MAX_PAGES pages; pages that cannot be read are left out."""
    from pypdf import PdfReader, apply_configuration  # noqa: PLC0415 - the HTML path starts four times faster without
    from pypdf.errors import FileNotDecryptedError, WrongPasswordError  # noqa: PLC0415 - as above

    logging.disable(logging.CRITICAL)
    with apply_configuration(
        zlib_maximum_output_length=MAX_INFLATED,
        lzw_maximum_output_length=MAX_INFLATED,
        run_length_maximum_output_length=MAX_INFLATED,
        array_based_stream_maximum_output_length=MAX_INFLATED,
        jbig2dec_binary=None,
        disable_legacy_handling=True,
    ):
        try:
            return _read_pages(PdfReader(io.BytesIO(data)), limit)
        except (FileNotDecryptedError, WrongPasswordError):
            return _refusal("encrypted_pdf")
        except Exception:  # noqa: BLE001 - pypdf raises any builtin error on broken input
            return _refusal("broken_pdf")


def _read_pages(reader: "PdfReader", limit: int) -> Result:
    count = len(reader.pages)
    texts: list[str] = []
    for number in range(min(count, MAX_PAGES)):
        texts.append(reader.pages[number].extract_text())
        if sum(map(len, texts)) > limit:
            break
    if count == 0:
        return _refusal("broken_pdf")
    return _result("\n\n".join(texts), limit, ["pages_cut"] if count > MAX_PAGES else [])


def _result(text: str, limit: int, warnings: list[str]) -> Result:
    if len(text) > limit:
        warnings.append("text_cut")
    return {"refusal": None, "text": text[:limit], "warnings": warnings}


def _refusal(code: str) -> Result:
    return {"refusal": code, "text": "", "warnings": []}


def main() -> None:
    """Limit the process first, then read."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a memory image would hold the letter in clear
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    kind, limit = sys.argv[1], int(sys.argv[2])
    read = {"pdf": read_pdf, "html": read_html}[kind]
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read(), limit)))


if __name__ == "__main__":
    main()
