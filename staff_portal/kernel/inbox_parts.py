"""The statement by which apps gather waiting work beside the stored work items: parts with the same columns."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    F,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, Now

from staff_portal.kernel import settings_store
from staff_portal.kernel.clocks import WorkCalendar
from staff_portal.kernel.models import DatedSetting, District, Holiday, Notification, User
from staff_portal.kernel.settings_store import SettingKey
from staff_portal.kernel.workflow.work import open_items

CALENDAR = "calendar"
CALENDAR_SPAN = timedelta(days=400)
ALL, REST = "_all", "_rest"


@dataclass(frozen=True)
class WorkRow:
    """One row of the inbox's statement: which part it is of, the record, its name, since when, what else the part
    gave, and the working calendar for its clock (K5)."""

    part: str
    pk: int
    name: str
    since: datetime
    extra: dict[str, Any]
    calendar: WorkCalendar

    def deadline(self, start: date | None, days: Any) -> date | None:
        """The last day of a clock of so many working days that began on ``start``; None when it has not begun."""
        return None if start is None or days is None else self.calendar.add(start, int(days))

    def day(self, name: str) -> date | None:
        """A day among what the part gave, None when there is none."""
        value = self.extra.get(name)
        return date.fromisoformat(value[:10]) if value else None


def work_part(
    code: str,
    part: str,
    rows: QuerySet[Any],
    *,
    pk: Any = "pk",
    name: Any,
    since: Any,
    most: int = 0,
    rest: str = "",
    **extra: Any,
) -> QuerySet[Any]:
    """One part of the inbox's statement: ``rows`` with the columns that all parts share.

    ``name``, ``since`` and ``extra`` are names of columns or expressions. Of the ordered ``rows`` at most ``most``
    are read, where each of them is a task; the others are counted in a line of their own that leads to ``rest``.
    """
    if most:
        rows = rows.annotate(of_part=Window(Count("*")))[:most]
        extra = {**extra, ALL: "of_part", REST: Value(rest)}
    return rows.values_list(
        Value(f"{code}:{part}", output_field=CharField()),
        Cast(_column(pk), BigIntegerField()),
        Cast(_column(name), CharField()),
        Cast(_column(since), DateTimeField()),
        JSONObject(**{key: _column(value) for key, value in extra.items()}),
    )


def setting_value(key: SettingKey, on: date | OuterRef) -> Any:
    """A setting in force on a day (or on that of a column) as an expression for a part of the inbox's statement."""
    found = DatedSetting.objects.filter(key=key.code, effective_on__lte=on).order_by("-effective_on", "-id")
    return Coalesce(Subquery(found.values("value")[:1]), Cast(Value(json.dumps(key.default)), JSONField()))


def around_part(user: User, on: date, *, with_kinds: bool = False) -> QuerySet[Any]:
    """The working calendar around a day and the unread notices as one more row of the statement; ``with_kinds`` also
    the kinds of the stored work that waits for the person, one for each item."""
    near = Holiday.objects.filter(day__gte=on - CALENDAR_SPAN, day__lte=on + CALENDAR_SPAN)
    one = District.objects.filter(pk=1)  # a row that is always there
    unread = (
        Notification.objects.filter(recipient=user, read_at__isnull=True)
        .order_by()
        .values("recipient")
        .annotate(many=Count("id"))
    )
    kinds: dict[str, Any] = {}
    if with_kinds:
        kinds["kinds"] = ArraySubquery(open_items(user, on).order_by().values("kind"))
    return work_part(
        CALENDAR,
        "",
        one,
        name=Value(""),
        since=Now(),
        thursday_off=setting_value(settings_store.THURSDAY_OFF, on),
        holidays=ArraySubquery(near.values("day")),
        unread=Subquery(unread.values("many")),
        **kinds,
    )


def _column(value: Any) -> Any:
    return F(value) if isinstance(value, str) else value
