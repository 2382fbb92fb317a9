"""Mail becomes a request: sealed from a pipe or a real server, never lost, kept once, read by a referent."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk_stories import open_desk, said
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from imap import PASSWORD, USER, MailServer

from ciment.register import Entry
from ciment.vault import BlobError
from ciment_web.arrivals.actions import close_arrivals
from ciment_web.blobs import store
from ciment_web.blobs.sealing import open_file
from ciment_web.inquiries.actions.record import open_attachment
from ciment_web.inquiries.models import Inquiry
from ciment_web.institutions.keyfiles import replace_key
from ciment_web.mailbox import receiving
from ciment_web.mailbox.actions import open_message
from ciment_web.mailbox.imap import MailServerRefused, parse_account
from ciment_web.mailbox.models import Message
from ciment_web.mailbox.queries import get_message
from ciment_web.members.tracing import record_arrival
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
LIST = "/i/demo/courriels/"
CANARY = "CanariCourrielZyx"
EXAMPLE = (Path(__file__).parents[3] / "examples" / "3-landlord.eml").read_bytes()


def mail(identifier: str = "<a@exemple.invalid>", body: str = CANARY) -> bytes:
    given = {"From": "Robin <robin@exemple.invalid>", "Subject": f"Demande {CANARY}", "Message-ID": identifier}
    lines = [f"{name}: {value}" for name, value in given.items()]
    return ("\r\n".join(lines) + f"\r\n\r\n{body}\r\n").encode()


def pipe(monkeypatch: pytest.MonkeyPatch, data: bytes, slug: str = "demo") -> int:
    """Run the command of a mail server's pipe; return its exit status."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    try:
        call_command("receive_mail", slug)
    except CommandError as error:
        told, status = str(error), error.returncode
    else:
        told, status = "", 0
    assert CANARY not in told
    return status


