"""Worker and Valkey killed between the commit and the delivery: the outbox keeps everything, nobody hears twice."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from staff_portal.celery import app
from staff_portal.kernel.base import background
from staff_portal.kernel.models import (
    AuditEntry,
    Delivery,
    LedgerLink,
    Notification,
    OutboxMessage,
    Referral,
    User,
)
from staff_portal.kernel.trail import audit, events
from staff_portal.supervisor import valkey
from staff_portal.supervisor.data_directory import DataDirectory, server_account
from staff_portal.supervisor.valkey import ValkeyServer
from tests.kernel.background.processes import wait_until
from tests.kernel.background.support import make_user
from tests.support.committed import CommittedDatabase
from tests.support.processes import WorkerProcess

BEAT = ("kernel.relay_outbox", "kernel.send_deliveries", "kernel.seal_audit")


class Broker:
    """A Valkey of this test alone, on a port that stays the same when it is started again."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        data, account = DataDirectory(folder), server_account()
        data.create(account)
        port = valkey.free_port()
        monkeypatch.setattr(valkey, "free_port", lambda: port)
        self.server = ValkeyServer(data, account)
        self.start()

    def start(self) -> None:
        self.server.start()

    def kill(self) -> None:
        assert self.server.child is not None
        os.kill(self.server.child.pid, signal.SIGKILL)
        self.server.child.finish()

    def tick(self) -> None:
        """What the beat sends every few seconds."""
        for name in BEAT:
            app.send_task(name, expires=10)


@pytest.fixture
def broker(committed_db: CommittedDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    folder = Path(tempfile.mkdtemp(prefix="portal-test-broker-"))
    broker = Broker(folder, monkeypatch)
    before, url = app.conf.broker_write_url, broker.server.url()
    app.conf.update(broker_url=url, broker_read_url=url, broker_write_url=url)
    monkeypatch.setattr(app, "_pool", None)  # connections to the run's own broker are kept for later
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    yield broker
    app.conf.update(broker_url=before, broker_read_url=before, broker_write_url=before)
    broker.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def worker(committed_db: CommittedDatabase, broker: Broker, tmp_path: Path) -> Iterator[WorkerProcess]:
    worker = WorkerProcess(committed_db, tmp_path / "worker.log")
    worker.environ["REDIS_URL"] = broker.server.url()
    yield worker
    worker.kill()


def refer(count: int, sender: User, receiver: User) -> None:
    """That many referrals with their audit entries and outbox rows, committed."""
    at = datetime.now(UTC)
    rows = Referral.objects.bulk_create(
        Referral(
            root_type="kernel.user",
            root_id=receiver.pk,
            root_label="پرونده",
            url="/",
            to_user=receiver,
            by_user=sender,
            note="بررسی شود",
            created_at=at,
        )
        for _ in range(count)
    )
    told = [
        {
            "to": [{"kind": "person", "key": str(receiver.pk)}],
            "text": "پرونده‌ای به شما ارجاع شد: بررسی شود",
            "url": "/",
            "mail": True,
            "sms": False,
        }
    ]
    audit.record_many(
        [audit.EntryDraft(events.REFERRED, row, note="بررسی شود", root=receiver, told=told) for row in rows],
        actor=sender,
        at=at,
    )


def everything_has_arrived() -> bool:
    return not (
        OutboxMessage.objects.filter(relayed_at=None).exists()
        or Delivery.objects.filter(sent_at=None).exists()
        or LedgerLink.objects.count() < AuditEntry.objects.count()
    )


def test_nothing_is_lost_when_worker_and_broker_die_after_the_commit(broker, worker):
    sender, receiver = make_user("sender"), make_user("receiver")
    worker.start()
    refer(150, sender, receiver)
    broker.kill()
    worker.kill()
    refer(50, sender, receiver)  # the broker is down and nobody notices
    before_restart = Notification.objects.count()

    broker.start()
    worker.start()
    broker.tick()
    wait_until(lambda: not OutboxMessage.objects.filter(relayed_at=None).exists())
    worker.kill()  # once more, somewhere in the middle of the e-mails
    refer(100, sender, receiver)
    worker.start()

    def arrived() -> bool:
        broker.tick()
        time.sleep(0.3)
        return everything_has_arrived()

    wait_until(arrived, seconds=60)
    assert before_restart <= 200
    assert Notification.objects.count() == 300
    assert Notification.objects.values("entry", "recipient").distinct().count() == 300
    assert set(Delivery.objects.values_list("channel", "attempts")) == {("email", 1)}


def test_a_living_worker_comes_back_to_a_broker_that_was_started_again(broker, worker):
    sender, receiver = make_user("sender"), make_user("receiver")
    worker.start()
    broker.kill()
    refer(5, sender, receiver)
    broker.start()

    def arrived() -> bool:
        broker.tick()
        time.sleep(0.3)
        return everything_has_arrived()

    wait_until(arrived, seconds=60)
    assert Notification.objects.count() == 5
    assert worker.child is not None
    assert not worker.child.has_ended()


def test_a_write_does_not_wait_for_a_broker_that_is_down(broker):
    user = make_user("user")
    broker.kill()
    started = time.monotonic()
    for _ in range(5):
        audit.record(events.USER_CHANGED, user, actor=user, at=datetime.now(UTC))
    background.nudge_jobs()
    took = time.monotonic() - started
    broker.start()
    assert AuditEntry.objects.count() == 5
    assert took < 2
