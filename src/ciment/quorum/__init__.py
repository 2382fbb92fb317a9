"""Quorum wrap v1: a ceremony, wraps that t seats open together, and approvals of exactly one decision.

Pure values over libsodium's edwards25519 and HPKE; nothing here reads a clock, a file or a network. The protocol and
its formats are in docs/formats/quorum-wrap.md, quorum-roster.md and quorum-decision.md. Callers import from the
modules: `plan`, `deal`, `roster`, `share`, `wrap`, `decision`, `approve`, `execute`.
"""
