"""The agenda of a meeting and its papers (C4); when a called meeting's agenda changes its members hear of it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, F, Max, QuerySet, Value, When

from committee import events, rules
from committee.enums import ItemKind, MeetingState, MotionState
from committee.models import AgendaItem, Meeting, Motion
from committee.operations.meetings import lock_meeting
from staff_portal.kernel import audit
from staff_portal.kernel.access import Authority
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.operations.attachments import attach
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.refusals import Refusal

OPEN_STATES = (MeetingState.PLANNED, MeetingState.CALLED)
PAPER_STATES = (*OPEN_STATES, MeetingState.IN_SESSION)
FIRST_STAYS = "پیگیری مصوبه‌های پیشین نخستین دستور است و جابه‌جا یا حذف نمی‌شود."
AWAITS_CHAIR = "دعوت در انتظار امضای رئیس است؛ تا هنگامی که امضا یا بازگردانده نشود، دستور جلسه تغییر نمی‌کند."
NOT_OPEN = "دستور جلسه پس از آغاز یا لغو جلسه تغییر نمی‌کند."
CHANGEABLE = (ItemKind.MOTION, ItemKind.REPORT, ItemKind.DISCUSSION)


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
    """A motion that is tabled, a report or a discussion, at the end of the agenda.

    Once the meeting is in session only an amended text of a motion may be added (C5).
    """
    authority = require(rules.PLAN_MEETING, actor, meeting, at)
    with one_step():
        locked = lock_meeting(meeting)
        amended = motion is not None and motion.is_amendment
        if not (amended and locked.state == MeetingState.IN_SESSION):
            _refuse_unless_open(locked)
        if kind not in CHANGEABLE:
            raise Refusal("نوع دستور را برگزینید: پیشنهاد، گزارش یا گفت‌وگو.")
        if kind == ItemKind.MOTION:
            title = _motion_title(motion)
        else:
            motion = None
            title = require_text(title, "عنوان دستور را بنویسید.")
        last = locked.items.aggregate(last=Max("position"))["last"] or 1
        item = AgendaItem.objects.create(
            meeting=locked,
            position=last + 1,
            kind=kind,
            title=title[:200],
            note=note.strip(),
            motion=motion,
        )
        _changed(locked, f"«{item.title}» افزوده شد", actor=actor, at=at, authority=authority)
    return item


def _motion_title(motion: Motion | None) -> str:
    if motion is None:
        raise Refusal("پیشنهاد را از فهرست برگزینید.")
    if motion.state != MotionState.TABLED:
        raise Refusal("تنها پیشنهادی که در دستور نهاده شده است به دستور جلسه افزوده می‌شود.")
    return motion.title


def change_item(item: AgendaItem, *, actor: User, at: datetime, title: str, note: str) -> AgendaItem:
    """Other words for an item; a motion keeps its own title."""
    authority = require(rules.PLAN_MEETING, actor, item.meeting, at)
    with one_step():
        locked, found = _locked_item(item)
        before = audit.snapshot(found, ["title", "note"])
        if found.kind != ItemKind.MOTION:
            found.title = require_text(title, "عنوان دستور را بنویسید.")[:200]
        found.note = note.strip()
        if audit.snapshot(found, ["title", "note"]) != before:
            found.save(update_fields=["title", "note"])
            _changed(locked, f"«{found.title}» ویرایش شد", actor=actor, at=at, authority=authority)
    return found


def move_item(item: AgendaItem, *, actor: User, at: datetime, up: bool) -> AgendaItem:
    """Exchange an item with its neighbour; the first item stays the first (C4)."""
    authority = require(rules.PLAN_MEETING, actor, item.meeting, at)
    with one_step():
        locked, found = _locked_item(item)
        others = locked.items.exclude(kind=ItemKind.FOLLOW_UP)
        if up:
            neighbour = others.filter(position__lt=found.position).order_by("-position").first()
        else:
            neighbour = others.filter(position__gt=found.position).order_by("position").first()
        if neighbour is None:
            raise Refusal("این دستور در ابتدا یا انتهای فهرست است و از این سو جابه‌جا نمی‌شود.")
        locked.items.filter(pk__in=[found.pk, neighbour.pk]).update(
            position=Case(
                When(pk=found.pk, then=Value(neighbour.position)),
                When(pk=neighbour.pk, then=Value(found.position)),
            )
        )
        found.refresh_from_db()
        _changed(locked, f"«{found.title}» جابه‌جا شد", actor=actor, at=at, authority=authority)
    return found


def remove_item(item: AgendaItem, *, actor: User, at: datetime) -> None:
    """Take an item off the agenda before the meeting; a motion stays tabled."""
    authority = require(rules.PLAN_MEETING, actor, item.meeting, at)
    with one_step():
        locked, found = _locked_item(item)
        title, place = found.title, found.position
        found.delete()
        locked.items.filter(position__gt=place).update(position=F("position") - 1)
        _changed(locked, f"«{title}» برداشته شد", actor=actor, at=at, authority=authority)


def add_papers(
    meeting: Meeting, papers: Iterable[Attachment], *, actor: User, at: datetime
) -> list[Attachment]:
    """Attach staged files as papers of the meeting; the members of a called one hear of it."""
    authority = require(rules.PLAN_MEETING, actor, meeting, at)
    staged = list(papers)
    if not staged:
        raise Refusal("فایلی برگزیده نشده است.")
    with one_step():
        locked = lock_meeting(meeting)
        if locked.state not in PAPER_STATES:
            raise Refusal(AWAITS_CHAIR if locked.state == MeetingState.AWAITING_CHAIR else NOT_OPEN)
        made = [attach(row, root=locked, actor=actor) for row in staged]
        for paper in made:
            audit.record(
                events.PAPER_ADDED,
                paper,
                actor=actor,
                at=at,
                authority=authority,
                after={"name": paper.name, "sha256": paper.sha256, "meeting_state": locked.state},
                root=locked,
                label=clean_text(paper.name),
            )
        _next_sequence(locked)
    return made


def _locked_item(item: AgendaItem) -> tuple[Meeting, AgendaItem]:
    locked = lock_meeting(item.meeting)
    _refuse_unless_open(locked)
    found = AgendaItem.objects.select_for_update(of=("self",)).filter(pk=item.pk, meeting=locked).first()
    if found is None:
        raise Refusal("این دستور پیش از این برداشته شده است.")
    if found.kind == ItemKind.FOLLOW_UP:
        raise Refusal(FIRST_STAYS)
    return locked, found


def _refuse_unless_open(meeting: Meeting) -> None:
    if meeting.state == MeetingState.AWAITING_CHAIR:
        raise Refusal(AWAITS_CHAIR)
    if meeting.state not in OPEN_STATES:
        raise Refusal(NOT_OPEN)


def _next_sequence(meeting: Meeting) -> None:
    """What stands in the calendars of those invited has changed."""
    if meeting.state != MeetingState.PLANNED:
        meeting.sequence += 1
        meeting.save(update_fields=["sequence"])


def _changed(meeting: Meeting, what: str, *, actor: User, at: datetime, authority: Authority) -> None:
    """One audit entry; ``meeting_state`` tells the notices whether members were invited to the old agenda."""
    _next_sequence(meeting)
    titles = list(meeting.items.order_by("position").values_list("title", flat=True))
    audit.record(
        events.AGENDA_CHANGED,
        meeting,
        actor=actor,
        at=at,
        authority=authority,
        after={"agenda": titles, "meeting_state": meeting.state},
        note=what,
    )
