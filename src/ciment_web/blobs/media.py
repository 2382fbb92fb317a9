"""What a file is, by its first bytes: the name it came under proves nothing."""

_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


def sniff(head: bytes) -> str:
    """Return the media type of a file from its first bytes; text only when every byte of them is text."""
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A piece may end inside a character: that alone does not make it binary.
        if len(head) - error.start > 3 or not head[: error.start]:
            return "application/octet-stream"
        text = head[: error.start].decode("utf-8")
    if any(ord(character) < 32 and character not in "\t\r\n\f" for character in text):
        return "application/octet-stream"
    return "text/plain"
