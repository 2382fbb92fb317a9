"""The commands that the web application adds to `ciment`: demo, found, serve, manage."""

import argparse
import errno
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def run_manage(rest: list[str]) -> int:
    """Run one of Django's commands, or `make_keys`, with the host's configuration."""
    if rest[:1] == ["make_keys"]:
        return _make_keys()
    _prepare()
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings are read on import

    execute_from_command_line(["ciment manage", *rest])
    return 0


def run_demo(rest: list[str]) -> int:
    """Play the three stories headless in a temporary place, and verify what they wrote with the command line alone."""
    parser = argparse.ArgumentParser(prog="ciment demo")
    parser.add_argument(
        "--out", type=Path, default=Path("demo-out"), help="where letters, packet and proofs are written"
    )
    parser.add_argument("--examples", type=Path, default=Path("examples"), help="the folder of the three messages")
    options = parser.parse_args(rest)
    if not options.examples.is_dir():
        print(
            f"ciment demo: no folder {options.examples}; run it from the project, or give --examples", file=sys.stderr
        )
        return 2
    with tempfile.TemporaryDirectory(prefix="ciment-demo-") as home:
        os.environ.update(CIMENT_MODE="demo", CIMENT_HOME=home, CIMENT_DATABASE=f"sqlite:///{home}/demo.sqlite3")
        os.environ.pop("CIMENT_MAIL_HOST", None)
        _prepare()
        _migrate()
        from ciment_web.project.demo import play  # noqa: PLC0415 - models exist only now

        return play(options.examples, options.out)


def run_found(rest: list[str]) -> int:
    """Found an institution on this host, and print the code of its first administrator once."""
    _prepare()
    from ciment_web.founding import command  # noqa: PLC0415 - models exist only now

    parser = argparse.ArgumentParser(prog="ciment found", description=run_found.__doc__)
    command.add_options(parser)
    options = parser.parse_args(rest)
    _migrate()
    return command.run(options)


def run_serve(rest: list[str]) -> int:
    """Serve the application; with `--demo`, found a demonstration institution first and say whom to sign in as."""
    parser = argparse.ArgumentParser(prog="ciment serve")
    parser.add_argument("--demo", action="store_true", help="a demonstration on this machine, with fictitious people")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=_port, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(rest)
    # Asked first: nothing is migrated or founded for a server that cannot start.
    if refusal := _why_not_listening(options.address, options.port):
        print(f"ciment serve: {refusal}", file=sys.stderr)
        return 2
    if options.demo:
        os.environ["CIMENT_MODE"] = "demo"
        os.environ.setdefault("CIMENT_HOST", f"localhost:{options.port}")
    _prepare()
    _migrate()
    _collect_static()
    if options.demo:
        # In a process of its own: the typesetter keeps threads, and the server forks its workers from this process.
        seeding = [sys.executable, "-m", "django", "seed", "--port", str(options.port)]
        if subprocess.run(seeding, check=False).returncode:  # noqa: S603 - our own command, fixed arguments
            return 1
    return _serve(options)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _why_not_listening(address: str, port: int) -> str:
    """Return why nobody can listen there, or nothing."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As the server does it: connections of an earlier server that are still closing are no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"port {port} is in use: choose another with --port"
        return f"cannot listen on {address}, port {port}: {error.strerror}"
    return ""


def _serve(options: argparse.Namespace) -> int:
    from granian.constants import Interfaces  # noqa: PLC0415 - only the server needs it
    from granian.server import Server  # noqa: PLC0415

    server = Server(
        "ciment_web.project.wsgi:application",
        address=options.address,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=4,
        log_access=False,
    )
    with _escalating():
        server.serve()
    return 0


@contextmanager
def _escalating() -> Iterator[None]:
    """Send the alerts that are due each minute, in a process of its own that ends with this one."""
    command = [sys.executable, "-m", "django", "escalate", "--every", "60"]
    with subprocess.Popen(command) as beside:  # noqa: S603 - our own command, fixed arguments
        try:
            yield
        finally:
            beside.terminate()


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ciment_web.project.settings")
    # Everything a process writes here is sealed or a key: nobody else on the host reads it.
    os.umask(0o077)
    import django  # noqa: PLC0415 - settings are read on import
    from django.conf import settings  # noqa: PLC0415
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise SystemExit(f"ciment: {error}") from None
    home: Path = settings.CIMENT_BLOBS.parent
    home.mkdir(parents=True, exist_ok=True, mode=0o700)


def _migrate() -> None:
    from django.core.management import call_command  # noqa: PLC0415 - settings are read on import

    call_command("migrate", verbosity=0)


def _collect_static() -> None:
    from django.core.management import call_command  # noqa: PLC0415 - settings are read on import

    call_command("collectstatic", verbosity=0, interactive=False)


def _make_keys() -> int:
    home = Path(os.environ.get("CIMENT_KEYS", Path(os.environ.get("CIMENT_HOME", "var")) / "keys"))
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, size in (("django-secret", 48), ("pepper", 32)):
        path = home / name
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(size))
            print(f"made {path}")
    return 0
