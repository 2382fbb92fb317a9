"""Somebody presses a member to speak: told in confidence, past the person named, to whom the member chooses."""
