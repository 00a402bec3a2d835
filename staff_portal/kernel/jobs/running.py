"""Starting long work, and running it once however many workers try and however often one dies."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from staff_portal.kernel.base import background
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.jobs.handlers import HANDLERS, MESSAGE_LENGTH, Clock, Heart, JobLost
from staff_portal.kernel.models import Job, JobState, User
from staff_portal.kernel.trail import audit, events

# The lock tells for sure that a worker is dead; the pause only lets a worker that lost its connection come back.
STALE_AFTER = timedelta(seconds=15)
MAX_TAKES = 5
UNFORESEEN = "خطایی پیش‌بینی‌نشده رخ داد. دوباره بکوشید و اگر تکرار شد به راهبر سامانه خبر دهید."
TAKEN_TOO_OFTEN = "این کار چند بار آغاز شد و هر بار نیمه‌کاره ماند. به راهبر سامانه خبر دهید."

log = structlog.get_logger(__name__)


def start_job(
    handler: str, *, title: str, owner: User, params: Mapping[str, Any] | None = None, at: datetime
) -> Job:
    """Queue a job of the registered ``handler``; a worker takes it up after the commit.

    Raises ``ValueError`` for a handler nobody registered.
    """
    if handler not in HANDLERS:
        raise ValueError(f"no such job handler: {handler}")
    with transaction.atomic():
        job = Job.objects.create(
            handler=handler, title=title[:200], owner=owner, params=dict(params or {}), created_at=at
        )
        audit.record(events.JOB_STARTED, job, actor=owner, at=at)
        transaction.on_commit(background.nudge_jobs, robust=True)
    return job


def jobs_to_run(*, at: datetime) -> list[int]:
    """Ids of the jobs that wait, and of those whose worker has gone silent; oldest first."""
    return list(Job.objects.filter(_is_free(at)).order_by("id").values_list("id", flat=True))


def run_job(job_id: int, *, clock: Clock) -> bool:
    """Run a job that waits or whose worker died; False when there is nothing to do for this worker.

    The handler runs outside any transaction, so its chunks are committed as they come. A refusal or an error
    ends the job as failed with a sentence for its owner; when the database itself went away the job stays as
    it is and is taken up again.
    """
    with Heart(job_id, clock) as heart:
        if not heart.take():
            return False
        job = _claim(job_id, clock())
        if job is None:
            return False
        if job.result["takes"] > MAX_TAKES:
            _end(job, JobState.FAILED, TAKEN_TOO_OFTEN, {}, clock())
            return False
        heart.start()
        state, message, result = _work(job, heart, clock)
        heart.stop()
        if state is None or heart.is_lost:
            return False
        _end(job, state, message, result, clock())
    return True


def _is_free(at: datetime) -> Q:
    silent = Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=at - STALE_AFTER)
    return Q(state=JobState.QUEUED) | (Q(state=JobState.RUNNING) & silent)


@transaction.atomic
def _claim(job_id: int, at: datetime) -> Job | None:
    """Mark the job as running; ``result`` counts how often it was taken up until there is a real one."""
    job = (
        Job.objects.filter(_is_free(at), pk=job_id)
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("owner")
        .first()
    )
    if job is None:
        return None
    job.state, job.heartbeat_at = JobState.RUNNING, at
    job.result = {"takes": int(job.result.get("takes", 0)) + 1}
    job.save(update_fields=["state", "heartbeat_at", "result"])
    return job


def _work(job: Job, heart: Heart, clock: Clock) -> tuple[JobState | None, str, dict[str, Any]]:
    """Call the handler; the state to end in is None when the job is not ours to end."""
    try:
        return JobState.DONE, "", HANDLERS[job.handler](job, heart.progress, at=clock())
    except JobLost as lost:
        log.warning("job_lost", job=job.pk, reason=str(lost))
        return None, "", {}
    except Refusal as refusal:
        return JobState.FAILED, refusal.sentence, {}
    except (OperationalError, InterfaceError):
        log.exception("job_interrupted", job=job.pk, handler=job.handler)
        return None, "", {}
    except Exception:  # whatever the handler raises, its owner reads a sentence and the log has the trace
        log.exception("job_failed", job=job.pk, handler=job.handler)
        return JobState.FAILED, UNFORESEEN, {}


def _end(job: Job, state: JobState, message: str, result: dict[str, Any], at: datetime) -> None:
    with transaction.atomic():
        ended = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
        ended.state, ended.result, ended.finished_at = state, audit.plain(result), at
        if state == JobState.DONE:
            ended.done = ended.total = max(ended.total, ended.done)
        ended.message = (message or ended.message)[:MESSAGE_LENGTH] if state == JobState.FAILED else ""
        ended.save(update_fields=["state", "result", "finished_at", "done", "total", "message"])
        event = events.JOB_FINISHED if state == JobState.DONE else events.JOB_FAILED
        audit.record(event, ended, actor=None, at=at, note=message)
