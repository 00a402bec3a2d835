"""Processes killed in the middle of their work: nothing is lost, and nobody's inbox hears twice."""

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from staff_portal.kernel.jobs.running import STALE_AFTER, run_job, start_job
from staff_portal.kernel.models import AuditEntry, Delivery, Job, JobState, Notification, OutboxMessage
from staff_portal.kernel.trail import audit
from tests.kernel.background.processes import count_districts, kill, process, wait_until
from tests.kernel.background.support import HAPPENED, NOW, make_user


def test_a_relay_and_sender_killed_twice_loses_nothing(committed_db, tmp_path):
    reader, messages = make_user("reader"), 400
    audit.record_many(
        [audit.EntryDraft(HAPPENED, reader, note=f"n{number}") for number in range(messages)],
        actor=None,
        at=NOW,
    )
    outgoing = tmp_path / "sms.txt"
    environ = {
        "SMS_BACKEND": "tests.kernel.background.processes.FileTelephones",
        "SMS_FILE": str(outgoing),
    }
    chance = random.Random(7)
    for sent in (40, 170):
        with process(committed_db, "post", **environ) as child:
            wait_until(lambda sent=sent: Delivery.objects.filter(sent_at__isnull=False).count() >= sent)
            time.sleep(chance.random() / 50)
            assert child.poll() is None
            kill(child)
    with process(committed_db, "post", **environ) as child:
        assert child.wait(timeout=60) == 0

    assert not OutboxMessage.objects.filter(relayed_at=None).exists()
    assert Notification.objects.count() == messages
    assert not Delivery.objects.filter(sent_at=None).exists()
    heard = Counter(outgoing.read_text(encoding="utf-8").splitlines())
    assert len(heard) == messages
    # At most the one message that was on its way when the process was killed goes out again.
    assert sum(heard.values()) - messages <= 2


def test_a_job_killed_on_the_way_is_finished_by_another_worker(committed_db, add_handler):
    add_handler("background.steps", count_districts)
    owner = make_user("owner")
    job = start_job(
        "background.steps", title="کار", owner=owner, params={"steps": 40, "pause": 0.1}, at=datetime.now(UTC)
    )
    steps = AuditEntry.objects.filter(event=HAPPENED.code)
    with process(committed_db, "job", str(job.pk)) as child:
        wait_until(lambda: Job.objects.get().done >= 3)
        assert run_job(job.pk, clock=lambda: datetime.now(UTC) + timedelta(hours=1)) is False
        kill(child)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    assert 3 <= steps.count() < 40
    Job.objects.update(params={"steps": 40, "pause": 0})

    later = datetime.now(UTC) + STALE_AFTER + timedelta(seconds=2)
    wait_until(lambda: run_job(job.pk, clock=lambda: later))

    job.refresh_from_db()
    assert (job.state, job.result, job.done) == (JobState.DONE, {"steps": 40}, 40)
    assert Counter(steps.values_list("note", flat=True)) == Counter(f"step {number}" for number in range(40))
