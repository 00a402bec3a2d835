"""What a page that only reads asks the database once: settings, the calendar, who sits where.

Outside such a page, and in everything that writes, nothing is kept: a rule always looks at what is stored now.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

Found = TypeVar("Found")

_KEPT: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """While this lasts, :func:`once` keeps what it read."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def is_page() -> bool:
    """Whether a page that only reads is being made."""
    return _KEPT.get() is not None


def once(key: Hashable, read: Callable[[], Found]) -> Found:
    """What ``read`` finds: asked once for a page under ``key``, anew each time anywhere else."""
    kept = _KEPT.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return cast(Found, kept[key])
