"""Who opens the institution to arrivals, what the key rests on when nobody is signed in, and what rows cannot do."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from desk_stories import open_desk, said
from django.db import IntegrityError, transaction
from django.test import Client

from ciment.canon import HybridPublicKey
from ciment.register import Entry
from ciment.vault import BlobError, MemberKeys, WrongPassphrase, new_seed
from ciment_web.arrivals.actions import close_arrivals, open_arrivals, open_private
from ciment_web.arrivals.models import ArrivalKey, ArrivalShare
from ciment_web.arrivals.opening import Opening, parse_opening, private_of, sign_opening
from ciment_web.arrivals.trust import PIN, ArrivalsClosed, is_shared_trust, open_arrivals_of
from ciment_web.institutions.keyfiles import read_key, replace_key
from ciment_web.members.models import Member
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration
from ciment_web.quorum.models import RosterRecord
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
PAGE = "/i/demo/arrivees/"


def test_a_signatory_opens_a_referent_closes(demonstration: Demonstration) -> None:
    people = demonstration.people
    with pytest.raises(ArrivalsClosed):
        open_arrivals_of(demonstration.institution)
    row = open_desk(demonstration)
    found = open_arrivals_of(demonstration.institution, "desk")
    assert found.row == row
    assert is_shared_trust(people["referent"], found.opening)
    # Open to what was signed, and to nothing else.
    with pytest.raises(ArrivalsClosed):
        open_arrivals_of(demonstration.institution, "mail")
    shared = set(row.shares.values_list("member__login", flat=True))
    assert shared == {"referent", "dg", "president", "adjoint"}
    for login in shared:
        assert open_private(people[login], row).public == found.opening.public
    for login in ("travailleur", "dpo", "admin"):
        with pytest.raises(NotAllowed):
            open_private(people[login], row)
    close_arrivals(people["referent"])
    with pytest.raises(ArrivalsClosed):
        open_arrivals_of(demonstration.institution)
    close_arrivals(people["dg"])
    kinds = [Entry.parse(bytes(leaf.entry)).kind for leaf in Leaf.objects.order_by("-index")[:3]]
    assert kinds == ["act"] * 3


@pytest.mark.parametrize("login", ["travailleur", "referent", "dpo", "admin"])
def test_nobody_else_opens(demonstration: Demonstration, login: str) -> None:
    with pytest.raises(NotAllowed):
        open_arrivals(demonstration.people[login], ["desk"], demonstration.passphrase)
    if login != "referent":
        open_desk(demonstration)
        with pytest.raises(NotAllowed):
            close_arrivals(demonstration.people[login])
        assert open_arrivals_of(demonstration.institution).row.closed_at is None


@pytest.mark.parametrize("channels", [[], ["pigeon"]])
def test_only_known_channels_are_opened(demonstration: Demonstration, channels: list[str]) -> None:
    with pytest.raises(NotAllowed):
        open_arrivals(demonstration.people["dg"], channels, demonstration.passphrase)
    with pytest.raises(WrongPassphrase):
        open_arrivals(demonstration.people["dg"], ["desk"], "abandon-bambou")
    assert not ArrivalKey.objects.exists()


def test_opening_again_is_another_key_and_what_came_before_stays_readable(demonstration: Demonstration) -> None:
    first, second = open_desk(demonstration), open_desk(demonstration, "desk", "mail")
    first.refresh_from_db()
    assert first.closed_at is not None
    assert open_arrivals_of(demonstration.institution, "mail").row == second
    referent = demonstration.people["referent"]
    assert open_private(referent, first).public != open_private(referent, second).public


def forged(row: ArrivalKey, keys: MemberKeys, **changes: Any) -> tuple[bytes, HybridPublicKey]:
    """Return an opening for a key of one's own, signed by whomever."""
    given = parse_opening(bytes(row.statement)).opening
    own = private_of(new_seed()).public
    fields = {name: getattr(given, name) for name in Opening.__dataclass_fields__}
    return sign_opening(Opening(**{**fields, "public": own, **changes}), keys), own


def test_a_row_alone_opens_nothing(demonstration: Demonstration) -> None:
    """Somebody with SQL puts an opening of their own in the row, closed keys back, or another roster: it stays shut."""
    row = open_desk(demonstration)
    statement, _own = forged(row, demonstration.people["dg"].keys)
    # Even one that a holder really signed: the host pinned another.
    ArrivalKey.objects.filter(pk=row.pk).update(statement=statement)
    with pytest.raises(ArrivalsClosed):
        open_arrivals_of(demonstration.institution)
    ArrivalKey.objects.filter(pk=row.pk).update(statement=row.statement)
    assert open_arrivals_of(demonstration.institution).row.closed_at is None
    second = open_desk(demonstration)
    close_arrivals(demonstration.people["dg"])
    ArrivalKey.objects.update(closed_at=None)
    with pytest.raises(ArrivalsClosed):
        open_arrivals_of(demonstration.institution)
    assert second.shares.exists()


