"""Celery's way in: each task reads the clock, calls one operation and ends; running one twice does no harm."""

import structlog
from celery import shared_task
from django.utils import timezone

from staff_portal.kernel.delivery import notices, outbox
from staff_portal.kernel.jobs import running
from staff_portal.kernel.letters.issuing import render_waiting_letters
from staff_portal.kernel.trail import sealing
from staff_portal.kernel.workflow import work

log = structlog.get_logger(__name__)

RELAY_LIMIT = 1000
SEND_LIMIT = 500


@shared_task(name="kernel.relay_outbox")
def relay_outbox() -> int:
    """Turn waiting messages into notices."""
    return outbox.relay_outbox(at=timezone.now(), limit=RELAY_LIMIT)


@shared_task(name="kernel.send_deliveries")
def send_deliveries() -> int:
    """Send e-mails and SMS that are due."""
    return outbox.send_deliveries(at=timezone.now(), limit=SEND_LIMIT)


@shared_task(name="kernel.produce_due")
def produce_due() -> int:
    """Write the warnings that are due, and take the steps whose clock has run out."""
    return notices.produce_due(timezone.now())[0]


@shared_task(name="kernel.rebuild_work")
def rebuild_work() -> int:
    """Compare the work items with the records and put right what differs; a difference at night is a fault."""
    found = work.rebuild(at=timezone.now())
    if found.total:
        log.error("work_items_differed", total=found.total, records=found.records[:50])
    return found.total


@shared_task(name="kernel.compute_clocks")
def compute_clocks() -> int:
    """The calendar has changed: the days of what waits are computed again (K5)."""
    return work.rebuild(at=timezone.now()).changed


@shared_task(name="kernel.seal_audit")
def seal_audit() -> int:
    """Chain committed audit entries (K4)."""
    return sealing.seal_entries(at=timezone.now())


@shared_task(name="kernel.resume_jobs")
def resume_jobs() -> int:
    """Hand out the jobs that wait or whose worker died."""
    waiting = running.jobs_to_run(at=timezone.now())
    for job_id in waiting:
        run_job.apply_async(args=[job_id], expires=15)
    return len(waiting)


@shared_task(name="kernel.run_job")
def run_job(job_id: int) -> bool:
    """Run one job to its end."""
    return running.run_job(job_id, clock=timezone.now)


@shared_task(name="kernel.render_letters")
def render_letters() -> int:
    """Make the PDF of letters that have none yet."""
    return int(render_waiting_letters(at=timezone.now()) or 0)
