"""Append to the register and prove from it."""
