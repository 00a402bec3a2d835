"""Tasks only the tests' worker knows."""

import time
from pathlib import Path

from celery import shared_task


@shared_task(name="tests.take_time")
def take_time(path: str, seconds: float) -> None:
    """Say in a file that the work began, take the time, say that it ended."""
    Path(path).write_text("begun")
    time.sleep(seconds)
    Path(path).write_text("finished")