@pytest.mark.parametrize("who", ["nobody", "referent", "other institution"])
def test_even_the_hosts_pin_needs_the_signature_of_a_seat(demonstration: Demonstration, who: str) -> None:
    row = open_desk(demonstration)
    keys = MemberKeys.from_seed(new_seed()) if who == "nobody" else demonstration.people["dg"].keys
    changes: dict[str, Any] = {}
    if who == "referent":
        referent = demonstration.people["referent"]
        keys, changes = referent.keys, {"by": referent.id}
    if who == "other institution":
        changes = {"institution": "7d3c0f0e-0000-4000-8000-000000000000"}
    statement, _own = forged(row, keys, **changes)
    ArrivalKey.objects.filter(pk=row.pk).update(statement=statement)
    replace_key(demonstration.institution, PIN, hashlib.sha256(statement).digest())
    with pytest.raises(ArrivalsClosed):
        open_arrivals_of(demonstration.institution)


def test_without_roster_or_pin_it_is_shut(demonstration: Demonstration) -> None:
    row = open_desk(demonstration)
    pinned = read_key(demonstration.institution, PIN)
    replace_key(demonstration.institution, PIN, bytes(32))
    with pytest.raises(ArrivalsClosed):
        open_arrivals_of(demonstration.institution)
    replace_key(demonstration.institution, PIN, pinned)
    assert open_arrivals_of(demonstration.institution).row == row
    RosterRecord.objects.update(signed=b"{}")
    with pytest.raises(ArrivalsClosed):
        open_arrivals_of(demonstration.institution)


def test_a_share_moved_to_another_key_does_not_open(demonstration: Demonstration) -> None:
    first, second = open_desk(demonstration), open_desk(demonstration)
    member = demonstration.people["dg"].member
    moved = ArrivalShare.objects.get(key=first, member=member).wrapped
    ArrivalShare.objects.filter(key=second, member=member).update(wrapped=moved)
    with pytest.raises(BlobError):
        open_private(demonstration.people["dg"], second)


def test_the_database_keeps_institutions_apart(demonstration: Demonstration, neighbour: Demonstration) -> None:
    row = open_desk(demonstration)
    stranger = Member.objects.get(institution=neighbour.institution, login="dg")
    with pytest.raises(ArrivalsClosed):
        open_arrivals_of(neighbour.institution)
    for found, columns in (
        (ArrivalKey.objects.filter(pk=row.pk), {"opened_by": stranger}),
        (ArrivalShare.objects.filter(key=row), {"member": stranger}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            found.update(**columns)


def test_the_page_of_each_role(demonstration: Demonstration, sign_in: SignIn) -> None:
    assert Client().get(PAGE).status_code == 302
    for login in ("travailleur", "dpo", "admin"):
        client = sign_in(login)
        assert client.get(PAGE).status_code == 403
        assert client.post(f"{PAGE}fermeture/").status_code == 403
    dg, referent = sign_in("dg"), sign_in("referent")
    assert "Rien n’est ouvert" in said(dg.get(PAGE).content)
    given = {"channels": ["desk"], "phrase": demonstration.passphrase}
    assert referent.post(PAGE, given).status_code == 403
    for wrong in ({**given, "phrase": "non"}, {**given, "channels": []}, {"channels": ["desk"]}):
        answer = dg.post(PAGE, wrong)
        assert answer.status_code == 422
        assert demonstration.passphrase not in answer.content.decode()
    assert not ArrivalKey.objects.exists()
    assert dg.post(PAGE, given).status_code == 302
    text = said(referent.get(PAGE).content)
    assert "Ouvert sous la signature de Dominique Général" in text
    assert "Claude Présidente" in text
    assert "Signer et ouvrir" not in text
    assert referent.post(f"{PAGE}fermeture/").status_code == 302
    assert "Rien n’est ouvert" in said(dg.get(PAGE).content)


def test_a_member_who_pinned_another_register_is_told(demonstration: Demonstration, sign_in: SignIn) -> None:
    """The one who signed vouches with their own pins: a reader whose pins differ sees that they do."""
    row = open_desk(demonstration)
    opening = parse_opening(bytes(row.statement)).opening
    referent = demonstration.people["referent"]
    assert is_shared_trust(referent, opening)
    fields = {name: getattr(opening, name) for name in Opening.__dataclass_fields__}
    for name, value in (("roster", bytes(32)), ("register_key", private_of(new_seed()).public), ("log", "x")):
        assert not is_shared_trust(referent, Opening(**{**fields, name: value}))
    assert "n’est pas de celles" not in said(sign_in("referent").get(PAGE).content)
