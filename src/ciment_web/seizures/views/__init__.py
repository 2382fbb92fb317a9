"""Pages of a search or seizure: parse, one call, render."""
