"""Numbers without gap or repeat (K2)."""

from datetime import date, datetime

from django.db import transaction

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import IssuedNumber, NumberSeries
from staff_portal.kernel.persian.jalali import jalali_year


def issue_number(
    *, kind: str, on: date, at: datetime, pattern: str = "{year}/{kind}/{serial}"
) -> IssuedNumber:
    """The next number of a kind in the Jalali year of ``on``.

    Call it inside the transaction of what carries the number: the series row stays locked until the commit,
    and a rollback gives the number back, so that there is neither gap nor repeat (K2).
    """
    year = jalali_year(on)
    series = _locked_series(kind, year)
    series.last_serial += 1
    series.save(update_fields=["last_serial"])
    text = pattern.format(year=year, kind=kind, serial=series.last_serial)
    return IssuedNumber.objects.create(series=series, serial=series.last_serial, text=text, issued_at=at)


def _locked_series(kind: str, year: int) -> NumberSeries:
    NumberSeries.objects.bulk_create(
        [NumberSeries(kind=kind, jalali_year=year, first_serial=1, last_serial=0)], ignore_conflicts=True
    )
    return NumberSeries.objects.select_for_update().get(kind=kind, jalali_year=year)


@transaction.atomic
def set_first_serial(*, kind: str, year: int, first_serial: int) -> NumberSeries:
    """Start a series in mid-year at the serial the office has reached; only before its first number (K2)."""
    if first_serial < 1:
        raise Refusal("نخستین شماره باید دست‌کم ۱ باشد.")
    series, created = NumberSeries.objects.get_or_create(
        kind=kind,
        jalali_year=year,
        defaults={"first_serial": first_serial, "last_serial": first_serial - 1},
    )
    if not created:
        raise Refusal("شماره‌گذاری این نوع در این سال آغاز شده است و نخستین شماره آن دیگر تغییر نمی‌کند.")
    return series
