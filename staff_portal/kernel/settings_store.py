"""Settings kept as dated records: every number of a rule that a manager may change (design, «clocks»)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

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
    row = (
        DatedSetting.objects.filter(key=key.code, effective_on__lte=on)
        .order_by("-effective_on", "-id")
        .values_list("value", flat=True)
        .first()
    )
    return key.default if row is None else row


THURSDAY_OFF = declare("calendar.thursday_off", "پنجشنبه تعطیل است", "", True, kind="boolean")
