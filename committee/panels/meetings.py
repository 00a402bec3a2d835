"""What meetings put into the frame: the rail, waiting work of chair, members and secretary, search, the file."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.urls import reverse

from committee import rules
from committee import settings as committee_settings
from committee.enums import MeetingState, PresenceKind
from committee.models import Meeting, Presence, Seating
from committee.operations.presence import last_call_day
from staff_portal.kernel import access, panels, roots
from staff_portal.kernel.models import User
from staff_portal.kernel.panels import SearchHit, Task, WorkRow
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.roles import Role

CODE = "meetings"
TASK = "committee.meeting"
AHEAD = timedelta(days=10)
WARNED = timedelta(days=3)
MOST_SEARCHED = 400


def visible_meetings(user: User, on: date) -> QuerySet[Meeting]:
    """The meetings a person may see."""
    return Meeting.objects.filter(rules.meetings_visible_to(user, on))


def parts(user: User, at: datetime) -> Iterable[QuerySet[Any]]:
    """Calls to sign, meetings to come to, and what the secretary prepares, opens and holds."""
    on = access.local_date(at)
    if access.has_role(user, on, *rules.MEMBERS):
        yield _of_member(user, on)
    if access.has_role(user, on, Role.SECRETARY):
        rows = Meeting.objects.filter(
            state__in=[MeetingState.PLANNED, MeetingState.AWAITING_CHAIR, MeetingState.CALLED]
        )
        days = panels.setting_value(committee_settings.NOTICE_DAYS, on)
        yield _part("secretary", rows, days=days)


def _part(part: str, rows: QuerySet[Any], **extra: Any) -> QuerySet[Any]:
    return panels.work_part(
        CODE,
        part,
        rows.order_by(),
        name=Cast("number", CharField()),
        since="state_since",
        starts="starts_at",
        place="place",
        state="state",
        **extra,
    )


def _of_member(user: User, on: date) -> QuerySet[Any]:
    """Meetings under way, with the own last arrival or departure, and whether the person chairs."""
    own = Seating.objects.filter(person=user, period__contains=on)
    last = Presence.objects.filter(meeting=OuterRef("pk"), seating__in=own).order_by("-at", "-id")
    rows = Meeting.objects.filter(
        Exists(own),
        state__in=[MeetingState.AWAITING_CHAIR, MeetingState.CALLED, MeetingState.IN_SESSION],
    )
    return _part(
        "member",
        rows,
        last=Subquery(last.values("kind")[:1]),
        chairs=Exists(own.filter(seat_code=F("seat__term__chair_code"))),
    )


def task(row: WorkRow, on: date) -> Task | None:
    """One line of the inbox; a meeting that is far ahead, or well in hand, is none."""
    starts_at = datetime.fromisoformat(row.extra["starts"])
    day = access.local_date(starts_at)
    title, when = str(Meeting(number=row.name)), format_jalali(starts_at, "moment")
    if row.part == "secretary":
        return _secretary_task(row, title, when, day, on)
    if row.extra["state"] == MeetingState.AWAITING_CHAIR:
        return _task(row, f"امضای دعوت {title}", when, due_on=day, rank=15) if row.extra["chairs"] else None
    if row.extra["state"] == MeetingState.IN_SESSION:
        if row.extra["last"] == PresenceKind.ARRIVED:
            return None
        return _task(row, "ثبت حضور در جلسه", f"{title} در حال برگزاری است", due_on=on, rank=5)
    if on <= day <= on + AHEAD:
        return _task(row, title, f"{when}، {row.extra['place']}", due_on=day, rank=40)
    return None


def _secretary_task(row: WorkRow, title: str, when: str, day: date, on: date) -> Task | None:
    if row.extra["state"] == MeetingState.CALLED:
        if day > on:
            return None
        heading = f"آغاز {title}" if day == on else f"{title} برگزار نشده است"
        detail = when if day == on else "روز آن گذشته است؛ آغاز یا لغو کنید"
        return _task(row, heading, detail, due_on=day, rank=10)
    last = last_call_day(day, int(row.extra["days"]), row.calendar)
    if last - WARNED > on:
        return None
    if day < on:
        detail = "روز آن گذشته است؛ آن را لغو کنید"
        return _task(row, f"{title} دعوت نشده است", detail, due_on=day, rank=30)
    if last < on:
        detail = "مهلت دعوت دیگر رعایت نمی‌شود؛ زمان دیگری تعیین کنید یا با گذشت همه اعضا برگزار می‌شود"
    else:
        detail = f"برای رعایت مهلت، دعوت باید تا {format_jalali(last, 'medium')} امضا شود"
    verb = "پیگیری امضای" if row.extra["state"] == MeetingState.AWAITING_CHAIR else "ارسال"
    return _task(row, f"{verb} دعوت {title}", detail, due_on=last, rank=25)


def _task(row: WorkRow, title: str, detail: str, *, due_on: date, rank: int) -> Task:
    url = reverse("committee:meeting_detail", args=[row.pk])
    return Task(TASK, title, detail, url, due_on=due_on, since=row.since, rank=rank)


def found(user: User, at: datetime, query: str, limit: int) -> Iterable[SearchHit]:
    """Meetings by number, subject and place. One query."""
    on = access.local_date(at)
    words = search_fold(query).split()
    if not words or not rules.reads_committee(user, on):
        return
    hits = 0
    for row in visible_meetings(user, on).order_by("-starts_at", "-id")[:MOST_SEARCHED]:
        text = search_fold(f"{row} {row.title} {row.place}")
        if hits < limit and all(word in text for word in words):
            hits += 1
            detail = "، ".join(
                part
                for part in (row.get_state_display(), format_jalali(row.starts_at, "medium"), row.title)
                if part
            )
            yield SearchHit("جلسه‌های کمیته", str(row), detail, row.get_absolute_url())


panels.add_nav(
    "کمیته مشترک", "جلسه‌ها", "committee:meeting_list", rules.COMMITTEE_READERS, order=220, task_kind=TASK
)
panels.label_tasks(TASK, "جلسه‌های کمیته")
panels.add_action(
    "برنامه‌ریزی جلسه",
    "committee:meeting_new",
    [Role.SECRETARY],
    icon="calendar",
    hint="می‌توانید جلسه بعدی کمیته را برنامه‌ریزی کنید.",
    main=True,
    order=20,
)
panels.add_work(CODE, parts, task)
panels.REGISTRY.search.append(found)
roots.register(
    Meeting, visible=visible_meetings, url=lambda row: reverse("committee:meeting_detail", args=[row.pk])
)
