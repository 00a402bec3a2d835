"""What meetings put into the frame: the rail, search, the file."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse

from committee import rules
from committee.models import Meeting
from committee.workflow.meetings import TASK
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.frame.contributions import SearchHit
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.trail import file_kinds

MOST_SEARCHED = 400


def visible_meetings(user: User, on: date) -> QuerySet[Meeting]:
    """The meetings a person may see."""
    return Meeting.objects.filter(rules.meetings_visible_to(user, on))


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


contributions.add_nav(
    "کمیته مشترک",
    "جلسه‌ها",
    "committee:meeting_list",
    rules.COMMITTEE_READERS,
    order=220,
    task_kind=TASK,
    when=rules.reads_committee,
)
contributions.label_tasks(TASK, "جلسه‌های کمیته")
contributions.add_action(
    "برنامه‌ریزی جلسه",
    "committee:meeting_new",
    [Role.SECRETARY],
    icon="calendar",
    hint="می‌توانید جلسه بعدی کمیته را برنامه‌ریزی کنید.",
    main=True,
    order=20,
)
contributions.REGISTRY.search.append(found)
file_kinds.register(
    Meeting, visible=visible_meetings, url=lambda row: reverse("committee:meeting_detail", args=[row.pk])
)
