"""Brings the database up to date; the first time it is built beside its place and then takes its name.

So a start that is killed half way, in a migration or in the demo data, leaves nothing half-done: the next one
throws the scratch database away and builds it again.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Mapping

import psycopg2
import redis

from staff_portal import environment
from staff_portal.supervisor.data_directory import DataDirectory, Trouble
from staff_portal.supervisor.postgres import DATABASE
from staff_portal.supervisor.processes import Child, last_line, spawn
from staff_portal.supervisor.servers import (
    Connections,
    Servers,
    check_database,
    child_environ,
    is_production,
    say,
)

BUILDING = "portal_building"
DEMO_SIZES = ("small", "full", "none")


def demo_size(environ: Mapping[str, str]) -> str:
    """``DEMO``: small unless said otherwise; production never gets demo users."""
    production = is_production(environ)
    size = environ.get("DEMO") or ("none" if production else "small")
    if size not in DEMO_SIZES:
        raise Trouble(f"DEMO must be small, full or none, not {size!r}")
    if production and size != "none":
        raise Trouble("DEMO must be none in production: demo users have a published password")
    return size


class Builder:
    """Migrations, static files and, once, the demo data, each in a child of its own."""

    def __init__(self, data: DataDirectory, servers: Servers, environ: Mapping[str, str]) -> None:
        self.data = data
        self.servers = servers
        self.environ = environ
        self.child: Child | None = None

    def bring_up_to_date(self, demo: str) -> None:
        """Leave a migrated database in place, with demo data when it is new and ``demo`` asks for it."""
        if self.servers.postgres:
            if self.servers.postgres.has_database(DATABASE):
                self._prepare(self.servers.connections())
            else:
                self._build(demo)
        else:
            check_database(self.servers.connections())
            self._prepare(self.servers.connections())
            self._fill_external(demo)
        check_database(self.servers.connections())
        if is_production(self.environ):
            environ = child_environ(self.environ, self.data, self.servers.connections())
            self._run("fitness", ["-m", "staff_portal.supervisor.prepare", "--fitness"], environ)

    def _build(self, demo: str) -> None:
        postgres = self.servers.postgres
        if postgres is None:
            return
        scratch_media = self.data.root / "media.building"
        postgres.drop_database(BUILDING)
        if self.servers.valkey:  # what an interrupted build queued points at rows that are gone
            with contextlib.closing(redis.Redis.from_url(self.servers.valkey.url())) as client:
                client.flushall()
        if scratch_media.exists():
            shutil.rmtree(scratch_media)
        postgres.create_database(BUILDING)
        connections = self.servers.connections(BUILDING)
        self._prepare(connections)
        if demo != "none":
            scratch_media.mkdir(mode=0o700)
            own_media = "MEDIA_ROOT" not in self.environ
            self._seed(connections, demo, {"MEDIA_ROOT": str(scratch_media)} if own_media else {})
            shutil.copytree(scratch_media, self.data.media, dirs_exist_ok=True)
        postgres.rename_database(BUILDING, DATABASE)
        shutil.rmtree(scratch_media, ignore_errors=True)

    def _fill_external(self, demo: str) -> None:
        """Demo data into an external database nobody can sign in to yet; it comes in one transaction or not at all."""
        connections = self.servers.connections()
        if demo != "none" and not has_users(connections):
            self._seed(connections, demo, {})

    def _prepare(self, connections: Connections) -> None:
        environ = child_environ(self.environ, self.data, connections, owner=True)
        self._run("prepare", ["-m", "staff_portal.supervisor.prepare"], environ)

    def _seed(self, connections: Connections, demo: str, extra: dict[str, str]) -> None:
        say(f"filling in demo data ({demo}), the first time only …")
        environ = child_environ(self.environ, self.data, connections) | extra
        self._run("seed", ["manage.py", "seed_demo", "--size", demo], environ)

    def _run(self, name: str, arguments: list[str], environ: dict[str, str]) -> None:
        log = self.data.logs / f"{name}.log"
        self.child = spawn(
            name, [sys.executable, *arguments], environ=environ, folder=environment.BASE_DIR, log=log
        )
        while not self.child.wait(1.0):
            pass
        code = self.child.finish()
        self.child = None
        if code != 0:
            raise Trouble(f"{name} failed: {last_line(log)} (see {log})")


def has_users(connections: Connections) -> bool:
    """Whether anybody could sign in."""
    return bool(_usernames(connections, "SELECT username FROM kernel_user LIMIT 1"))


def active_users(connections: Connections, names: list[str]) -> list[str]:
    """Which of ``names`` exist and are active."""
    return _usernames(
        connections, "SELECT username FROM kernel_user WHERE is_active AND username = ANY(%s)", [names]
    )


def _usernames(connections: Connections, query: str, parameters: list[list[str]] | None = None) -> list[str]:
    connection = psycopg2.connect(connections.owner_url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return [name for (name,) in cursor.fetchall()]
    except psycopg2.errors.UndefinedTable:
        return []
    finally:
        connection.close()
