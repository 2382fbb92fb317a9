"""Verification of a whole published register: every entry, tile and signature, in one pass and constant memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ciment.canon import InvalidEncoding
from ciment.register.checkpoint import Checkpoint, verify_checkpoint, verify_cosignature
from ciment.register.entry import Entry
from ciment.register.errors import LogRefused, NoteRefused, PathMissing
from ciment.register.note import NoteVerifier
from ciment.register.tiles import (
    CHECKPOINT_PATH,
    TILE_HEIGHT,
    TILE_SIZE,
    TILE_WIDTH,
    Tile,
    join_rows,
    split_bundle,
    split_row,
)
from ciment.register.tree import HASH_SIZE, complete_root, leaf_row

Reader = Callable[[str], bytes]
"""Returns the bytes published at a path; raises PathMissing when there are none."""

Visitor = Callable[[int, list[bytes]], None]
"""Receives the index of the first of some consecutive entries whose hashes are right, and those entries."""


@dataclass(frozen=True)
class LogReport:
    """A register that holds.

    `set_back` is the first entry whose time is before its predecessor's: a remark and no fault, since a clock may be
    set back and the order of the log is the order of the acts. `cosigned_s` are the times (POSIX seconds) of the
    witnesses asked for.
    """

    checkpoint: Checkpoint
    cosigned_s: tuple[int, ...]
    set_back: int | None


def verify_log(
    read: Reader,
    verifier: NoteVerifier,
    origin: str | None = None,
    witnesses: Sequence[NoteVerifier] = (),
    visit: Visitor | None = None,
) -> LogReport:
    """Verify the register that `read` publishes, under the log key `verifier`.

    Args:
        read: returns the content of a path.
        verifier: the key of the log; it never comes from what is verified.
        origin: the name of the log; the key's own name unless given.
        witnesses: each of them must have cosigned the checkpoint.
        visit: receives the entries too; what it makes of them counts only once this returns.

    Raises:
        LogRefused: with the first bad entry, or what else does not hold.
        PathMissing: when there is no checkpoint at all.
    """
    data = read(CHECKPOINT_PATH)
    try:
        checkpoint = verify_checkpoint(data, [verifier], origin)
    except NoteRefused as error:
        raise LogRefused("checkpoint_refused") from error
    times = _require_cosigned(data, witnesses)
    entries = _Entries()

    def pass_on(start: int, found: list[bytes]) -> None:
        entries.visit(start, found)
        if visit is not None:
            visit(start, found)

    verify_tree(read, checkpoint, pass_on)
    return LogReport(checkpoint, times, entries.set_back)


def verify_tree(read: Reader, checkpoint: Checkpoint, visit: Visitor) -> None:
    """Require that the entries and tiles that `read` publishes are those of `checkpoint`, handing entries to `visit`.

    Raises:
        LogRefused: otherwise.
    """
    spine = _Spine(read, checkpoint.size)
    for index in range(-(-checkpoint.size // TILE_WIDTH)):
        tile = Tile.at(0, index, checkpoint.size)
        start = index * TILE_WIDTH
        data = _read_bundle(read, tile)
        entries, end = split_bundle(data, tile.width)
        try:
            spine.check(0, start, leaf_row(entries))
        except LogRefused as fault:
            # An entry before the altered one may already be bad in itself.
            visit(start, entries[: max(0, (fault.index or 0) - start)])
            raise
        visit(start, entries)
        if len(entries) < tile.width or end != len(data):
            raise LogRefused("bundle_malformed", start + len(entries), tile.bundle_path)
    if spine.root() != checkpoint.root:
        raise LogRefused("root_differs")


class _Spine:
    """The published tiles on the way from the entries being read up to the root: one at each level."""

    def __init__(self, read: Reader, size: int) -> None:
        self._read = read
        self._size = size
        self._rows: list[bytes] = []

    def check(self, level: int, start: int, hashes: bytes) -> None:
        """Require that the published hashes of `level` from number `start` on (within one tile) are `hashes`."""
        index, first = divmod(start, TILE_WIDTH)
        if not first:
            self._load(level, index)
        row = self._rows[level]
        published = row[first * HASH_SIZE : first * HASH_SIZE + len(hashes)]
        if published != hashes:
            ahead = _first_difference(published, hashes)
            reason = "tile_altered" if level else "entry_altered"
            tile = Tile.at(level, index, self._size)
            raise LogRefused(reason, (start + ahead) << TILE_HEIGHT * level, tile.path)
        if first * HASH_SIZE + len(hashes) == TILE_SIZE:
            self.check(level + 1, index, complete_root(row))

    def root(self) -> bytes:
        """Return the root that the tiles lead to, once every entry is checked."""
        return join_rows([b"" if len(row) == TILE_SIZE else row for row in self._rows])

    def _load(self, level: int, index: int) -> None:
        tile = Tile.at(level, index, self._size)
        start = index << TILE_HEIGHT * (level + 1)
        row = _read_row(self._read, tile, start)
        if len(row) != tile.width * HASH_SIZE:
            raise LogRefused("tile_malformed", start, tile.path)
        if level == len(self._rows):
            self._rows.append(row)
        else:
            self._rows[level] = row


class _Entries:
    """Checks each entry in itself, and remembers where the time first goes back."""

    def __init__(self) -> None:
        self.set_back: int | None = None
        self._time = 0

    def visit(self, start: int, entries: list[bytes]) -> None:
        for index, data in enumerate(entries, start):
            try:
                entry = Entry.parse(data)
            except InvalidEncoding as error:
                raise LogRefused("entry_malformed", index) from error
            if entry.time_ms < self._time and self.set_back is None:
                self.set_back = index
            self._time = entry.time_ms


def _read_bundle(read: Reader, tile: Tile) -> bytes:
    data, cut = _read_either(read, tile.bundle_path, tile.whole.bundle_path, tile.index * TILE_WIDTH)
    return data[: split_bundle(data, tile.width)[1]] if cut else data


def _read_row(read: Reader, tile: Tile, start: int) -> bytes:
    data, cut = _read_either(read, tile.path, tile.whole.path, start)
    return data[: tile.width * HASH_SIZE] if cut else data


def _read_either(read: Reader, path: str, whole: str, start: int) -> tuple[bytes, bool]:
    """Return what is at `path`, or else at `whole` (True): a log may drop a partial tile once the full one exists."""
    try:
        return read(path), False
    except PathMissing:
        try:
            return read(whole), True
        except PathMissing as error:
            raise LogRefused("missing", start, path) from error


def _require_cosigned(data: bytes, witnesses: Sequence[NoteVerifier]) -> tuple[int, ...]:
    times = []
    for witness in witnesses:
        try:
            times.append(verify_cosignature(data, witness))
        except NoteRefused as error:
            raise LogRefused("witness_missing", where=witness.name) from error
    return tuple(times)


def _first_difference(left: bytes, right: bytes) -> int:
    pairs = zip(split_row(left), split_row(right), strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), 0)
