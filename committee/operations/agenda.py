"""The agenda of a meeting (C4); when a called meeting's agenda changes its members hear of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Max, QuerySet, Value, When

from committee.enums import ItemKind, MeetingState, MotionState
from committee.models import AgendaItem, Meeting, Motion
from committee.operations.meetings import NOTHING_CHANGED, next_sequence
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

OPEN_STATES = (MeetingState.PLANNED, MeetingState.CALLED)
PAPER_STATES = (*OPEN_STATES, MeetingState.IN_SESSION)
FIRST_STAYS = "پیگیری مصوبه‌های پیشین نخستین دستور است و جابه‌جا یا حذف نمی‌شود."
AWAITS_CHAIR = "دعوت در انتظار امضای رئیس است؛ تا هنگامی که امضا یا بازگردانده نشود، دستور جلسه تغییر نمی‌کند."
NOT_OPEN = "دستور جلسه پس از آغاز یا لغو جلسه تغییر نمی‌کند."
CHANGEABLE = (ItemKind.MOTION, ItemKind.REPORT, ItemKind.DISCUSSION)
TITLE_WANTED = "عنوان دستور را بنویسید."
FOLLOW_UP_TITLE = "پیگیری مصوبه‌های پیشین"


def motions_to_choose(meeting: Meeting) -> QuerySet[Motion]:
    """Tabled motions that do not stand on this agenda yet."""
    return (
        Motion.objects.filter(state=MotionState.TABLED).exclude(agenda_items__meeting=meeting).order_by("id")
    )


def add_item(
    meeting: Meeting,
    *,
    actor: User,
    at: datetime,
    kind: str,
    title: str = "",
    note: str = "",
    motion: Motion | None = None,
) -> AgendaItem:
    """Put an item at the end of the agenda: the row, for whoever adds one from another record."""
    made: AgendaItem = table_for(AgendaItem).apply(
        meeting, "add", actor=actor, at=at, kind=kind, title=title, remark=note, motion=motion
    )
    return made


def begun(meeting: Meeting, step: Step) -> dict[str, Any]:
    """The first item of every agenda: what became of the last meeting's resolutions (C4)."""
    return {"meeting": meeting, "position": 1, "kind": ItemKind.FOLLOW_UP, "title": FOLLOW_UP_TITLE}


def adding_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """A tabled motion, a report or a discussion; once the meeting is in session only a motion's amended text (C5)."""
    motion, kind = step.asked.get("motion"), step.asked.get("kind")
    is_amended = motion is not None and motion.is_amendment and meeting.state == MeetingState.IN_SESSION
    if not is_amended:
        yield from _closed(meeting)
    if kind not in CHANGEABLE:
        yield "نوع دستور را برگزینید: پیشنهاد، گزارش یا گفت‌وگو."
    elif kind != ItemKind.MOTION and not step.asked.get("title"):
        yield TITLE_WANTED
    elif kind == ItemKind.MOTION and motion is None:
        yield "پیشنهاد را از فهرست برگزینید."
    elif kind == ItemKind.MOTION and motion is not None and motion.state != MotionState.TABLED:
        yield "تنها پیشنهادی که در دستور نهاده شده است به دستور جلسه افزوده می‌شود."


def _closed(meeting: Meeting) -> Iterator[str]:
    if meeting.state == MeetingState.AWAITING_CHAIR:
        yield AWAITS_CHAIR
    elif meeting.state not in OPEN_STATES:
        yield NOT_OPEN


def added(meeting: Meeting, step: Step) -> dict[str, Any]:
    """At the end of the agenda; a motion goes by its own title."""
    motion = step.asked["motion"] if step.asked["kind"] == ItemKind.MOTION else None
    last = meeting.items.aggregate(last=Max("position"))["last"] or 1
    return {
        "meeting": meeting,
        "position": last + 1,
        "kind": step.asked["kind"],
        "title": (motion.title if motion else step.asked["title"])[:200],
        "note": step.asked["remark"] or "",
        "motion": motion,
        **_uncovered(meeting, step),
    }


def _uncovered(meeting: Meeting, step: Step) -> dict[str, Any]:
    """Once the meeting is called, the chair's signature does not cover what is added or changed (C4)."""
    return {} if meeting.state == MeetingState.PLANNED else {"changed_at": step.at, "supplement": None}


def change_gaps(item: AgendaItem, step: Step) -> Iterator[str]:
    """Before the meeting, and never the first item (C4)."""
    closed = list(_closed(item.meeting))
    if closed:
        yield from closed
    elif item.kind == ItemKind.FOLLOW_UP:
        yield FIRST_STAYS


def words_gaps(item: AgendaItem, step: Step) -> Iterator[str]:
    """Other words than those that stand there."""
    yield from change_gaps(item, step)
    if step.asked and (item.title, item.note) == _worded(item, step):
        yield NOTHING_CHANGED


def changed(item: AgendaItem, step: Step) -> dict[str, Any]:
    """Title and remark; a motion's title is its own."""
    title, note = _worded(item, step)
    return {"title": title, "note": note, **_uncovered(item.meeting, step)}


def _worded(item: AgendaItem, step: Step) -> tuple[str, str]:
    title = None if item.kind == ItemKind.MOTION else step.asked.get("title")
    return (title or item.title)[:200], step.asked["remark"] or ""


def _neighbour(item: AgendaItem, *, up: bool) -> AgendaItem | None:
    others = item.meeting.items.exclude(kind=ItemKind.FOLLOW_UP)
    if up:
        return others.filter(position__lt=item.position).order_by("-position").first()
    return others.filter(position__gt=item.position).order_by("position").first()


def moving_gaps(*, up: bool) -> Any:
    """An item exchanges its place with a neighbour; the first item stays the first (C4)."""

    def gaps(item: AgendaItem, step: Step) -> Iterator[str]:
        found = list(change_gaps(item, step))
        yield from found
        if not found and _neighbour(item, up=up) is None:
            yield "این دستور در ابتدا یا انتهای فهرست است و از این سو جابه‌جا نمی‌شود."

    return gaps


def move(*, up: bool) -> Any:
    """Both places are exchanged in one statement."""

    def effect(item: AgendaItem, step: Step) -> dict[str, Any]:
        other = _neighbour(item, up=up)
        if other is not None:
            places = {item.pk: other.position, other.pk: item.position}
            cases = [When(pk=pk, then=Value(place)) for pk, place in places.items()]
            item.meeting.items.filter(pk__in=places).update(position=Case(*cases))
            item.refresh_from_db(fields=["position"])
        return told(item, step)

    return effect


def close_up(item: AgendaItem, step: Step) -> dict[str, Any]:
    """Those behind a removed item move up; a motion stays tabled."""
    item.meeting.items.filter(position__gt=item.position).update(position=F("position") - 1)
    return told(item, step)


def told(item: AgendaItem, step: Step) -> dict[str, Any]:
    """The agenda as it is now; the calendars of those invited count on."""
    meeting = item.meeting
    if next_sequence(meeting, step):
        table_for(meeting).apply(meeting, "count_on", actor=step.actor, at=step.at, within=step)
    titles = meeting.items.order_by("position").values_list("title", flat=True)
    return {"agenda": list(titles), "meeting_state": meeting.state}


def words(what: str) -> Any:
    """The entry is the meeting's; its note says what happened to which item."""

    def said(item: AgendaItem, step: Step) -> dict[str, str]:
        return {"subject": str(item.meeting), "item": item.title, "note": f"«{item.title}» {what}"}

    return said
