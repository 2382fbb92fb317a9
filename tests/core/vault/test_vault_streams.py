import struct
from collections.abc import Iterator

import pytest
import vault_reference as reference
from hypothesis import given, settings
from hypothesis import strategies as st
from vault_vectors import CONTEXT, KEY

from ciment import vault
from ciment.vault.stream import FRAME_SIZE

ROOM = FRAME_SIZE - 8
HEAD = vault.STREAM_HEADER_SIZE
SEALED_FRAME = FRAME_SIZE + 17


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    """Yield `data` in chunks of the sizes given, again and again."""
    at, turn = 0, 0
    while at < len(data):
        size = sizes[turn % len(sizes)]
        yield data[at : at + size]
        at, turn = at + size, turn + 1


def seal(content: bytes, sizes: list[int]) -> bytes:
    sealer = vault.StreamSealer(KEY, CONTEXT)
    body = b"".join(sealer.push(chunk) for chunk in cut(content, sizes))
    return sealer.header + body + sealer.push(b"", final=True)


def opened(*chunks: bytes) -> bytes:
    return b"".join(vault.open_stream(KEY, chunks, CONTEXT))


lengths = st.sampled_from([0, 1, ROOM - 1, ROOM, ROOM + 1, 2 * ROOM, 5 * ROOM, 9 * ROOM + 5]) | st.integers(0, 4 * ROOM)
chunk_sizes = st.lists(st.integers(1000, 3 * ROOM), min_size=1, max_size=4)


@settings(deadline=None)
@given(lengths, chunk_sizes, chunk_sizes)
def test_files_open_whatever_the_chunks(length: int, written: list[int], read: list[int]) -> None:
    content = reference.content_of(length)
    sealed = seal(content, written)
    assert len(sealed) == HEAD + len(reference.frames(content)) * SEALED_FRAME
    pieces = list(vault.open_stream(KEY, cut(sealed, read), CONTEXT))
    assert b"".join(pieces) == content
    assert all(0 < len(piece) <= FRAME_SIZE for piece in pieces)


def test_files_open_byte_by_byte() -> None:
    content = reference.content_of(ROOM + 3)
    assert b"".join(vault.open_stream(KEY, cut(seal(content, [1]), [1]), CONTEXT)) == content


@settings(deadline=None)
@given(st.integers(0, 12 * ROOM))
def test_lengths_fall_on_few_sizes(length: int) -> None:
    frames = (len(seal(bytes(length), [ROOM])) - HEAD) // SEALED_FRAME
    assert frames in {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}
    assert frames * ROOM >= length


def test_one_push_and_many_give_the_same_frames() -> None:
    content = reference.content_of(3 * ROOM)
    sealer = vault.StreamSealer(KEY, CONTEXT)
    whole = sealer.header + sealer.push(content, final=True)
    assert len(whole) == len(seal(content, [7919]))


def test_nothing_follows_the_final_push() -> None:
    sealer = vault.StreamSealer(KEY, CONTEXT)
    sealer.push(b"all", final=True)
    for final in (False, True):
        with pytest.raises(vault.BlobError):
            sealer.push(b"more", final=final)


def test_what_was_read_before_a_cut_is_authentic_and_the_cut_is_said() -> None:
    content = reference.content_of(4 * ROOM)
    sealed = seal(content, [ROOM])
    for frames in range(4):
        pieces = vault.open_stream(KEY, [sealed[: HEAD + frames * SEALED_FRAME]], CONTEXT)
        for at in range(frames):
            assert next(pieces) == content[at * ROOM : (at + 1) * ROOM]
        with pytest.raises(vault.CorruptedBlob):
            next(pieces)


def test_frames_moved_repeated_or_continued_are_refused() -> None:
    sealed = seal(reference.content_of(4 * ROOM), [ROOM])
    head, frames = sealed[:HEAD], [sealed[at : at + SEALED_FRAME] for at in range(HEAD, len(sealed), SEALED_FRAME)]
    assert opened(sealed[:5], b"", sealed[5:]) == reference.content_of(4 * ROOM)
    orders: tuple[list[int], ...] = ([1, 0, 2, 3], [0, 0, 1, 2, 3], [0, 1, 3], [3], [0, 1, 2, 3, 3], [1, 2, 3], [])
    for order in orders:
        with pytest.raises(vault.CorruptedBlob):
            opened(head, *(frames[index] for index in order))
    for tail in (b"\0", bytes(SEALED_FRAME)):
        with pytest.raises(vault.CorruptedBlob):
            opened(sealed, tail)


def frame(length: int, fill: bytes = b"\0") -> bytes:
    return (struct.pack(">Q", length) + b"x" * min(length, ROOM)).ljust(FRAME_SIZE, fill)


FORBIDDEN: dict[str, tuple[list[bytes], list[int]]] = {
    "content after a frame that is not full": ([frame(5), frame(5)], [0, 3]),
    "content after an empty frame": ([frame(ROOM), frame(0), frame(5)], [0, 0, 3]),
    "an empty frame too many": ([frame(5), frame(0)], [0, 3]),
    "an empty frame too few": ([frame(ROOM)] * 9, [0] * 8 + [3]),
    "an empty file of two frames": ([frame(0), frame(0)], [0, 3]),
    "padding that is not zero": ([frame(5, b"\1")], [3]),
    "a length beyond the frame": ([frame(ROOM + 1)], [3]),
    "a frame that is too short": ([frame(5)[:-1]], [3]),
    "a frame that is too long": ([frame(5) + b"\0"], [3]),
    "a frame tagged PUSH": ([frame(ROOM), frame(5)], [1, 3]),
    "a frame tagged REKEY": ([frame(ROOM), frame(5)], [2, 3]),
    "no frame tagged FINAL": ([frame(ROOM), frame(5)], [0, 0]),
    "a frame after FINAL": ([frame(ROOM), frame(5)], [3, 3]),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_file_whose_author_cut_it_otherwise_is_refused(name: str) -> None:
    parts, tags = FORBIDDEN[name]
    with pytest.raises(vault.CorruptedBlob):
        opened(reference.stream(KEY, CONTEXT, bytes(24), parts, tags))


def test_frames_that_padme_asks_for_are_read() -> None:
    parts = [frame(ROOM)] * 17 + [frame(0)]
    assert opened(reference.stream(KEY, CONTEXT, bytes(24), parts)) == b"x" * ROOM * 17


def test_a_file_cut_in_its_header_is_refused() -> None:
    sealed = seal(b"text", [4])
    for size in range(HEAD + 1):
        with pytest.raises(vault.CorruptedBlob):
            opened(sealed[:size])
