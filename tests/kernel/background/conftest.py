"""Fixtures of the background's tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from staff_portal.kernel import jobs, notices
from staff_portal.kernel.letters.signing import SigningKey
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
        jobs.handler(name)(function)
        added.append(name)

    yield add
    for name in added:
        del jobs.HANDLERS[name]


@pytest.fixture
def signing_key(settings: Any, tmp_path: Path) -> SigningKey:
    """A signing key of this test alone."""
    settings.SIGNING_KEY_FILE = tmp_path / "signing.pem"
    return SigningKey.load(settings.SIGNING_KEY_FILE, create=True)
