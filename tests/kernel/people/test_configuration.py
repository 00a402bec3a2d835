"""Dated settings, and holidays that move running clocks (K5)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.configuration import clocks, settings_store
from staff_portal.kernel.models import AuditEntry, DatedSetting, Holiday, User
from staff_portal.kernel.operations import configuration
from tests.kernel.people.conftest import AT, ON, MakePerson, SignedIn, fresh

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> settings_store.SettingKey:
    """A setting of the tests' own: a clock of twenty working days."""
    made = settings_store.SettingKey("test.clock", "مهلت آزمایشی", "روز کاری", 20)
    monkeypatch.setitem(settings_store.KEYS, made.code, made)
    return made


@pytest.fixture
def manager(make_person: MakePerson) -> User:
    return make_person(Role.HQ_MANAGER)


@pytest.fixture
def admin(make_person: MakePerson) -> User:
    return make_person(Role.ADMIN)


def change(key: settings_store.SettingKey, actor: User, value: object, on: date = ON) -> DatedSetting:
    return configuration.set_setting(key, value=value, effective_on=on, note="تصمیم شورا", actor=actor, at=AT)


def test_a_value_counts_from_its_day_and_leaves_the_past_alone(
    key: settings_store.SettingKey, manager: User
) -> None:
    change(key, manager, 15, ON + 10 * DAY)
    assert settings_store.value(key, ON) == 20
    assert settings_store.value(key, ON + 9 * DAY) == 20
    assert settings_store.value(key, ON + 10 * DAY) == 15
    change(key, manager, 10)
    assert [settings_store.value(key, ON + n * DAY) for n in (-1, 0, 10)] == [20, 10, 15]


def test_the_last_word_for_a_day_counts(key: settings_store.SettingKey, manager: User) -> None:
    change(key, manager, 15)
    change(key, manager, 12)
    assert settings_store.value(key, ON) == 12 and DatedSetting.objects.filter(key=key.code).count() == 2


def test_no_value_for_the_past_nor_of_another_kind_nor_without_a_reason(
    key: settings_store.SettingKey, manager: User
) -> None:
    with pytest.raises(Refusal, match="گذشته تغییر نمی‌کند"):
        change(key, manager, 15, ON - DAY)
    for wrong in (-1, True, "15", 1.5, None):
        with pytest.raises(Refusal, match="مهلت آزمایشی"):
            change(key, manager, wrong)
    with pytest.raises(Refusal, match="سبب"):
        configuration.set_setting(key, value=1, effective_on=ON, note="", actor=manager, at=AT)
    assert not DatedSetting.objects.filter(key=key.code).exists()


def test_the_audit_keeps_before_after_and_reason(key: settings_store.SettingKey, manager: User) -> None:
    change(key, manager, 15)
    entry = AuditEntry.objects.get(event="setting.changed")
    assert (entry.before, entry.after["value"], entry.note) == ({"value": 20}, 15, "تصمیم شورا")


@pytest.mark.parametrize(
    ("role", "reads", "changes"),
    [
        (Role.HQ_MANAGER, 200, 302),
        (Role.ADMIN, 200, 302),
        (Role.HQ_EXPERT, 200, 403),
        (Role.AUDITOR, 200, 403),
        (Role.DEPUTY_MANAGER, 200, 403),
        (Role.NGO_USER, 403, 403),
    ],
)
def test_who_reads_and_who_changes_settings(
    key: settings_store.SettingKey,
    make_person: MakePerson,
    signed_in: SignedIn,
    role: Role,
    reads: int,
    changes: int,
) -> None:
    browser = signed_in(make_person(role))
    data = {"value": "۱۵", "effective_on": "۱۴۰۵/۹/۱۰", "note": "تصمیم"}
    assert browser.get(reverse("settings")).status_code == reads
    assert browser.get(reverse("setting", args=[key.code])).status_code == reads
    assert browser.post(reverse("setting", args=[key.code]), data).status_code == changes
    assert DatedSetting.objects.filter(key=key.code).exists() == (changes == 302)


def test_the_page_shows_now_and_what_comes(
    key: settings_store.SettingKey, manager: User, signed_in: SignedIn
) -> None:
    change(key, manager, 1500, ON + 10 * DAY)
    page = signed_in(manager).get(reverse("settings")).content.decode()
    assert "۲۰ روز کاری" in page and "۱٬۵۰۰ روز کاری" in page and "از ۱۳ آذر ۱۴۰۵" in page


