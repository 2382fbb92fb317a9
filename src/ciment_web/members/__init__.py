"""People with an account: seeds, sessions, roles and keys."""
