"""Keeps one pair of test servers up for runs with ``KEEP_TEST_SERVER=1``; ends after an idle hour or on TERM."""

import os
import signal
import sys
import time

import psycopg2

from staff_portal.supervisor.data_directory import AlreadyRunning, write_private
from tests.support.servers import KEPT_FOLDER, RunningServers, TestServers, as_json

IDLE_SECONDS = 3600.0


def is_in_use(servers: TestServers) -> bool:
    """Whether any test process is connected."""
    with servers.connect() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0])


def main() -> int:
    os.umask(0o077)
    try:
        running = RunningServers(KEPT_FOLDER, kept=True)
    except AlreadyRunning:
        return 1
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    where = KEPT_FOLDER / "test-servers.json"
    try:
        servers = running.start()
        write_private(where, as_json(servers))
        used = time.monotonic()
        while time.monotonic() - used < IDLE_SECONDS:
            time.sleep(20)
            try:
                if is_in_use(servers):
                    used = time.monotonic()
            except psycopg2.OperationalError:
                return 1
    finally:
        where.unlink(missing_ok=True)
        running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
