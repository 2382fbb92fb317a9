"""Decisions of communication: prepared, approved, executed. They know their subject by digest only."""
