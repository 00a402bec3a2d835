"""The kernel's own records on rows: who may what, what the trail keeps, what SQL cannot do (K4, K5, X8)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.models import AuditEntry, District, Hold, Holiday, Unit, User
from staff_portal.kernel.operations import configuration, users
from staff_portal.kernel.records.configuration import HOLIDAY, SETTING
from staff_portal.kernel.records.holds import HOLD
from staff_portal.kernel.records.letters import LETTER
from staff_portal.kernel.records.users import USER
from staff_portal.kernel.workflow.holds import lift_hold, place_hold
from staff_portal.kernel.workflow.rows import Step
from tests.kernel.people.conftest import AT, ON, PASSWORD, MakePerson, fresh
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ADMIN, MANAGER = {Role.ADMIN}, {Role.HQ_MANAGER}
ROWS_OF_A_USER = {
    name: line(ADMIN, [], [], system=True)
    for name in ("create", "change", "close", "reopen", "reset_password")
}
ROWS_OF_A_USER["remove_device"] = line(ADMIN, [], [], system=True)
#: of the account itself, whatever the roles; taken on pages of their own
ROWS_OF_A_USER |= {
    name: line([], [], [], by_hand=False)
    for name in ("change_password", "enrol_device", "remove_own_device", "sign_in", "sign_out")
}
ROWS_OF_A_HOLIDAY = {name: line(ADMIN, [], [], system=True) for name in ("add", "remove")}
ROWS_OF_A_LETTER = {
    "sign": line([], [], [], system=True, by_hand=False),
    "revoke": line(MANAGER, [], []),
    "void": line(MANAGER, [], [], by_hand=False),
    "replace": line(MANAGER, [], [], by_hand=False),
    "annotate": line({Role.HQ_EXPERT, Role.HQ_MANAGER}, [], []),
}


@pytest.fixture
def admin(make_person: MakePerson) -> User:
    return make_person(Role.ADMIN)


@pytest.fixture
def people(make_person: MakePerson, admin: User) -> dict[str, User]:
    return {role: admin if role == Role.ADMIN else make_person(Role(role)) for role in Role.values}


def test_the_tables_are_as_the_design_has_them() -> None:
    assert_as_written(USER, ROWS_OF_A_USER)
    assert_as_written(HOLIDAY, ROWS_OF_A_HOLIDAY)
    assert_as_written(LETTER, ROWS_OF_A_LETTER)
    assert_as_written(SETTING, {"set": line(MANAGER | ADMIN, [], [])})
    by_system = line([], [], [], system=True, by_hand=False)
    assert_as_written(HOLD, {"place": by_system, "lift": by_system})


@pytest.mark.parametrize(("state", "name"), cells(USER, ROWS_OF_A_USER, alone=("reopen", "remove_device")))
def test_every_cell_of_an_account(
    admin: User, make_person: MakePerson, people: dict[str, User], state: str, name: Names
) -> None:
    def record(wanted: str) -> User:
        person = make_person()
        if name == "remove_device":
            TOTPDevice.objects.create(user_id=person.pk, name="تلفن", confirmed=True)
        return users.deactivate_user(person, actor=admin, at=AT, note="رفت") if name == "reopen" else person

    answers = {
        "change": {"last_name": "دیگر", "given": ["last_name"]},
        "close": {"note": "رفت"},
        "reset_password": {"password": "one-time-word"},
    }
    try_cell(USER, ROWS_OF_A_USER, state, name, Trial(record, people, lambda row: AT, answers))


def test_a_day_is_removed_by_the_administrator_alone(people: dict[str, User], admin: User) -> None:
    day = configuration.add_holiday(ON + 40 * DAY, title="تعطیل", actor=admin, at=AT)
    for role, person in people.items():
        if role != Role.ADMIN:
            with pytest.raises(NotPermitted):
                HOLIDAY.apply(day, "remove", actor=person, at=AT)
    configuration.remove_holiday(day, actor=admin, at=AT)
    entry = AuditEntry.objects.get(event="holiday.removed")
    assert entry.subject_label.endswith("(تعطیل)")
    assert entry.before["title"] == "تعطیل"


# --- accounts ------------------------------------------------------------------------------------------------


def test_an_edit_keeps_what_differs_and_leaves_alone_what_was_not_given(
    admin: User, make_person: MakePerson
) -> None:
    person = make_person(Role.HQ_EXPERT)
    users.edit_user(person, actor=admin, at=AT, unit=Unit.objects.first(), post="کارشناس")
    users.edit_user(person, actor=admin, at=AT, unit=None, post="کارشناس")
    assert (fresh(person).unit, fresh(person).post) == (None, "کارشناس")
    kept = list(AuditEntry.objects.filter(event="user.changed").order_by("id"))
    assert [sorted(entry.after) for entry in kept] == [["post", "unit"], ["unit"]]
    users.edit_user(person, actor=admin, at=AT, post="کارشناس", email="")
    assert AuditEntry.objects.filter(event="user.changed").count() == 2


def test_a_password_is_told_to_nobody(admin: User, make_person: MakePerson) -> None:
    person = make_person(Role.HQ_EXPERT)
    password = users.reset_password(person, actor=admin, at=AT)
    authority = USER.rows["reset_password"].by.authority(admin, person, ON)
    assert authority is not None
    step = Step(admin, AT, authority, "", {"password": password})
    assert password not in str(USER.words(person, USER.rows["reset_password"], step))
    assert password not in str(list(AuditEntry.objects.values()))


def test_what_is_the_account_s_own_is_done_by_nobody_else(admin: User, make_person: MakePerson) -> None:
    without_role, other = make_person(), make_person(Role.HQ_EXPERT)
    secrets = {"old": PASSWORD, "password": "another-long-word"}
    for actor in (admin, other, None):
        with pytest.raises(NotPermitted):
            USER.apply(without_role, "change_password", actor=actor, at=AT, **secrets)
        with pytest.raises(NotPermitted):
            USER.apply(without_role, "remove_own_device", actor=actor, at=AT)
    assert users.change_password(without_role, old=PASSWORD, new=secrets["password"], at=AT).check_password(
        secrets["password"]
    )
    entry = AuditEntry.objects.get(event="user.password_changed")
    assert (entry.actor, entry.role, entry.after) == (without_role, "", {})
    users.deactivate_user(without_role, actor=admin, at=AT, note="رفت")
    with pytest.raises(NotPermitted):
        users.change_password(fresh(without_role), old=secrets["password"], new="third-long-word", at=AT)


# --- holds ---------------------------------------------------------------------------------------------------


def test_a_hold_stands_in_the_trail_of_its_file(make_person: MakePerson) -> None:
    expert, record = make_person(Role.HQ_EXPERT), District.objects.get(pk=6)
    unit = Unit.objects.first()
    assert unit is not None
    hold = place_hold(record, reason="رسیدگی", source="audit", actor=expert, at=AT, root=unit)
    lift_hold(hold, subject=record, actor=expert, at=AT, note="پایان رسیدگی")
    kept = AuditEntry.objects.filter(root_type="kernel.unit", root_id=unit.pk).order_by("id")
    assert list(kept.values_list("event", "note", "actor")) == [
        ("hold.placed", "رسیدگی", expert.pk),
        ("hold.lifted", "پایان رسیدگی", expert.pk),
    ]
    with pytest.raises(Refusal, match="سبب توقف"):
        place_hold(record, reason=" ", actor=expert, at=AT)
    for person in (expert, None):
        with pytest.raises(NotPermitted):
            HOLD.apply(record, "place", actor=person, at=AT, note="خودسر", root_type="x", root_id=1)


# --- raw SQL -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE kernel_hold SET reason = 'x'", "hold_kept"),
        ("UPDATE kernel_hold SET subject_id = 0", "hold_kept"),
        ("UPDATE kernel_hold SET lifted_at = NULL WHERE lifted_at IS NOT NULL", "hold_kept"),
        ("UPDATE kernel_datedsetting SET value = '1'", "k5_setting_kept"),
        ("UPDATE kernel_datedsetting SET effective_on = effective_on - 9", "k5_setting_kept"),
        ("UPDATE kernel_holiday SET day = day + 1", "k5_holiday_kept"),
        ("UPDATE kernel_holiday SET title = 'x'", "k5_holiday_kept"),
    ],
)
def test_sql_changes_nothing_that_no_row_stores(
    make_person: MakePerson, raw_sql: Any, statement: str, name: str
) -> None:
    record = District.objects.get(pk=6)
    for source in ("audit", "suspension"):
        hold = place_hold(record, reason="رسیدگی", source=source, actor=None, at=AT)
    lift_hold(hold, subject=record, actor=None, at=AT)
    key = settings_store.THURSDAY_OFF
    manager = make_person(Role.HQ_MANAGER)
    configuration.set_setting(key, value=False, effective_on=ON, note="تصمیم", actor=manager, at=AT)
    assert Holiday.objects.exists()
    with pytest.raises(IntegrityError) as error:
        raw_sql(statement)
    assert constraints.constraint_name(error.value) == name
    assert Hold.objects.filter(lifted_at__isnull=True).count() == 1
