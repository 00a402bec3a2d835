"""Work items: whose turn it is, stored with the step that makes it so.

What waits on a record follows from its table alone: each row that may be taken in the record's state and declares
``waits`` wants an item at each of its addresses. Settling compares that with what is stored, closes, opens and
changes; a rebuild does the same for every record and names what differed (none, if every write came through the
rows).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from staff_portal.kernel.models import AuditEntry, Hold, User, WorkItem
from staff_portal.kernel.trail.words import fill
from staff_portal.kernel.workflow.audience import PERSON, ROLE, Address, Reach, addressed_to, reach_of
from staff_portal.kernel.workflow.registry import TABLES, moved_with, table_for
from staff_portal.kernel.workflow.rows import Row, Turn, Waits

Place = tuple[str, str, int, str, str, int, str, str]
"""What tells the open items of one record apart: row, key, person, role, scope kind and id, kind and key."""

CHANGING = (
    "subject_label",
    "kind",
    "power",
    "but",
    "title",
    "detail",
    "batch",
    "url",
    "rank",
    "due_on",
    "opens_on",
    "ends_on",
    "is_held",
)


@dataclass
class Settled:
    """What a settling did: how many items it opened, closed and changed, and of which records."""

    opened: int = 0
    closed: int = 0
    changed: int = 0
    records: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.opened + self.closed + self.changed


# --- what should wait ---------------------------------------------------------------------------------------


def wanted_of(obj: Any, *, is_held: bool) -> dict[Place, dict[str, Any]]:
    """The items that a record wants in the state it stands in; reads no clock."""
    table = table_for(obj)
    found: dict[Place, dict[str, Any]] = {}
    for row in table.rows.values():
        if row.waits and table.stands_in(obj, row):
            for wait in row.waits:
                found |= _items(table, obj, row, wait, is_held=is_held and not row.under_hold)
    for wait in table.waits:
        found |= _items(table, obj, None, wait, is_held=is_held)
    return found


def _items(
    table: Any, obj: Any, row: Row | None, wait: Waits, *, is_held: bool
) -> dict[Place, dict[str, Any]]:
    """The items of one wait; those without a row are ended by what is done in the record's parts."""
    if wait.when is not None and not wait.when(obj):
        return {}
    words = {"subject": wait.named(obj) if wait.named is not None else str(obj)}
    if "{file}" in wait.title:
        words["file"] = str(table.root_of(obj))
    values = {
        "subject_label": str(obj)[:300],
        "kind": wait.kind,
        "title": fill(wait.title, words)[:300],
        "detail": (wait.detail(obj) if callable(wait.detail) else fill(wait.detail, words))[:300],
        "batch": (wait.batch(obj) if callable(wait.batch) else wait.batch)[:200],
        "url": _page_of(table, obj, row, wait),
        "rank": wait.rank,
        "due_on": _day(obj, wait.due),
        "opens_on": _day(obj, wait.opens),
        "ends_on": _day(obj, wait.ends),
        "but": sorted({int(pk) for pk in wait.but(obj) if pk}) if wait.but else [],
        "is_held": is_held,
    }
    name, addresses = row.name if row is not None else "", list(wait.to.find(obj))
    if wait.turns is None:
        return {_place(name, wait.key, address): {**values, "power": address.power} for address in addresses}
    return {
        _place(name, f"{wait.key}-{turn.key}", address): {**values, **_own(turn), "power": address.power}
        for turn in wait.turns(obj)
        for address in addresses
    }


def _page_of(table: Any, obj: Any, row: Row | None, wait: Waits) -> str:
    if wait.page is not None:
        return wait.page(obj)
    return str(table.address_to(obj, row) if row is not None else table.address(obj))


def _own(turn: Turn) -> dict[str, Any]:
    """What a turn says in place of its wait."""
    own = {"detail": turn.detail[:300], "but": sorted(turn.but), "opens_on": turn.opens, "ends_on": turn.ends}
    return {name: value for name, value in own.items() if value}


