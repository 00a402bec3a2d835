"""Judging one row of a register: a typed record, or why not, in Persian (page 7; N1, N2). No database, no clock.

A row is taken whole or not at all. Only name and national id are wanted; whatever else is there must be right,
apart from an expired licence, an unknown neighbourhood and an odd postal code, which are warnings.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from ngos.register_cells import (
    EXCEL_ERRORS,
    LONGEST_CELL,
    CellRefused,
    email,
    is_nothing,
    limited_text,
    numbered_text,
    organisation_name,
    person_name,
    shown,
    whole_count,
)
from ngos.register_columns import HEADINGS
from ngos.register_file import RawRow
from ngos.register_vocabulary import Vocabulary
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.identifiers import (
    IdentifierError,
    is_strict_postal_code,
    normalise_landline,
    normalise_mobile,
    normalise_national_id,
    normalise_postal_code,
    normalise_registration_number,
)
from staff_portal.kernel.persian.jalali import JalaliError, date_from_cell, format_jalali
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.persian.search import compact_fold

__all__ = ["Finding", "ParsedRow", "RegisterRecord", "Vocabulary", "check_rows", "parse_row"]

# The first law on registering associations; an earlier date of registration is a slip of the pen.
FIRST_REGISTRATION = date(1911, 3, 22)
LICENCE_YEARS_AHEAD = 30

T = TypeVar("T")


@dataclass(frozen=True)
class Finding:
    """Something to report about a row: heading of the column, value as written, code, and the reason in Persian."""

    column: str
    value: str
    code: str
    reason: str


@dataclass(frozen=True)
class RegisterRecord:
    """A row that may be taken: stored forms, Gregorian dates, "" or None for what was left empty.

    `fields` begins with the primary one; it and `legal_kind`, `licensor`, `district`, `neighbourhood` hold the values
    of the `Vocabulary`. `neighbourhood_text` keeps the name as written, also where the list has none of that name.
    """

    number_in_sheet: int
    name: str
    national_id: str
    registration_number: str = ""
    registered_on: date | None = None
    legal_kind: Hashable | None = None
    licensor: Hashable | None = None
    licensor_place: str = ""
    licensor_text: str = ""
    licence_number: str = ""
    licence_valid_until: date | None = None
    fields: tuple[Hashable, ...] = ()
    phone: str = ""
    mobile: str = ""
    email: str = ""
    postal_code: str = ""
    district: Hashable | None = None
    neighbourhood: Hashable | None = None
    neighbourhood_text: str = ""
    address: str = ""
    ceo: str = ""
    volunteers: int | None = None
    membership_number: str = ""
    member_since: date | None = None


@dataclass(frozen=True)
class ParsedRow:
    """The verdict on one row; `record` is None when the row is not taken.

    `duplicate_of` is the number of the earlier row with the same national id, then `rejections` is empty and
    `duplicate` says so in a finding. Warnings are given only for rows that are taken.
    """

    raw: RawRow
    record: RegisterRecord | None
    rejections: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    national_id: str = ""
    duplicate_of: int | None = None
    duplicate: Finding | None = None

    @property
    def number_in_sheet(self) -> int:
        return self.raw.number_in_sheet


def parse_row(raw: RawRow, *, on: date, vocab: Vocabulary) -> ParsedRow:
    """One row as a record with warnings, or with every reason why it is not taken. `on` is the day of the import."""
    row = _Row(raw, on, vocab)
    values = row.read()
    if row.rejections:
        return ParsedRow(raw, None, row.rejections, [], national_id=values.get("national_id") or "")
    record = RegisterRecord(number_in_sheet=raw.number_in_sheet, **values)
    return ParsedRow(raw, record, [], row.warnings, national_id=record.national_id)


def check_rows(rows: Iterable[RawRow], *, on: date, vocab: Vocabulary) -> Iterator[ParsedRow]:
    """Every row judged, and none taken whose national id, or whose membership number, came earlier in the file.

    A national id counts as having come even where the earlier row was refused for another reason: which of the two
    is right is for a person to say (page 7, N1). A membership number belongs to one NGO only (N3).
    """
    first_row: dict[str, int] = {}
    first_member: dict[str, int] = {}
    for raw in rows:
        parsed = parse_row(raw, on=on, vocab=vocab)
        earlier = first_row.get(parsed.national_id) if parsed.national_id else None
        if earlier is not None:
            yield _as_duplicate(parsed, earlier)
            continue
        if parsed.national_id:
            first_row[parsed.national_id] = raw.number_in_sheet
        if parsed.record and parsed.record.membership_number:
            member = first_member.setdefault(
                compact_fold(parsed.record.membership_number), raw.number_in_sheet
            )
            if member != raw.number_in_sheet:
                parsed = _as_repeated_member(parsed, member)
        yield parsed


def _as_duplicate(parsed: ParsedRow, earlier: int) -> ParsedRow:
    finding = _finding(
        parsed.raw,
        "national_id",
        f"این شناسه ملی در سطر {to_persian_digits(earlier)} همین فایل آمده است؛ این سطر ثبت نمی‌شود.",
        code="duplicate",
    )
    return replace(parsed, record=None, rejections=[], warnings=[], duplicate_of=earlier, duplicate=finding)


def _as_repeated_member(parsed: ParsedRow, earlier: int) -> ParsedRow:
    reason = f"این شماره عضویت در سطر {to_persian_digits(earlier)} همین فایل آمده است؛ شماره درست را بنویسید."
    finding = _finding(parsed.raw, "membership_number", reason)
    return replace(parsed, record=None, rejections=[finding], warnings=[])


def _finding(raw: RawRow, key: str, reason: str, code: str = "") -> Finding:
    return Finding(HEADINGS[key], shown(raw.cells.get(key)), code or key, reason)


class _Row:
    """Reads the cells of one row and gathers what is wrong with them."""

    def __init__(self, raw: RawRow, on: date, vocab: Vocabulary) -> None:
        self.raw = raw
        self.on = on
        self.vocab = vocab
        self.rejections: list[Finding] = []
        self.warnings: list[Finding] = []

    def read(self) -> dict[str, Any]:
        cell = self._cell
        values: dict[str, Any] = {
            "name": cell("name", organisation_name, wanted="نام سازمان خالی است؛ نام کامل را بنویسید."),
            "national_id": cell(
                "national_id", normalise_national_id, wanted="شناسه ملی خالی است؛ شناسه ۱۱ رقمی را بنویسید."
            ),
            "registration_number": cell("registration_number", normalise_registration_number) or "",
            "registered_on": cell("registered_on", self._registered_on),
            "legal_kind": cell("legal_kind", self._legal_kind),
            **(cell("licensor", self._licensor) or {}),
            "licence_number": cell("licence_number", numbered_text("licence_number", "شماره پروانه")) or "",
            "licence_valid_until": cell("licence_valid_until", self._licence_valid_until),
            "fields": cell("fields", self._fields) or (),
            "phone": cell("phone", normalise_landline) or "",
            "mobile": cell("mobile", normalise_mobile) or "",
            "email": cell("email", email) or "",
            "postal_code": cell("postal_code", self._postal_code) or "",
            "address": cell("address", limited_text("address", "نشانی")) or "",
            "ceo": cell("ceo", person_name) or "",
            "volunteers": cell("volunteers", whole_count),
            "membership_number": cell("membership_number", numbered_text("membership_number", "شماره عضویت"))
            or "",
            "member_since": cell("member_since", self._past_day("تاریخ عضویت")),
        }
        district = cell("district", self._district)
        values["district"] = None if district is None else self.vocab.districts[district]
        text = cell("neighbourhood", limited_text("neighbourhood", "محله")) or ""
        values["neighbourhood_text"] = text
        values["neighbourhood"] = self._neighbourhood(district, text) if text else None
        self._check_membership(values)
        return values

    def _cell(self, key: str, convert: Callable[[object], T], wanted: str = "") -> T | None:
        raw = self.raw.cells.get(key)
        if is_nothing(raw):
            if wanted:
                self.rejections.append(_finding(self.raw, key, wanted))
            return None
        try:
            if isinstance(raw, str) and len(raw) > LONGEST_CELL:
                raise CellRefused("نوشته این خانه بیش از اندازه بلند است؛ آن را کوتاه کنید.")
            if isinstance(raw, str) and raw.strip().lower() in EXCEL_ERRORS:
                raise CellRefused("این خانه در اکسل خطا دارد؛ مقدار آن را به‌جای فرمول بنویسید.")
            return convert(raw)
        except (IdentifierError, JalaliError) as error:
            reason = error.sentence
        except CellRefused as error:
            reason = str(error)
        self.rejections.append(_finding(self.raw, key, reason))
        return None

    def _warn(self, key: str, code: str, reason: str) -> None:
        self.warnings.append(_finding(self.raw, key, reason, code=code))

    def _past_day(self, label: str) -> Callable[[object], date]:
        def convert(raw: object) -> date:
            day = date_from_cell(raw)
            if day > self.on:
                raise CellRefused(f"{label} در آینده است؛ آن را اصلاح کنید.")
            if day < FIRST_REGISTRATION:
                raise CellRefused(
                    f"{label} پیش از {format_jalali(FIRST_REGISTRATION)} است؛ سال را اصلاح کنید."
                )
            return day

        return convert

    def _registered_on(self, raw: object) -> date:
        return self._past_day("تاریخ ثبت")(raw)

    def _licence_valid_until(self, raw: object) -> date:
        day = date_from_cell(raw)
        if not day >= FIRST_REGISTRATION or day.year > self.on.year + LICENCE_YEARS_AHEAD:
            raise CellRefused("سال اعتبار پروانه درست نیست؛ تاریخ پایان اعتبار را از روی پروانه بنویسید.")
        if day < self.on:
            reason = f"اعتبار پروانه در {format_jalali(day)} پایان یافته است؛ پروانه تازه را ثبت کنید."
            self._warn("licence_valid_until", "licence_expired", reason)
        return day

    def _legal_kind(self, raw: object) -> Hashable:
        kind = self.vocab.find_legal_kind(str(raw))
        if kind is None:
            raise CellRefused(
                f"نوع سازمان شناخته نشد؛ یکی از این‌ها را بنویسید: {'، '.join(self.vocab.legal_kinds)}."
            )
        return kind

    def _licensor(self, raw: object) -> dict[str, Any]:
        found = self.vocab.find_licensor(str(raw))
        if found is None:
            raise CellRefused(
                "مرجع صدور پروانه شناخته نشد؛ نام یک مرجع را بنویسید، مانند «وزارت کشور» یا «استانداری تهران»."
            )
        return {"licensor": found.licensor, "licensor_place": found.place, "licensor_text": clean_text(raw)}

    def _fields(self, raw: object) -> tuple[Hashable, ...]:
        found, unknown = self.vocab.find_fields(str(raw))
        if unknown or not found:
            raise CellRefused(
                f"حوزه فعالیت «{unknown[:100]}» در فهرست حوزه‌ها نیست؛ نام حوزه را از فهرست بنویسید."
            )
        return tuple(found)

    def _postal_code(self, raw: object) -> str:
        code = normalise_postal_code(raw)
        if not is_strict_postal_code(code):
            self._warn(
                "postal_code",
                "postal_code_odd",
                "این کد پستی با الگوی پست نمی‌خواند؛ آن را با قبض مقایسه کنید.",
            )
        return code

    def _district(self, raw: object) -> int:
        district = self.vocab.find_district(raw)
        if district is None:
            last = to_persian_digits(max(self.vocab.districts, default=22))
            raise CellRefused(f"منطقه شناخته نشد؛ شماره منطقه شهرداری تهران را از ۱ تا {last} بنویسید.")
        return district

    def _neighbourhood(self, district: int | None, text: str) -> Hashable | None:
        """A neighbourhood is known by district and name; one that is not in the list is kept as text and warned about."""
        found = self.vocab.find_neighbourhood(district, text) if district is not None else None
        if found is None:
            self._warn("neighbourhood", "neighbourhood_unknown", self._neighbourhood_reason(district, text))
        return found

    def _neighbourhood_reason(self, district: int | None, text: str) -> str:
        if district is None:
            return "محله بدون منطقه شناخته نمی‌شود؛ شماره منطقه را بنویسید."
        elsewhere = " و ".join(to_persian_digits(number) for number in self.vocab.districts_with(text))
        hint = f"؛ این نام در منطقه {elsewhere} هست" if elsewhere else ""
        return f"این محله در فهرست محله‌های منطقه {to_persian_digits(district)} نیست{hint}. منطقه و محله را بررسی کنید."

    def _check_membership(self, values: dict[str, Any]) -> None:
        """N2 takes existing members by number and date; where one is missing a person has to complete it."""
        if values["membership_number"] and not self.raw.cells.get("member_since"):
            self._warn(
                "member_since",
                "membership_incomplete",
                "شماره عضویت بدون تاریخ عضویت است؛ تاریخ عضویت را بنویسید.",
            )
        elif (
            values["member_since"]
            and not values["membership_number"]
            and not self.raw.cells.get("membership_number")
        ):
            self._warn(
                "membership_number",
                "membership_incomplete",
                "تاریخ عضویت بدون شماره عضویت است؛ شماره را بنویسید، وگرنه پیش‌نویس می‌ماند.",
            )
