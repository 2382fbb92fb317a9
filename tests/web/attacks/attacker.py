"""A thief in a process of their own: a copied database and file store, one signatory's passphrase, and `ciment` alone.

Called as: attacker.py COPY LOGIN PASSPHRASE PEPPER_HEX. Prints a JSON object: `decisions`, number → what came out;
`files`, what opened under any key that this member has.
"""

import json
import sqlite3
import sys
import uuid
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from ciment.canon import CimentError
from ciment.quorum.approve import Approval, Approver, make_approval, parse_approval
from ciment.quorum.decision import Decision, parse_decision
from ciment.quorum.execute import VerifiedPartials, combine, open_partials, verify_partials
from ciment.quorum.roster import Roster, parse_signed_roster
from ciment.quorum.share import ShareRecord, parse_share
from ciment.quorum.wrap import Label, SealedCopy, parse_wrap
from ciment.vault import MemberKeys, open_blob, open_seed, open_stream, unwrap_key

Row = dict[str, Any]
Attempt = Callable[[], list[bytes]]


class Loot:
    """Everything that was stolen: rows by table, and files by name."""

    def __init__(self, folder: Path) -> None:
        self.blobs = folder / "blobs"
        file = folder / "database.sqlite3"
        self.tables = _read_file(file) if file.exists() else _read_rows(folder / "database.json")

    def blob(self, name: str) -> bytes:
        return (self.blobs / name[:2] / name).read_bytes()


@dataclass(frozen=True)
class Thief:
    """One member's secrets, opened from the copy by passphrase and pepper."""

    member: Row
    keys: MemberKeys
    roster: Roster
    share: ShareRecord

    @property
    def id(self) -> str:
        return str(self.member["id"])


@dataclass(frozen=True)
class Target:
    """A decision as it lies in the copy: Δ, its wraps, and the accords given so far."""

    decision: Decision
    copies: list[Row]
    wraps: list[tuple[Label, SealedCopy]]
    approvals: list[Approval]


def _read_file(file: Path) -> dict[str, list[Row]]:
    database = sqlite3.connect(file)
    database.row_factory = sqlite3.Row
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: [{key: _identifier(key, row[key]) for key in row.keys()} for row in database.execute(f'SELECT * FROM "{name}"')]  # noqa: E501, S608, SIM118 - names from the file itself; a Row is no mapping
        for name in names
    }  # fmt: skip


def _identifier(name: str, value: Any) -> Any:
    # SQLite keeps identifiers as 32 digits; the protocol writes them with hyphens.
    is_identifier = (name == "id" or name.endswith("_id")) and isinstance(value, str) and len(value) == 32
    return str(uuid.UUID(value)) if is_identifier else value


def _read_rows(file: Path) -> dict[str, list[Row]]:
    def plain(value: Any) -> Any:
        return b64decode(value[1:]) if isinstance(value, str) and value.startswith("\0") else value

    tables = json.loads(file.read_text())
    return {name: [{key: plain(value) for key, value in row.items()} for row in rows] for name, rows in tables.items()}


def main(folder: str, login: str, passphrase: str, pepper: str) -> None:
    loot = Loot(Path(folder))
    member = next(row for row in loot.tables["members_member"] if row["login"] == login)
    try:
        seed = open_seed(member["sealed_seed"], passphrase, bytes.fromhex(pepper), member["id"])
    except CimentError as error:
        print(json.dumps({"seed": type(error).__name__}))
        return
    keys = MemberKeys.from_seed(seed)
    files = _try_every_key(loot, member, keys, seed)
    decisions = {}
    share = _own_share(loot, member, keys)
    if share is not None:
        roster = parse_signed_roster(loot.tables["quorum_rosterrecord"][0]["signed"]).roster
        decisions = _try_every_decision(loot, Thief(member, keys, roster, share))
    assert not [name for name in sys.modules if name.split(".")[0] in ("django", "ciment_web")]
    print(json.dumps({"decisions": decisions, "files": files, "share": share is not None}))


def _own_share(loot: Loot, member: Row, keys: MemberKeys) -> ShareRecord | None:
    row = next((row for row in loot.tables["quorum_sealedshare"] if row["member_id"] == member["id"]), None)
    if row is None:
        return None
    context = {
        "use": "share",
        "institution": member["institution_id"],
        "member": member["id"],
        "generation": row["generation"],
    }
    return parse_share(open_blob(keys.derive("share"), row["blob"], context))


# -- every key on every file -----------------------------------------------------------------------------------------


def _try_every_key(loot: Loot, member: Row, keys: MemberKeys, seed: bytes) -> list[str]:
    """Try whatever key the member has on whatever copy there is, by its release and its reading file."""
    found = []
    held = [seed, *(keys.derive(name) for name in ("share", "pin", "draft")), *_unwrapped(loot, member, keys)]
    for copy in loot.tables["decisions_releasecopy"]:
        for blob, identifier in ((copy["blob"], copy["id"]), (copy["reading_blob"], copy["reading_id"])):
            found += [content for key in held if blob and (content := _read(loot, key, blob, identifier)) is not None]
    return sorted(found)


