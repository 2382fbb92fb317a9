"""Sealed files under random names: written before their row is committed, never in clear."""
