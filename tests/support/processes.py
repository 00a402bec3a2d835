"""A real Celery worker on the test's database."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from staff_portal.supervisor.processes import Child, last_line, spawn
from tests.support.committed import CommittedDatabase
from tests.support.servers import ROOT

READY_SECONDS = 60.0


class WorkerProcess:
    """``celery worker`` as it runs on the site: ``start``, ``stop`` (TERM), ``kill`` (SIGKILL, all of it)."""

    def __init__(self, database: CommittedDatabase, log: Path) -> None:
        self.environ = os.environ | {"DATABASE_URL": database.url, "REDIS_URL": database.broker_url}
        self.log = log
        self.child: Child | None = None

    def start(self, *, concurrency: int = 1) -> WorkerProcess:
        """Start it and wait until it says that it is ready."""
        written = self.log.stat().st_size if self.log.exists() else 0
        self.child = spawn(
            "worker",
            [
                sys.executable, "-m", "celery", "-A", "staff_portal", "worker", "--queues", "celery,jobs", "--loglevel", "INFO",
                "--concurrency", str(concurrency), "--without-gossip", "--without-mingle",
                "-n", f"test-{os.getpid()}-{time.monotonic_ns()}@%h",
            ],
            environ=self.environ,
            folder=ROOT,
            log=self.log,
        )  # fmt: skip
        deadline = time.monotonic() + READY_SECONDS
        while b" ready." not in self.log.read_bytes()[written:]:
            if self.child.has_ended() or time.monotonic() > deadline:
                raise AssertionError(f"the worker did not start: {last_line(self.log)}\n{self.output()}")
            time.sleep(0.05)
        return self

    def stop(self, seconds: float = 10.0) -> bool:
        """TERM: a task under way may finish; whether it ended in time."""
        return self.child.stop(seconds) if self.child else True

    def kill(self) -> None:
        """SIGKILL to the main process and its pool at once, as a power cut would."""
        if self.child and not self.child.has_ended():
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.finish()

    def output(self) -> str:
        return self.log.read_text(errors="replace")