def _unwrapped(loot: Loot, member: Row, keys: MemberKeys) -> Iterator[bytes]:
    """Yield each key that any wrapped row gives this member, under the contexts that the formats name."""
    inquiries = {row["id"]: row for row in loot.tables["inquiries_inquiry"]}
    copies = {row["id"]: row for row in loot.tables["decisions_releasecopy"]}
    wraps: list[tuple[bytes, Any]] = [
        (
            row["wrapped"],
            {
                "institution": inquiries[row["inquiry_id"]]["institution_id"],
                "inquiry": row["inquiry_id"],
                "part": "key",
                "member": member["id"],
            },
        )
        for row in loot.tables["inquiries_inquirykey"]
    ]
    wraps += [
        (
            row["wrapped"],
            {
                "use": "reading-copy",
                "copy": row["copy_id"],
                "file": copies[row["copy_id"]]["reading_id"],
                "member": member["id"],
            },
        )
        for row in loot.tables["decisions_readingkey"]
    ]
    for wrapped, context in wraps:
        try:
            yield unwrap_key(wrapped, keys.hpke, context)
        except CimentError:
            continue


def _read(loot: Loot, key: bytes, blob: str, identifier: str) -> str | None:
    try:
        return b"".join(open_stream(key, [loot.blob(blob)], {"use": "file", "id": identifier})).decode()
    except CimentError:
        return None


# -- every accord on every decision ----------------------------------------------------------------------------------


def _try_every_decision(loot: Loot, thief: Thief) -> dict[str, str]:
    targets = {str(row["number"]): _target(loot, row) for row in loot.tables["decisions_decision"]}
    return {number: _open_target(loot, target, thief, targets) for number, target in targets.items()}


def _target(loot: Loot, row: Row) -> Target:
    decision = parse_decision(row["delta"])
    rows = {copy["id"]: copy for copy in loot.tables["decisions_releasecopy"]}
    copies = [rows[item.label.ids[-1]] for item in decision.items]
    return Target(
        decision,
        copies,
        [
            (item.label, SealedCopy(parse_wrap(copy["wrap"]), copy["sealed_p"]))
            for item, copy in zip(decision.items, copies, strict=True)
        ],
        [
            parse_approval(approval["signed"])
            for approval in loot.tables["decisions_approval"]
            if approval["decision_id"] == row["id"] and approval["signed"]
        ],
    )


def _open_target(loot: Loot, target: Target, thief: Thief, targets: dict[str, Target]) -> str:
    tried = set()
    for attempt in _attempts(target, thief, targets):
        try:
            key = attempt()[0]
        except CimentError as error:
            tried.add(type(error).__name__)
            continue
        return f"open:{_read(loot, key, target.copies[0]['blob'], target.copies[0]['id'])}"
    return "closed:" + ",".join(sorted(tried))


def _attempts(target: Target, thief: Thief, targets: dict[str, Target]) -> Iterator[Attempt]:
    """Yield every way this thief can think of: the protocol; a lowered threshold; partials of other decisions."""
    decision, own = target.decision, _own_partials(target, thief)
    partials = [own, *_opened(target, thief)]
    # Partials of neighbours, passed off as this decision's: the points are there, the content is another.
    foreign = [
        replace(each, decision=decision.digest)
        for other in targets.values()
        if other is not target
        for each in [_own_partials(other, thief), *_opened(other, thief)]
    ]
    # One's own partial passed off as another seat's.
    foreign += [replace(own, seat=seat.number) for seat in thief.roster.seats if seat.number != own.seat]
    for size in range(1, 4):
        for chosen in combinations(partials + foreign, size):
            for threshold in {thief.roster.threshold, size}:
                yield _with_threshold(target, thief, threshold, chosen)


def _own_partials(target: Target, thief: Thief) -> VerifiedPartials:
    """Approve by oneself, without asking anybody: nothing but one's own share is needed for that."""
    items = [(label, copy.wrap) for label, copy in target.wraps]
    approver = Approver(thief.id, thief.share, thief.keys.sign)
    return _open(target, thief, make_approval(target.decision, thief.roster, items, b"", approver))


def _opened(target: Target, thief: Thief) -> Iterator[VerifiedPartials]:
    for approval in target.approvals:
        if approval.member_id != thief.id:
            yield _open(target, thief, approval)


def _open(target: Target, thief: Thief, approval: Approval) -> VerifiedPartials:
    wraps = [copy.wrap for _, copy in target.wraps]
    opened = open_partials(approval, thief.id, thief.keys.hpke)
    return verify_partials(target.decision, thief.roster, wraps, opened)


def _with_threshold(target: Target, thief: Thief, threshold: int, chosen: tuple[VerifiedPartials, ...]) -> Attempt:
    commitments = tuple(
        replace(each, points=(each.points * threshold)[:threshold]) for each in thief.roster.commitments
    )

    def attempt() -> list[bytes]:
        lowered = replace(thief.roster, threshold=threshold, commitments=commitments)
        return combine(target.decision, lowered, target.wraps, thief.share.hybrid_seed, chosen)

    return attempt


if __name__ == "__main__":
    main(*sys.argv[1:])
