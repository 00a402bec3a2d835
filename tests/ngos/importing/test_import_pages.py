"""The pages of an import: upload, preview, confirmation, report, and the rows to be corrected (page 7)."""

import io
import json

import pytest
from openpyxl import load_workbook

from ngos.models import Ngo, RegisterImport
from ngos.operations.import_jobs import IMPORT_JOB
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.delivery.outbox import relay_outbox
from staff_portal.kernel.models import Attachment, AuditEntry, Job, Notification, OutboxMessage
from tests.ngos.importing.conftest import URL
from tests.ngos.importing.support import AT, HEADING, make_user, register, rows
from tests.ngos.register_samples import REGISTER, expected, workbook


def page(client, found, **query):
    return client.get(f"{URL}{found.pk}/", query)


def confirm(client, found):
    return client.post(f"{URL}{found.pk}/confirm/", follow=True)


def test_from_upload_to_report(client, checked, run_jobs):
    wanted = expected()
    found = checked()
    assert found.state == "checked"
    assert Ngo.objects.count() == 0
    preview = page(client, found)
    text = preview.content.decode()
    assert preview.status_code == 200
    assert "۵۹۰" in text
    assert "۳۸" in text
    assert "هنوز چیزی ثبت نشده است" in text
    assert "سطر\u00a0۴۳" in text

    text = confirm(client, found).content.decode()
    assert "ورود فهرست آغاز شد" in text
    assert 'hx-trigger="every 1s"' in text
    assert '<noscript><meta http-equiv="refresh"' in text
    run_jobs()

    found.refresh_from_db()
    assert found.state == "done"
    report = json.loads(client.get(f"{URL}{found.pk}/report.json").content)
    assert list(report) == ["created", "updated", "unchanged", "duplicates", "rejected", "warned"]
    assert report["created"] == Ngo.objects.count() == wanted["accepted"]
    assert {str(line["row"]): line["code"] for line in report["rejected"]} == wanted["rejected"]
    assert {str(line["row"]) for line in report["duplicates"]} == wanted["duplicate_of"].keys()
    assert {str(line["row"]): line["code"] for line in report["warned"]} == wanted["warned"]
    for show, first in (("rejected", "سطر\u00a0۴۳"), ("duplicates", "سطر\u00a0۴۷"), ("warned", "سطر\u00a0۵")):
        assert first in page(client, found, show=show).content.decode()
    job = Job.objects.get(handler=IMPORT_JOB)
    assert (job.state, job.done, job.total) == ("done", 640, 640)


def test_a_second_import_leaves_one_audit_line(client, checked, run_jobs):
    confirm(client, checked())
    run_jobs()
    found = checked()
    assert found.preview["report"]["unchanged"] == 590
    text = page(client, found).content.decode()
    assert "چیزی برای ثبت ندارد" in text
    last = AuditEntry.objects.order_by("-id")[0].pk

    confirm(client, found)
    run_jobs()

    entries = list(AuditEntry.objects.filter(pk__gt=last).exclude(event__startswith="job.").order_by("id"))
    assert [entry.event for entry in entries] == ["import.confirmed", "import.done"]
    assert entries[-1].after["unchanged"] == 590


def test_two_clicks_and_two_tabs_import_once(committed_db, expert, signed_in, checked, run_jobs):
    found = checked(register(rows(30)))
    first, second = signed_in(expert), signed_in(expert)
    answers = committed_db.together([lambda: confirm(first, found), lambda: confirm(second, found)])
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Job.objects.filter(handler=IMPORT_JOB).count() == 1
    run_jobs()
    text = confirm(first, found).content.decode()
    assert "پیش از این تأیید شده است" in text
    run_jobs()
    assert Ngo.objects.count() == 30
    assert AuditEntry.objects.filter(event="import.done").count() == 1