def _day(obj: Any, source: Any) -> date | None:
    if not source:
        return None
    found: date | None = source(obj) if callable(source) else getattr(obj, source)
    return found


def _place(row: str, key: str, address: Address) -> Place:
    person = int(address.key) if address.kind == PERSON else 0
    role = address.key if address.kind == ROLE else ""
    own = ("", "") if address.kind in {PERSON, ROLE} else (address.kind, address.key)
    return (row, key, person, role, address.scope_kind, address.scope_id, *own)


def _place_of(item: WorkItem) -> Place:
    return (
        item.row,
        item.key,
        item.person_id or 0,
        item.role,
        item.scope_kind,
        item.scope_id,
        item.address_kind,
        item.address_key,
    )


# --- settling -----------------------------------------------------------------------------------------------


def settle(
    records: Iterable[models.Model], *, actor: User | None, at: datetime, rebuilding: bool = False
) -> Settled:
    """Bring the stored items of these records in line, from a fresh read of each. In the step's transaction.

    With ``rebuilding`` an item that was missing is dated and signed from the record and its trail. Work that opens only
    because a record of another kind changed comes from nobody: who changed that one sent nothing.
    """
    done = Settled()
    records = list(records)
    own = {(record._meta.label_lower, record.pk) for record in records}
    moved = records if rebuilding else [found for record in records for found in moved_with(record)]
    for model, keys in _by_model(moved).items():
        table = TABLES[model._meta.label_lower]
        fresh = {obj.pk: obj for obj in table.fresh(keys).annotate(_is_held=_held(model))}
        stored: dict[int, dict[Place, WorkItem]] = defaultdict(dict)
        for item in _open(model, keys):
            stored[item.subject_id][_place_of(item)] = item
        gone: list[int] = []
        new: list[WorkItem] = []
        for pk in keys:
            obj = fresh.get(pk)
            wanted = wanted_of(obj, is_held=obj._is_held) if obj is not None else {}
            present = stored[pk]
            before = done.total
            for place, item in present.items():
                if place not in wanted:
                    gone.append(item.pk)
                    done.closed += 1
                elif _bring_in_line(item, wanted[place]):
                    done.changed += 1
            missing = [place for place in wanted if place not in present]
            if missing:
                by = actor if (model._meta.label_lower, pk) in own else None
                since, sender = _opened(obj, by, at, rebuilding=rebuilding)
                new += [_item(table, obj, place, wanted[place], sender, since) for place in missing]
                done.opened += len(missing)
            if done.total != before:
                done.records.append(f"{model._meta.label_lower}:{pk}")
        if gone:
            WorkItem.objects.filter(pk__in=gone).update(closed_at=at, closed_by=actor)
        WorkItem.objects.bulk_create(new)
    return done


def _by_model(records: Iterable[models.Model]) -> dict[type[models.Model], list[int]]:
    found: dict[type[models.Model], dict[int, None]] = defaultdict(dict)
    for record in records:
        table = TABLES.get(record._meta.label_lower)
        if table is not None and table.has_waits and record.pk is not None:
            found[table.model][record.pk] = None
    return {model: list(keys) for model, keys in found.items()}


def _open(model: type[models.Model], keys: Iterable[int]) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(
        subject_type=model._meta.label_lower, subject_id__in=keys, closed_at__isnull=True
    )


def _held(model: type[models.Model]) -> Exists:
    """Whether a record stands still, asked with the record."""
    return Exists(
        Hold.objects.filter(
            subject_type=model._meta.label_lower, subject_id=OuterRef("pk"), lifted_at__isnull=True
        )
    )


def _bring_in_line(item: WorkItem, values: dict[str, Any]) -> bool:
    changed = [name for name in CHANGING if getattr(item, name) != values[name]]
    if not changed:
        return False
    for name in changed:
        setattr(item, name, values[name])
    item.save(update_fields=changed)
    return True


