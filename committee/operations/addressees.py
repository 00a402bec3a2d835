"""Addressees of an announcement: chosen by the secretary, told when it is announced, chased until they confirm (C8)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from committee import settings
from committee.enums import AddresseeState, ResolutionState
from committee.models import Addressee, Resolution
from ngos.models import Ngo
from ngos.operations.addresses import NGO
from staff_portal.kernel.base.roles import Role, ScopeKind
from staff_portal.kernel.configuration import clocks, settings_store
from staff_portal.kernel.models import ActivityField, District, Unit
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.workflow.audience import PERSON, ROLE, Address
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

NOBODY = "دست‌کم یک گیرنده برگزینید: واحد، سمن یا شخص."
ALL_THERE = "همه کسانی که برگزیده‌اید پیش از این گیرنده این ابلاغ‌اند."
NOBODY_YET = "هنوز گیرنده‌ای برای ابلاغ این مصوبه برگزیده نشده است؛ نخست دبیر گیرندگان را برمی‌گزیند."
NOT_ANNOUNCED = "مصوبه هنوز ابلاغ نشده است."
NOT_LATE = "این گیرنده اکنون یادآوری نمی‌خواهد."
ALL_MEMBERS = "all"


# --- what may be chosen --------------------------------------------------------------------------------------------


def units(_: Any, on: date) -> QuerySet[Unit]:
    """The units of that day, those of the districts' municipalities among them."""
    return Unit.objects.filter(period__contains=on).order_by("id")


def groups_of_ngos(_: Any, on: date) -> list[tuple[str, str]]:
    """The member NGOs by one filter: all, a field, a district."""
    fields = [
        (f"field-{row.pk}", f"سمن‌های حوزه {row.title}")
        for row in ActivityField.objects.order_by("position", "id")
    ]
    districts = [
        (f"district-{row.pk}", f"سمن‌های منطقه {to_persian_digits(row.number)}")
        for row in District.objects.order_by("number")
    ]
    return [(ALL_MEMBERS, "همه سمن‌های عضو"), *fields, *districts]


def _ngos(group: str, on: date) -> QuerySet[Ngo]:
    members = Ngo.objects.members_on(on)
    if not group:
        return members.none()
    if group == ALL_MEMBERS:
        return members
    kind, _, key = group.partition("-")
    if kind == "district":
        return members.filter(district=int(key))
    return members.filter(Q(primary_field=int(key)) | Q(fields=int(key))).distinct()


def _chosen(resolution: Resolution, step: Step) -> list[dict[str, Any]]:
    """Those among the chosen to whom it is not addressed yet, each by the column that names them."""
    asked = step.asked
    wanted = [
        *(("unit", row) for row in asked.get("units") or ()),
        *(("ngo", row) for row in _ngos(asked.get("ngos") or "", step.on).order_by("id")),
        *(("person", row) for row in asked.get("persons") or ()),
    ]
    known = {
        (name, getattr(row, f"{name}_id"))
        for row in resolution.addressees.all()
        for name in ("unit", "ngo", "person")
    }
    return [{name: row} for name, row in wanted if (name, row.pk) not in known]


def choosing_gaps(resolution: Resolution, step: Step) -> Iterator[str]:
    """Somebody is chosen, and not everybody of them before."""
    if not step.asked:
        return
    if not any(step.asked.values()):
        yield NOBODY
    elif not _chosen(resolution, step):
        yield ALL_THERE


def add_all(resolution: Resolution, step: Step) -> dict[str, Any]:
    """Each becomes an addressee; of an announced resolution they hear at once (C8)."""
    chosen = _chosen(resolution, step)
    table_for(Addressee).apply_many(
        [resolution] * len(chosen),
        "add",
        actor=step.actor,
        at=step.at,
        within=step,
        asked=[{"to": next(iter(row.items()))} for row in chosen],
    )
    return {"addressees": [str(next(iter(row.values()))) for row in chosen]}


def new(resolution: Resolution, step: Step) -> dict[str, Any]:
    """The columns of one addressee."""
    name, record = step.asked["to"]
    return {"resolution": resolution, name: record, "added_by": step.actor}


def has_nobody(resolution: Resolution) -> bool:
    """Whether the secretary has chosen no addressee yet."""
    return not resolution.addressees.exists()


def signing_gaps(resolution: Resolution, step: Step) -> Iterable[str]:
    """Nothing is announced to nobody (C8)."""
    if has_nobody(resolution):
        yield NOBODY_YET


# --- where they are found ------------------------------------------------------------------------------------------


def addresses(row: Addressee) -> list[Address]:
    """Whoever stands behind the addressee on the day it is asked."""
    if row.person_id is not None:
        return [Address(PERSON, str(row.person_id))]
    if row.ngo_id is not None:
        return [Address(NGO, str(row.ngo_id))]
    found = [Address(ROLE, str(Role.UNIT_EXPERT), ScopeKind.UNIT, row.unit_id or 0)]
    if row.unit is not None and row.unit.district_id is not None:
        found.append(Address(ROLE, str(Role.REGION_OFFICER), ScopeKind.DISTRICT, row.unit.district_id))
    return found


def all_addresses(resolution: Resolution) -> list[Address]:
    """Everybody to whom the resolution is announced."""
    rows = resolution.addressees.select_related("unit")
    return list(dict.fromkeys(address for row in rows for address in addresses(row)))


def addresses_if_announced(row: Addressee) -> list[Address]:
    """Who is added afterwards hears at once; the others with the announcement."""
    return addresses(row) if is_announced(row) else []


def is_announced(row: Addressee) -> bool:
    """Whether there is something to receive."""
    return row.resolution.state == ResolutionState.ANNOUNCED


# --- receipt and its clock -----------------------------------------------------------------------------------------


def receiving_gaps(row: Addressee, step: Step) -> Iterator[str]:
    """Once it was announced."""
    if not is_announced(row):
        yield NOT_ANNOUNCED


def due(row: Addressee) -> date | None:
    """Until when the receipt is confirmed: from the announcement, of one added later from then on."""
    if not is_announced(row):
        return None
    since = local_date(max(row.resolution.state_since, row.state_since))
    return clocks.working_deadline(since, int(settings_store.value(settings.RECEIPT_DAYS, since)))


def _pause(on: date) -> int:
    return max(int(settings_store.value(settings.CHASE_DAYS, on)), 1)


def late(at: datetime) -> list[Addressee]:
    """Addressees whose clock is over and who were not reminded within the set days."""
    on = local_date(at)
    quiet = Q(last_chased_on__isnull=True) | Q(last_chased_on__lte=on - timedelta(days=_pause(on)))
    rows = Addressee.objects.filter(
        quiet, state=AddresseeState.WAITING, resolution__state=ResolutionState.ANNOUNCED
    ).select_related("resolution")
    return [row for row in rows.order_by("id") if _is_late(row, on)]


def _is_late(row: Addressee, on: date) -> bool:
    last = due(row)
    return last is not None and on > last


def chasing_gaps(row: Addressee, step: Step) -> Iterator[str]:
    """Asked again under the lock: two beats chase nobody twice."""
    last = row.last_chased_on
    if not _is_late(row, step.on) or (last is not None and last > step.on - timedelta(days=_pause(step.on))):
        yield NOT_LATE


def chased(row: Addressee, step: Step) -> dict[str, Any]:
    """When they were last reminded."""
    return {"last_chased_on": step.on}
