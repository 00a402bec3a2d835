"""Rows of meetings: planned, laid before the chair, called, in session, closed, minuted (C4)."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from committee import rules
from committee.enums import MeetingState as M
from committee.enums import SeatCode
from committee.models import AgendaItem, Meeting
from committee.operations import meetings
from committee.workflow.addresses import chair, seats
from committee.workflow.called import BETWEEN, TASK, everybody
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.jalali import TEHRAN
from staff_portal.kernel.workflow.audience import Address, To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Transition, Waits
from staff_portal.kernel.workflow.table import Table

NOT_FOR_YOU = "جلسه‌های کمیته مشترک برای نقش شما باز نیست."
PLAN = ("starts_at", "ends_at", "place", "title")


def open_meetings(user: User, on: date) -> QuerySet[Meeting]:
    """The meetings a person may see; a refusal for whom all are closed."""
    if not rules.reads_committee(user, on):
        raise NotPermitted(NOT_FOR_YOU)
    return Meeting.objects.filter(rules.meetings_visible_to(user, on))


# --- whom it concerns ---------------------------------------------------------------------------------------


def everybody_if_called(meeting: Meeting) -> list[Address]:
    """The members, once they have been invited; a plan concerns nobody yet."""
    return [] if meeting.state == M.PLANNED else everybody(meeting)


def _told_of_cancelling(meeting: Meeting) -> Iterable[Address]:
    """Members of a called meeting; the chair alone of a call that lay before the chair."""
    if meeting.cancelled_from == M.CALLED:
        return everybody(meeting)
    return chair(meeting) if meeting.cancelled_from == M.AWAITING_CHAIR else []


def _all_seats(meeting: Meeting) -> list[Address]:
    return seats(SeatCode.values)


def _page(meeting: Meeting) -> str:
    return meeting.get_absolute_url()


def _in(*states: str) -> Callable[[Meeting], bool]:
    return lambda meeting: meeting.state in states


def _turn_of(power: Any, title: str, **more: Any) -> Waits:
    """A wait of the secretary on a meeting."""
    return Waits(to=To.power(power), kind=TASK, title=title, page=_page, **more)


def _calling(title: str, **more: Any) -> tuple[Waits, Waits]:
    """The call in time, or late; then the meeting whose day is over."""
    return (
        _turn_of(
            rules.SUBMIT_CALL,
            title,
            turns=meetings.calling_turns,
            due=meetings.last_day_to_call,
            rank=25,
            **more,
        ),
        _turn_of(
            rules.CANCEL_MEETING,
            "{subject} دعوت نشده است",
            detail="روز آن گذشته است؛ آن را لغو کنید",
            opens=meetings.day_after,
            due=meetings.meeting_day,
            rank=30,
            **(more | {"key": f"{more.get('key', '')}missed"}),
        ),
    )


# --- planning -----------------------------------------------------------------------------------------------


def _local(name: str, part: Callable[[datetime], Any]) -> Callable[[Any, date], Any]:
    """What a planned meeting has now, in Tehran; nothing of one that is to be planned."""

    def first(meeting: Meeting | None, on: date) -> Any:
        return part(getattr(meeting, name).astimezone(TEHRAN)) if meeting is not None else None

    return first


def _text(name: str) -> Callable[[Any, date], str]:
    return lambda meeting, on: str(getattr(meeting, name, ""))


TIMES = (
    Ask.date("day", "تاریخ", initial=_local("starts_at", datetime.date)),
    Ask.time("starts", "از ساعت", help="۲۴ ساعته، مانند ۱۴:۳۰", initial=_local("starts_at", datetime.time)),
    Ask.time("ends", "تا ساعت", help="پایان پیش‌بینی‌شده", initial=_local("ends_at", datetime.time)),
    Ask.text(
        "place",
        "مکان",
        length=200,
        help="نشانی یا نام اتاق، چنان که در دعوت‌نامه می‌آید.",
        initial=_text("place"),
    ),
    Ask.text(
        "title",
        "موضوع",
        length=200,
        required=False,
        help="اگر جلسه موضوع ویژه‌ای ندارد، خالی بماند.",
        initial=_text("title"),
    ),
)
NEW = Creation(
    "plan",
    targets=(M.PLANNED,),
    stores=("term", "number", *PLAN, "planned_by"),
    by=rules.PLAN_MEETING,
    event="meeting.planned",
    label="برنامه‌ریزی جلسه",
    confirm="شماره جلسه خودکار داده می‌شود و نخستین دستور، پیگیری مصوبه‌های پیشین است.",
    asks=TIMES,
    blockers=meetings.planning_gaps,
    outcome=meetings.planned,
    effect=meetings.follow_up_first,
    says="{subject} را برنامه‌ریزی کرد",
    done="{subject} برنامه‌ریزی شد؛ اکنون دستور جلسه را بنویسید.",
)
CHANGE = Act(
    "change",
    sources=(M.PLANNED,),
    stores=PLAN,
    by=rules.PLAN_MEETING,
    event="meeting.changed",
    label="ویرایش زمان و مکان",
    event_label="ویرایش جلسه",
    asks=TIMES,
    blockers=meetings.change_gaps,
    elsewhere=meetings.ONLY_PLANNED,
    outcome=meetings.plan_columns,
    says="{subject} را ویرایش کرد",
    done="زمان و مکان جلسه ثبت شد.",
)
ADD_PAPER = Act(
    "add_paper",
    sources=(M.PLANNED, M.CALLED, M.IN_SESSION),
    stores=("sequence",),
    by=rules.PLAN_MEETING,
    event="committee.paper_added",
    label="افزودن پیوست",
    page="committee:meeting_agenda",
    asks=(Ask.file("paper", "پیوست"),),
    outcome=meetings.next_sequence,
    effect=meetings.attach_paper,
    words=meetings.paper_words,
    says="«{subject}» را پیوست کرد",
    done="«{subject}» پیوست شد.",
    tell=(To(everybody_if_called, "«{subject}» به پیوست‌های جلسه کمیته مشترک افزوده شد.", mail=True),),
)
COUNT_ON = Act(
    "count_on",
    sources=(M.CALLED, M.IN_SESSION),
    stores=("sequence",),
    by=rules.PLAN_MEETING,
    label="تازه‌شدن تقویم‌ها",
    outcome=meetings.next_sequence,
    follows=True,
    quiet=True,
    says="تقویم {subject} را تازه کرد",
)

# --- the call -----------------------------------------------------------------------------------------------

SUBMIT = Transition(
    "submit_call",
    sources=(M.PLANNED,),
    targets=(M.AWAITING_CHAIR,),
    by=rules.SUBMIT_CALL,
    event="meeting.call_submitted",
    label="ارسال دعوت برای امضای رئیس",
    event_label="ارسال دعوت برای امضا",
    confirm="دستور جلسه و پیوست‌ها برای امضای رئیس فرستاده می‌شود و تا پاسخ او تغییر نمی‌کند.",
    blockers=meetings.submission_gaps,
    about=meetings.call_facts,
    says="دعوت {subject} را برای امضای رئیس فرستاد",
    shade="wait",
    done="دعوت برای امضای رئیس فرستاده شد.",
    tone="main",
    tell=(To(chair, "دعوت {subject} در انتظار امضای شماست.", mail=True),),
    waits=_calling("ارسال دعوت {subject}"),
)
CALL = Transition(
    "call",
    sources=(M.AWAITING_CHAIR,),
    targets=(M.CALLED,),
    stores=("called_by", "called_at", "invitation_letter"),
    by=rules.SIGN_CALL,
    event="meeting.called",
    label="امضای دعوت",
    event_label="دعوت به جلسه",
    confirm="دعوت‌نامه با شماره و امضای شما صادر و برای همه اعضا فرستاده می‌شود.",
    blockers=meetings.call_gaps,
    outcome=meetings.called,
    effect=meetings.invite,
    words=meetings.when_and_where,
    about=meetings.call_facts,
    says="به {subject} دعوت کرد",
    shade="go",
    done="دعوت‌نامه صادر و برای اعضا فرستاده شد.",
    tone="main",
    tell=(
        To.role(
            Role.SECRETARY,
            "{actor} دعوت {subject} را امضا کرد و دعوت‌نامه برای اعضا فرستاده شد.",
            mail=True,
            sms=True,
        ),
        To(
            everybody,
            "به {subject} دعوت شدید: {when}، {place}. دستور جلسه و پیوست‌ها در صفحه جلسه است.",
            mail=True,
            sms=True,
        ),
    ),
    waits=(
        Waits(
            to=To(chair),
            kind=TASK,
            title="امضای دعوت {subject}",
            detail=meetings.when,
            due=meetings.meeting_day,
            page=_page,
            rank=15,
        ),
    ),
)
RETURN = Transition(
    "return",
    sources=(M.AWAITING_CHAIR,),
    targets=(M.PLANNED,),
    by=rules.SIGN_CALL,
    event="meeting.call_returned",
    label="بازگرداندن به دبیر",
    event_label="بازگشت دعوت",
    note="آنچه باید تغییر کند",
    about=meetings.call_facts,
    says="دعوت {subject} را بازگرداند: {note}",
    shade="wait",
    done="دعوت به دبیر بازگشت.",
    tell=(To.role(Role.SECRETARY, "{actor} دعوت {subject} را بازگرداند: {note}", mail=True),),
)
CANCEL = Transition(
    "cancel",
    sources=(M.PLANNED, M.AWAITING_CHAIR, M.CALLED),
    targets=(M.CANCELLED,),
    stores=("cancel_reason", "sequence"),
    by=rules.CANCEL_MEETING,
    event="meeting.cancelled",
    label="لغو جلسه",
    note="سبب لغو",
    confirm="جلسه لغو می‌شود و دعوت‌نامه آن، اگر صادر شده باشد، باطل می‌شود؛ اعضای دعوت‌شده آگاه می‌شوند.",
    outcome=meetings.cancelled,
    effect=meetings.revoke_invitation,
    words=meetings.when_and_where,
    about=meetings.call_facts,
    says="{subject} را لغو کرد: {note}",
    shade="no",
    done="جلسه لغو شد.",
    tone="danger",
    under_hold=True,
    tell=(To(_told_of_cancelling, "{subject} که برای {when} بود لغو شد: {note}", mail=True, sms=True),),
)

# --- the sitting --------------------------------------------------------------------------------------------

OPEN = Transition(
    "open",
    sources=(M.CALLED,),
    targets=(M.IN_SESSION,),
    stores=("opened_at",),
    by=rules.OPEN_MEETING,
    event="meeting.opened",
    label="آغاز جلسه",
    blockers=meetings.opening_gaps,
    outcome=lambda meeting, step: {"opened_at": step.at},
    says="{subject} را آغاز کرد",
    shade="go",
    done="جلسه آغاز شد؛ ورود اعضا را ثبت کنید.",
    tone="main",
    tell=(To(everybody, "{subject} آغاز شد؛ ورود خود را ثبت کنید."),),
    waits=(
        _turn_of(
            rules.OPEN_MEETING,
            "آغاز {subject}",
            detail=meetings.when,
            opens=meetings.meeting_day,
            ends=meetings.meeting_day,
            due=meetings.meeting_day,
            rank=10,
        ),
        _turn_of(
            rules.OPEN_MEETING,
            "{subject} برگزار نشده است",
            key="missed",
            detail="روز آن گذشته است؛ آغاز یا لغو کنید",
            opens=meetings.day_after,
            due=meetings.meeting_day,
            rank=10,
        ),
    ),
)
CLOSE = Transition(
    "close",
    sources=(M.IN_SESSION,),
    targets=(M.CLOSED,),
    stores=("closed_at",),
    by=rules.CLOSE_MEETING,
    event="meeting.closed",
    label="پایان جلسه",
    confirm="جلسه پایان می‌یابد، ورود و خروج و رأی‌گیری بسته می‌شود و نگارش صورتجلسه آغاز می‌شود.",
    blockers=meetings.closing_gaps,
    outcome=lambda meeting, step: {"closed_at": step.at},
    then=meetings.start_minutes,
    about=meetings.call_facts,
    says="به {subject} پایان داد",
    done="جلسه پایان یافت و نگارش صورتجلسه آغاز شد.",
    tone="main",
    tell=(To(everybody, "{subject} پایان یافت؛ صورتجلسه آن برای ملاحظه و امضا فرستاده می‌شود."),),
)
MINUTE = Transition(
    "minute",
    sources=(M.CLOSED,),
    targets=(M.MINUTED,),
    by=rules.SEAL_MINUTES,
    event="meeting.minuted",
    label="ثبت صورتجلسه",
    follows=True,
    says="صورتجلسه {subject} را ثبت کرد",
    shade="ok",
)
#: a meeting comes near, a call lies before the chair, a seat in the room is empty
WAITS = (
    Waits(
        key="coming",
        to=To(_all_seats),
        when=_in(M.CALLED),
        kind=TASK,
        title="{subject}",
        detail=lambda meeting: f"{meetings.when(meeting)}، {meeting.place}",
        opens=meetings.soon,
        ends=meetings.meeting_day,
        due=meetings.meeting_day,
        rank=40,
    ),
    Waits(
        key="arrive",
        to=To(lambda meeting: seats(meetings.empty_seats(meeting))),
        when=_in(M.IN_SESSION),
        kind=TASK,
        title="ثبت حضور در جلسه",
        detail="{subject} در حال برگزاری است",
        due=meetings.opened_on,
        rank=5,
    ),
    *_calling("پیگیری امضای دعوت {subject}", key="chase", when=_in(M.AWAITING_CHAIR)),
)
MEETING = Table(
    Meeting,
    code="meeting",
    title="جلسه",
    rows=[NEW, CHANGE, ADD_PAPER, COUNT_ON, SUBMIT, CALL, RETURN, CANCEL, *BETWEEN, OPEN, CLOSE, MINUTE],
    visible=open_meetings,
    address=Meeting.get_absolute_url,
    do="committee:meeting_do",
    waits=WAITS,
    moved_by={AgendaItem: lambda item: [item.meeting]},
)
guard(MEETING, "c4_meeting_path")
