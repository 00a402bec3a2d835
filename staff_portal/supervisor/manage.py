"""``embedded manage``: manage.py against the embedded servers, the running ones or for the time of the command."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

from staff_portal import environment
from staff_portal.supervisor.data_directory import AlreadyRunning, DataDirectory, Trouble, server_account
from staff_portal.supervisor.database import Builder
from staff_portal.supervisor.processes import die_with_parent
from staff_portal.supervisor.servers import Connections, Servers, check_environment, child_environ

WAIT_SECONDS = 150.0
OWNER_COMMANDS = {"migrate", "dbshell", "sqlmigrate"}


@contextlib.contextmanager
def servers_at_hand(
    data: DataDirectory, environ: Mapping[str, str], *, up_to_date: bool = True
) -> Iterator[tuple[Connections, Servers | None]]:
    """The running servers, or our own for as long as the block lasts (then also their handle).

    ``up_to_date`` brings the database of our own servers up to date first.
    """
    account = server_account()
    data.create(account)
    check_environment(environ, data)
    try:
        lock = data.lock()
    except AlreadyRunning:
        yield _running(data), None
        return
    servers = Servers(data, account, environ)
    builder = Builder(data, servers, environ)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    try:
        servers.start()
        if up_to_date:
            builder.bring_up_to_date("none")
        yield servers.connections(), servers
    finally:
        if builder.child:
            builder.child.stop(2.0)
        servers.stop(8.0)
        os.close(lock)


def _running(data: DataDirectory) -> Connections:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if known := data.read_servers():
            known.pop("pid", None)
            return Connections(**known)
        time.sleep(0.2)
    raise Trouble("the running supervisor does not become ready; look at its terminal")


def manage(data: DataDirectory, environ: Mapping[str, str], arguments: list[str]) -> int:
    """Run manage.py with ``arguments`` on this terminal; its exit code."""
    owner = bool(arguments) and arguments[0] in OWNER_COMMANDS
    with servers_at_hand(data, environ, up_to_date=not owner) as (connections, _):
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            env=child_environ(environ, data, connections, owner=owner),
            cwd=environment.BASE_DIR,
            preexec_fn=die_with_parent(signal.SIGTERM, os.getpid()),
        )
        previous = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C belongs to the command
        try:
            return process.wait()
        finally:
            signal.signal(signal.SIGINT, previous)
            if process.poll() is None:
                process.terminate()
                process.wait()
