"""Fixtures of the background's tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from staff_portal.kernel.delivery import notices
from staff_portal.kernel.jobs import handlers
from tests.kernel.background.support import HAPPENED


@pytest.fixture
def tell() -> Iterator[Callable[..., notices.Notice]]:
    """Register notices of the tests' own event; they are gone after the test."""

    def add(**arguments: Any) -> notices.Notice:
        return notices.register(HAPPENED.code, **{"text": "{actor} خبر داد: {note}", **arguments})

    yield add
    notices.NOTICES.pop(HAPPENED.code, None)


@pytest.fixture
def add_handler() -> Iterator[Callable[[str, Any], None]]:
    """Register job handlers that are gone after the test."""
    added: list[str] = []

    def add(name: str, function: Any) -> None:
        handlers.handler(name)(function)
        added.append(name)

    yield add
    for name in added:
        del handlers.HANDLERS[name]
