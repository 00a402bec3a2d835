"""Columns of the registry's list and of its Excel file; rows are plain dictionaries read in one query."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.urls import reverse

from ngos.enums import TONES, LegalKind, MembershipState
from ngos.models import Licence, Ngo
from ngos.models.querysets import NgoQuerySet
from staff_portal.kernel.pages.tables import Column
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.numbers import format_thousands

DEFAULT_ORDER = ("sort_key", "id")
LICENCE_WARNING = timedelta(days=60)

Row = dict[str, Any]


def _key(name: str) -> Any:
    return lambda row: row[name]


def _state(row: Row) -> str:
    return str(MembershipState(row["state"]).label)


COLUMNS = (
    Column("name", "نام", _key("name"), sort=("sort_key", "id"), width=42),
    Column("field", "حوزه اصلی", _key("field"), sort=("primary_field__position", "sort_key", "id"), width=26),
    Column(
        "district", "منطقه", _key("district_id"), sort=("district", "sort_key", "id"), numeric=True, width=9
    ),
    Column("level", "سطح", _key("level"), sort=("level_rank", "sort_key", "id"), width=9),
    Column(
        "volunteers",
        "داوطلبان",
        _key("volunteer_count"),
        sort=("volunteer_count", "id"),
        numeric=True,
        width=11,
    ),
    Column("state", "وضعیت", _state, sort=("state", "sort_key", "id"), width=18),
    Column("licence", "پایان پروانه", _key("licence_end"), width=14),
)
"""What the page shows; the Excel file has these and :data:`MORE_COLUMNS`."""

MORE_COLUMNS = (
    Column("national_id", "شناسه ملی", _key("national_id"), width=15),
    Column("membership_number", "شماره عضویت", _key("membership_number"), width=15),
    Column("member_since", "عضو از", _key("member_since"), width=13),
    Column(
        "legal_kind", "نوع", lambda row: str(LegalKind(row["legal_kind"]).label) if row["legal_kind"] else ""
    ),
    Column("registration_number", "شماره ثبت", _key("registration_number"), width=12),
    Column("neighbourhood", "محله", _key("neighbourhood_name")),
    Column("phone", "تلفن", _key("phone"), width=14),
    Column("email", "رایانامه", _key("email"), width=28),
    Column("address", "نشانی", _key("address"), width=50),
)

_READ = (
    "id",
    "name",
    "state",
    "district_id",
    "level_rank",
    "grade_valid_until",
    "volunteer_count",
    "national_id",
    "membership_number",
    "member_since",
    "legal_kind",
    "registration_number",
    "phone",
    "email",
    "address",
)


def order_of(wanted: str) -> tuple[Any, ...]:
    """The ORM ordering for ``?sort=key`` or ``?sort=-key``; what is empty stands last either way."""
    key = wanted.removeprefix("-")
    column = next((c for c in COLUMNS if c.key == key and c.sort), None)
    if column is None:
        return DEFAULT_ORDER
    first, *rest = column.sort
    if key in {"name", "district", "state"} and not wanted.startswith("-"):
        return column.sort
    if key == "name":
        return tuple(f"-{name}" for name in column.sort)
    leading = F(first).desc(nulls_last=True) if wanted.startswith("-") else F(first).asc(nulls_last=True)
    return (leading, *rest)


def read_rows(rows: NgoQuerySet, order: tuple[Any, ...], start: int, end: int, on: date) -> list[Row]:
    """One stretch of the ordered list in one query; details are read for these rows only."""
    page = rows.order_by(*order).values("pk")[start:end]
    newest = Licence.objects.filter(ngo=OuterRef("pk")).order_by("-valid_until").values("valid_until")[:1]
    found = (
        Ngo.objects.filter(pk__in=page)
        .order_by(*order)
        .values(
            *_READ,
            field=F("primary_field__title"),
            neighbourhood_name=F("neighbourhood__name"),
            licence_end=Subquery(newest),
        )
    )
    return [_completed(row, on) for row in found]


def _completed(row: Row, on: date) -> Row:
    until = row["grade_valid_until"]
    is_valid = row["level_rank"] is not None and until is not None and until >= on
    row["level"] = f"سطح {to_persian_digits(row['level_rank'])}" if is_valid else ""
    return row


def page_rows(rows: Iterable[Row], on: date) -> list[Row]:
    """What the page's plain template draws for each row."""
    return [
        {
            "url": reverse("ngos:ngo_detail", args=[row["id"]]),
            "name": row["name"],
            "field": row["field"] or "",
            "district": to_persian_digits(row["district_id"]) if row["district_id"] else "",
            "level": row["level"],
            "volunteers": "" if row["volunteer_count"] is None else format_thousands(row["volunteer_count"]),
            "state": _state(row),
            "tone": TONES.get(row["state"], "neutral"),
            "licence": format_jalali(row["licence_end"]) if row["licence_end"] else "",
            "licence_tone": _licence_tone(row["licence_end"], on),
        }
        for row in rows
    ]


def _licence_tone(until: date | None, on: date) -> str:
    if until is None or until >= on + LICENCE_WARNING:
        return ""
    return "no-text" if until < on else "wait-text"
