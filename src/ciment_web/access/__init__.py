"""The person concerned: their own access, the statement they receive, and being informed of what was communicated."""
