"""Celery's way in, and the command that does the same without a worker."""

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command

from staff_portal.celery import app
from staff_portal.kernel import tasks
from staff_portal.kernel.delivery import notices
from staff_portal.kernel.jobs.running import start_job
from staff_portal.kernel.models import Delivery, Job, JobState, LedgerLink, Notification
from tests.kernel.background.support import NOW, happen, make_user


def test_every_task_the_beat_sends_exists():
    app.loader.import_default_modules()
    wanted = {row["task"] for row in site.CELERY_BEAT_SCHEDULE.values()}
    assert "kernel.relay_outbox" in wanted
    assert wanted <= set(app.tasks)


def test_every_task_that_a_commit_nudges_exists():
    app.loader.import_default_modules()
    assert {"kernel.relay_outbox", "kernel.resume_jobs", "kernel.render_letters"} <= set(app.tasks)


@pytest.mark.django_db
def test_the_tasks_do_the_work_and_twice_does_no_harm(tell, signing_key):
    reader = make_user("reader")
    tell(audience=lambda entry: [reader.pk], email=True)
    happen(None, reader)

    assert (tasks.relay_outbox(), tasks.relay_outbox()) == (1, 0)
    assert (tasks.send_deliveries(), tasks.send_deliveries()) == (1, 0)
    assert (tasks.seal_audit(), tasks.seal_audit()) == (1, 0)

    assert Notification.objects.count() == 1
    assert LedgerLink.objects.count() == 1


def test_a_queued_job_is_handed_out_and_run(committed_db, add_handler):
    add_handler("background.test", lambda job, progress, *, at: {"year": at.year})
    job = start_job("background.test", title="کار", owner=make_user("owner"), at=NOW)

    assert tasks.resume_jobs() == 1
    assert tasks.run_job(job.pk) is True
    assert tasks.run_job(job.pk) is False
    assert tasks.resume_jobs() == 0
    assert Job.objects.get().state == JobState.DONE


@pytest.fixture
def due():
    """Producers of due warnings that are gone after the test."""
    before = dict(notices.DUE_NOTICES)
    yield notices.register_due
    notices.DUE_NOTICES.clear()
    notices.DUE_NOTICES.update(before)


@pytest.mark.django_db
def test_the_command_makes_what_is_due_and_sends_what_waits(tell, due, capsys):
    reader = make_user("reader")
    tell(audience=lambda entry: [reader.pk], email=True)
    happen(None, reader)
    due("background.warnings", lambda at: bool(happen(None, reader, note="هشدار", at=at)))

    call_command("send_due_notices")

    assert Notification.objects.count() == 2
    assert not Delivery.objects.filter(sent_at=None).exists()
    assert "۱ هشدار تازه، ۲ پیام پخش شد، ۲ رایانامه و پیامک فرستاده شد." in capsys.readouterr().out


@pytest.mark.django_db
def test_a_producer_that_fails_is_named_and_keeps_nothing_back(tell, due):
    reader = make_user("reader")
    tell(audience=lambda entry: [reader.pk])
    due("background.broken", lambda at: 1 // 0)
    due("background.sound", lambda at: bool(happen(None, reader, at=at)))

    with pytest.raises(CommandError, match=r"background\.broken"):
        call_command("send_due_notices")

    assert Notification.objects.count() == 1


@pytest.mark.django_db
def test_a_producer_is_registered_once(due):
    due("background.twice", lambda at: 0)
    with pytest.raises(ValueError, match="twice"):
        due("background.twice", lambda at: 0)


@pytest.mark.django_db
def test_the_beat_runs_what_is_due_and_one_that_fails_keeps_nobody_back(due):
    def broken(at):
        raise RuntimeError("cannot")

    notices.DUE_NOTICES.clear()
    due("test.broken", broken)
    due("test.fine", lambda at: 2)
    assert tasks.produce_due() == 2
    assert notices.produce_due(NOW) == (2, ["test.broken"])
    assert site.CELERY_BEAT_SCHEDULE["produce-due"]["task"] == "kernel.produce_due"
