"""File, follow, take over, reply."""
