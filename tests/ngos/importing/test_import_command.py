"""``import_ngos`` (page 7): outcome, dry run, days, the person, errors of one line, exit codes."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ngos.models import Ngo, RegisterImport
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import Attachment, AuditEntry
from tests.ngos.importing.support import HEADING, make_user, register, rows
from tests.ngos.register_samples import REGISTER, expected, workbook

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db
DAY = {"on": "1405/09/03"}


def run(*arguments, **options):
    out = io.StringIO()
    call_command("import_ngos", *map(str, arguments), stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def expert():
    return make_user("expert")


def test_the_report_is_as_expected_and_the_second_import_changes_nothing(expert, tmp_path):
    wanted, target = expected(), tmp_path / "report.json"
    said = run(REGISTER, report=target, **DAY)
    report = json.loads(target.read_text(encoding="utf-8"))

    assert list(report) == ["created", "updated", "unchanged", "duplicates", "rejected", "warned"]
    assert report["created"] == Ngo.objects.count() == wanted["accepted"]
    assert {str(line["row"]): line["code"] for line in report["rejected"]} == wanted["rejected"]
    assert {str(line["row"]) for line in report["duplicates"]} == wanted["duplicate_of"].keys()
    assert {str(line["row"]): line["code"] for line in report["warned"]} == wanted["warned"]
    assert said.strip().endswith("created 590, updated 0, unchanged 0, duplicates 12, rejected 38, warned 19")

    found = RegisterImport.objects.get()
    assert (found.state, found.created_by, found.report["created"]) == ("done", expert, 590)
    assert found.attachment.root_id == found.pk
    last = AuditEntry.objects.order_by("-id")[0]
    assert last.event == "import.done"

    run(REGISTER, report=target, actor="EXPERT", **DAY)
    assert json.loads(target.read_text(encoding="utf-8"))["unchanged"] == 590
    later = AuditEntry.objects.filter(pk__gt=last.pk)
    assert [entry.event for entry in later] == ["import.done"]


def test_a_dry_run_writes_nothing_and_needs_nobody(tmp_path):
    before = AuditEntry.objects.count()
    said = run(REGISTER, "--dry-run", report="-", **DAY)
    report, last = said.rsplit("}\n", 1)
    assert json.loads(report + "}")["created"] == 590
    assert last.startswith("would be: created 590")
    assert not Ngo.objects.exists()
    assert not RegisterImport.objects.exists()
    assert not Attachment.objects.exists()
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("day", ["1405/09/03", "۱۴۰۵/۹/۳", "2026-11-24"])
def test_the_day_may_be_jalali_or_iso(day):
    assert "warned 19" in run(REGISTER, "--dry-run", on=day)


def test_the_day_decides_what_has_expired():
    assert "warned 19" not in run(REGISTER, "--dry-run", on="1404/01/15")


def test_a_sheet_may_be_named(expert, tmp_path):
    path = tmp_path / "register.xlsx"
    path.write_bytes(workbook(HEADING, *rows(2), others={"پیشین": [HEADING, *rows(3)]}))
    assert "created 3" in run(path, sheet="پیشین")
    assert RegisterImport.objects.get().sheet == "پیشین"


def test_who_imports_must_be_clear():
    with pytest.raises(CommandError, match="no HQ expert: say with --actor USER who imports"):
        run(REGISTER, **DAY)
    make_user("one"), make_user("two")
    with pytest.raises(CommandError, match="2 HQ experts"):
        run(REGISTER, **DAY)
    with pytest.raises(CommandError, match="no user nobody"):
        run(REGISTER, actor="nobody", **DAY)
    make_user("manager", Role.HQ_MANAGER)
    with pytest.raises(CommandError, match="کارشناس ستاد سمن‌ها"):
        run(REGISTER, actor="manager", **DAY)
    assert not Ngo.objects.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"on": "1405/13/01"}, "--on 1405/13/01"),
        ({"on": "2026-02-31"}, "--on 2026-02-31: not a day"),
        ({"sheet": "نایافت"}, "برگه «نایافت» در فایل نیست"),
        ({"report": "/nowhere/at/all.json"}, "no such folder"),
    ],
)
def test_a_wrong_option_is_said_before_anything_is_written(expert, options, words):
    with pytest.raises(CommandError) as refused:
        run(REGISTER, **options)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not Ngo.objects.exists()


def test_a_wrong_file_is_said_in_one_line_without_a_traceback(tmp_path):
    for name in ("missing.xlsx", "picture.xlsx"):
        path = tmp_path / name
        if name == "picture.xlsx":
            path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 200)
        done = subprocess.run(
            [sys.executable, "manage.py", "import_ngos", str(path), "--dry-run"],
            cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert done.stderr.startswith("CommandError: ")
        assert len(done.stderr.strip().splitlines()) == 1


def test_rows_that_are_refused_do_not_fail_the_command(expert, tmp_path):
    path = tmp_path / "register.xlsx"
    path.write_bytes(register([*rows(1), ("", "", "02188001122")]))
    assert "created 1, updated 0, unchanged 0, duplicates 0, rejected 1" in run(path)
