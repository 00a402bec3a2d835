"""A burst of steps nudges the broker twice, at its beginning and its end; a step after it at once again."""

import time
from typing import Any

import pytest

from staff_portal.kernel.base import background

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(broker_number: int, test_servers: Any) -> Any:
    """How many messages wait in this process's broker."""
    import redis

    test_servers.flush_broker(broker_number)
    client = redis.Redis.from_url(test_servers.broker_url(broker_number))
    yield lambda: client.llen("celery")
    time.sleep(2 * background.PAUSE)
    test_servers.flush_broker(broker_number)
    client.close()


def test_a_burst_costs_two_messages_and_none_is_lost(waiting: Any) -> None:
    time.sleep(2 * background.PAUSE)
    for _ in range(50):
        background.nudge()
    assert waiting() == 1
    time.sleep(3 * background.PAUSE)
    assert waiting() == 2, "what came last is told too"
    time.sleep(2 * background.PAUSE)
    background.nudge()
    assert waiting() == 3