def test_a_message_is_sealed_and_nobody_reads_it_on_the_way(
    demonstration: Demonstration,
    mailbox: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    open_desk(demonstration, "mail")
    first = Leaf.objects.count()
    assert pipe(monkeypatch, mail()) == 0
    message = Message.objects.get()
    assert [Entry.parse(bytes(leaf.entry)).kind for leaf in Leaf.objects.filter(index__gte=first)] == ["act"]
    row = b"".join(
        bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in Message.objects.values_list()[0]
    )
    files = b"".join(b"".join(store.read(name)) for name in store.names())
    for place in (row, files, mailbox[0].content, "".join(capfd.readouterr()).encode()):
        assert CANARY.encode() not in place
        assert b"exemple.invalid" not in place
    assert [str(each.recipients[0]) for each in mailbox] == ["referent@demo.invalid"]
    referent = demonstration.people["referent"]
    opened = open_message(referent, get_message(referent, message.id))
    assert opened.data == mail()
    assert opened.read is not None
    assert opened.read.body_text == CANARY


def test_the_same_message_is_kept_once_and_another_under_its_name_is_kept_too(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_desk(demonstration, "mail")
    assert pipe(monkeypatch, mail()) == 0
    # The way it took, and the ends of its lines, do not make it another.
    assert pipe(monkeypatch, b"Received: from elsewhere\r\n" + mail()) == 0
    assert pipe(monkeypatch, mail().replace(b"\r\n", b"\n")) == 0
    assert Message.objects.count() == 1
    assert len(set(store.names())) == 1
    # Somebody who knows the identifier cannot have the real message dropped.
    for other in (mail(body="autre"), mail("<b@exemple.invalid>"), b"From: x@y.invalid\n\nsans identifiant\n"):
        before = Message.objects.count()
        assert pipe(monkeypatch, other) == 0
        assert pipe(monkeypatch, other) == 0
        assert Message.objects.count() == before + 1
    twin = Message.objects.first()
    assert twin is not None
    twin.pk, twin.blob = None, "0" * 32
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_what_cannot_be_sealed_is_left_to_the_mail_server(
    demonstration: Demonstration, neighbour: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pipe(monkeypatch, mail()) == os.EX_TEMPFAIL
    open_desk(demonstration, "desk")
    assert pipe(monkeypatch, mail()) == os.EX_TEMPFAIL
    open_desk(demonstration, "mail")
    assert neighbour.institution.slug == "voisin"
    for slug in ("ailleurs", "voisin"):
        assert pipe(monkeypatch, mail(), slug) == os.EX_TEMPFAIL
    for empty in (b"", b" \r\n"):
        assert pipe(monkeypatch, empty) == os.EX_DATAERR
    monkeypatch.setattr(receiving, "LARGEST", 10)
    assert pipe(monkeypatch, mail()) == os.EX_DATAERR
    monkeypatch.undo()

    def fail(*_given: object, **_more: object) -> None:
        raise DatabaseError(CANARY)

    monkeypatch.setattr(receiving, "record_arrival", fail)
    assert pipe(monkeypatch, mail()) == os.EX_TEMPFAIL
    monkeypatch.undo()
    close_arrivals(demonstration.people["dg"])
    assert pipe(monkeypatch, mail()) == os.EX_TEMPFAIL
    assert not Message.objects.exists()
    assert list(store.names()) == []


def test_a_referent_records_it_with_what_it_carries(
    demonstration: Demonstration, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_desk(demonstration, "mail")
    assert pipe(monkeypatch, EXAMPLE) == 0
    message = Message.objects.get()
    where = f"{LIST}{message.id}/"
    referent = sign_in("referent")
    assert "1 courriel attend d’être lu" in said(referent.get("/i/demo/").content)
    assert where in referent.get(LIST).content.decode()
    first = Leaf.objects.count()
    page = said(referent.get(where).content)
    assert Leaf.objects.count() == first + 1
    assert '<option value="housing" selected>' in page
    assert referent.get(f"{where}original.eml").content == EXAMPLE
    wrong = referent.post(where, {"requester": "housing", "form": "written"})
    assert wrong.status_code == 422
    answers = {"requester": "housing", "form": "written", "categories": ["existence"], "about": "Camille Exemple"}
    saved = referent.post(where, answers)
    assert saved.status_code == 302
    inquiry = Inquiry.objects.get()
    message.refresh_from_db()
    assert (inquiry.channel, inquiry.received_at) == ("mail", message.received_at)
    assert (message.ended, message.blob, message.inquiry) == ("recorded", None, inquiry)
    kinds = [Entry.parse(bytes(leaf.entry)).kind for leaf in Leaf.objects.filter(index__gt=first)]
    assert kinds.count("received") == 1
    kept = inquiry.attachments.order_by("position")[0]
    name, identifier, key = open_attachment(demonstration.people["referent"], kept)
    assert (name, b"".join(open_file(key, kept.blob, identifier))) == ("courriel.eml", EXAMPLE)
    # It left the mailbox, and comes back neither here nor by mail.
    assert referent.get(where).status_code == 404
    assert referent.post(where, answers).status_code == 404
    assert pipe(monkeypatch, EXAMPLE) == 0
    assert Message.objects.count() == 1
    assert len(set(store.names())) == inquiry.attachments.count()


def test_setting_aside_removes_it(
    demonstration: Demonstration, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_desk(demonstration, "mail")
    assert pipe(monkeypatch, mail()) == 0
    where = f"{LIST}{Message.objects.get().id}/ecarter/"
    referent = sign_in("referent")
    assert referent.get(where).status_code == 405
    assert referent.post(where).status_code == 302
    assert list(store.names()) == []
    assert referent.post(where).status_code == 404
    assert "Aucun courriel n’attend" in said(referent.get(LIST).content)


def test_who_reads_what(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_desk(demonstration, "mail")
    assert neighbour.institution.slug == "voisin"
    assert pipe(monkeypatch, mail()) == 0
    message = Message.objects.get()
    first = Leaf.objects.filter(institution=demonstration.institution).count()
    parts = ("", "original.eml")
    for login, slug, status in (
        ("travailleur", "demo", 404), ("dpo", "demo", 404), ("admin", "demo", 404), ("dg", "demo", 403),
        ("referent", "voisin", 404),
    ):  # fmt: skip
        client = sign_in(login, slug=slug)
        where = f"/i/{slug}/courriels/{message.id}/"
        assert {client.get(where + part).status_code for part in parts} == {status}, login
        assert {client.post(where).status_code, client.post(f"{where}ecarter/").status_code} == {status}
    assert Client().get(f"{LIST}{message.id}/").status_code == 302
    reads = Leaf.objects.filter(institution=demonstration.institution).count() - first
    assert reads == 4  # four sessions were opened here, and nothing was read
    message.refresh_from_db()
    assert message.ended == ""


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (mail(body="x" * (10 << 20)), "dépasse 10"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "n’est ni un courriel"),
    ],
    ids=["large", "outlook"],
)
def test_a_message_the_reader_refuses_is_recorded_by_hand(
    demonstration: Demonstration, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, data: bytes, told: str
) -> None:
    open_desk(demonstration, "mail")
    assert pipe(monkeypatch, data) == 0
    where = f"{LIST}{Message.objects.get().id}/"
    referent = sign_in("referent")
    assert told in said(referent.get(where).content)
    answers = {"requester": "relative", "form": "written", "categories": ["existence"]}
    assert referent.post(where, answers).status_code == 302
    assert Inquiry.objects.get().attachments.count() == 1


def test_a_wrap_moved_to_another_message_does_not_open(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_desk(demonstration, "mail")
    for name in ("a", "b"):
        assert pipe(monkeypatch, mail(f"<{name}@exemple.invalid>", name)) == 0
    one, two = Message.objects.all()
    Message.objects.filter(pk=one.pk).update(wrapped=two.wrapped)
    referent = demonstration.people["referent"]
    with pytest.raises(BlobError):
        open_message(referent, get_message(referent, one.id))


# The real server.


def account_file(demonstration: Demonstration, server: MailServer, **changes: Any) -> None:
    account = {
        "host": "127.0.0.1", "port": server.port, "user": USER, "password": PASSWORD,
        "security": "starttls", "authority": str(server.authority), **changes,
    }  # fmt: skip
    replace_key(demonstration.institution, "imap.json", json.dumps(account).encode())


def fetch(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the command; return its exit status and what it says."""
    try:
        call_command("fetch_mail", "demo")
    except CommandError as error:
        told, status = str(error), error.returncode
    else:
        told, status = "", 0
    told += "".join(capsys.readouterr())
    assert PASSWORD not in told
    assert CANARY not in told
    return status, told


def test_a_real_server_is_emptied_once_everything_is_sealed(
    demonstration: Demonstration, mail_server: MailServer, capsys: pytest.CaptureFixture[str]
) -> None:
    open_desk(demonstration, "mail")
    account_file(demonstration, mail_server)
    assert fetch(capsys) == (0, "0 sealed, 0 known already, 0 left on the server\n")
    mail_server.deliver(mail("<1@x.invalid>"), EXAMPLE, mail("<1@x.invalid>"))
    assert mail_server.count() == 3
    assert fetch(capsys) == (0, "2 sealed, 1 known already, 0 left on the server\n")
    assert mail_server.count() == 0
    referent = demonstration.people["referent"]
    data = {open_message(referent, get_message(referent, row.id)).data for row in Message.objects.all()}
    # Byte for byte what was delivered: it is what may have to be shown later.
    assert data == {mail("<1@x.invalid>"), EXAMPLE}


def test_nothing_leaves_the_server_that_is_not_sealed(
    demonstration: Demonstration,
    mail_server: MailServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account_file(demonstration, mail_server)
    mail_server.deliver(mail("<1@x.invalid>", "un"), mail("<2@x.invalid>", "deux"))
    status, told = fetch(capsys)
    assert (status, mail_server.count()) == (os.EX_TEMPFAIL, 2)
    assert "ArrivalsClosed" in told
    open_desk(demonstration, "mail")
    seen: list[int] = []

    def fail_at_the_second(*given: Any, **more: Any) -> Any:
        seen.append(1)
        if len(seen) == 2:
            raise DatabaseError(CANARY)
        return record_arrival(*given, **more)

    monkeypatch.setattr(receiving, "record_arrival", fail_at_the_second)
    assert fetch(capsys)[0] == os.EX_TEMPFAIL
    # The first is sealed and gone from there, the second is whole on the server.
    assert (Message.objects.count(), mail_server.count(), len(set(store.names()))) == (1, 1, 1)
    assert fetch(capsys)[0] == 0
    assert (Message.objects.count(), mail_server.count()) == (2, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"security": "tls"},
        {"authority": ""},
        {"host": "localhost"},
        {"password": "autre"},
        {"folder": 'Nulle part "\\'},
        {"port": 1},
        {"authority": "/nulle/part"},
    ],
    ids="-".join,
)
def test_without_a_certificate_that_holds_nothing_is_said(
    demonstration: Demonstration,
    mail_server: MailServer,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, Any],
) -> None:
    open_desk(demonstration, "mail")
    mail_server.deliver(mail())
    account_file(demonstration, mail_server, **changes)
    status, told = fetch(capsys)
    assert (status, mail_server.count()) == (os.EX_TEMPFAIL, 1)
    assert "MailServerRefused" in told


def test_the_key_file_is_closed_to_others_and_wrong_ones_are_told(
    demonstration: Demonstration, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    open_desk(demonstration, "mail")
    assert "KeyFileMissing" in fetch(capsys)[1]
    replace_key(demonstration.institution, "imap.json", b"{}")
    (settings.CIMENT_KEYS / str(demonstration.institution.id) / "imap.json").chmod(0o644)
    assert "set its mode to 0600" in fetch(capsys)[1]
    good: dict[str, Any] = {"host": "a", "port": 993, "user": "b", "password": PASSWORD}
    account = parse_account(json.dumps(good, indent=1).encode())
    assert PASSWORD not in repr(account)
    assert account.security == "tls"
    for wrong in (
        b"", b"[]", b"{", json.dumps({**good, "port": "993"}).encode(),
        json.dumps({**good, "security": "none"}).encode(),
        json.dumps({**good, "autre": "x"}).encode(), json.dumps({**good, "user": 1}).encode(),
        json.dumps({name: value for name, value in good.items() if name != "host"}).encode(),
    ):  # fmt: skip
        with pytest.raises(MailServerRefused) as refused:
            parse_account(wrong)
        assert PASSWORD not in str(refused.value)
