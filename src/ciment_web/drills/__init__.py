"""Simulated requests, to train on: told from files, answered by the law itself, counted for the team and for nobody."""
