"""Dated settings and the table of holidays (K5): what a manager or the administrator may change."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from staff_portal.kernel import access, audit, events, people_events, relay, rules, settings_store
from staff_portal.kernel.models import DatedSetting, Holiday, User
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.refusals import Refusal

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
    authority = require(rules.CHANGE_SETTINGS, actor, None, at)
    note = require_text(note, "سبب تغییر را بنویسید.")
    on = access.local_date(at)
    if effective_on < on:
        raise Refusal("مقدار تازه از امروز یا روزی پس از آن به کار می‌رود؛ گذشته تغییر نمی‌کند.")
    stored = _checked(key, value)
    with one_step():
        before = settings_store.value(key, effective_on)
        row = DatedSetting.objects.create(
            key=key.code, value=stored, effective_on=effective_on, note=note, set_by=actor, set_at=at
        )
        audit.record(
            events.SETTING_CHANGED,
            row,
            actor=actor,
            at=at,
            authority=authority,
            before={"value": before},
            after={"value": stored, "effective_on": effective_on.isoformat()},
            note=note,
            label=key.label,
        )
    return row


def _checked(key: settings_store.SettingKey, value: Any) -> Any:
    """``value`` as it is stored, refused when it is not of the setting's kind."""
    wrong = Refusal(f"این مقدار برای «{key.label}» پذیرفته نیست؛ آن را بازبینی کنید.")
    if key.kind == "boolean":
        if not isinstance(value, bool):
            raise wrong
        return value
    if key.kind == "integer":
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise wrong
        return value
    if key.kind == "decimal":
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
            raise wrong
        return format(value, "f") if isinstance(value, Decimal) else value
    if not isinstance(value, str) or not value.strip():
        raise wrong
    return value


def add_holiday(
    day: date, *, title: str, at_short_notice: bool = False, actor: User | None, at: datetime
) -> Holiday:
    """Close a day: running clocks that span it end later (K5).

    A day that is past may be added for a week after it, and only as closed at short notice.
    """
    authority = require(rules.CHANGE_HOLIDAYS, actor, None, at)
    title = require_text(title, "عنوان روز تعطیل را بنویسید.")
    on = access.local_date(at)
    if actor is not None and day < on:
        if not at_short_notice:
            raise Refusal("این روز گذشته است؛ تنها تعطیلی ناگهانی را می‌توان پس از آن ثبت کرد.")
        if day < on - timedelta(days=SHORT_NOTICE_DAYS_BACK):
            raise Refusal("از این روز بیش از یک هفته گذشته است و دیگر ثبت نمی‌شود.")
    with one_step():
        if Holiday.objects.filter(day=day).exists():
            raise Refusal(f"{format_jalali(day, 'medium')} پیش از این تعطیل ثبت شده است.")
        holiday = Holiday.objects.create(day=day, title=title, at_short_notice=at_short_notice, created_at=at)
        audit.record(
            events.HOLIDAY_CHANGED,
            holiday,
            actor=actor,
            at=at,
            authority=authority,
            after=audit.snapshot(holiday, ["day", "title", "at_short_notice"]),
            label=_label(holiday),
        )
        relay.after_commit(relay.nudge_clocks)
    return holiday


def remove_holiday(holiday: Holiday, *, actor: User, at: datetime) -> None:
    """Take a coming day out of the table; a day that has begun stays, for clocks have run by it."""
    authority = require(rules.CHANGE_HOLIDAYS, actor, holiday, at)
    with one_step():
        locked = Holiday.objects.select_for_update().filter(pk=holiday.pk).first()
        if locked is None:
            raise Refusal("این روز پیش از این از تقویم برداشته شده است.")
        if locked.day <= access.local_date(at):
            raise Refusal("تنها روزهای آینده را می‌توان از تقویم برداشت.")
        audit.record(
            people_events.HOLIDAY_REMOVED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before=audit.snapshot(locked, ["day", "title", "at_short_notice"]),
            label=_label(locked),
        )
        locked.delete()
        relay.after_commit(relay.nudge_clocks)


def _label(holiday: Holiday) -> str:
    return f"{format_jalali(holiday.day, 'medium')} ({holiday.title})"
