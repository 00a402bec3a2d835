"""What a register says against what is stored: which NGOs are new, which differ, and in what (page 7).

A stored NGO is known by its national id. Only what the register holds is taken from it: an empty cell leaves what
is stored as it is. National ids never change, nor the number and date of somebody who is a member (N3).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from ngos.enums import LegalKind, Licensor
from ngos.models import Licence, Ngo, Officer
from ngos.operations.derived import derive
from ngos.operations.ngo_data import COLUMNS, LicenceData, NgoData, normalised
from ngos.operations.registry import field_ids_of, register_many
from ngos.register_rows import Finding, RegisterRecord, Vocabulary
from staff_portal.kernel.base.periods import covers
from staff_portal.kernel.models import ActivityField, District, Neighbourhood, User
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.workflow.registry import table_for

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
_FROM_REGISTER = (
    "name",
    "registration_number",
    "registered_on",
    "phone",
    "mobile",
    "email",
    "postal_code",
    "address",
)


def read_vocabulary() -> Vocabulary:
    """The lists of the database as a register may name them. Three queries."""
    neighbourhoods: dict[int, dict[str, int]] = {}
    for pk, district, name in Neighbourhood.objects.filter(is_active=True).values_list(
        "pk", "district_id", "name"
    ):
        neighbourhoods.setdefault(district, {})[name] = pk
    return Vocabulary(
        fields=dict(ActivityField.objects.values_list("title", "pk")),
        legal_kinds={kind.label: kind.value for kind in LegalKind},
        licensors={licensor.label: licensor.value for licensor in Licensor},
        districts={number: number for number in District.objects.values_list("number", flat=True)},
        neighbourhoods=neighbourhoods,
    )


def data_of(record: RegisterRecord) -> NgoData:
    """A row of the register as an NGO's data in storage form; raises what :func:`normalised` raises."""
    licence = None
    if record.licensor and record.licence_valid_until:
        licence = LicenceData(
            licensor=str(record.licensor),
            valid_until=record.licence_valid_until,
            licensor_place=record.licensor_place,
            number=record.licence_number,
        )
    given: dict[str, Any] = {name: getattr(record, name) for name in _FROM_REGISTER}
    return normalised(
        NgoData(
            **given,
            national_id=record.national_id,
            legal_kind=str(record.legal_kind or ""),
            district_id=_key(record.district),
            neighbourhood_id=_key(record.neighbourhood),
            neighbourhood_text=record.neighbourhood_text,
            field_ids=tuple(int(str(pk)) for pk in record.fields),
            volunteer_count=record.volunteers,
            claimed_number=record.membership_number,
            claimed_since=record.member_since,
            licence=licence,
            ceo_name=record.ceo,
        )
    )


def _key(value: Any) -> int | None:
    return None if value is None else int(value)


# --- What is stored ---------------------------------------------------------------------------------------------


@dataclass
class Stored:
    """NGOs of a chunk as they stand, with what belongs to their files."""

    ngos: dict[str, Ngo] = field(default_factory=dict)
    fields: dict[int, set[int]] = field(default_factory=dict)
    licences: dict[int, set[tuple[Any, ...]]] = field(default_factory=dict)
    ceos: dict[int, Officer] = field(default_factory=dict)


def read_stored(national_ids: Iterable[str], *, on: date, lock: bool = False) -> Stored:
    """The NGOs with these national ids, locked if they are to be written. Four queries at most."""
    rows = Ngo.objects.filter(national_id__in=list(national_ids)).order_by("pk")
    ngos = list(rows.select_for_update(of=("self",), no_key=True) if lock else rows)
    if not ngos:
        return Stored()
    stored = Stored({ngo.national_id: ngo for ngo in ngos}, field_ids_of(ngos))
    for licence in Licence.objects.filter(ngo__in=ngos):
        stored.licences.setdefault(licence.ngo_id, set()).add(_licence_key(licence))
    for officer in Officer.objects.filter(ngo__in=ngos, post="ceo").order_by("id"):
        begins_later = officer.term.lower is not None and officer.term.lower > on
        if (
            covers(officer.term, on) or begins_later
        ):  # a register read for an earlier day changes nothing twice
            stored.ceos[officer.ngo_id] = officer
    return stored


def _licence_key(licence: Licence | LicenceData) -> tuple[Any, ...]:
    return licence.licensor, licence.licensor_place, licence.number, licence.valid_until


# --- What is to be done -----------------------------------------------------------------------------------------


@dataclass
class Change:
    """One stored NGO with the data it gets; the licence and the CEO only if they are new to its file."""

    ngo: Ngo
    data: NgoData
    has_new_columns: bool
    licence: LicenceData | None = None
    ceo_name: str = ""
    former_ceo: Officer | None = None
    is_renamed: bool = False


@dataclass
class Plan:
    """What a chunk does: NGOs to be registered, NGOs to be changed, and which row (by national id) does what."""

    new: list[NgoData] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    verdicts: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, list[Finding]] = field(default_factory=dict)

    @property
    def newly_named(self) -> set[str]:
        """National ids of rows whose name is new to the registry, so that its likeness to others matters."""
        renamed = {change.data.national_id for change in self.changes if change.is_renamed}
        return {data.national_id for data in self.new} | renamed


def plan_rows(batch: Iterable[NgoData], stored: Stored) -> Plan:
    """Compare the rows of a chunk with what is stored."""
    plan = Plan()
    for data in batch:
        ngo = stored.ngos.get(data.national_id)
        if ngo is None:
            plan.new.append(data)
            plan.verdicts[data.national_id] = CREATED
            continue
        change = _change(ngo, data, stored)
        plan.verdicts[data.national_id] = UNCHANGED if change is None else UPDATED
        if change is not None:
            plan.changes.append(change)
        if ngo.membership_number:
            plan.warnings[data.national_id] = list(_of_member(ngo, data, change))
    return plan


