"""What the crash tests start as processes of their own: ``python -m tests.kernel.background.processes WHAT …``."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.committed import CommittedDatabase

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def process(
    database: CommittedDatabase, *arguments: str, **environ: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of this module on the test's database, killed at the end if it still runs."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.kernel.background.processes", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database.url, **environ},
        start_new_session=True,
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            kill(child)


def kill(child: "subprocess.Popen[bytes]") -> None:
    """As ``kill -9``: nothing of it can be caught or tidied up."""
    child.send_signal(signal.SIGKILL)
    child.wait(timeout=20)


def wait_until(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first true answer of ``condition``; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.02)
    raise AssertionError("waited in vain")


# --- what runs in the process ---------------------------------------------------------------------------------


class FileTelephones:
    """An SMS provider that writes each message to a file before it answers, slowly enough to be killed."""

    def send(self, number: str, text: str) -> None:
        line = f"{number} {' '.join(text.split())}\n".encode()
        descriptor = os.open(os.environ["SMS_FILE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, line)
        os.close(descriptor)
        time.sleep(0.002)


def count_districts(job: Any, progress: Any, *, at: Any) -> dict[str, Any]:
    """A handler in chunks: one audit entry for each step, and none twice however often it starts again."""
    from staff_portal.kernel.models import AuditEntry
    from staff_portal.kernel.trail import audit
    from tests.kernel.background.support import HAPPENED

    steps = int(job.params["steps"])
    for step in range(steps):
        if not AuditEntry.objects.filter(event=HAPPENED.code, note=f"step {step}").exists():
            audit.record(HAPPENED, job, actor=None, at=at, note=f"step {step}")
            time.sleep(float(job.params["pause"]))
        progress(step + 1, steps, f"گام {step + 1}")
    return {"steps": steps}


def main(what: str, *arguments: str) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from staff_portal.kernel.delivery.outbox import relay_outbox, send_deliveries
    from staff_portal.kernel.jobs import handlers
    from staff_portal.kernel.jobs.running import run_job
    from tests.kernel.background.support import HAPPENED, tell_everyone

    if what == "job":
        handlers.handler("background.steps")(count_districts)
        run_job(int(arguments[0]), clock=timezone.now)
    elif what == "post":
        tell_everyone(HAPPENED)
        while relay_outbox(at=timezone.now()) + send_deliveries(at=timezone.now()):
            pass


if __name__ == "__main__":
    main(*sys.argv[1:])