def test_a_wrong_day_keeps_what_was_typed(
    key: settings_store.SettingKey, manager: User, signed_in: SignedIn
) -> None:
    data = {"value": "۱۵", "effective_on": "۱۴۰۵/۱۲/۳۰", "note": "تصمیم تازه"}
    page = signed_in(manager).post(reverse("setting", args=[key.code]), data).content.decode()
    assert "کبیسه نیست" in page and "تصمیم تازه" in page and "۱۴۰۵/۱۲/۳۰" in page


def test_an_unknown_setting_is_not_found(manager: User, signed_in: SignedIn) -> None:
    assert signed_in(manager).get("/settings/no.such/").status_code == 404


# --- holidays ---------------------------------------------------------------------------------------------


def test_a_day_closed_at_short_notice_moves_a_running_clock(admin: User) -> None:
    """Day one is the working day after the event; Thursdays and Fridays are off."""
    Holiday.objects.all().delete()
    monday = date(2026, 11, 23)
    assert clocks.working_deadline(monday, 5) == date(2026, 11, 30)
    configuration.add_holiday(
        date(2026, 11, 28), title="آلودگی هوا", at_short_notice=True, actor=admin, at=AT
    )
    assert clocks.working_deadline(monday, 5) == date(2026, 12, 1)


def test_thursday_counts_when_the_setting_says_so(manager: User) -> None:
    Holiday.objects.all().delete()
    sunday = date(2026, 11, 29)
    assert clocks.working_deadline(sunday, 4) == date(2026, 12, 5)
    change(settings_store.THURSDAY_OFF, manager, False, sunday)
    assert clocks.working_deadline(sunday, 4) == date(2026, 12, 3)


def test_a_day_is_closed_once_and_the_past_only_within_a_week(admin: User) -> None:
    free = ON + 40 * DAY
    configuration.add_holiday(free, title="تعطیل", actor=admin, at=AT)
    with pytest.raises(Refusal, match="پیش از این تعطیل"):
        configuration.add_holiday(free, title="تعطیل", actor=admin, at=AT)
    with pytest.raises(Refusal, match="تنها تعطیلی ناگهانی"):
        configuration.add_holiday(ON - DAY, title="دیروز", actor=admin, at=AT)
    configuration.add_holiday(ON - DAY, title="دیروز", at_short_notice=True, actor=admin, at=AT)
    with pytest.raises(Refusal, match="یک هفته"):
        configuration.add_holiday(ON - 8 * DAY, title="دیر", at_short_notice=True, actor=admin, at=AT)


def test_only_coming_days_are_removed_and_it_is_recorded(admin: User) -> None:
    today = configuration.add_holiday(ON, title="امروز", at_short_notice=True, actor=admin, at=AT)
    later = configuration.add_holiday(ON + 41 * DAY, title="بعدتر", actor=admin, at=AT)
    with pytest.raises(Refusal, match="روزهای آینده"):
        configuration.remove_holiday(today, actor=admin, at=AT)
    configuration.remove_holiday(later, actor=admin, at=AT)
    assert not Holiday.objects.filter(title="بعدتر").exists()
    assert AuditEntry.objects.get(event="holiday.removed").before["title"] == "بعدتر"
    with pytest.raises(Refusal, match="برداشته شده"):
        configuration.remove_holiday(later, actor=admin, at=AT)


def test_only_the_administrator_changes_the_calendar(manager: User, admin: User, signed_in: SignedIn) -> None:
    with pytest.raises(NotPermitted, match="راهبر سامانه"):
        configuration.add_holiday(ON + DAY, title="فردا", actor=manager, at=AT)
    data = {"day": "۱۴۰۵/۹/۷", "title": "آلودگی هوا", "at_short_notice": "on"}
    assert signed_in(manager).post(reverse("holidays"), data).status_code == 403
    desk = signed_in(fresh(admin))
    assert desk.post(reverse("holidays"), data).status_code == 302
    row = Holiday.objects.get(day=date(2026, 11, 28))
    assert row.at_short_notice
    assert "آلودگی هوا" in desk.get("/holidays/?year=۱۴۰۵").content.decode()
    assert desk.get("/holidays/?year=1405&format=xlsx").status_code == 200
    assert desk.post(reverse("holiday_remove", args=[row.pk])).status_code == 302
