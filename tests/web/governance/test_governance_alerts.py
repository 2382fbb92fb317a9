"""The rota and its alerts: who is told first, who next, what is said to mail and gateway, what fails and comes back."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from ciment_web.governance.actions import state_gateway, state_setting
from ciment_web.governance.alerts import Sent, send_due
from ciment_web.governance.gateway import GATEWAY, Gateway, GatewayFailed, draft_gateway, keep_key, tell_gateway
from ciment_web.governance.kinds import SettingRefused
from ciment_web.governance.models import Alert, Delivery, SettingRecord
from ciment_web.governance.rota import ROTA, Rota, Turn, steps_at
from ciment_web.institutions.keyfiles import read_key
from ciment_web.members.models import Member
from ciment_web.necessity.actions import NewStatement, add_statement, read_necessity, record_necessity
from ciment_web.necessity.models import Necessity
from ciment_web.necessity.sealing import Words
from ciment_web.project.demonstration import Demonstration

SignIn = Callable[..., Client]
CANARY = "CanariAlerteZyx"


@dataclass
class Sink:
    """A gateway on loopback: what it received, and what it answers."""

    url: str = ""
    status: int = 200
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    made = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.received.append((dict(self.headers), body))
            self.send_response(made.status)
            self.send_header("Location", made.url + "ailleurs")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            del args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}/alerte?de=ciment"
    settings.CIMENT_GATEWAY_NETWORKS = (ip_network("127.0.0.1/32"),)
    yield made
    server.shutdown()
    server.server_close()


def turn(demonstration: Demonstration, member: str, *deputies: str, hours: int = 1) -> Turn:
    now = timezone.now().replace(microsecond=0)
    people = demonstration.people
    ids = tuple(people[login].id for login in deputies)
    return Turn(people[member].id, now - timedelta(hours=1), now + timedelta(hours=hours), ids)


def on_call(demonstration: Demonstration, *turns: Turn, minutes: int = 10) -> None:
    rota = Rota(turns, "081 22 22 22", "", minutes)
    state_setting(demonstration.people["dg"], ROTA, rota, demonstration.passphrase)


def danger(demonstration: Demonstration, login: str = "travailleur") -> Necessity:
    return record_necessity(demonstration.people[login], NewStatement(Words(known=CANARY)))


def told(mailbox: list[Any]) -> list[str]:
    names = sorted(str(each.recipients[0]).split("@")[0] for each in mailbox)
    mailbox.clear()
    return names


def later(minutes: int) -> datetime:
    return timezone.now() + timedelta(minutes=minutes, seconds=5)


def test_without_a_turn_every_signatory_is_told_at_once(demonstration: Demonstration, mailbox: list[Any]) -> None:
    danger(demonstration)
    assert told(mailbox) == ["adjoint", "dg", "president"]
    assert send_due(later(60)) == Sent()
    on_call(demonstration, turn(demonstration, "dg"))
    SettingRecord.objects.update(signature=bytes(64))
    danger(demonstration)
    assert told(mailbox) == ["adjoint", "dg", "president"]


def test_rows_that_do_not_hold_keep_no_alert_back(demonstration: Demonstration, mailbox: list[Any]) -> None:
    necessity = danger(demonstration)
    read_necessity(demonstration.people["dg"], necessity)
    told(mailbox)
    on_call(demonstration, turn(demonstration, "dg"))
    # A member nobody truly answers for: no key may be wrapped to anybody now, but whoever is in danger is heard.
    Member.objects.filter(login="president").update(title="other")
    add_statement(demonstration.people["travailleur"], necessity, NewStatement(Words(known=CANARY)))
    assert told(mailbox) == ["adjoint", "dg", "president"]


def test_those_on_call_then_deputies_then_everybody(demonstration: Demonstration, mailbox: list[Any]) -> None:
    on_call(demonstration, turn(demonstration, "referent", "president"))
    danger(demonstration)
    assert told(mailbox) == ["referent"]
    assert send_due(later(9)) == Sent()
    assert send_due(later(10)) == Sent(1, 0)
    assert told(mailbox) == ["president"]
    assert send_due(later(19)) == Sent()
    assert send_due(later(20)) == Sent(2, 0)
    assert told(mailbox) == ["adjoint", "dg"]
    assert send_due(later(40)) == Sent()


def test_a_reading_ends_it_and_its_author_or_a_passer_by_does_not(
    demonstration: Demonstration, mailbox: list[Any]
) -> None:
    people = demonstration.people
    on_call(demonstration, turn(demonstration, "dg", "president"))
    necessity = danger(demonstration, "adjoint")
    told(mailbox)
    # A signatory who raised it, and a referent whom nobody called, do not stop it.
    for login in ("adjoint", "referent"):
        read_necessity(people[login], necessity)
    assert Alert.objects.get().seen_at is None
    send_due(later(10))
    assert told(mailbox) == ["president"]
    read_necessity(people["president"], necessity)
    assert Alert.objects.get().seen_by == people["president"].member
    assert send_due(later(20)) == Sent()
    assert mailbox == []


def test_more_that_is_known_puts_nobody_off(demonstration: Demonstration, mailbox: list[Any]) -> None:
    on_call(demonstration, turn(demonstration, "dg", "president"))
    necessity = danger(demonstration)
    add_statement(demonstration.people["travailleur"], necessity, NewStatement(Words(known=CANARY)))
    assert Alert.objects.count() == 1
    assert told(mailbox) == ["dg"]
    read_necessity(demonstration.people["dg"], necessity)
    # Once somebody read it, what is new is told anew.
    add_statement(demonstration.people["travailleur"], necessity, NewStatement(Words(known=CANARY)))
    assert told(mailbox) == ["dg"]


def test_the_gateway_is_told_a_kind_a_minute_and_a_link(
    demonstration: Demonstration, sink: Sink, mailbox: list[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    made = state_gateway(demonstration.people["dg"], sink.url, demonstration.passphrase)
    on_call(demonstration, turn(demonstration, "dg", "president"))
    necessity = danger(demonstration)
    [(headers, body)] = sink.received
    said = json.loads(body)
    assert set(said) == {"kind", "minute", "link"}
    assert said["kind"] == "necessity.on_call"
    assert said["link"] == f"http://localhost/i/demo/necessite/{necessity.id}/"
    assert datetime.strptime(said["minute"], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC) <= timezone.now()
    stamp, mark = (each.split("=")[1] for each in headers["Ciment-Signature"].split(","))
    assert mark == hmac.new(made.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    send_due(later(10))
    send_due(later(20))
    assert [json.loads(each[1])["kind"].split(".")[1] for each in sink.received] == ["on_call", "deputies", "everybody"]
    # Neither the message, the mail nor the log says anything of anybody; the key is in no row.
    everything = str(sink.received) + str([each.content for each in mailbox]) + "".join(capfd.readouterr())
    assert CANARY not in everything
    assert "Lou Travailleur" not in everything
    assert made.secret not in str(list(SettingRecord.objects.values_list("statement", flat=True)))
    assert made.secret not in repr(made)
    assert read_key(demonstration.institution, f"gateway-{made.gateway.key}.key").decode() == made.secret


def test_a_failure_is_seen_and_comes_back(
    demonstration: Demonstration, sink: Sink, mailbox: list[Any], sign_in: SignIn, settings: Settings
) -> None:
    state_gateway(demonstration.people["dg"], sink.url, demonstration.passphrase)
    on_call(demonstration, turn(demonstration, "dg"))
    sink.status, port = 500, settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    necessity = danger(demonstration)
    assert set(Delivery.objects.filter(attempts=1).values_list("channel", flat=True)) == {"mail", "gateway"}
    page = sign_in("travailleur").get(f"/i/demo/necessite/{necessity.id}/").content.decode()
    assert page.count("l’avis n’est pas parti") == 2
    assert "Téléphonez" in page
    assert "081 22 22 22" in page
    # Within the minute nothing is tried twice; then both are, until they leave.
    assert send_due() == Sent()
    assert send_due(later(1)) == Sent(0, 2)
    sink.status, settings.EMAIL_PORT = 204, port
    assert send_due(later(3)) == Sent(2, 0)
    assert told(mailbox) == ["dg"]
    assert Delivery.objects.filter(called_as="on_call", failure="").exclude(sent_at=None).count() == 2
    assert "avis parti le" in sign_in("travailleur").get(f"/i/demo/necessite/{necessity.id}/").content.decode()


def test_the_command_sends_what_is_due(
    demonstration: Demonstration, mailbox: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    on_call(demonstration, turn(demonstration, "dg", "president"))
    danger(demonstration)
    told(mailbox)
    Delivery.objects.filter(called_as="deputies").update(next_at=timezone.now())
    call_command("escalate")
    assert capsys.readouterr().out == "1 sent, 0 failed\n"
    assert told(mailbox) == ["president"]


def kept_gateway(demonstration: Demonstration, url: str) -> Gateway:
    made = draft_gateway(url)
    keep_key(demonstration.institution, made)
    return made.gateway


def reason(demonstration: Demonstration, gateway: Gateway) -> str:
    with pytest.raises(GatewayFailed) as caught:
        tell_gateway(demonstration.institution, gateway, {"kind": "x"}, 1)
    return caught.value.reason


def test_a_gateway_that_redirects_or_lies_inside_is_not_followed(
    demonstration: Demonstration, sink: Sink, settings: Settings
) -> None:
    gateway = kept_gateway(demonstration, sink.url)
    tell_gateway(demonstration.institution, gateway, {"kind": "x"}, 1)
    for status in (301, 302, 307, 308):
        sink.status = status
        assert reason(demonstration, gateway) == "redirected"
    assert len(sink.received) == 5
    sink.status = 404
    assert reason(demonstration, gateway) == "refused"
    # Loopback, private, link-local and mapped addresses are not called unless the host's configuration says so.
    settings.CIMENT_GATEWAY_NETWORKS = ()
    before = len(sink.received)
    port = sink.url.split(":")[2].split("/")[0]
    for host in ("127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]"):
        assert reason(demonstration, Gateway(f"http://{host}:{port}/", gateway.key)) == "private_address", host
    assert len(sink.received) == before
    # In production a message travels encrypted or not at all.
    settings.CIMENT_SECURE = True
    assert reason(demonstration, gateway) == "address"


def test_a_gateway_that_says_nothing_holds_nobody(demonstration: Demonstration, settings: Settings) -> None:
    import socket  # noqa: PLC0415 - a server that never answers, here only

    settings.CIMENT_GATEWAY_NETWORKS = (ip_network("127.0.0.1/32"),)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert reason(demonstration, kept_gateway(demonstration, url)) == "unreachable"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://exemple.invalid/", "https://", "https://moi:secret@exemple.invalid/", "https://exemple.invalid/#ici",
        "https://exemple.invalid/ a", "https://exemple.invalid:99999/", "javascript:alert(1)", "x" * 60,
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(demonstration: Demonstration, url: str) -> None:
    with pytest.raises(SettingRefused):
        state_setting(demonstration.people["dg"], GATEWAY, Gateway(url, "0" * 16), demonstration.passphrase)


PAGE = "/i/demo/reglages/passerelle/"


def test_the_page_shows_the_key_of_the_gateway_once(
    demonstration: Demonstration, sign_in: SignIn, settings: Settings
) -> None:
    dg = sign_in("dg")
    sent = {"seen": "0", "phrase": demonstration.passphrase, "url": "https://passerelle.exemple.invalid/alerte"}
    assert dg.post(PAGE, {**sent, "url": "http://"}).status_code == 422
    assert dg.post(PAGE, {**sent, "phrase": "abandon"}).status_code == 422
    # A page that is sent back leaves no key behind.
    assert list((settings.CIMENT_KEYS / str(demonstration.institution.id)).glob("gateway-*")) == []
    answer = dg.post(PAGE, sent)
    assert answer.status_code == 200
    row = SettingRecord.objects.get()
    key = json.loads(bytes(row.statement))["value"]["key"]
    secret = read_key(demonstration.institution, f"gateway-{key}.key").decode()
    assert secret in answer.content.decode()
    assert secret not in dg.get(PAGE).content.decode()
    assert "passerelle.exemple.invalid" in dg.get(PAGE).content.decode()
    assert dg.post(PAGE, {**sent, "seen": "1", "url": ""}).status_code == 302
    assert "Aucune passerelle" in dg.get(PAGE).content.decode()
    assert sign_in("admin").post(PAGE, sent).status_code == 403


def test_turns_that_make_no_sense_are_refused(demonstration: Demonstration) -> None:
    good = turn(demonstration, "dg", "president")
    wrong = {
        "backwards": Rota((Turn(good.member, good.end, good.start, ()),)),
        "own_deputy": Rota((Turn(good.member, good.start, good.end, (good.member,)),)),
        "overlap": Rota((good, turn(demonstration, "adjoint"))),
        "phone": Rota((), "appelez-moi"),
        "range": Rota((), minutes=0),
        "too_long": Rota((), "0" * 60),
    }
    for code, value in wrong.items():
        with pytest.raises(SettingRefused, match=code):
            state_setting(demonstration.people["dg"], ROTA, value, demonstration.passphrase)


def test_steps_call_nobody_twice_and_nobody_who_may_not_read() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    rota = Rota((Turn("a", now, now + timedelta(hours=1), ("b", "x")),), minutes=5)
    wait = timedelta(minutes=5)
    assert steps_at(rota, now, "abc", "abc") == [
        ("on_call", 0 * wait, ("a",)), ("deputies", wait, ("b",)), ("everybody", 2 * wait, ("c",)),
    ]  # fmt: skip
    # On call, but without a key to read: the deputy is first.
    assert steps_at(rota, now, "bc", "bc") == [("deputies", 0 * wait, ("b",)), ("everybody", wait, ("c",))]
    for moment in (now - wait, now + timedelta(hours=1)):
        assert steps_at(rota, moment, "abc", "abc") == [("everybody", 0 * wait, ("a", "b", "c"))]


def test_the_rota_page_takes_turns_in_the_hours_of_the_institution(
    demonstration: Demonstration, sign_in: SignIn
) -> None:
    dg = sign_in("dg")
    people = demonstration.people
    sent = {
        "seen": "0", "phrase": demonstration.passphrase, "phone": "081 22 22 22", "second_phone": "", "minutes": "10",
        "rows-INITIAL_FORMS": "0", "rows-TOTAL_FORMS": "1", "rows-0-member": people["dg"].id,
        "rows-0-start": "2030-07-01T08:00", "rows-0-end": "2030-07-02T08:00", "rows-0-deputy": people["president"].id,
        "rows-0-second_deputy": "",
    }  # fmt: skip
    page = dg.post("/i/demo/reglages/permanence/", sent)
    assert page.status_code == 302, page.content.decode()
    value = ROTA.parse(json.loads(bytes(SettingRecord.objects.get().statement))["value"])
    assert value.turns[0].start == datetime(2030, 7, 1, 6, tzinfo=UTC)
    text = dg.get("/i/demo/reglages/permanence/").content.decode()
    assert "1 juillet 2030, 08:00" in text.replace("1er", "1")
    assert 'value="2030-07-01T08:00"' in text
    card = sign_in("travailleur").get("/i/demo/reflexe/").content.decode()
    assert "tel:081222222" in card
    for place in ("necessite/nouvelle/", "danger/"):
        assert "081 22 22 22" in sign_in("travailleur").get(f"/i/demo/{place}").content.decode()
    assert "081 22 22 22" not in Client().get("/i/demo/danger/").content.decode()
