"""From nothing to a working centre: founded on the host, then step by step in its pages."""
