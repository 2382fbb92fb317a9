"""Authorised flows: recurring lawful communications, whose accords are given once and verified each time."""