def _change(ngo: Ngo, given: NgoData, stored: Stored) -> Change | None:
    current = _current(ngo, stored.fields[ngo.pk])
    merged = _merged(current, given, is_member=bool(ngo.membership_number))
    licence = given.licence
    if licence is not None and _licence_key(licence) in stored.licences.get(ngo.pk, ()):
        licence = None
    ceo = stored.ceos.get(ngo.pk)
    ceo_name = "" if ceo is not None and ceo.name_folded == search_fold(given.ceo_name) else given.ceo_name
    if merged == current and licence is None and not ceo_name:
        return None
    return Change(
        ngo=ngo,
        data=merged,
        has_new_columns=merged != current,
        licence=licence,
        ceo_name=ceo_name,
        former_ceo=ceo if ceo_name else None,
        is_renamed=merged.name != current.name,
    )


def _current(ngo: Ngo, field_ids: set[int]) -> NgoData:
    first = [ngo.primary_field_id] if ngo.primary_field_id else []
    return NgoData(
        **{name: getattr(ngo, name) for name in COLUMNS},
        field_ids=(*first, *sorted(field_ids - set(first))),
        target_groups=tuple(ngo.target_groups),
    )


def _merged(current: NgoData, given: NgoData, *, is_member: bool) -> NgoData:
    """What is stored, with what the register gives in its place."""
    wanted = {name: getattr(given, name) for name in COLUMNS}
    if is_member:
        del wanted["claimed_number"], wanted["claimed_since"]
    taken = {name: value for name, value in wanted.items() if value not in (None, "")}
    if given.neighbourhood_text:
        taken["neighbourhood_id"] = given.neighbourhood_id
    elif given.district_id not in (None, current.district_id):
        # A neighbourhood belongs to its district and cannot stay behind.
        taken |= {"neighbourhood_id": None, "neighbourhood_text": ""}
    fields = given.field_ids
    if fields and (fields[:1] != current.field_ids[:1] or set(fields) != set(current.field_ids)):
        taken["field_ids"] = fields
    return replace(current, **taken)


def _of_member(ngo: Ngo, data: NgoData, change: Change | None) -> Iterator[Finding]:
    """What a register says of a member that its papers say otherwise."""
    if data.claimed_number not in {"", ngo.membership_number}:
        yield _number_kept(ngo, data)
    if change is not None and change.is_renamed:
        reason = f"نام این عضو از «{ngo.name}» به «{data.name}» تغییر می‌کند؛ گواهی و نامه‌های پیشین به نام پیشین می‌ماند."
        yield Finding("نام سازمان", data.name, "member_renamed", reason)


def _number_kept(ngo: Ngo, data: NgoData) -> Finding:
    number = to_persian_digits(ngo.membership_number or "")
    return Finding(
        "شماره عضویت",
        data.claimed_number,
        "membership_kept",
        f"این سمن با شماره عضویت {number} عضو است و شماره آن تغییر نمی‌کند.",
    )


# --- Doing it ---------------------------------------------------------------------------------------------------


def store_plan(plan: Plan, *, actor: User, at: datetime) -> None:
    """Write a chunk by the rows of the registry; the caller's ``whole`` settles them together."""
    if plan.new:
        register_many(plan.new, actor=actor, at=at)
    if plan.changes:
        _store_changes(plan.changes, actor=actor, at=at)


def _store_changes(changes: list[Change], *, actor: User, at: datetime) -> None:
    names = _ceo_names(changes)

    def take(model: Any, name: str, objs: list[Any], asked: list[dict[str, Any]]) -> None:
        if objs:
            table_for(model).apply_many(objs, name, actor=actor, at=at, asked=asked)

    moved = [change for change in changes if change.has_new_columns]
    take(
        Ngo,
        "change_by_register",
        [change.ngo for change in moved],
        [{"data": change.data, "ceo_name": names[change.ngo.pk]} for change in moved],
    )
    licensed = [change for change in changes if change.licence]
    take(Licence, "import", [row.ngo for row in licensed], [{"data": row.licence} for row in licensed])
    # A CEO of another name takes the post today; the term of the former one ends the day before.
    yesterday = local_date(at) - timedelta(days=1)
    former = [change.former_ceo for change in changes if change.former_ceo is not None]
    take(Officer, "end_by_register", former, [{"last_day": _last_day(row, yesterday)} for row in former])
    led = [change for change in changes if change.ceo_name]
    take(Officer, "import", [row.ngo for row in led], [{"name": row.ceo_name} for row in led])
    found_anew = [change.ngo for change in led if not change.has_new_columns]
    for ngo in found_anew:
        derive(ngo, ceo_name=names[ngo.pk])
    Ngo.objects.bulk_update(found_anew, ["search_text"])


def _last_day(officer: Officer, yesterday: date) -> date:
    return max(yesterday, officer.term.lower or yesterday)


def _ceo_names(changes: list[Change]) -> Mapping[int, str]:
    """The newest CEO by NGO, as the search text is to hold it: the register's, else the last recorded."""
    officers = Officer.objects.filter(ngo__in=[change.ngo for change in changes], post="ceo").order_by("id")
    names = {change.ngo.pk: "" for change in changes}
    names.update(officers.values_list("ngo_id", "full_name"))
    return names | {change.ngo.pk: change.ceo_name for change in changes if change.ceo_name}
