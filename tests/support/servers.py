"""PostgreSQL and Valkey of the test run, and the databases in them.

Each run has servers of its own in a temporary folder, started by the main process and shared with its workers.
With ``KEEP_TEST_SERVER=1`` one pair in ``.data-test`` serves all runs and stays up (``tests.support.keeper``).
Names carry the number of the process they belong to, so runs side by side do not meet.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2
import redis
from psycopg2 import sql

from staff_portal.supervisor.data_directory import DataDirectory, server_account
from staff_portal.supervisor.postgres import APP, OWNER, ROLE_SECRETS, SUPERUSER, PostgresServer
from staff_portal.supervisor.valkey import ValkeyServer
from tests.support.environ import INHERITED

ROOT = Path(__file__).resolve().parents[2]
KEPT_FOLDER = ROOT / ".data-test"
RUN_PREFIX = "portal-test-run-"
BROKER_DATABASES = 512
TEMPLATE_SECONDS = 2 * 3600
POSTGRES_SETTINGS = {
    "max_connections": "300",
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "autovacuum": "off",
}
_numbers = itertools.count(1)


@dataclass(frozen=True)
class TestServers:
    """Where the servers of this run answer."""

    __test__ = False

    folder: str
    postgres_port: int
    valkey_port: int
    secrets: dict[str, str]
    kept: bool

    def url(self, role: str, database: str) -> str:
        password = self.secrets[ROLE_SECRETS[role]]
        return f"postgresql://{role}:{password}@127.0.0.1:{self.postgres_port}/{quote(database)}"

    def broker_url(self, database: int) -> str:
        return f"redis://:{self.secrets['broker']}@127.0.0.1:{self.valkey_port}/{database}"

    @contextmanager
    def connect(
        self, role: str = SUPERUSER, database: str = "postgres"
    ) -> Iterator[psycopg2.extensions.connection]:
        """A connection in autocommit."""
        connection = psycopg2.connect(self.url(role, database))
        connection.autocommit = True
        try:
            yield connection
        finally:
            connection.close()

    def admin(self, statement: str, *names: str) -> None:
        """Run one maintenance statement with identifiers filled in."""
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    # -- databases

    def template(self) -> str:
        """The name of a migrated database, built when there is none for the present migrations and models."""
        name = f"template_{schema_digest()}"
        with locked(Path(self.folder) / "template.lock"):
            if not self._exists(name):
                self._build(name)
        return name

    def _exists(self, name: str) -> bool:
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def _build(self, name: str) -> None:
        scratch = f"building_{name}"
        server = self._handle()
        server.drop_database(scratch)
        server.create_database(scratch)
        environ = os.environ | {"DATABASE_URL": self.url(OWNER, scratch)}
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"],
            cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"the migrations failed:\n{done.stdout}\n{done.stderr}")
        server.rename_database(scratch, name)
        self._drop_old_templates(name)

    def _drop_old_templates(self, name: str) -> None:
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(name), sql.Literal(str(int(time.time())))
                )
            )
            cursor.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'template\\____________'"
                " AND shobj_description(oid, 'pg_database')::bigint < %s",
                [int(time.time()) - TEMPLATE_SECONDS],
            )
            for (old,) in cursor.fetchall():
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))

    def _handle(self) -> PostgresServer:
        data = DataDirectory(Path(self.folder))
        server = PostgresServer(data, server_account(), POSTGRES_SETTINGS)
        server.port = self.postgres_port
        return server

    def new_database(self, purpose: str, *, source: str | None = None) -> str:
        """A copy of the template, or of ``source`` (nobody is connected to it), under a name of this process's own."""
        name = f"{purpose}_{os.getpid()}_{next(_numbers)}"
        self._handle().copy_database(source or self.template(), name)
        return name

    def drop_database(self, name: str) -> None:
        self._handle().drop_database(name)

    def drop_leftovers(self) -> None:
        """Drop the databases of processes that are gone."""
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(r"SELECT datname FROM pg_database WHERE datname ~ '^(worker|committed)_\d+_\d+$'")
            for (name,) in cursor.fetchall():
                if not is_alive(int(name.split("_")[1])):
                    cursor.execute(
                        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                    )

    # -- broker

    def lease_broker(self) -> int:
        """The number of a broker database no other process uses."""
        client = redis.Redis.from_url(self.broker_url(0))
        try:
            for number in range(1, BROKER_DATABASES):
                key = f"lease:{number}"
                holder = client.get(key)
                if holder is not None and not is_alive(int(holder)):
                    client.delete(key)
                if client.set(key, os.getpid(), nx=True):
                    return number
        finally:
            client.close()
        raise RuntimeError("no broker database is free")

    def flush_broker(self, number: int) -> None:
        client = redis.Redis.from_url(self.broker_url(number))
        client.flushdb()
        client.close()

    def release_broker(self, number: int) -> None:
        self.flush_broker(number)
        client = redis.Redis.from_url(self.broker_url(0))
        client.delete(f"lease:{number}")
        client.close()


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@functools.cache
def schema_digest() -> str:
    """What the migrated database depends on; another value makes another template."""
    digest = hashlib.sha256()
    folders = ("staff_portal", "ngos", "committee", "facilities", "secretariats")
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".json", ".csv", ".sql"} and (
                {"migrations", "models", "data"} & set(path.parts) or path.name == "hardtriggers.py"
            ):
                digest.update(f"{path}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file lock, waiting for whoever has it."""
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# -- starting


class RunningServers:
    """Servers this process started and will stop."""

    def __init__(self, folder: Path, *, kept: bool) -> None:
        self.folder = folder
        self.kept = kept
        account = server_account()
        data = DataDirectory(folder)
        data.create(account)
        self.lock = data.lock()
        self.postgres = PostgresServer(data, account, POSTGRES_SETTINGS)
        self.valkey = ValkeyServer(data, account, databases=BROKER_DATABASES, durable=False)

    def start(self) -> TestServers:
        try:
            self.postgres.start()
            self.valkey.start()
        except BaseException:
            self.stop()
            raise
        return TestServers(
            str(self.folder), self.postgres.port, self.valkey.port, self.postgres.secrets, self.kept
        )

    def stop(self) -> None:
        for child in (self.valkey.child, self.postgres.child):
            if child:
                child.stop(10.0)
        os.close(self.lock)
        if not self.kept:
            shutil.rmtree(self.folder, ignore_errors=True)


def start_own() -> tuple[RunningServers, TestServers]:
    """Servers of this run alone, in a temporary folder."""
    sweep()
    running = RunningServers(Path(tempfile.mkdtemp(prefix=RUN_PREFIX)), kept=False)
    return running, running.start()


def sweep() -> None:
    """Remove folders of runs that were killed: nobody holds their lock any more."""
    for folder in Path(tempfile.gettempdir()).glob(RUN_PREFIX + "*"):
        lock = folder / "lock"
        with suppress(OSError), open(lock, "a") as file:
            if time.time() - folder.stat().st_mtime > 60:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)


