"""The filters through which everything Persian is shown: digits, Jalali dates, amounts, telephones (rule 6).

Nothing here reads the clock: `due` is given today. None and "" show as nothing. All output is escaped.
"""

import re
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeData, SafeString, mark_safe

from staff_portal.kernel.persian import identifiers, jalali, numbers
from staff_portal.kernel.persian.digits import to_persian_text

register = template.Library()

# In ready HTML, digits of tags and of entities (&#39;) are not text.
_MARKUP = re.compile(r"(<[^>]*>|&[#\w]+;)")


def _is_empty(value: Any) -> bool:
    return value is None or value == ""


@register.filter
def fa(value: Any) -> str:
    """Persian digits: {{ 12|fa }} → ۱۲. Addresses and digests stay as they are, as do tags and entities of ready HTML."""
    if _is_empty(value):
        return ""
    if isinstance(value, SafeData):
        parts = _MARKUP.split(str(value))
        # Safe stays safe: only digits between tags and entities were changed.
        return mark_safe("".join(p if i % 2 else to_persian_text(p) for i, p in enumerate(parts)))  # noqa: S308
    return to_persian_text(value)


@register.filter(name="jalali")
def jalali_filter(value: Any, style: str = "short") -> str:
    """Jalali date: {{ day|jalali }}, {{ day|jalali:"medium" }}, "long", and "moment" for a moment."""
    return "" if _is_empty(value) else jalali.format_jalali(value, style)


@register.filter
def thousands(value: Any) -> str:
    """Grouped number: {{ 1234567|thousands }} → ۱٬۲۳۴٬۵۶۷."""
    return "" if _is_empty(value) else numbers.format_thousands(value)


@register.filter
def rial(value: Any) -> str:
    """Amount: {{ 1234|rial }} → ۱٬۲۳۴ ریال."""
    return "" if _is_empty(value) else numbers.format_rial(value)


@register.filter
def decimal(value: Any, places: int | None = None) -> str:
    """Decimal: {{ grade|decimal:2 }} → ۸۱٫۲۵, half-up; without places no trailing zeros."""
    return "" if _is_empty(value) else numbers.format_decimal(value, places)


@register.filter
def percent(value: Any, places: int | None = None) -> str:
    """Per cent (25 means 25 %): {{ share|percent }} → ۲۵٪."""
    return "" if _is_empty(value) else numbers.format_percent(value, places)


@register.filter
def ordinal(value: Any) -> str:
    """Ordinal in words: {{ 3|ordinal }} → سوم."""
    return "" if _is_empty(value) else numbers.ordinal(int(value))


@register.filter
def due(value: Any, today: date) -> str:
    """Distance of a due day from today: {{ item.due_on|due:today }} → ۲ روز مانده."""
    return "" if _is_empty(value) else jalali.relative_days(_day(value), _day(today))


def _day(value: date) -> date:
    return value.astimezone(jalali.TEHRAN).date() if isinstance(value, datetime) else value


@register.filter
def bdi(value: Any) -> SafeString | str:
    """Number or code kept in one piece within a Persian line: <bdi dir="ltr">۱۲/۳۴</bdi>."""
    if _is_empty(value):
        return ""
    return format_html('<bdi dir="ltr">{}</bdi>', fa(conditional_escape(value)))


@register.filter
def phone(value: Any) -> SafeString | str:
    """Landline or mobile in groups: {{ ngo.phone|phone }} → ۰۲۱ ۲۳۸۳ ۹۴۲۴, isolated."""
    if _is_empty(value):
        return ""
    return bdi(identifiers.format_landline(identifiers.format_mobile(str(value))))


register.filter("mobile", phone)


@register.filter
def sheba(value: Any) -> SafeString | str:
    """Sheba in groups of four, isolated."""
    return "" if _is_empty(value) else bdi(identifiers.format_sheba(str(value)))
