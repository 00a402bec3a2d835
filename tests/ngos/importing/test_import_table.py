"""State × row × role of an import, against a table written by hand, and what the database refuses (page 7)."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError

from ngos.models import RegisterImport
from ngos.operations import import_jobs
from ngos.operations.importing import Report
from ngos.workflow import IMPORT
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import JobState
from staff_portal.kernel.workflow import work
from tests.factories.people import make_user as person_of
from tests.ngos.importing.support import AT, ON, make_user, register, rows
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell
from tests.support.states import put

pytestmark = pytest.mark.django_db
EXPERT = {Role.HQ_EXPERT}
WRITTEN = {
    "upload": line(EXPERT, (), {"uploaded"}),
    "record": line(EXPERT, (), {"done"}),
    "begin_check": line(EXPERT, {"uploaded"}, {"uploaded"}, by_hand=False),
    "check_again": line(EXPERT, {"uploaded", "checked"}, {"uploaded"}),
    "checked": line((), {"uploaded"}, {"checked"}, system=True, by_hand=False),
    "confirm": line(EXPERT, {"checked"}, {"confirmed"}),
    "resume": line(EXPERT, {"confirmed"}, {"confirmed"}),
    "finish": line(EXPERT, {"confirmed"}, {"done"}),
    "fail": line((), {"uploaded", "confirmed"}, {"failed"}, system=True, by_hand=False),
    "discard": line(EXPERT, {"uploaded", "checked"}, {"failed"}),
}


def _import_in(state: str) -> RegisterImport:
    """An import in that state; a confirmed one has broken off."""
    expert = make_user("uploader")
    kept = import_jobs.stage_register(ContentFile(register(rows(2)), name="دفتر.xlsx"), actor=expert, at=AT)
    found = import_jobs.receive_register(kept, sheet="", on=ON, actor=expert, at=AT)
    if state == "confirmed":
        found = put(IMPORT, found, "checked")
        found, _ = import_jobs.confirm_import(found, actor=expert, at=AT)
        type(found.import_job).objects.filter(pk=found.import_job.pk).update(state=JobState.FAILED)
        return RegisterImport.objects.get(pk=found.pk)
    return put(IMPORT, found, state)


def test_the_table_is_the_design() -> None:
    assert_as_written(IMPORT, WRITTEN)


@pytest.mark.parametrize(("state", "name"), cells(IMPORT, WRITTEN))
def test_every_role_in_every_cell(state: str, name: Names) -> None:
    people = {role: person_of(role, scope_id=6) for role in Role.values}
    trial = Trial(_import_in, people, lambda row: AT, {"finish": {"report": Report(created=2)}})
    try_cell(IMPORT, WRITTEN, state, name, trial)


def test_a_checked_register_waits_for_its_uploader() -> None:
    found = _import_in("uploaded")
    IMPORT.apply(found, "checked", actor=None, at=AT, preview={"rows": 2})
    (item,) = work.of_file(found)
    assert (item.person, item.kind, item.detail) == (
        found.created_by,
        "ngos.import",
        "آن را تأیید کنید یا کنار بگذارید",
    )
    assert work.rebuild(at=AT, mend=False).total == 0
    import_jobs.discard_import(found, actor=found.created_by, at=AT)
    assert not work.of_file(found).exists()


@pytest.mark.parametrize(
    "changes",
    ["state = 'done'", "state = 'confirmed'", "sheet = 'x'", "created_by_id = NULL", "failure = 'x'"],
)
def test_raw_sql_moves_no_import(raw_sql: Any, changes: str) -> None:
    _import_in("done")
    with pytest.raises(IntegrityError) as caught:
        raw_sql(f"UPDATE ngos_registerimport SET {changes.replace('done', 'failed')}")
    assert constraints.constraint_name(caught.value) == "import_moves"
