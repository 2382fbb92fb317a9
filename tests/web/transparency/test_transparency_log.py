from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer
from transparency_house import House, fill, found_house, run_ciment

from ciment_web.members.actor import Actor
from ciment_web.register.models import Leaf
from ciment_web.register.publisher import publish
from ciment_web.register.signer import signer_of

LOG = "/i/valbrume/log"


def test_anyone_reads_the_checkpoint_and_asks_for_it_each_time(client: Client, house: House) -> None:
    publish(house.institution)
    answer = client.get(f"{LOG}/checkpoint")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert answer.content.startswith(b"localhost/i/valbrume\n2\n")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_a_tile_is_kept_for_good(client: Client, house: House) -> None:
    publish(house.institution)
    for path, size in (("tile/0/000.p/2", 64), ("tile/0/000.p/1", 32)):
        answer = client.get(f"{LOG}/{path}")
        assert (answer.status_code, len(answer.content)) == (200, size)
        assert answer["Content-Type"] == "application/octet-stream"
        assert "immutable" in answer["Cache-Control"]


def test_what_one_has_already_is_not_sent_again(client: Client, house: House) -> None:
    publish(house.institution)
    for path in ("checkpoint", "tile/0/000.p/2", "tile/entries/000.p/2"):
        first = client.get(f"{LOG}/{path}")
        again = client.get(f"{LOG}/{path}", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    before = client.get(f"{LOG}/checkpoint")
    fill(house.institution, 1)
    publish(house.institution)
    after = client.get(f"{LOG}/checkpoint", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert b"\n3\n" in after.content


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/000",
        "tile/0/000.p/3",
        "tile/0/001.p/1",
        "tile/9/000.p/1",
        "tile/entries/000",
        "tile/entries/x999/999.p/1",
        "checkpoint/",
        "checkpoint.txt",
        "tile/data/000",
        "%00",
    ],
)
def test_nothing_else_is_there(client: Client, house: House, path: str) -> None:
    publish(house.institution)
    answer = client.get(f"{LOG}/{path}")
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-cache")
    assert client.get(f"{LOG}/{path}%0A").status_code == 404


@pytest.mark.usefixtures("house")
def test_an_empty_log_and_an_unknown_institution_publish_nothing(client: Client) -> None:
    assert client.get(f"{LOG}/checkpoint").status_code == 404
    assert client.get("/i/nulle-part/log/checkpoint").status_code == 404


def test_the_log_is_read_only(client: Client, house: House) -> None:
    publish(house.institution)
    assert client.head(f"{LOG}/checkpoint").status_code == 200
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(f"{LOG}/checkpoint").status_code == 405


def test_being_signed_in_changes_nothing(client: Client, house: House, sign_in: Callable[[Actor], Client]) -> None:
    member = sign_in(house.worker)
    publish(house.institution)
    for path in ("checkpoint", "tile/entries/000.p/3"):
        assert client.get(f"{LOG}/{path}").content == member.get(f"{LOG}/{path}").content


@pytest.fixture
def far_house(transactional_db: None) -> House:  # noqa: ARG001 - another thread reads what is committed
    return found_house("valbrume")


def test_the_command_line_verifies_the_log_over_the_network(live_server: LiveServer, far_house: House) -> None:
    fill(far_house.institution, 298)
    publish(far_house.institution)
    address, vkey = f"{live_server.url}{LOG}", signer_of(far_house.institution).vkey
    done = run_ciment("register", "verify", address, "--key", vkey)
    assert (done.returncode, done.stderr) == (0, "")
    assert "300" in done.stdout
    row = Leaf.objects.get(institution=far_house.institution, index=123)
    Leaf.objects.filter(pk=row.pk).update(entry=bytes(row.entry).replace(b'"time":1', b'"time":2'))
    done = run_ciment("register", "verify", address, "--key", vkey)
    assert (done.returncode, done.stdout) == (1, "")
    assert "123" in done.stderr
