"""States of the law on the command line: a pack on a day, or a bill that amends one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ciment.cli.law.days import parse_day
from ciment.cli.law.files import read_bytes
from ciment.cli.law.packs import open_pack
from ciment.law import Bill, Epoch, Pack, UnknownWord, amend, epoch_of, load_bill, load_pack, parse_bill, shipped_packs


@dataclass(frozen=True)
class State:
    """The rules in force together in one state of the law, and its title in each language, none for a plain day."""

    name: str
    pack: Pack
    epoch: Epoch
    title: Mapping[str, str]


def open_states(*names: str) -> tuple[State, ...]:
    """Return the states of these names: PACK@YYYY-MM-DD, the path of a bill (with a slash or .toml), or a shipped bill.

    A bill amends the pack of its name that another of these names opened, else the one that comes with Ciment.

    Raises:
        ArgumentTypeError: the day is none.
        CimentError: for an unknown pack or bill, or one that cannot be used.
    """
    dated = {name: _open_day(name) for name in names if "@" in name}
    packs = {state.pack.name: state.pack for state in dated.values()}
    return tuple(dated[name] if name in dated else _open_bill(name, packs) for name in names)


def _open_day(name: str) -> State:
    pack_name, _, day = name.rpartition("@")
    pack, on = open_pack(pack_name), parse_day(day)
    return State(name, pack, epoch_of(pack, on, on), {})


def _open_bill(name: str, packs: Mapping[str, Pack]) -> State:
    if name in shipped_packs():
        raise UnknownWord(f"{name!r} is a pack without a day; allowed: {name}@YYYY-MM-DD")
    bill = open_bill(name)
    pack = packs[bill.pack] if bill.pack in packs else load_pack(bill.pack)
    return State(name, pack, epoch_of(amend(pack, bill), bill.on, bill.known), bill.title)


def open_bill(name: str) -> Bill:
    """Return the bill of a file, whose path has a slash or ends in .toml, or the one of that name of Ciment's own.

    Raises:
        CimentError: there is none, or it cannot be used.
    """
    if "/" in name or name.endswith(".toml"):
        path = Path(name)
        return parse_bill(path.name, read_bytes(path))
    return load_bill(name)
