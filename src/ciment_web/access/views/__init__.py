"""Pages for the person concerned: parse, one call, render."""
