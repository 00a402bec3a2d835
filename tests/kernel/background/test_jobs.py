"""Long work: queued, run by one worker, seen while it runs, and ended with a sentence."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from django.db import connection, transaction

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.delivery.outbox import relay_outbox
from staff_portal.kernel.jobs import handlers
from staff_portal.kernel.jobs.running import (
    MAX_TAKES,
    STALE_AFTER,
    TAKEN_TOO_OFTEN,
    UNFORESEEN,
    jobs_to_run,
    run_job,
    start_job,
)
from staff_portal.kernel.models import AuditEntry, Job, JobState, Notification
from tests.kernel.background.support import NOW, make_user


def clock() -> datetime:
    return NOW


@pytest.fixture
def queue(committed_db, add_handler):
    """Queue a job whose handler is the given function."""

    def add(function, **params):
        add_handler("background.test", function)
        owner = make_user("owner")
        return start_job("background.test", title="ورود فهرست", owner=owner, params=params, at=NOW)

    return add


def test_a_started_job_waits_and_its_start_is_recorded(queue):
    job = queue(lambda job, progress, *, at: {})
    assert (job.state, job.handler, job.created_at) == (JobState.QUEUED, "background.test", NOW)
    assert jobs_to_run(at=NOW) == [job.pk]
    entry = AuditEntry.objects.get(event="job.started")
    assert (entry.actor, entry.subject_label) == (job.owner, "ورود فهرست")


def test_a_handler_that_nobody_registered_is_refused(committed_db):
    with pytest.raises(ValueError, match="handler"):
        start_job("nobody.home", title="کار", owner=make_user("owner"), at=NOW)
    assert not Job.objects.exists()


def test_a_handlers_name_is_given_once(add_handler):
    add_handler("background.twice", lambda job, progress, *, at: {})
    with pytest.raises(ValueError, match="twice"):
        handlers.handler("background.twice")(lambda job, progress, *, at: {})


def test_a_finished_job_keeps_its_result_and_its_owner_is_told(queue):
    def work(job, progress, *, at):
        progress(30, 30, "پایان")
        return {"created": job.params["rows"], "on": at.date(), "url": "/ngos/import/1/"}

    job = queue(work, rows=30)
    assert run_job(job.pk, clock=clock) is True

    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.message) == (JobState.DONE, 30, 30, "")
    assert job.result == {"created": 30, "on": "2026-11-24", "url": "/ngos/import/1/"}
    assert job.finished_at == NOW
    assert AuditEntry.objects.filter(event="job.finished", actor=None).count() == 1
    relay_outbox(at=NOW)
    notice = Notification.objects.get()
    assert (notice.recipient, notice.text, notice.url) == (
        job.owner,
        "«ورود فهرست» پایان یافت.",
        "/ngos/import/1/",
    )
    assert run_job(job.pk, clock=clock) is False


def test_a_refusal_is_the_sentence_its_owner_reads(queue):
    def work(job, progress, *, at):
        progress(3, 10, "ردیف ۳")
        raise Refusal("این پرونده سرستون ندارد.")

    job = queue(work)
    run_job(job.pk, clock=clock)

    job.refresh_from_db()
    assert (job.state, job.message, job.result) == (JobState.FAILED, "این پرونده سرستون ندارد.", {})
    assert (job.done, job.total) == (3, 10)
    assert AuditEntry.objects.get(event="job.failed").note == "این پرونده سرستون ندارد."


def test_an_unforeseen_error_is_a_sentence_for_the_owner_and_a_trace_for_the_log(queue):
    def work(job, progress, *, at):
        return {"share": 1 / 0}

    job = queue(work)
    with structlog.testing.capture_logs() as logs:
        run_job(job.pk, clock=clock)

    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, UNFORESEEN)
    assert [(log["event"], log["exc_info"]) for log in logs if log["log_level"] == "error"] == [
        ("job_failed", True)
    ]


def test_workers_at_the_same_time_run_a_job_once(committed_db, queue):
    runs = []

    def work(job, progress, *, at):
        runs.append(job.pk)
        time.sleep(0.3)
        return {}

    job = queue(work)
    results = committed_db.together([lambda: run_job(job.pk, clock=clock)] * 4)

    assert sorted(results) == [False, False, False, True]
    assert runs == [job.pk]


def test_a_job_whose_worker_lives_is_not_taken_however_old_its_heartbeat(queue):
    started, go_on = threading.Event(), threading.Event()
    runs = []

    def work(job, progress, *, at):
        runs.append(at)
        started.set()
        go_on.wait(timeout=20)
        return {}

    job = queue(work)
    thread = threading.Thread(target=lambda: (run_job(job.pk, clock=clock), connection.close()))
    thread.start()
    assert started.wait(timeout=20)
    much_later = NOW + timedelta(hours=1)
    assert jobs_to_run(at=much_later) == [job.pk]
    assert run_job(job.pk, clock=lambda: much_later) is False
    go_on.set()
    thread.join(timeout=20)

    assert runs == [NOW]
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_silent_job_is_taken_up_again_and_a_beating_one_is_not(queue):
    job = queue(lambda job, progress, *, at: {"again": True})
    Job.objects.update(state=JobState.RUNNING, heartbeat_at=NOW, result={"takes": 1})

    assert jobs_to_run(at=NOW + STALE_AFTER) == []
    assert run_job(job.pk, clock=lambda: NOW + STALE_AFTER) is False
    later = NOW + STALE_AFTER + timedelta(seconds=1)
    assert jobs_to_run(at=later) == [job.pk]
    assert run_job(job.pk, clock=lambda: later) is True
    job.refresh_from_db()
    assert job.result == {"again": True}


def test_a_job_that_kills_every_worker_is_given_up(queue):
    runs = []
    job = queue(lambda job, progress, *, at: runs.append(1) or {})
    Job.objects.update(state=JobState.RUNNING, heartbeat_at=NOW, result={"takes": MAX_TAKES})

    run_job(job.pk, clock=lambda: NOW + timedelta(hours=1))

    job.refresh_from_db()
    assert (job.state, job.message, runs) == (JobState.FAILED, TAKEN_TOO_OFTEN, [])


def test_progress_and_heartbeat_are_seen_while_the_handlers_transaction_is_open(queue):
    moments = iter(NOW + timedelta(seconds=number) for number in range(1000))
    seen = []

    def watch():
        for _ in range(16):
            time.sleep(0.2)
            seen.append(Job.objects.values_list("done", "total", "message", "heartbeat_at").get())
        connection.close()

    def work(job, progress, *, at):
        watcher = threading.Thread(target=watch)
        watcher.start()
        with transaction.atomic():
            for number in range(1, 101):
                progress(number, 100, f"ردیف {number}")
                time.sleep(0.01)
            time.sleep(1.6)  # says nothing, and the heart beats on
        watcher.join()
        return {}

    job = queue(work)
    run_job(job.pk, clock=lambda: next(moments))

    first, *_, last = [row for row in seen if row[0]]
    assert first[0] < 100
    assert (last[0], last[1], last[2]) == (100, 100, "ردیف 100")
    beats = [row[3] for row in seen]
    assert len(set(beats)) >= 3
    # Written at most every half second: a hundred reports in one second are two or three writes.
    assert len({row[0] for row in seen}) <= 5


def test_a_job_taken_by_another_worker_stops_at_its_next_report(queue):
    """As when PostgreSQL was started anew and another worker was quicker to come back."""

    def work(job, progress, *, at):
        heart = progress.__self__
        heart.is_lost = True
        progress(1, 2, "")
        return {"never": True}

    job = queue(work)
    assert run_job(job.pk, clock=clock) is False
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.RUNNING, {"takes": 1})


def test_a_heart_whose_connection_was_cut_gets_its_lock_again(queue):
    def work(job, progress, *, at):
        heart = progress.__self__
        with heart._connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        time.sleep(1.2)
        progress(7, 9, "دوباره")
        time.sleep(1.2)
        return {"lost": heart.is_lost}

    job = queue(work)
    assert run_job(job.pk, clock=lambda: datetime.now(UTC)) is True
    job.refresh_from_db()
    assert job.result == {"lost": False}
    assert job.total == 9