def join_kept() -> TestServers:
    """The servers that stay up; started now if they are not."""
    KEPT_FOLDER.mkdir(mode=0o711, exist_ok=True)
    with locked(KEPT_FOLDER / "start.lock"):
        if (known := _kept()) is None:
            with open(KEPT_FOLDER / "keeper.log", "ab") as log:
                subprocess.Popen(
                    [sys.executable, "-m", "tests.support.keeper"],
                    cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip
            deadline = time.monotonic() + 60
            while (known := _kept()) is None:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the kept test servers did not start; see {KEPT_FOLDER}/keeper.log")
                time.sleep(0.1)
        known.drop_leftovers()
    return known


def _kept() -> TestServers | None:
    with suppress(OSError, ValueError, TypeError, psycopg2.OperationalError, redis.RedisError):
        known = TestServers(**json.loads((KEPT_FOLDER / "test-servers.json").read_text()))
        with known.connect():
            pass
        client = redis.Redis.from_url(known.broker_url(0))
        client.ping()
        client.close()
        return known
    return None


def as_json(servers: TestServers) -> str:
    return json.dumps(asdict(servers))


def inherited() -> TestServers | None:
    """What the main process of this run left for its workers."""
    raw = os.environ.get(INHERITED)
    return TestServers(**json.loads(raw)) if raw else None


__all__ = ["APP", "OWNER", "RunningServers", "TestServers", "as_json", "inherited", "join_kept", "start_own"]
