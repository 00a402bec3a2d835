"""The site on a real socket, in threads of the test's process, on the test's database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test.testcases import LiveServerThread


def _application(with_media: Any) -> Callable[..., Any]:
    """Django's own thread would serve media files as well, which the site never does."""
    return StaticFilesHandler(WSGIHandler())


@contextmanager
def served() -> Iterator[str]:
    """The site's address for as long as the block lasts."""
    thread = LiveServerThread("127.0.0.1", _application)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait(30)
    if thread.error:
        raise thread.error
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()
