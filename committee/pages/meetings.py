"""The list of meetings, declared: the coming ones first (C4)."""

from datetime import date, datetime

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from committee import rules
from committee.enums import MeetingState
from committee.models import AgendaItem, Meeting
from committee.workflow.meetings import open_meetings
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.cells import Cell, ListColumn
from staff_portal.kernel.pages.lists import Empty, Facet, ListPage, New, labels_of
from staff_portal.kernel.persian.digits import natural, to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.jalali import TEHRAN, format_jalali
from staff_portal.kernel.persian.letters import clean_text

#: words of every meeting's name, which narrow nothing
NAME_WORDS = ("جلسه", "کمیته", "مشترک")
LARGEST_NUMBER = 32767
AHEAD = (
    MeetingState.PLANNED,
    MeetingState.AWAITING_CHAIR,
    MeetingState.CALLED,
    MeetingState.IN_SESSION,
)


def visible(user: User, on: date) -> QuerySet[Meeting]:
    """The meetings the person may see, with how many items stand on the agenda and whether they are still to come."""
    day = timezone.make_aware(datetime.combine(on, datetime.min.time()), TEHRAN)
    ahead = Q(state__in=AHEAD) & (Q(starts_at__gte=day) | Q(state=MeetingState.IN_SESSION))
    items = AgendaItem.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    return open_meetings(user, on).annotate(
        item_count=Subquery(items.annotate(count=Count("pk")).values("count")),
        is_over=Case(When(ahead, then=Value(False)), default=Value(True), output_field=BooleanField()),
        comes_at=Case(When(ahead, then=F("starts_at")), output_field=DateTimeField()),
    )


def _searched(rows: QuerySet[Meeting], query: str) -> QuerySet[Meeting]:
    """By subject, place or number, however it was typed; «جلسه ۲» is the second one."""
    for word in clean_text(query).split():
        condition = Q(title__icontains=word) | Q(place__icontains=word)
        number = natural(to_ascii_digits(word))
        if number is not None:
            condition |= Q(number=min(number, LARGEST_NUMBER))
        if word not in NAME_WORDS:
            rows = rows.filter(condition)
    return rows


def _when(row: Meeting, on: date) -> Cell:
    starts, ends = (moment.astimezone(TEHRAN).strftime("%H:%M") for moment in (row.starts_at, row.ends_at))
    clock = to_persian_digits(f"ساعت {starts} تا {ends}")
    return Cell(format_jalali(row.starts_at, "long"), sub=clock)


MEETINGS = ListPage(
    title="جلسه‌ها",
    name="committee:meeting_list",
    visible=visible,
    search=_searched,
    placeholder="شماره، موضوع یا مکان جلسه",
    order=("is_over", "comes_at", "-starts_at", "-id"),
    columns=(
        ListColumn(
            "number",
            "جلسه",
            str,
            lambda row, on: Cell(str(row), url=row.get_absolute_url()),
            sort=("term__number", "number", "id"),
            width=28,
        ),
        ListColumn("title", "موضوع", lambda row: row.title, width=36),
        ListColumn(
            "starts",
            "زمان",
            lambda row: format_jalali(row.starts_at, "moment"),
            _when,
            sort=("starts_at", "id"),
            width=26,
        ),
        ListColumn("place", "مکان", lambda row: row.place, sort=("place", "id"), width=32),
        ListColumn(
            "state",
            "وضعیت",
            lambda row: row.get_state_display(),
            lambda row, on: Cell(badge=row.get_state_display(), tone=row.state_tone),
            sort=("state", "id"),
        ),
        ListColumn(
            "items",
            "دستورها",
            lambda row: row.item_count,
            sort=("item_count", "id"),
            numeric=True,
            width=10,
        ),
    ),
    facets=(Facet("state", "وضعیت", "state", labels_of(MeetingState)),),
    new=(New("برنامه‌ریزی جلسه", "committee:meeting_new", rules.PLAN_MEETING),),
    filename="meetings",
    empty=Empty(
        "هنوز جلسه‌ای برنامه‌ریزی نشده است",
        "دبیر زمان، مکان و دستور جلسه را می‌نویسد؛ همین که رئیس کمیته دعوت را امضا کند، اعضا آگاه می‌شوند.",
        filtered="جلسه‌ای با این صافی‌ها نیست",
        icon="calendar",
    ),
)
