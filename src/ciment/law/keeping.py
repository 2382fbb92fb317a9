"""Packs kept by digest, so that what they answered can be computed again when the law and its packs have moved on."""

import re
import shutil
import tempfile
from pathlib import Path

from ciment.law.errors import PackRefused, UnknownWord
from ciment.law.loading import load_pack_from
from ciment.law.rules import Pack

NOTE_FILE = "pack.note"
"""The file of a pack's folder that says who vouches for it; not one of its rules."""

_NAME = re.compile(r"[a-z0-9_-]{1,40}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def keep_pack(folder: Path, root: Path) -> Path:
    """Copy the pack of `folder`, its note included, to `root`/digest/name unless it is there; return that folder.

    A copy appears whole or not at all, and one that exists is left as it is.

    Raises:
        PackRefused: the pack cannot be used.
        OSError: `root` cannot be written.
    """
    place = root / load_pack_from(folder).digest
    if not (place / folder.name).is_dir():
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root) as partial:
            copy = Path(partial, folder.name)
            copy.mkdir()
            for file in [*folder.glob("*.toml"), folder / NOTE_FILE]:
                if file.exists():
                    shutil.copyfile(file, copy / file.name)
            place.mkdir(exist_ok=True)
            try:
                copy.rename(place / folder.name)
            except OSError:
                # Somebody kept the same pack at the same time.
                if not (place / folder.name).is_dir():
                    raise
    return place / folder.name


def load_kept_pack(root: Path, name: str, digest: str) -> Pack:
    """Return the pack of that name and digest kept in `root`.

    Raises:
        UnknownWord: none is kept there.
        PackRefused: what is kept is not that pack.
    """
    # Both come from a decision, which anybody may have written, and become a path.
    if not _NAME.fullmatch(name) or not _DIGEST.fullmatch(digest):
        raise UnknownWord(f"no pack is named {name[:60]!r} with the digest {digest[:70]!r}")
    folder = root / digest / name
    if not folder.is_dir():
        raise UnknownWord(f"pack {name!r} with the digest {digest} is not kept in '{root}'")
    pack = load_pack_from(folder)
    if pack.digest != digest:
        raise PackRefused(name, None, f"its files are not those of the digest {digest}")
    return pack