def _item(
    table: Any, obj: Any, place: Place, values: dict[str, Any], sender: User | None, since: datetime
) -> WorkItem:
    row, key, person, role, scope_kind, scope_id, address_kind, address_key = place
    root = table.root_of(obj)
    return WorkItem(
        **values,
        subject_type=obj._meta.label_lower,
        subject_id=obj.pk,
        root_type=root._meta.label_lower,
        root_id=root.pk,
        row=row,
        key=key,
        person_id=person or None,
        role=role,
        scope_kind=scope_kind,
        scope_id=scope_id,
        address_kind=address_kind,
        address_key=address_key,
        sent_by=sender,
        since=since,
    )


def _opened(obj: Any, actor: User | None, at: datetime, *, rebuilding: bool) -> tuple[datetime, User | None]:
    if not rebuilding:
        return at, actor
    entries = AuditEntry.objects.filter(subject_type=obj._meta.label_lower, subject_id=obj.pk)
    last = entries.select_related("actor").order_by("-id").first()
    since = getattr(obj, "state_since", None) or (last.at if last else at)
    return since, last.actor if last else None


# --- reading ------------------------------------------------------------------------------------------------


def open_items(user: User, on: date) -> QuerySet[WorkItem]:
    """What waits for the person on that day: addressed to them, begun, not ended, not stopped, not barred."""
    return open_to(reach_of(user, on))


def open_to(reach: Reach) -> QuerySet[WorkItem]:
    """What waits for whoever is reached like that."""
    return WorkItem.objects.filter(
        addressed_to(reach),
        Q(opens_on__isnull=True) | Q(opens_on__lte=reach.on),
        Q(ends_on__isnull=True) | Q(ends_on__gte=reach.on),
        closed_at__isnull=True,
        is_held=False,
    ).exclude(but__contains=[reach.user_id])


def sent_items(user: User, on: date) -> QuerySet[WorkItem]:
    """What the person sent on and awaits from others."""
    mine = open_items(user, on).values("pk")
    return WorkItem.objects.filter(sent_by=user, closed_at__isnull=True).exclude(pk__in=mine)


def of_file(root: models.Model) -> QuerySet[WorkItem]:
    """Who has a file now and since when: the open items of the file and of everything in it."""
    return (
        WorkItem.objects.filter(root_type=root._meta.label_lower, root_id=root.pk, closed_at__isnull=True)
        .select_related("person", "sent_by")
        .order_by("rank", "since", "id")
    )


def rebuild(*, at: datetime, mend: bool = True, chunk: int = 500) -> Settled:
    """Compare what is stored with what every record wants; with ``mend`` put it right too. Nightly, and when the
    calendar changes: then the days are computed anew."""
    total = Settled()
    for table in list(TABLES.values()):
        if not table.has_waits:
            continue
        for keys in _chunks(table, chunk):
            found = _settled(table, keys, at, mend=mend)
            total.opened += found.opened
            total.closed += found.closed
            total.changed += found.changed
            total.records += found.records
    return total


def _chunks(table: Any, size: int) -> Iterable[list[models.Model]]:
    """Records that may want items, and those that still have some."""
    keys = set(table.waiting_keys())
    keys |= set(
        WorkItem.objects.filter(
            subject_type=table.model._meta.label_lower, closed_at__isnull=True
        ).values_list("subject_id", flat=True)
    )
    ordered = sorted(keys)
    for start in range(0, len(ordered), size):
        yield [table.model(pk=pk) for pk in ordered[start : start + size]]


def _settled(table: Any, records: list[models.Model], at: datetime, *, mend: bool) -> Settled:
    with transaction.atomic():
        found = settle(records, actor=None, at=at, rebuilding=True)
        if not mend:
            transaction.set_rollback(True)
    return found
