"""The type of a file, read in its first bytes and never in what the sender claims."""

import re
from pathlib import PurePosixPath

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ\x90\0", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"\x1f\x8b", "application/gzip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"heif"})
_HTML = re.compile(rb"(?i)\s*(<!doctype html|<html|<head|<body|<script|<\?xml)")
_HEADER = re.compile(rb"(?im)^(from|received|return-path|mime-version|date|subject|message-id|content-type|x-[\w-]+):")
_HEADER_LINE = re.compile(rb"(From .*|[!-9;-~]+:.*|[ \t].*)")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

_EXPECTED = {
    ".pdf": {"application/pdf"},
    ".jpg": {"image/jpeg"},
    ".jpeg": {"image/jpeg"},
    ".png": {"image/png"},
    ".gif": {"image/gif"},
    ".tif": {"image/tiff"},
    ".tiff": {"image/tiff"},
    ".webp": {"image/webp"},
    ".heic": {"image/heic"},
    ".eml": {"message/rfc822"},
    ".txt": {"text/plain", "message/rfc822"},
    ".ics": {"text/calendar"},
    ".zip": {"application/zip"},
    ".docx": {"application/zip"},
    ".xlsx": {"application/zip"},
    ".odt": {"application/zip"},
    ".doc": {"application/x-ole-storage"},
    ".xls": {"application/x-ole-storage"},
    ".msg": {"application/x-ole-storage"},
    ".rtf": {"application/rtf"},
}


def sniff(data: bytes) -> str:
    """Return the media type seen in `data`: `application/octet-stream` when nothing is recognised."""
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "image/heic"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    # Readers accept leading bytes (ISO 32000-1, annex H, note 13); a short e-mail may carry the mark that early too.
    if b"%PDF-" in data[:1024] and not looks_like_email(data):
        return "application/pdf"
    return _sniff_text(data)


def _sniff_text(data: bytes) -> str:
    start = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if start.lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        return "text/calendar"
    if looks_like_email(data):
        return "message/rfc822"
    if _HTML.match(start):
        return "text/html"
    if start[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "text/plain"
    return "application/octet-stream" if _CONTROL.search(data) else "text/plain"


def looks_like_email(data: bytes) -> bool:
    """Tell whether `data` starts with header lines, a known one among the first 64 KiB."""
    head = data[:65_536].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    first = block.split(b"\n", 1)[0].rstrip(b"\r")
    return bool(_HEADER_LINE.fullmatch(first)) and bool(_HEADER.search(block))


def name_differs(name: str, media_type: str) -> bool:
    """Tell whether the ending of `name` announces another type than the one seen."""
    expected = _EXPECTED.get(PurePosixPath(name).suffix.lower())
    return expected is not None and media_type not in expected
