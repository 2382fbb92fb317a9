"""A thief in a process of their own: a copied database and file store, one signatory's passphrase, and `ciment` alone.

Called as: attacker.py COPY LOGIN PASSPHRASE PEPPER_HEX. Prints a JSON object: decision number → what came out.
"""

import json
import sys
from base64 import b64decode
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

from ciment.canon import CimentError, HybridPrivateKey
from ciment.quorum.approve import Approval, parse_approval
from ciment.quorum.decision import Decision, parse_decision
from ciment.quorum.execute import combine, open_partials, verify_partials
from ciment.quorum.roster import Roster, parse_signed_roster
from ciment.quorum.share import ShareRecord, parse_share
from ciment.quorum.wrap import Label, SealedCopy, parse_wrap
from ciment.vault import MemberKeys, open_blob, open_seed, open_stream

Row = dict[str, Any]


class Loot:
    """Everything that was stolen."""

    def __init__(self, folder: Path) -> None:
        tables = json.loads((folder / "database.json").read_text())
        self.tables: dict[str, list[Row]] = {name: [_decode(row) for row in rows] for name, rows in tables.items()}
        self.blobs = folder / "blobs"

    def blob(self, name: str) -> bytes:
        return (self.blobs / name[:2] / name).read_bytes()


def _decode(row: Row) -> Row:
    return {
        name: b64decode(value[1:]) if isinstance(value, str) and value.startswith("\0") else value
        for name, value in row.items()
    }


def main(folder: str, login: str, passphrase: str, pepper: str) -> None:
    loot = Loot(Path(folder))
    member = next(row for row in loot.tables["members_member"] if row["login"] == login)
    try:
        seed = open_seed(member["sealed_seed"], passphrase, bytes.fromhex(pepper), member["id"])
    except CimentError as error:
        print(json.dumps({"seed": type(error).__name__}))
        return
    keys = MemberKeys.from_seed(seed)
    roster = parse_signed_roster(loot.tables["quorum_rosterrecord"][0]["signed"]).roster
    share = _own_share(loot, member, keys)
    found = {
        str(row["number"]): _open_decision(loot, row, keys, (roster, share), member)
        for row in loot.tables["decisions_decision"]
    }
    assert not [name for name in sys.modules if name.split(".")[0] in ("django", "ciment_web")]
    print(json.dumps(found))


def _own_share(loot: Loot, member: Row, keys: MemberKeys) -> ShareRecord:
    row = next(row for row in loot.tables["quorum_sealedshare"] if row["member_id"] == member["id"])
    context = {
        "use": "share",
        "institution": member["institution_id"],
        "member": member["id"],
        "generation": row["generation"],
    }
    return parse_share(open_blob(keys.derive("share"), row["blob"], context))


def _open_decision(loot: Loot, row: Row, keys: MemberKeys, quorum: tuple[Roster, ShareRecord], member: Row) -> str:
    roster, share = quorum
    decision = parse_decision(row["delta"])
    copies = {copy["id"]: copy for copy in loot.tables["decisions_releasecopy"]}
    items = [copies[item.label.ids[-1]] for item in decision.items]
    wraps = [
        (item.label, SealedCopy(parse_wrap(copy["wrap"]), copy["sealed_p"]))
        for item, copy in zip(decision.items, items, strict=True)
    ]
    approvals = [
        parse_approval(approval["signed"])
        for approval in loot.tables["decisions_approval"]
        if approval["decision_id"] == row["id"] and approval["signed"]
    ]
    tried = []
    for attempt in _attempts(decision, approvals, roster, wraps, (keys.hpke, share, member["id"])):
        try:
            opened = attempt()
        except CimentError as error:
            tried.append(type(error).__name__)
            continue
        content = b"".join(open_stream(opened[0], [loot.blob(items[0]["blob"])], {"use": "file", "id": items[0]["id"]}))
        return "open:" + content.decode()
    return "closed:" + ",".join(tried)


def _attempts(
    decision: Decision,
    approvals: list[Approval],
    roster: Roster,
    wraps: list[tuple[Label, SealedCopy]],
    own: tuple[HybridPrivateKey, ShareRecord, str],
) -> Any:
    """Yield every way this thief can think of: the protocol, and the protocol with its threshold lowered."""
    hpke, share, member_id = own
    bare = [copy.wrap for _, copy in wraps]

    def with_threshold(threshold: int, chosen: tuple[Approval, ...]) -> Any:
        lowered = replace(
            roster,
            threshold=threshold,
            commitments=tuple(replace(c, points=c.points[:threshold]) for c in roster.commitments),
        )

        def attempt() -> list[bytes]:
            shares = [verify_partials(decision, roster, bare, open_partials(each, member_id, hpke)) for each in chosen]
            return combine(decision, lowered, wraps, share.hybrid_seed, shares)

        return attempt

    for size in range(1, len(approvals) + 1):
        for chosen in combinations(approvals, size):
            yield with_threshold(roster.threshold, chosen)
            yield with_threshold(size, chosen)


if __name__ == "__main__":
    main(*sys.argv[1:])
