"""Fixtures of the tests of the roof: registries that hold only what a test puts into them."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from staff_portal.kernel.frame import contributions
from tests.kernel.papers.support import NOW


@pytest.fixture
def registry() -> Iterator[Any]:
    """The panels' registry, restored after the test."""
    kept = {
        f.name: type(value)(value)
        for f in fields(contributions.REGISTRY)
        for value in [getattr(contributions.REGISTRY, f.name)]
    }
    yield contributions.REGISTRY
    for name, value in kept.items():
        setattr(contributions.REGISTRY, name, value)


@pytest.fixture
def bare_registry(registry: Any) -> Any:
    """The registry without any app's search, figures, maps and first steps."""
    for name in ("search", "figures", "maps", "actions"):
        setattr(registry, name, [])
    registry.task_labels = {}
    return registry


@pytest.fixture(autouse=True)
def at_ten(time_machine: Any) -> None:
    """Every test begins on ۳ آذر ۱۴۰۵ at ten."""
    time_machine.move_to(NOW, tick=False)
