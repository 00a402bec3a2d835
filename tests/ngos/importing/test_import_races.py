"""Imports that are killed, that meet one another, and that meet somebody who registers by hand (page 9)."""

import threading
import time
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ngos.models import Licence, Ngo, Officer, RegisterImport
from ngos.operations.import_jobs import IMPORT_JOB, confirm_import
from ngos.operations.importing import import_register
from ngos.operations.ngo_data import LicenceData, NgoData
from ngos.operations.registry import register_ngo, update_ngo
from staff_portal.kernel.jobs.running import run_job
from staff_portal.kernel.models import AuditEntry, Job
from tests.ngos.importing.support import AT, ON, make_user, register, rows, sheet


def wait_until(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("waited in vain")


def is_waiting_for_a_lock(database, count=1):
    with database.app_cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] >= count


def test_a_row_registered_by_hand_meanwhile_costs_the_chunk_nothing(committed_db, expert):
    data = rows(20)
    taken = data[7]
    results = []

    def run():
        try:
            results.append(import_register(sheet(data), actor=expert, at=AT, on=ON))
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        by_hand = NgoData(name=taken[0], national_id=taken[1], phone=taken[2])
        register_ngo(actor=expert, at=AT, data=by_hand)
        thread.start()
        # The chunk has planned without our row and now waits for what becomes of it.
        wait_until(lambda: is_waiting_for_a_lock(committed_db))
    thread.join(60)

    report = results[0]
    assert (report.created, report.updated, report.unchanged) == (19, 1, 0)
    assert report.rejected == []
    assert Ngo.objects.count() == 20
    assert Ngo.objects.get(national_id=taken[1]).district_id == taken[3]
    imported = AuditEntry.objects.filter(event="ngo.imported")
    assert Counter(imported.values_list("subject_label", flat=True)).most_common(1)[0][1] == 1
    assert imported.count() == 19


def test_two_confirmations_that_meet_start_one_job(committed_db, expert, checked):
    found = checked(register(rows(3)))
    results = []

    def run():
        try:
            results.append(confirm_import(found, actor=expert, at=AT)[1])
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    with transaction.atomic():
        RegisterImport.objects.select_for_update().get(pk=found.pk)
        for thread in threads:
            thread.start()
        # Both have read the page's state and stand before the row.
        wait_until(lambda: is_waiting_for_a_lock(committed_db, 2))
    for thread in threads:
        thread.join(60)
    assert sorted(results) == [False, True]
    assert Job.objects.filter(handler=IMPORT_JOB).count() == 1


def test_two_imports_at_once_register_each_ngo_once(committed_db, expert):
    second = make_user("second")
    data = rows(450)
    # The other way round, so that two transactions could lock one another out.
    turned = sheet(data[::-1])
    results = committed_db.together(
        [
            lambda: import_register(sheet(data), actor=expert, at=AT, on=ON),
            lambda: import_register(turned, actor=second, at=AT, on=ON),
        ]
    )
    assert sum(report.created for report in results) == 450
    assert sum(report.unchanged for report in results) == 450
    assert all(report.rejected == [] and report.updated == 0 for report in results)
    assert Ngo.objects.count() == Officer.objects.count() == 450
    assert AuditEntry.objects.filter(event="ngo.imported").count() == 450


def test_a_killed_worker_is_followed_by_another_with_the_same_outcome(
    client, committed_db, checked, celery_worker_process
):
    found = checked(register([*rows(3000), rows(1)[0]]))
    client.post(f"/ngos/import/{found.pk}/confirm/")
    wait_until(lambda: RegisterImport.objects.get(pk=found.pk).report.get("rows", 0) >= 400)
    celery_worker_process.kill()

    found.refresh_from_db()
    written = Ngo.objects.count()
    assert found.state == "confirmed"
    assert 400 <= written < 3000
    assert found.report["rows"] == written, "the place is kept in the transaction of the chunk"
    job = Job.objects.get(handler=IMPORT_JOB)
    assert job.state == "running"

    later = timezone.now() + timedelta(minutes=1)
    wait_until(lambda: run_job(job.pk, clock=lambda: later))

    found.refresh_from_db()
    assert found.state == "done"
    assert (found.report["created"], found.report["unchanged"]) == (3000, 0)
    assert [line["row"] for line in found.report["duplicates"]] == [3002]
    assert Ngo.objects.count() == Officer.objects.count() == 3000
    imported = AuditEntry.objects.filter(event="ngo.imported").values_list("subject_id", flat=True)
    assert len(imported) == len(set(imported)) == 3000
    assert AuditEntry.objects.filter(event="import.done").count() == 1


def test_an_import_that_broke_off_is_continued_from_the_page(client, checked, run_jobs, monkeypatch):
    from ngos.operations import importing

    found = checked(register(rows(600)))
    client.post(f"/ngos/import/{found.pk}/confirm/")
    plan = importing.store_plan
    calls = []

    def breaks(*arguments, **named):
        calls.append(1)
        if len(calls) == 2:
            raise ZeroDivisionError
        plan(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(importing, "store_plan", breaks)
        run_jobs()
    assert Ngo.objects.count() == 200
    text = client.get(f"/ngos/import/{found.pk}/").content.decode()
    assert "ناتمام ماند" in text
    assert "ادامه ورود" in text

    client.post(f"/ngos/import/{found.pk}/confirm/")
    run_jobs()
    found.refresh_from_db()
    assert found.state == "done"
    assert found.report["created"] == 600
    assert Ngo.objects.count() == 600


def test_progress_is_written_at_least_every_second(committed_db, client, checked, celery_worker_process):
    found = checked(register(rows(3000)))
    client.post(f"/ngos/import/{found.pk}/confirm/")
    wait_until(lambda: Job.objects.get(handler=IMPORT_JOB).state == "running")
    beats, shown = [], set()
    while True:
        job = Job.objects.get(handler=IMPORT_JOB)
        if job.state != "running":
            break
        if not beats or job.heartbeat_at != beats[-1]:
            beats.append(job.heartbeat_at)
        shown.add(job.done)
        time.sleep(0.05)
    assert job.state == "done"
    gaps = [second - first for first, second in pairwise(beats)]
    assert max(gaps) < timedelta(seconds=2), gaps
    assert len(shown) >= 3
    assert sorted(shown)[-1] <= 3000


@pytest.mark.parametrize("change", ["licence", "data"])
def test_the_page_and_the_register_change_an_ngo_by_the_same_door(committed_db, expert, change):
    row = rows(1)[0]
    import_register(sheet([row]), actor=expert, at=AT, on=ON)
    ngo = Ngo.objects.get()
    data = NgoData(name=row[0], national_id=row[1], phone="02188001122", licence=None)
    if change == "licence":
        data = NgoData(name=row[0], national_id=row[1], licence=LicenceData("interior", ON))
    changed = update_ngo(ngo, actor=expert, at=AT, data=data, version=ngo.version)
    assert changed.version == 2
    assert Licence.objects.count() == 0
    entry = AuditEntry.objects.get(event="ngo.changed")
    assert entry.before["phone"] == row[2]
    assert entry.after["phone"] == data.phone
