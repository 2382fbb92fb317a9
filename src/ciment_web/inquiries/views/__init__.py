"""Pages of inquiries: parse, one call, render."""
