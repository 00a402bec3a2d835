"""Long work in the background: what a handler is given, and the heart that beats while it runs.

The contract of a handler: it commits its work in chunks and does no harm when it starts again from the
beginning, since a killed worker's job is taken up by another one. It calls ``progress`` between chunks and
lets what ``progress`` raises pass. To refuse, it raises a :class:`Refusal` whose sentence the owner reads. Its
result, a dictionary of JSON values, is kept; ``url`` in it is where the owner sees the outcome.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self

import structlog
from django.db import Error as DatabaseFailure
from django.db import connection

from staff_portal.kernel.models import Job, JobState

TICK_SECONDS = 0.5
BEAT_SECONDS = 1.0
MESSAGE_LENGTH = 300
_JOB_LOCKS = 4_826_002  # first key of the advisory locks; the second is the job's id

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
Progress = Callable[[int, int, str], None]


class Handler(Protocol):
    """The work of one kind of job; ``progress(done, total, message)`` may be called as often as wanted."""

    def __call__(self, job: Job, progress: Progress, *, at: datetime) -> dict[str, Any]: ...


class JobLost(Exception):
    """Another worker has this job now; the handler must end at once."""


HANDLERS: dict[str, Handler] = {}


def handler(name: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this name."""

    def add(function: Handler) -> Handler:
        if name in HANDLERS:
            raise ValueError(f"job handler registered twice: {name}")
        HANDLERS[name] = function
        return function

    return add


class Heart:
    """Holds the job's advisory lock on a connection of its own, and writes heartbeat and progress there.

    Progress is written at most every half second and the heartbeat at least every second, whatever transaction
    the handler is in. When the process dies PostgreSQL closes the connection and with it the lock, so no job
    is ever run by two workers. ``clock`` is the edge's.
    """

    def __init__(self, job_id: int, clock: Clock) -> None:
        self._job_id = job_id
        self._clock = clock
        self._connection = connection.copy()
        self._connection.inc_thread_sharing()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"job-{job_id}", daemon=True)
        self._pending: tuple[int, int, str] | None = None
        self._silent_for = 0.0
        self.is_lost = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._connection.close()

    def take(self) -> bool:
        """Get the job's lock; False when a living worker holds it."""
        with self._connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '400ms'")
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_JOB_LOCKS, self._job_id])
            return bool(cursor.fetchone()[0])

    def start(self) -> None:
        """Beat from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Beat no more, and write what was reported last."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._pending is not None and not self.is_lost:
            with suppress(DatabaseFailure):
                self._write()

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Note how far the work is; raises :class:`JobLost` when it is another worker's by now."""
        if self.is_lost:
            raise JobLost(f"job {self._job_id} was taken up by another worker")
        self._pending = (done, total, message[:MESSAGE_LENGTH])

    def _beat(self) -> None:
        while not self._stop.wait(TICK_SECONDS):
            self._silent_for += TICK_SECONDS
            if self._pending is None and self._silent_for < BEAT_SECONDS:
                continue
            try:
                self._write()
            except DatabaseFailure as error:
                self._recover(error)

    def _write(self) -> None:
        pending, self._pending = self._pending, None
        fields: dict[str, Any] = {"heartbeat_at": self._clock()}
        if pending is not None:
            fields["done"], fields["total"], fields["message"] = pending
        names = ", ".join(f"{name} = %s" for name in fields)
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE kernel_job SET {names} WHERE id = %s AND state = %s",  # noqa: S608 - names of ours
                [*fields.values(), self._job_id, JobState.RUNNING.value],
            )
        self._silent_for = 0.0

    def _recover(self, error: Exception) -> None:
        """After a lost connection: get the lock again, or know that the job is another worker's now."""
        log.warning("job_heartbeat_failed", job=self._job_id, error=str(error))
        if self._connection.is_usable():
            return
        try:
            self._connection.close()
            self.is_lost = not self.take()
        except DatabaseFailure as again:
            log.warning("job_heartbeat_failed", job=self._job_id, error=str(again))
