"""The ZIP archive inside a packet: a function of its files alone, with names safe anywhere (docs/formats/packet.md)."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping

from ciment.vault.errors import InvalidPacket

_LONGEST_NAME = 150
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE | re.DOTALL)
# Format characters (Cf) can make "fdp.exe" read as "exe.pdf": they are refused with the control characters.
_UNSAFE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
# 1980-01-01, the oldest date a ZIP entry can bear: the archive does not tell when it was made.
_DATE = (1980, 1, 1, 0, 0, 0)


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of `files` (name → content); equal files give equal bytes.

    Raises:
        InvalidPacket: for no file, an unsafe name, or two names equal when case is folded.
    """
    if not files or len({require_name(name).casefold() for name in files}) != len(files):
        raise InvalidPacket("no file, or two files of one name")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as out:
        for name in sorted(files, key=str.encode):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 3  # Unix, whatever system writes it
            entry.external_attr = 0o600 << 16
            out.writestr(entry, files[name])
    return archive.getvalue()


def read_archive(data: bytes) -> dict[str, bytes]:
    """Return the files of which `data` is the archive.

    Raises:
        InvalidPacket: for any other bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            # Before reading: a compressed entry could be far larger than the archive.
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
                raise InvalidPacket("archive that is not canonical")
            files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, IndexError) as error:
        raise InvalidPacket("not an archive") from error
    if write_archive(files) != data:
        raise InvalidPacket("archive that is not canonical")
    return files


def require_name(name: str) -> str:
    """Return `name` if it is a flat file name that every system shows and stores as it is.

    Raises:
        InvalidPacket: otherwise.
    """
    unsafe = any(character in '/\\:*?"<>|' or unicodedata.category(character) in _UNSAFE for character in name)
    if unsafe or not name or name[0] in ". " or name[-1] in ". " or _DEVICE.fullmatch(name):
        raise InvalidPacket("file name that is not safe")
    if len(name.encode()) > _LONGEST_NAME or unicodedata.normalize("NFC", name) != name:
        raise InvalidPacket("file name that is too long or not in NFC")
    return name
