"""Database and broker of one run: started from the wheels, or those the environment names."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg2

from staff_portal import environment
from staff_portal.supervisor.data_directory import Account, DataDirectory, Trouble
from staff_portal.supervisor.postgres import APP, DATABASE, OWNER, PostgresServer
from staff_portal.supervisor.valkey import ValkeyServer

#: of no use to children, or not theirs to know
WITHHELD = ("DATABASE_OWNER_URL", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")


@dataclass(frozen=True)
class Connections:
    """The addresses handed to children; migrations and ``pg_dump`` use the owner's."""

    database_url: str
    owner_url: str
    redis_url: str


class Servers:
    """Starts what is not given from outside, and stops it again."""

    def __init__(self, data: DataDirectory, account: Account | None, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.data = data
        self.postgres = None if environ.get("DATABASE_URL") else PostgresServer(data, account)
        self.valkey = None if environ.get("REDIS_URL") else ValkeyServer(data, account)

    def start(self) -> None:
        if self.postgres:
            self.postgres.start()
        if self.valkey:
            self.valkey.start()

    def connections(self, database: str = DATABASE) -> Connections:
        """Where the servers answer; ``database`` names one of our own server, an external one has its own."""
        external = self.environ.get("DATABASE_URL", "")
        pg = self.postgres
        return Connections(
            database_url=pg.url(APP, database) if pg else external,
            owner_url=pg.url(OWNER, database) if pg else self.environ.get("DATABASE_OWNER_URL") or external,
            redis_url=self.valkey.url() if self.valkey else self.environ["REDIS_URL"],
        )

    def stop(self, seconds: float) -> list[str]:
        """Stop in reverse order; the names of those that had to be killed."""
        late = []
        if self.valkey and self.valkey.child and not self.valkey.child.stop(min(seconds, 1.5)):
            late.append("valkey")
        if self.postgres and self.postgres.child and not self.postgres.child.stop(seconds):
            late.append("postgres")
        return late


def child_environ(
    base: Mapping[str, str], data: DataDirectory, connections: Connections, *, owner: bool = False
) -> dict[str, str]:
    """The environment of one child: what we were given, completed; only migrations get the owner's address."""
    environ = {key: value for key, value in base.items() if key not in WITHHELD}
    environ |= {
        "DATABASE_URL": connections.owner_url if owner else connections.database_url,
        "REDIS_URL": connections.redis_url,
        "DATA_DIR": str(data.root),
        "PYTHONUNBUFFERED": "1",
    }
    environ.setdefault("DJANGO_SETTINGS_MODULE", "staff_portal.settings")
    environ.setdefault("SITE_URL", f"http://localhost:{port_of(base)}")
    environ.setdefault("SIGNING_KEY_FILE", str(data.keys / "signing.pem"))
    if not is_production(base):
        environ.setdefault("SECRET_KEY", data.secrets()["secret_key"])
    return environ


def is_production(environ: Mapping[str, str]) -> bool:
    return environ.get("DJANGO_ENV", "").strip() == "production"


def port_of(environ: Mapping[str, str]) -> int:
    raw = environ.get("PORT") or "8000"
    if not raw.isascii() or not raw.isdigit() or not 0 < int(raw) < 65536:
        raise Trouble(f"PORT must be a number from 1 to 65535, not {raw!r}")
    return int(raw)


def check_environment(environ: Mapping[str, str], data: DataDirectory) -> None:
    """Refuse a wrong environment in one line before anything is started."""
    port_of(environ)
    for name, schemes in (("DATABASE_URL", "postgres"), ("REDIS_URL", "redis")):
        if environ.get(name) and not environ[name].startswith(
            (schemes + "://", schemes + "ql://", schemes + "s://")
        ):
            raise Trouble(f"{name} does not look like the address of a server ({schemes}://…)")
    given = Connections(
        database_url=environ.get("DATABASE_URL") or "postgresql://embedded/portal",
        owner_url=environ.get("DATABASE_OWNER_URL") or "postgresql://embedded/portal",
        redis_url=environ.get("REDIS_URL") or "redis://embedded/0",
    )
    try:
        environment.read_environment(child_environ(environ, data, given))
    except environment.EnvironmentProblem as problem:
        raise Trouble(f"configuration: {problem}") from None


def check_database(connections: Connections) -> None:
    """Refuse a database that cannot hold Persian, and say it when the application owns its tables."""
    try:
        connection = psycopg2.connect(connections.owner_url, connect_timeout=10)
    except psycopg2.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise Trouble(f"the database does not answer: {reason}") from None
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
            if (version := cursor.fetchone()[0]) < 15:
                raise Trouble(f"PostgreSQL 15 or newer is needed; this one is {version}")
            cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
            if cursor.fetchone():
                cursor.execute("SELECT cardinality(show_trgm('سمن'))")
                if not cursor.fetchone()[0]:
                    raise Trouble(
                        "this database finds no Persian letters (its locale is C): create it with C.UTF-8"
                    )
    finally:
        connection.close()
    if connections.owner_url == connections.database_url:
        say("note: DATABASE_OWNER_URL is not set; the application runs with the role that owns its tables")


def say(line: str) -> None:
    """One line on the terminal, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
