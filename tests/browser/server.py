"""The real server, on loopback, in a home of its own."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from people import ROOT


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(home: Path, port: int, env: dict[str, str], *options: str, page: str) -> Iterator[str]:
    """Run the real server until the block ends; return its address once it answers with `page`."""
    command = [str(Path(sys.executable).with_name("ciment")), "serve", *options, "--port", str(port)]
    log = (home / "log").open("w")
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://localhost:{port}"
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/{page}", timeout=2).read()  # noqa: S310 - our own address
            break
        except OSError:
            assert server.poll() is None, (home / "log").read_text()
            time.sleep(0.5)
    else:
        pytest.fail((home / "log").read_text())
    try:
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()
    # A fault on the way is a fault of the application, whatever the pages showed.
    assert '"fault"' not in (home / "log").read_text(), (home / "log").read_text()
