"""The law packs of this server: loaded once, read by everyone, written by nobody."""

from functools import lru_cache

from ciment.law import Pack, load_pack


@lru_cache(maxsize=8)
def pack_of(name: str) -> Pack:
    """Return the shipped pack `name`."""
    return load_pack(name)
