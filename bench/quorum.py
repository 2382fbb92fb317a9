"""The operations of the quorum, against the bare scalar multiplications and HPKE calls that the protocol needs."""

import secrets
from collections.abc import Callable, Iterator
from typing import Any

from nacl import bindings as sodium

from ciment.canon import HybridPrivateKey
from ciment.quorum.approve import Approver, make_approval
from ciment.quorum.execute import combine, open_partials, verify_partials
from ciment.quorum.wrap import check, wrap
from harness import Row, Size

ITEMS = 30


def multiplications(fixed: int, free: int) -> Callable[[], None]:
    """Return a call that does so many multiplications of the base point, and of other points."""
    scalar = sodium.crypto_core_ed25519_scalar_reduce(secrets.token_bytes(64))
    point = sodium.crypto_scalarmult_ed25519_base_noclamp(scalar)

    def run() -> None:
        for _ in range(fixed):
            sodium.crypto_scalarmult_ed25519_base_noclamp(scalar)
        for _ in range(free):
            sodium.crypto_scalarmult_ed25519_noclamp(scalar, point)

    return run


def with_hpke(run: Callable[[], None], seals: int, opens: int) -> Callable[[], None]:
    """Add HPKE calls on short texts."""
    key = HybridPrivateKey.from_secret(secrets.token_bytes(96))
    sealed = key.public.seal(bytes(32), b"info")

    def both() -> None:
        run()
        for _ in range(seals):
            key.public.seal(bytes(32), b"info")
        for _ in range(opens):
            key.open(sealed, b"info")

    return both


def rows(size: Size) -> Iterator[Row]:
    from quorum_world import World  # noqa: PLC0415 - built only when this part is measured

    world: Any = World(ITEMS)
    label, sealed = world.items[0]
    calls = 20 if size.quick else 200
    yield Row(
        "wrap a key", "2 multiplications of B, 3 of B̄ and Y, 1 HPKE seal",
        lambda: wrap(world.keys[0], label, world.roster), with_hpke(multiplications(2, 3), 1, 0), 1.3, calls,
    )  # fmt: skip
    yield Row(
        "check a wrap", "1 multiplication of B, 3 of B̄, R and R̄",
        lambda: check(label, sealed.wrap, world.roster.key), multiplications(1, 3), 1.3, calls,
    )  # fmt: skip
    approver = Approver(world.members[0], world.shares[0], world.signers[0])
    yield Row(
        f"approve {ITEMS} items", "61 multiplications of B, 150 of other points, 3 HPKE seals",
        lambda: make_approval(world.decision, world.roster, world.bare, b"checkpoint", approver),
        with_hpke(multiplications(2 * ITEMS + 1, 5 * ITEMS), 3, 0), 1.3, 2 if size.quick else 10,
    )  # fmt: skip

    def execute() -> object:
        shares = [
            verify_partials(
                world.decision, world.roster, world.wraps, open_partials(each, world.members[0], world.private[0])
            )
            for each in world.approvals
        ]
        return combine(world.decision, world.roster, world.items, world.shares[0].hybrid_seed, shares)

    assert execute() == world.keys
    yield Row(
        f"execute {ITEMS} items, two shares", "120 multiplications of B, 330 of other points, 32 HPKE opens",
        # An item: 2 × (1 + 3) for the proofs, 2 to combine, 2 + 3 to make the wrap again.
        execute, with_hpke(multiplications(4 * ITEMS, 11 * ITEMS), 0, ITEMS + 2), 1.3, 2 if size.quick else 10,
    )  # fmt: skip
