"""Packs on the command line: one that comes with Ciment, by name, or one being written, by its folder."""

from pathlib import Path

from ciment.law import Pack, load_pack, load_pack_from


def open_pack(name: str) -> Pack:
    """Return the pack of that name or, when the name is the path of a folder, the pack that the folder holds.

    A path has a slash in it (`./mine`), so that no folder can ever stand in for a pack that comes with Ciment.

    Raises:
        UnknownWord: neither a pack nor a folder.
        PackRefused: the pack cannot be used.
    """
    folder = Path(name)
    if "/" in name and "\0" not in name and folder.is_dir():
        return load_pack_from(folder.resolve())
    return load_pack(name)
