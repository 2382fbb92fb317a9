"""Sign the shipped law packs with the demonstration key; with --check, only say whether their notes are of them.

Nothing is signed twice: a note that holds stays as it is, with its day.
"""

import sys
from datetime import UTC, datetime

from ciment.disclosure.packnote import PackUntrusted, demonstration_signer, sign_pack, verify_pack
from ciment.law import load_pack, shipped_packs
from ciment.law.keeping import NOTE_FILE
from ciment.law.loading import shipped_folder


def stale_packs() -> list[str]:
    """Return the names of the packs whose note is missing, or is not of them."""
    return [name for name in shipped_packs() if not _is_signed(name)]


def main() -> int:
    """Write the notes that are missing or stale; with --check, return 1 if there are any."""
    stale = stale_packs()
    if "--check" in sys.argv:
        if stale:
            print(f"changed since they were signed: {', '.join(stale)}; run 'make sign'", file=sys.stderr)  # noqa: T201
        return bool(stale)
    for name in stale:
        note = sign_pack(load_pack(name), datetime.now(tz=UTC).date(), demonstration_signer())
        (shipped_folder(name) / NOTE_FILE).write_bytes(note)
        print(f"signed {name}")  # noqa: T201
    return 0


def _is_signed(name: str) -> bool:
    path = shipped_folder(name) / NOTE_FILE
    note = path.read_bytes() if path.exists() else None
    try:
        verify_pack(load_pack(name), note, [demonstration_signer().verifier])
    except PackUntrusted:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
