"""Whatever the bytes: a message or an UnreadableMessage, with a code that is explained."""

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ciment_web.inquiries.incoming import CODES, IncomingMessage, UnreadableMessage, read_message, suggest

HERE = Path(__file__).parent
REAL = sorted([*(HERE / "messages").glob("*.eml"), *(HERE.parents[2] / "examples").glob("*.eml")])
# Small ones only: mutations of 200 KiB of one header teach nothing that those of 2 KiB do not.
MAILS = [data for data in (path.read_bytes() for path in REAL) if len(data) < 5_000]
LETTER = (HERE.parents[2] / "examples" / "2-prosecutor-letter.pdf").read_bytes()

TOKENS = st.sampled_from(
    [
        *[b"\n", b"\r\n", b"\n\n", b'"', b";", b"=", b"=?utf-8?b?", b"?=", b"(", b"<", b"\0", b"\xff", b"--", b":"],
        *[
            b"Content-Type: message/rfc822\n",
            b"Content-Transfer-Encoding: x-uuencode\n",
            b"charset=utf-16",
            b"%",
            b"*0*=",
        ],
    ]
)
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(TOKENS, st.binary(max_size=6))), min_size=1, max_size=8
)


def edit(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for place, removed, added in edits:
        at = int(place * len(data))
        data = data[:at] + added + data[at + removed :]
    return data


def read_or_refuse(data: bytes, name: str) -> tuple[IncomingMessage | None, set[str]]:
    try:
        message = read_message(data, name)
    except UnreadableMessage as refused:
        return None, {refused.code}
    return message, set(message.warnings)


def require_read_or_refused(data: bytes, name: str) -> None:
    message, codes = read_or_refuse(data, name)
    assert codes <= CODES
    if message is None:
        return
    found = suggest(message)
    for text in (message.subject, message.body_text, message.sender_name, message.sender_address, found.reach):
        text.encode()
    for attachment in message.attachments:
        attachment.name.encode()
        assert "/" not in attachment.name


@given(st.binary(max_size=300), st.sampled_from(["a.eml", "a.pdf", "a.txt", "a.msg", ""]))
def test_random_bytes(data: bytes, name: str) -> None:
    require_read_or_refused(data, name)


@given(st.binary(max_size=300))
def test_random_bytes_under_a_header(data: bytes) -> None:
    require_read_or_refused(b"From: a@example.org\n" + data, "a.eml")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(MAILS), EDITS)
@example(b"From: (c):\nContent-Type: text/plain; name*\n\nx", [(0.0, 0, b"")])
def test_mutated_messages(data: bytes, edits: list[tuple[float, int, bytes]]) -> None:
    require_read_or_refused(edit(data, edits), "a.eml")


@settings(max_examples=15, deadline=None)
@given(EDITS)
def test_mutated_letters(edits: list[tuple[float, int, bytes]]) -> None:
    require_read_or_refused(edit(LETTER, edits), "a.pdf")
