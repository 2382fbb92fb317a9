"""Days on the command line."""

import argparse
import re
from datetime import date


def parse_day(text: str) -> date:
    """Return the calendar day written YYYY-MM-DD; raises ArgumentTypeError for anything else."""
    # `fromisoformat` alone also takes week dates and dates without dashes.
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise argparse.ArgumentTypeError(f"{text!r} is not a day; allowed: a calendar day written YYYY-MM-DD")
