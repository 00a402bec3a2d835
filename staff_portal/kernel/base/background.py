"""Nudging the background after a commit; the beat would get there without it, a little later."""

import threading
import time
from collections.abc import Callable

import structlog
from celery import current_app
from django.db import connection, transaction

log = structlog.get_logger(__name__)

PAUSE = 0.1
"""Seconds between two nudges of the relay from one process; the last of a burst is sent when they are over."""
RELAY = "kernel.relay_outbox"
_lock = threading.Lock()
_sent_at = float("-inf")
_is_in_line = False


def after_commit(send: Callable[[], None]) -> None:
    """Call ``send`` once after the commit, however many writes of the transaction ask for it."""
    if not any(waiting[1] is send for waiting in connection.run_on_commit):
        transaction.on_commit(send, robust=True)


def nudge() -> None:
    """Ask the worker to relay the outbox now, or once for all that follow shortly: a burst of steps costs the broker no
    message each. A broker that is down loses nothing: the row waits."""
    global _sent_at, _is_in_line
    with _lock:
        left = _sent_at + PAUSE - time.monotonic()
        if left <= 0:
            _sent_at = time.monotonic()
        elif not _is_in_line:
            _is_in_line = True
            threading.Timer(left, _nudge_last).start()
    if left <= 0:
        _send(RELAY)


def _nudge_last() -> None:
    global _sent_at, _is_in_line
    with _lock:
        _is_in_line = False
        _sent_at = time.monotonic()
    _send(RELAY)


def nudge_jobs() -> None:
    """Ask the worker to take up queued jobs now."""
    _send("kernel.resume_jobs")


def nudge_letters() -> None:
    """Ask the worker to render letters that have no PDF yet."""
    _send("kernel.render_letters")


def nudge_clocks() -> None:
    """Ask the worker to compute the days of work items again; the nightly comparison would find them too."""
    _send("kernel.compute_clocks")


def _send(name: str) -> None:
    try:
        current_app.send_task(name, expires=30, retry=False)
    except Exception as error:  # the broker's own exceptions are many, and none may reach the person
        log.warning("nudge_failed", task=name, error=str(error))
