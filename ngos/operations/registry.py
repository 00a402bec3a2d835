"""Registering NGOs and keeping their data (N1): what the rows store and need; page, import and demo share it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from ngos import rules
from ngos.models import Licence, Ngo, Officer
from ngos.operations.derived import derive
from ngos.operations.ngo_data import COLUMNS, NgoData, normalised
from staff_portal.kernel.models import ActivityField, AuditEntry, District, Neighbourhood, User
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step
from staff_portal.kernel.workflow.transactions import require

Taken = list[tuple[Ngo, Step]]
STORED = (
    *(name.removesuffix("_id") if name in {"district_id", "neighbourhood_id"} else name for name in COLUMNS),
    *("target_groups", "primary_field", "name_core", "sort_key", "search_text"),
)


# --- the doors ---------------------------------------------------------------------------------------------


def register_ngo(*, actor: User, at: datetime, data: NgoData) -> Ngo:
    """Register an NGO as a draft (N1). A national id that is there already is refused, naming the file."""
    made: Ngo = table_for(Ngo).apply(None, "register", actor=actor, at=at, data=normalised(data))
    return made


def register_many(batch: list[NgoData], *, actor: User, at: datetime) -> list[Ngo]:
    """The many-row form for data of a register, normalised already: all of them or none, an entry for each (K4)."""
    made: list[Ngo] = table_for(Ngo).apply_many(
        [None] * len(batch), "import", actor=actor, at=at, asked=[{"data": data} for data in batch]
    )
    return made


def update_ngo(ngo: Ngo, *, actor: User, at: datetime, data: NgoData, version: int) -> Ngo:
    """Change an NGO's data; refused with the other person's name when the file changed meanwhile.

    ``version`` is the one the person saw. National id and claimed membership stay as they are once the NGO
    is a member.
    """
    clean = normalised(data)
    if not _differs(ngo, clean, version):
        require(rules.EDIT_NGO, actor, ngo, at)
        return ngo
    changed: Ngo = table_for(Ngo).apply(ngo, "change", actor=actor, at=at, data=clean, version=version)
    return changed


def _differs(ngo: Ngo, data: NgoData, version: int) -> bool:
    """Whether there is anything to change: a form sent back as it was leaves no trace."""
    fresh = Ngo.objects.get(pk=ngo.pk)
    return (
        fresh.version != version
        or any(value != getattr(fresh, name) for name, value in _columns(data).items())
        or set(data.field_ids) != field_ids_of([fresh])[fresh.pk]
    )


# --- what stands against it ----------------------------------------------------------------------------------


def twin_gaps(parent: None, step: Step) -> Iterator[str]:
    """N1: one file for each national id."""
    twin = Ngo.objects.filter(national_id=step.asked["data"].national_id).first()
    if twin is not None:
        yield f"سمنی با این شناسه ملی پیش از این ثبت شده است: «{twin.name}»."


def change_gaps(ngo: Ngo, step: Step) -> Iterator[str]:
    """Nobody else has changed the file; a member keeps its national id; no twin (N1, N3)."""
    data = step.asked.get("data")
    if data is None:
        return
    if ngo.version != step.asked["version"]:
        yield _changed_meanwhile(ngo)
    elif ngo.membership_number and data.national_id != ngo.national_id:
        yield "شناسه ملی عضو تغییر نمی‌کند."
    elif Ngo.objects.filter(national_id=data.national_id).exclude(pk=ngo.pk).exists():
        yield "سمن دیگری با این شناسه ملی ثبت شده است."


def _changed_meanwhile(ngo: Ngo) -> str:
    last = (
        AuditEntry.objects.filter(subject_type=audit.type_label(ngo), subject_id=ngo.pk, event="ngo.changed")
        .order_by("-id")
        .first()
    )
    who = f"{last.actor_label} " if last else ""
    return (
        f"{who}این پرونده را در همین فاصله تغییر داده است. نوشته‌های شما این‌جا مانده است؛ "
        "آن‌ها را با داده‌های تازه بسنجید و دوباره ذخیره کنید."
    )


# --- what is stored ------------------------------------------------------------------------------------------


def registered(parent: None, step: Step) -> dict[str, Any]:
    """The columns of a new file."""
    data: NgoData = step.asked["data"]
    ngo = Ngo(**_columns(data))
    derive(ngo, ceo_name=data.ceo_name)
    stored = {name: getattr(ngo, name) for name in ("name_core", "sort_key", "search_text")}
    return {**_as_relations(_columns(data)), **stored, "registered_by": step.actor, "registered_at": step.at}


def changed(ngo: Ngo, step: Step) -> dict[str, Any]:
    """Of the columns those that differ; what searching and sorting use is always computed anew."""
    data: NgoData = step.asked["data"]
    columns = _columns(data)
    differing = {name: value for name, value in columns.items() if value != getattr(ngo, name)}
    fresh = Ngo(pk=ngo.pk, membership_number=ngo.membership_number, **columns)
    derive(fresh, ceo_name=step.asked.get("ceo_name"))
    if "name" in differing:
        differing |= {"name_core": fresh.name_core, "sort_key": fresh.sort_key}
    return {**_as_relations(differing), "search_text": fresh.search_text}


def _columns(data: NgoData) -> dict[str, Any]:
    return {
        **{name: getattr(data, name) for name in COLUMNS},
        "target_groups": list(data.target_groups),
        "primary_field_id": data.field_ids[0] if data.field_ids else None,
    }


_RELATIONS = {"district_id": District, "neighbourhood_id": Neighbourhood, "primary_field_id": ActivityField}


def _as_relations(columns: dict[str, Any]) -> dict[str, Any]:
    """The columns by the names of their fields: a key becomes the record it names, unread."""
    named = {}
    for name, value in columns.items():
        model = _RELATIONS.get(name)
        if model is None:
            named[name] = value
        else:
            named[name.removesuffix("_id")] = None if value is None else model(pk=value)
    return named


# --- what follows --------------------------------------------------------------------------------------------


def add_parts(taken: Taken) -> None:
    """Fields of activity, licence and CEO of new files, each kind in one statement."""
    pairs = [(ngo, step.asked["data"]) for ngo, step in taken]
    _link_fields(pairs)
    _bring(Licence, [(ngo, {"data": data.licence}) for ngo, data in pairs if data.licence is not None], taken)
    _bring(Officer, [(ngo, {"name": data.ceo_name}) for ngo, data in pairs if data.ceo_name], taken)


def _bring(model: Any, found: list[tuple[Ngo, dict[str, Any]]], taken: Taken) -> None:
    """Parts of new files, by the authority of their registration."""
    if found:
        step = taken[0][1]
        asked = [answers for _, answers in found]
        table_for(model).apply_many(
            [ngo for ngo, _ in found],
            "come_with_file",
            actor=step.actor,
            at=step.at,
            within=step,
            asked=asked,
        )


def change_fields(taken: Taken) -> None:
    """The fields of activity of changed files; the entries keep both sides where they differ."""
    old = field_ids_of([ngo for ngo, _ in taken])
    moved = [(ngo, step) for ngo, step in taken if set(step.asked["data"].field_ids) != old[ngo.pk]]
    Ngo.fields.through.objects.filter(ngo__in=[ngo for ngo, _ in moved]).delete()
    _link_fields((ngo, step.asked["data"]) for ngo, step in moved)
    for ngo, step in moved:
        step.before["fields"] = sorted(old[ngo.pk])


def told_fields(ngo: Ngo, step: Step) -> dict[str, Any]:
    """The fields of activity after a change, for the entry."""
    return {"fields": sorted(step.asked["data"].field_ids)} if "fields" in step.before else {}


def field_ids_of(ngos: Iterable[Ngo]) -> dict[int, set[int]]:
    """The fields of activity of several NGOs, in one query."""
    found: dict[int, set[int]] = {ngo.pk: set() for ngo in ngos}
    for ngo_id, pk in Ngo.fields.through.objects.filter(ngo__in=found).values_list(
        "ngo_id", "activityfield_id"
    ):
        found[ngo_id].add(pk)
    return found


def _link_fields(batch: Iterable[tuple[Ngo, NgoData]]) -> None:
    links = Ngo.fields.through
    links.objects.bulk_create(
        links(ngo_id=ngo.pk, activityfield_id=pk) for ngo, data in batch for pk in data.field_ids
    )
