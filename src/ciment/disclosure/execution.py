"""EXECUTE: with the accords required on exactly this decision, open its items and seal them to its target."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ciment.canon import HybridPrivateKey
from ciment.disclosure.circumstances import Circumstances, verify_circumstances
from ciment.disclosure.refusals import ActRefused
from ciment.disclosure.secret import has_secret
from ciment.disclosure.target import require_target
from ciment.quorum.approve import Approval
from ciment.quorum.decision import Decision
from ciment.quorum.execute import combine, open_partials, require_quorum, verify_partials
from ciment.quorum.share import ShareRecord
from ciment.quorum.wrap import SealedCopy
from ciment.vault import seal_packet


@dataclass(frozen=True)
class Execution:
    """What the executing holder brings: the approvals, the sealed layers in Δ's order, its keys and its share.

    `open_item(position, key)` yields the plaintext of an item; `open_secret(key)` gives the packet's passphrase, which
    is the last item where the target is one. `declined` says whether so many refused that the accords can no longer be
    reached; `executed` whether this decision was executed before.
    """

    approvals: Sequence[Approval]
    layers: Sequence[bytes] = field(repr=False)
    member: str
    hpke: HybridPrivateKey = field(repr=False)
    share: ShareRecord = field(repr=False)
    open_item: Callable[[int, bytes], Iterable[bytes]] = field(repr=False)
    open_secret: Callable[[bytes], str] = field(repr=False)
    declined: bool = False
    executed: bool = False


def execute(
    given: Circumstances, execution: Execution, name_item: Callable[[int], str], beside: Mapping[str, bytes]
) -> bytes:
    """Return the packet: every item of Δ under its name, and the files `beside`, sealed to the target of Δ.

    Raises:
        CimentError: the first step of EXECUTE that does not hold; nothing is opened before all of them hold.
    """
    verify_circumstances(given)
    if execution.declined:
        raise ActRefused("declined")
    if execution.executed:
        raise ActRefused("not_executable")
    keys = open_keys(given, execution)
    # Nobody alone knows the passphrase before: it is opened by the same accords as the items.
    passphrase = execution.open_secret(keys.pop()) if has_secret(given.decision) else None
    target = require_target(given.decision, passphrase)
    # Each file is opened with the key whose commitment its label names, then checked by its own authentication.
    opened = enumerate(keys)
    items = {name_item(position): b"".join(execution.open_item(position, key)) for position, key in opened}
    return seal_packet({**beside, **items}, target)


def open_keys(given: Circumstances, execution: Execution) -> list[bytes]:
    """Return the keys of Δ's items, in its order: EXECUTE 2 and 3.

    Raises:
        QuorumRefused: naming what the accords lack.
        ApprovalRefused, ShareRefused: naming the seat whose part does not hold.
        WrapRefused: if a key does not match its commitment or its wrap.
    """
    decision, roster = given.decision, given.roster.roster
    chosen = require_quorum(
        decision,
        execution.approvals,
        roster,
        preparer_of(decision),
        needs_dg_or_president=needs_leading_title(decision),
    )
    wraps = [wrapped for _, wrapped in given.items]
    shares = [
        verify_partials(decision, roster, wraps, open_partials(approval, execution.member, execution.hpke))
        for approval in chosen
    ]
    copies = [
        (label, SealedCopy(wrapped, layer))
        for (label, wrapped), layer in zip(given.items, execution.layers, strict=True)
    ]
    return combine(decision, roster, copies, execution.share.hybrid_seed, shares)


def preparer_of(decision: Decision) -> str:
    """Return the member who prepared the decision, as Δ names it.

    Raises:
        ActRefused: if Δ names nobody.
    """
    copies = decision.copies
    preparer = copies.get("preparer") if isinstance(copies, Mapping) else None
    if not isinstance(preparer, str):
        raise ActRefused("not_executable")
    return preparer


def needs_leading_title(decision: Decision) -> bool:
    """Whether the director general or the president must be among the approvers: some verdict of Δ says so.

    Read over every verdict, not only those of the items: the stricter reading is the default.
    """
    verdicts = decision.verdicts
    if not isinstance(verdicts, Mapping):
        return True
    return any(
        not isinstance(each, Mapping) or each.get("decided_by") == "dg_or_president" for each in verdicts.values()
    )
