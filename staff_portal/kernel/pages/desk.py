"""What waits, as lines people read: for me, sent by me, and on one file.

Everything here reads the stored work items. A line may stand for many records: what is not read one by one is
counted by the database, so that no number is cut with the list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Model, Q, Window
from django.db.models.functions import RowNumber

from staff_portal.kernel.base.roles import Role, Side
from staff_portal.kernel.models import User, WorkItem
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_text
from staff_portal.kernel.trail import file_kinds
from staff_portal.kernel.workflow import work
from staff_portal.kernel.workflow.audience import KINDS

SOON = timedelta(days=3)
"""A task due within this is urgent, wherever it is shown."""
MOST_READ = 50
"""Of the same work from the same person for the same day so many are read one by one."""
REST = "و بقیه"
UNREAD = "*"


@dataclass(frozen=True)
class Task:
    """Something that waits for a person: what, where, from whom, since when and until when.

    ``many`` is how many records the line stands for; ``batch`` names many of the same after their number.
    """

    kind: str
    title: str
    detail: str
    url: str
    due_on: date | None = None
    since: datetime | None = None
    rank: int = 50
    sender: str = ""
    many: int = 1
    batch: str = ""


@dataclass(frozen=True)
class Sent:
    """Something that a person sent on and awaits: what, with whom, since when and until when."""

    title: str
    holder: str
    url: str
    since: datetime
    due_on: date | None = None


@dataclass(frozen=True)
class Holder:
    """Who has a file now: a role, a person or a seat, for which step, since when and until when.

    ``what`` is empty for those outside the office: they see that it is there, not what is being weighed (N7).
    """

    who: str
    since: datetime
    due_on: date | None = None
    what: str = ""
    url: str = ""


def count_of(tasks: Iterable[Task]) -> int:
    """How much waits: every record, also those a line only counts."""
    return sum(task.many for task in tasks)


def rest_of(last: Task, many: int, url: str) -> Task:
    """The line for those of a kind that were not read one by one, after the last one that was."""
    return Task(
        last.kind,
        REST,
        "",
        url,
        due_on=last.due_on,
        since=last.since,
        rank=last.rank,
        sender=last.sender,
        many=many,
        batch=last.batch,
    )


# --- for me -------------------------------------------------------------------------------------------------


def tasks_for(user: User, on: date) -> list[Task]:
    """The stored work that waits for the person, in one query.

    Of the same step from the same person for the same day at most :data:`MOST_READ` are read, the longest waiting
    first; one more line counts the others.
    """
    same = [F("kind"), F("row"), F("batch"), F("sent_by"), F("due_on")]
    rows = work.open_items(user, on).annotate(
        place=Window(RowNumber(), partition_by=same, order_by=[F("rank").asc(), F("since").asc()]),
        of_all=Window(Count("*"), partition_by=same),
    )
    found: list[Task] = []
    for item in rows.filter(place__lte=MOST_READ).select_related("sent_by").order_by("rank", "since", "id"):
        task = task_of(item, user)
        found.append(task)
        if item.place == MOST_READ and item.of_all > MOST_READ:
            found.append(rest_of(task, item.of_all - MOST_READ, ""))
    return found


def task_of(item: WorkItem, reader: User | None = None) -> Task:
    """A stored work item as a line of the inbox; what the reader's own step opened comes from nobody."""
    return Task(
        item.kind,
        to_persian_text(item.title),
        to_persian_text(item.detail),
        item.url,
        due_on=item.due_on,
        since=item.since,
        rank=item.rank,
        sender=_named(item.sent_by, reader) if item.sent_by and item.sent_by != reader else "",
        batch=to_persian_text(item.batch),
    )


def _named(person: User, reader: User | None) -> str:
    """A person by name; to people of the NGOs those of the office are their side (N7: no assessor's name)."""
    if reader is not None and _is_outside(reader) and person.side != reader.side:
        return str(Side(person.side).label)
    return person.full_name


def _is_outside(reader: User) -> bool:
    return reader.side == Side.NGO


# --- sent by me ---------------------------------------------------------------------------------------------


def sent_by(user: User, on: date, most: int | None) -> tuple[list[Sent], int]:
    """What the person sent on and awaits, the longest waiting first, and how many there are. One query.

    What has not begun or is over by time waits for nobody.
    """
    rows = work.sent_items(user, on).filter(_running(on)).select_related("person")
    rows = rows.annotate(of_all=Window(Count("*"))).order_by("since", "id")[:most]
    found = list(rows)
    return [_sent(item, user) for item in found], found[0].of_all if found else 0


def _sent(item: WorkItem, reader: User) -> Sent:
    return Sent(
        to_persian_text(item.title),
        holder_of(item, reader),
        url_of_file(item),
        item.since,
        item.due_on,
    )


def url_of_file(item: WorkItem) -> str:
    """The page of the file on which the item waits; empty where its kind has none."""
    root = file_kinds.ROOTS.get(item.root_type)
    return root.url(root.model(pk=item.root_id)) if root is not None else ""


def holder_of(item: WorkItem, reader: User) -> str:
    """With whom the item is, as the reader may know it."""
    if item.person is not None:
        return _named(item.person, reader)
    if item.role:
        return str(Role(item.role).label)
    return KINDS[item.address_kind].label(item.address_key)


def _running(on: date) -> Q:
    begun = Q(opens_on__isnull=True) | Q(opens_on__lte=on)
    return begun & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


# --- on one file --------------------------------------------------------------------------------------------


def holders(root: Model, reader: User, on: date, *, inside: bool = True) -> list[Holder]:
    """Who has the file now [این پرونده دست کیست], for whoever may see its page. One query.

    ``inside`` says whether the reader may know what each one is to do; people of the NGOs never, and see roles and
    sides instead of names, once each (N7). One's own step is shown to everyone.
    """
    roles = access.roles_of(reader, on)
    found: dict[tuple[str, str], Holder] = {}
    for item in work.of_file(root).filter(_running(on), is_held=False):
        who = holder_of(item, reader)
        mine = item.person_id == reader.pk or item.role in roles
        hidden = (not inside or _is_outside(reader)) and not mine
        what = "" if hidden else to_persian_text(item.title)
        known = found.get((who, what))
        if known is None or item.since < known.since:
            found[who, what] = Holder(who, item.since, item.due_on, what, item.url if mine else "")
    return list(found.values())
