"""A real PostgreSQL with PostGIS for the tests: own data folder, loopback only, gone at the end."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

import sqlalchemy as sa

ROLE = "postgres"
INSTALLED = "/usr/lib/postgresql/*/bin/initdb"  # where Debian puts what is not on PATH


class Unavailable(Exception):
    """Say why there is no server here."""


def programs() -> Path:
    """Return the folder of initdb and postgres, with PostGIS installed for them."""
    found = [path.parent for path in sorted(Path("/").glob(INSTALLED.lstrip("/")), reverse=True)]
    if on_path := shutil.which("initdb"):
        found.insert(0, Path(on_path).resolve().parent)
    if not found:
        raise Unavailable("PostgreSQL is not installed (python scripts/install_postgis.py)")
    for folder in found:
        answer = subprocess.run(
            [folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False
        )
        if (Path(answer.stdout.strip()) / "extension" / "postgis.control").is_file():
            return folder
    raise Unavailable("PostGIS is not installed (python scripts/install_postgis.py)")


def owner() -> str | None:
    """Return the user to run as: PostgreSQL refuses root; None keeps the present one."""
    if os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Unavailable("PostgreSQL refuses to run as root, and no other user is here")


class Server:
    """Run one server; `database` makes a new empty database with PostGIS and returns its URL."""

    def __init__(self) -> None:
        self.programs = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="geo-postgis-"))
        self.password = secrets.token_urlsafe(12)
        self.user = owner()
        self.process: subprocess.Popen[bytes] | None = None
        self._names = count(1)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._make_cluster()

    def _as_owner(self) -> dict[str, object]:
        return {} if self.user is None else {"user": self.user, "extra_groups": []}

    def _make_cluster(self) -> None:
        secret = self.folder / "secret"
        secret.write_text(self.password, encoding="utf-8")
        if self.user is not None:
            shutil.chown(self.folder, self.user)
            shutil.chown(secret, self.user)
        made = subprocess.run(
            [
                *(self.programs / "initdb", "-D", self.folder / "data", "-U", ROLE, "-E", "UTF8"),
                *("--locale=C", "-A", "scram-sha-256", f"--pwfile={secret}", "--no-sync"),
            ],
            capture_output=True,
            text=True,
            cwd=self.folder,
            check=False,
            **self._as_owner(),
        )
        secret.unlink()
        if made.returncode:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise Unavailable(f"initdb failed: {made.stderr.strip()[-300:]}")

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start and wait until it answers."""
        off = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")  # nothing is kept
        settings = {**dict.fromkeys(off, "off"), "shared_buffers": "32MB"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(self.programs / "postgres", "-D", self.folder / "data", "-h", "127.0.0.1"),
                    *("-p", str(self.port), "-k", self.folder, *options),
                ],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._as_owner(),
            )
        give_up = time.monotonic() + 30
        while True:
            try:
                self.run("SELECT 1")
                return
            except sa.exc.OperationalError:
                if self.process.poll() is not None or time.monotonic() > give_up:
                    self.close()
                    raise Unavailable("PostgreSQL did not start") from None
                time.sleep(0.1)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it at once, by its process id; connections break."""
        if self.process is not None:
            self.process.send_signal(how)  # SIGINT: do not wait for clients; SIGQUIT: nor write
            self.process.wait(timeout=30)
            self.process = None

    def run(self, statement: str, *, database: str = ROLE) -> None:
        """Run one statement outside a transaction."""
        url = sa.make_url(self.url(database)).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def database(self) -> str:
        """Make a new database and return its URL."""
        number = next(self._names)
        if number == 1:
            self.run("CREATE DATABASE geo_template")
            self.run("CREATE EXTENSION postgis", database="geo_template")
        self.run(f"CREATE DATABASE geo_{number} TEMPLATE geo_template STRATEGY file_copy")
        return self.url(f"geo_{number}")

    def close(self) -> None:
        """Stop it and remove its data."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
