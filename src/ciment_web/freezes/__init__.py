"""Freezes: anyone competent stops access at once; only the quorum reopens."""
