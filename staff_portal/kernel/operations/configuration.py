"""Dated settings and the table of holidays (K5): what a manager or the administrator may change."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from staff_portal.kernel.base import background
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.models import DatedSetting, Holiday, User
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

SHORT_NOTICE_DAYS_BACK = 7


def set_setting(
    key: settings_store.SettingKey,
    *,
    value: Any,
    effective_on: date,
    note: str,
    actor: User,
    at: datetime,
) -> DatedSetting:
    """Give a setting another value from a day on, today at the earliest; what was decided before stays."""
    made: DatedSetting = table_for(DatedSetting).apply(
        None, "set", actor=actor, at=at, note=note, key=key.code, value=value, effective_on=effective_on
    )
    return made


def add_holiday(
    day: date, *, title: str, at_short_notice: bool = False, actor: User | None, at: datetime
) -> Holiday:
    """Close a day: running clocks that span it end later (K5).

    A day that is past may be added for a week after it, and only as closed at short notice.
    """
    made: Holiday = table_for(Holiday).apply(
        None, "add", actor=actor, at=at, day=day, title=title, at_short_notice=at_short_notice
    )
    return made


def remove_holiday(holiday: Holiday, *, actor: User, at: datetime) -> None:
    """Take a coming day out of the table; a day that has begun stays, for clocks have run by it."""
    table_for(holiday).apply(holiday, "remove", actor=actor, at=at)


# --- settings ----------------------------------------------------------------------------------------------


def against_setting(parent: None, step: Step) -> Iterable[str]:
    """From today at the earliest, and of the setting's kind."""
    asked = step.asked
    if "key" not in asked:
        return
    if asked["effective_on"] < step.on:
        yield "مقدار تازه از امروز یا روزی پس از آن به کار می‌رود؛ گذشته تغییر نمی‌کند."
    key = settings_store.KEYS[asked["key"]]
    if not _is_of_its_kind(key, asked["value"]):
        yield f"این مقدار برای «{key.label}» پذیرفته نیست؛ آن را بازبینی کنید."


def _is_of_its_kind(key: settings_store.SettingKey, value: Any) -> bool:
    if key.kind == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if key.kind == "integer":
        return isinstance(value, int) and value >= 0
    if key.kind == "decimal":
        return isinstance(value, int | Decimal) and value >= 0
    return isinstance(value, str) and bool(value.strip())


def new_value(parent: None, step: Step) -> dict[str, Any]:
    """The columns of a value; the entry keeps which one was in force before."""
    asked = step.asked
    key, value = settings_store.KEYS[asked["key"]], asked["value"]
    step.before["value"] = settings_store.value(key, asked["effective_on"])
    return {
        "key": key.code,
        "value": format(value, "f") if isinstance(value, Decimal) else value,
        "effective_on": asked["effective_on"],
        "note": step.note,
        "set_by": step.actor,
        "set_at": step.at,
    }


def setting_name(row: DatedSetting) -> str:
    """How a setting is named in the trail."""
    return settings_store.KEYS[row.key].label


# --- holidays ----------------------------------------------------------------------------------------------


def against_adding(parent: None, step: Step) -> Iterable[str]:
    """A day is closed once; one that is past only at short notice, and for a week."""
    day = step.asked.get("day")
    if day is None:
        return
    if step.actor is not None and day < step.on:
        if not step.asked["at_short_notice"]:
            yield "این روز گذشته است؛ تنها تعطیلی ناگهانی را می‌توان پس از آن ثبت کرد."
        elif day < step.on - timedelta(days=SHORT_NOTICE_DAYS_BACK):
            yield "از این روز بیش از یک هفته گذشته است و دیگر ثبت نمی‌شود."
    if Holiday.objects.filter(day=day).exists():
        yield f"{format_jalali(day, 'medium')} پیش از این تعطیل ثبت شده است."


def new_holiday(parent: None, step: Step) -> dict[str, Any]:
    asked = step.asked
    return {
        "day": asked["day"],
        "title": asked["title"],
        "at_short_notice": bool(asked["at_short_notice"]),
        "created_at": step.at,
    }


def against_removing(holiday: Holiday, step: Step) -> Iterable[str]:
    if holiday.day <= step.on:
        yield "تنها روزهای آینده را می‌توان از تقویم برداشت."


def nudge_clocks(holiday: Holiday, step: Step) -> None:
    """Running clocks are computed anew when the calendar has changed (K5)."""
    background.after_commit(background.nudge_clocks)


def day_name(holiday: Holiday) -> str:
    """How a day is named in the trail."""
    return f"{format_jalali(holiday.day, 'medium')} ({holiday.title})"
