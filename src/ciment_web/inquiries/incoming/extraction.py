"""Text of a PDF or an HTML page, taken in a child process that may be stopped.

Neither pypdf nor html.parser promises a time: html.parser is quadratic or worse on a few hundred kilobytes of
opened tags (CVE-2025-6069). A thread cannot be interrupted, so a process is, under limits on time and memory.
"""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ciment_web.inquiries.incoming.text import MAX_TEXT
from ciment_web.inquiries.incoming.values import UnreadableMessage

MAX_SECONDS = 10
"""Wall-clock seconds for one extraction; the child also limits its own processor time to less."""

_CHILD = Path(__file__).with_name("extraction_child.py")


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text found, at most MAX_TEXT characters and not yet cleaned, and the warning codes."""

    text: str = field(repr=False)
    warnings: tuple[str, ...]


def extract_text(kind: Literal["pdf", "html"], data: bytes) -> Extracted:
    """Return the text of `data`; raises UnreadableMessage (broken_pdf, encrypted_pdf, too_complex)."""
    # -I: the child imports from the installation alone, never from the working directory or the environment.
    command = [sys.executable, "-I", "-B", str(_CHILD), kind, str(MAX_TEXT)]
    try:
        child = subprocess.run(  # noqa: S603 - a fixed command; the untrusted bytes come on standard input
            command, input=data, capture_output=True, timeout=MAX_SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired:
        raise UnreadableMessage("too_complex") from None
    if child.returncode != 0:  # killed by a limit: what it wrote, if anything, is not a result
        raise UnreadableMessage("too_complex")
    result = json.loads(child.stdout)
    if result["refusal"]:
        raise UnreadableMessage(result["refusal"])
    return Extracted(text=result["text"], warnings=tuple(result["warnings"]))
