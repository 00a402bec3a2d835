"""Rows of dated settings and of holidays (K5)."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from staff_portal.kernel.models import DatedSetting, Holiday, User
from staff_portal.kernel.operations import configuration
from staff_portal.kernel.people import rules
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Creation, Removal
from staff_portal.kernel.workflow.table import Table

GONE = "این روز پیش از این از تقویم برداشته شده است."


def visible_settings(user: User, on: date) -> QuerySet[DatedSetting]:
    """Whoever reads the settings reads all of them."""
    allowed = rules.VIEW_SETTINGS.authority(user, None, on) is not None
    return DatedSetting.objects.all() if allowed else DatedSetting.objects.none()


def visible_holidays(user: User, on: date) -> QuerySet[Holiday]:
    """The calendar is everybody's."""
    return Holiday.objects.all()


SET = Creation(
    "set",
    stores=("key", "value", "effective_on", "note", "set_by", "set_at"),
    by=rules.CHANGE_SETTINGS,
    event="setting.changed",
    label="مقدار تازه",
    note="سبب تغییر",
    asks=(
        Ask.text("key", "تنظیم"),
        Ask("value", "مقدار", "choice", required=False),
        Ask.date("effective_on", "از تاریخ"),
    ),
    blockers=configuration.against_setting,
    outcome=configuration.new_value,
    named=configuration.setting_name,
    says="تنظیم «{subject}» را تغییر داد: {note}",
    done="مقدار تازه ثبت شد.",
)
SETTING = Table(
    DatedSetting,
    code="setting",
    title="تنظیم",
    rows=[SET],
    visible=visible_settings,
    address=lambda row: reverse("setting", args=[row.key]),
    state="",
)
guard(SETTING, "k5_setting_kept")

ADD = Creation(
    "add",
    stores=("day", "title", "at_short_notice", "created_at"),
    by=rules.CHANGE_HOLIDAYS,
    event="holiday.changed",
    label="روز تعطیل",
    asks=(
        Ask.date("day", "روز"),
        Ask.text("title", "عنوان روز تعطیل", length=160),
        Ask.yes_no("at_short_notice", "تعطیلی ناگهانی"),
    ),
    blockers=configuration.against_adding,
    outcome=configuration.new_holiday,
    effect=configuration.nudge_clocks,
    named=configuration.day_name,
    says="روز {subject} را در تقویم تعطیلات ثبت کرد",
    done="{day} در تقویم تعطیلات ثبت شد.",
)
REMOVE = Removal(
    "remove",
    by=rules.CHANGE_HOLIDAYS,
    event="holiday.removed",
    event_label="حذف روز تعطیل",
    label="برداشتن از تقویم",
    blockers=configuration.against_removing,
    effect=configuration.nudge_clocks,
    named=configuration.day_name,
    says="روز {subject} را از تقویم تعطیلات برداشت",
)
HOLIDAY = Table(
    Holiday,
    code="holiday",
    title="روز تعطیل",
    rows=[ADD, REMOVE],
    visible=visible_holidays,
    address=lambda row: reverse("holidays"),
    state="",
    gone=GONE,
)
guard(HOLIDAY, "k5_holiday_kept")
