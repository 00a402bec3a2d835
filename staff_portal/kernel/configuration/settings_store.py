"""Settings kept as dated records: every number of a rule that a manager may change (design, «clocks»)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from staff_portal.kernel.base import request_cache
from staff_portal.kernel.models import DatedSetting

KEYS: dict[str, "SettingKey"] = {}


@dataclass(frozen=True)
class SettingKey:
    """A setting: its code, Persian label, unit and the value in force before anybody set one."""

    code: str
    label: str
    unit: str
    default: Any
    kind: str = "integer"


def declare(code: str, label: str, unit: str, default: Any, kind: str = "integer") -> SettingKey:
    """Declare a setting once, beside the rule that reads it."""
    if code in KEYS:
        raise ValueError(f"setting declared twice: {code}")
    KEYS[code] = SettingKey(code, label, unit, default, kind)
    return KEYS[code]


def value(key: SettingKey, on: date) -> Any:
    """The value in force on a day."""
    in_force = (
        request_cache.once(("settings", on), lambda: _in_force(on))
        if request_cache.is_page()
        else _in_force(on, key)
    )
    return in_force.get(key.code, key.default)


def _in_force(on: date, *keys: SettingKey) -> dict[str, Any]:
    """What was set, of these keys or of all, and is in force on a day."""
    rows = DatedSetting.objects.filter(effective_on__lte=on).order_by("effective_on", "id")
    if keys:
        rows = rows.filter(key__in=[key.code for key in keys])
    return dict(rows.values_list("key", "value"))


def values_by_day(key: SettingKey) -> dict[date, Any]:
    """Every value that was set, by the day from which it is in force, in that order."""
    rows = DatedSetting.objects.filter(key=key.code).order_by("effective_on", "id")
    return dict(rows.values_list("effective_on", "value"))


THURSDAY_OFF = declare("calendar.thursday_off", "پنجشنبه تعطیل است", "", True, kind="boolean")