BAD = [
    (b"", "empty.xlsx", "برگزینید"),
    (b"\x00" * 20, "blank.xlsx", "خالی"),
    (b"%PDF-1.7 something", "paper.xlsx", "صفحه‌گسترده نیست"),
    (b"name", "register.pdf", "xlsx یا csv"),
    (b"name,id\n1,2\n", "words.csv", "عنوان‌ها"),
    (b"PK\x03\x04broken", "broken.xlsx", ""),
    (register([]), "headings_only.xlsx", "هیچ سطری نیست"),
    (workbook(("نام سازمان", "تلفن"), ("الف", "ب")), "no_id.xlsx", "شناسه ملی"),
    (workbook((*HEADING, "تلفن"), *[(*row, "") for row in rows(1)]), "twice.xlsx", "تلفن"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.xlsx", "xlsx"),
]


@pytest.mark.parametrize(("content", "name", "words"), BAD, ids=[name for _, name, _ in BAD])
def test_a_bad_file_gets_its_sentence_on_the_page(upload, content, name, words):
    response = upload(content, name)
    text = response.content.decode()
    assert response.status_code == 422
    assert 'class="field-error"' in text
    assert words in text
    assert not RegisterImport.objects.exists()
    assert not Job.objects.exists()


def test_a_wrong_day_loses_neither_file_nor_text(client, upload):
    response = upload(on="۱۴۰۵/۱۳/۰۱")
    text = response.content.decode()
    staged = Attachment.objects.get()
    assert "۱۴۰۵/۱۳/۰۱" in text
    assert f'name="file_staged" value="{staged.pk}"' in text
    assert not RegisterImport.objects.exists()

    again = upload(b"", file_staged=staged.pk)
    assert again.status_code == 302
    found = RegisterImport.objects.get()
    assert found.attachment == staged
    assert found.checked_on.isoformat() == "2026-11-24"
    staged.refresh_from_db()
    assert staged.root_id == found.pk


def test_of_several_sheets_one_is_chosen_and_a_wrong_one_keeps_the_file(upload):
    content = workbook(
        ("یادداشت",),
        ("متن",),
        title="راهنما",
        others={"فهرست": [HEADING, *rows(3)], "پیشین": [HEADING, *rows(2)]},
    )
    text = upload(content).content.decode()
    staged = Attachment.objects.get()
    assert "این فایل چند برگه دارد" in text
    assert all(f'<option value="{title}"' in text for title in ("راهنما", "فهرست", "پیشین"))
    assert "field-error" not in text

    wrong = upload(b"", file_staged=staged.pk, sheet="راهنما").content.decode()
    assert "سطر عنوان‌ها پیدا نشد" in wrong
    assert f'name="file_staged" value="{staged.pk}"' in wrong

    assert upload(b"", file_staged=staged.pk, sheet="پیشین").status_code == 302
    assert RegisterImport.objects.get().sheet == "پیشین"
    assert Attachment.objects.count() == 1


def test_a_staged_file_can_be_taken_back(upload):
    upload(on="?")
    staged = Attachment.objects.get()
    text = upload(b"", file_staged=staged.pk, file_remove=staged.pk).content.decode()
    assert "file_staged" not in text


def test_a_csv_is_taken_too(client, checked, run_jobs):
    lines = [
        ";".join(HEADING),
        *(";".join("" if cell is None else str(cell) for cell in row) for row in rows(3)),
    ]
    found = checked("\r\n".join(lines).encode("utf-8-sig"), "register.csv")
    confirm(client, found)
    run_jobs()
    assert Ngo.objects.count() == 3
    assert "بدون برگه (csv)" in page(client, found).content.decode()


def test_unknown_columns_and_the_mapping_are_said(client, checked):
    found = checked(workbook((*HEADING, "رنگ نشان"), *[(*row, "آبی") for row in rows(2)]))
    text = page(client, found).content.decode()
    assert "«رنگ نشان»" in text
    assert "در فایل نیست" in text or "ندارد" in text


def test_rejected_rows_come_back_as_excel_and_pass_after_correction(client, checked, run_jobs):
    good, wrong_id, no_name, twin = rows(4)
    data = [
        good,
        (wrong_id[0], "12345678901", *wrong_id[2:]),
        ("=1+1", *no_name[1:]),
        (twin[0], good[1], *twin[2:]),
    ]
    found = checked(register(data))
    confirm(client, found)
    run_jobs()
    assert Ngo.objects.count() == 1

    response = client.get(f"{URL}{found.pk}/rejected.xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).active
    heading, *given = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert heading == ["ردیف", *HEADING, "ایراد"]
    assert [row[0] for row in given] == [3, 4, 5]
    assert given[0][2] == "12345678901"
    assert "شناسه ملی" in given[0][-1]
    assert "سطر ۲" in given[2][-1]

    for row, right in zip(given, (wrong_id, no_name, twin), strict=True):
        row[1:3] = right[0:2]
    again = checked(workbook(heading, *given))
    assert again.preview["unknown_headings"] == []
    assert again.preview["report"]["created"] == 3
    confirm(client, again)
    run_jobs()
    assert Ngo.objects.count() == 4
    assert RegisterImport.objects.get(pk=again.pk).report["rejected"] == []


def test_the_auditor_reads_reports_without_mobiles_and_changes_nothing(client, checked, signed_in):
    heading = (*HEADING, "همراه")
    first, second = rows(2)
    found = checked(register([(*first, "09121112233"), (*second, "0912ناقص55")], heading))
    auditor = signed_in(make_user("auditor", Role.AUDITOR))

    text = page(auditor, found).content.decode()
    assert "پوشیده" in text
    assert "ناقص55" not in text
    assert "ناقص" not in auditor.get(f"{URL}{found.pk}/report.json").content.decode()
    assert "0912ناقص55" in client.get(f"{URL}{found.pk}/report.json").content.decode()
    assert "تأیید و ورود" not in text
    assert auditor.get(f"{URL}{found.pk}/rejected.xlsx").status_code == 403
    assert auditor.get(f"/attachments/{found.attachment_id}/").status_code in {403, 404}
    for step in ("confirm", "check", "discard"):
        assert auditor.post(f"{URL}{found.pk}/{step}/").status_code == 403
    listed = auditor.get(URL).content.decode()
    assert "register.xlsx" in listed
    assert "بارگذاری و بررسی" not in listed
    assert auditor.post(URL, {"on": "1405/09/03"}).status_code == 403


@pytest.mark.parametrize("role", [Role.NGO_USER, Role.DEPUTY_EXPERT, Role.DISTRICT_HEAD, Role.HQ_ASSESSOR])
def test_others_see_nothing_of_imports(checked, signed_in, role):
    found = checked(register(rows(1)))
    other = signed_in(make_user("other", role))
    assert other.get(URL).status_code == 403
    for tail in ("", "report.json", "rejected.xlsx"):
        assert other.get(f"{URL}{found.pk}/{tail}").status_code == 403


def test_a_register_put_aside_is_not_imported(client, checked, run_jobs):
    found = checked(register(rows(2)))
    assert client.post(f"{URL}{found.pk}/discard/", follow=True).status_code == 200
    assert client.post(f"{URL}{found.pk}/confirm/").status_code == 409
    run_jobs()
    assert Ngo.objects.count() == 0
    assert AuditEntry.objects.filter(event="import.discarded").count() == 1


def test_a_check_can_be_made_again_when_the_registry_has_changed(client, checked, run_jobs):
    first = checked(register(rows(5)))
    second = checked(register(rows(8)))
    confirm(client, second)
    run_jobs()
    client.post(f"{URL}{first.pk}/check/")
    run_jobs()
    first.refresh_from_db()
    assert (first.state, first.preview["report"]["unchanged"]) == ("checked", 5)


def test_a_large_file_with_bad_rows_fails_with_its_sentence(client, checked, monkeypatch):
    monkeypatch.setattr("ngos.operations.import_jobs.READ_AT_ONCE", 10)
    found = checked(register([]))
    assert found.state == "failed"
    assert "هیچ سطری نیست" in page(client, found).content.decode()


def test_the_preview_waits_in_the_inbox_and_the_manager_hears_of_the_end(client, checked, run_jobs):
    manager = make_user("manager", Role.HQ_MANAGER)
    found = checked(register(rows(2)))
    assert f"{URL}{found.pk}/" in client.get("/inbox/").content.decode()
    confirm(client, found)
    run_jobs()
    assert f"{URL}{found.pk}/" not in client.get("/inbox/").content.decode()
    assert OutboxMessage.objects.filter(relayed_at=None).exists()
    relay_outbox(at=AT, limit=100)
    told = Notification.objects.get(recipient=manager)
    assert told.url == f"{URL}{found.pk}/"
    assert "2 سمن تازه" in told.text


def test_the_list_costs_the_same_for_many_imports(client, checked, django_assert_max_num_queries):
    checked(register(rows(1)))
    client.get(URL)
    with django_assert_max_num_queries(60) as few:
        client.get(URL)
        count = len(few)
    for number in range(5):
        checked(register(rows(number + 2)))
    with django_assert_max_num_queries(count):
        text = client.get(URL).content.decode()
    assert text.count("register.xlsx") >= 6
    book = load_workbook(io.BytesIO(client.get(URL, {"format": "xlsx"}).content)).active
    assert book.max_row == 7
    assert "ورودی با این نام نیست" in client.get(URL, {"q": "نایافت"}).content.decode()


def test_the_sample_is_the_file_of_the_page():
    assert REGISTER.stat().st_size > 10_000
