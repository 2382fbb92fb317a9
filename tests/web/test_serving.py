"""`ciment serve`: a server that cannot start says why, before it touches anything."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ciment_web.project.commands import run_serve


@pytest.fixture
def taken() -> Iterator[str]:
    """Give a port that somebody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


def test_a_second_server_says_that_the_port_is_in_use(taken: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = subprocess.run(
        [Path(sys.executable).with_name("ciment"), "serve", "--demo", "--port", taken],
        env={**os.environ, "CIMENT_HOME": str(home), "CIMENT_MODE": "demo"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"ciment serve: port {taken} is in use: choose another with --port\n"
    assert not home.exists()


def test_an_address_of_another_machine_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_serve(["--address", "192.0.2.1", "--port", "8765"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("ciment serve: cannot listen on 192.0.2.1, port 8765: ")


def test_the_same_sentence_from_within(taken: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_serve(["--port", taken]) == 2
    assert "choose another with --port" in capsys.readouterr().err


def test_what_serves_leaves_no_core_dump(tmp_path: Path) -> None:
    limits = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"
    done = subprocess.run(
        [Path(sys.executable).with_name("ciment"), "manage", "shell", "-v", "0", "-c", limits],
        env={**os.environ, "CIMENT_HOME": str(tmp_path), "CIMENT_MODE": "demo"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "(0, 0)\n"


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_what_is_no_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_serve(["--port", port])
    assert ended.value.code == 2
    assert "a port is a number from 1 to 65535" in capsys.readouterr().err
