"""Rows of a meeting's parts: its agenda, invitations, arrivals and departures, absences, waivers (C4)."""

from typing import Any

from django.db.models import QuerySet

from committee import rules
from committee.enums import MeetingState, PresenceKind
from committee.models import Absence, AgendaItem, Invitation, Meeting, NoticeWaiver, Presence
from committee.operations import agenda, attendance, meetings
from committee.workflow.meetings import everybody_if_called, open_meetings
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import frozen, guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Removal
from staff_portal.kernel.workflow.table import Table


def _page(part: Any) -> str:
    return str(part.meeting.get_absolute_url())


def _table(model: Any, code: str, title: str, rows: list[Any], **more: Any) -> Table:
    """The table of a meeting's parts: seen with the meeting, in whose timeline they stand."""

    def visible(user: Any, on: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = model.objects.filter(meeting__in=open_meetings(user, on).values("pk"))
        return found

    return Table(
        model,
        code=code,
        title=title,
        rows=rows,
        visible=visible,
        address=_page,
        within="meeting",
        state="",
        **more,
    )


SEATING = Ask("seating", "عضو", "record")

# --- agenda -------------------------------------------------------------------------------------------------

#: every change of the agenda is one event of the meeting
CHANGED: dict[str, Any] = {
    "by": rules.PLAN_MEETING,
    "event": "meeting.agenda_changed",
    "event_label": "ویرایش دستور جلسه",
    "says": "دستور {subject} را ویرایش کرد: {note}",
    "tell": (
        To(
            lambda item: everybody_if_called(item.meeting),
            "دستور {subject} تغییر کرد: {note}.",
            mail=True,
        ),
    ),
}
COVER = ("changed_at", "supplement")
REMARK = Ask.long(
    "remark", "شرح", required=False, length=1000, initial=lambda item, on: getattr(item, "note", "")
)
AGENDA = _table(
    AgendaItem,
    "agenda",
    "دستور جلسه",
    [
        Creation(
            "begin",
            stores=("meeting", "position", "kind", "title"),
            by=rules.PLAN_MEETING,
            label="نخستین دستور",
            outcome=agenda.begun,
            follows=True,
            quiet=True,
            says="«{subject}» را نخستین دستور جلسه کرد",
        ),
        Creation(
            "add",
            stores=("meeting", "position", "kind", "title", "note", "motion", *COVER),
            label="افزودن دستور",
            asks=(
                Ask("kind", "نوع", "choice"),
                Ask("motion", "پیشنهاد", "record", required=False),
                Ask.text("title", "عنوان", required=False),
                REMARK,
            ),
            blockers=agenda.adding_gaps,
            outcome=agenda.added,
            effect=agenda.told,
            words=agenda.words("افزوده شد"),
            done="«{item}» به دستور جلسه افزوده شد.",
            **CHANGED,
        ),
        Act(
            "change",
            stores=("title", "note", *COVER),
            label="ویرایش دستور",
            asks=(Ask.text("title", "عنوان", length=200, initial=lambda item, on: item.title), REMARK),
            blockers=agenda.words_gaps,
            outcome=agenda.changed,
            effect=agenda.told,
            words=agenda.words("ویرایش شد"),
            done="دستور جلسه ویرایش شد.",
            **CHANGED,
        ),
        Act(
            "annotate",
            stores=("title", "note", *COVER),
            label="ویرایش شرح",
            asks=(REMARK,),
            blockers=agenda.words_gaps,
            outcome=agenda.changed,
            effect=agenda.told,
            words=agenda.words("ویرایش شد"),
            done="دستور جلسه ویرایش شد.",
            **CHANGED,
        ),
        *(
            Act(
                name,
                stores=("position",),
                label=label,
                blockers=agenda.moving_gaps(up=name == "up"),
                effect=agenda.move(up=name == "up"),
                words=agenda.words("جابه‌جا شد"),
                done="«{item}» جابه‌جا شد.",
                **CHANGED,
            )
            for name, label in (("up", "یک ردیف بالاتر"), ("down", "یک ردیف پایین‌تر"))
        ),
        Act(
            "minute",
            stores=("discussion",),
            by=rules.WRITE_MINUTES,
            label="خلاصه گفت‌وگو",
            asks=(Ask.long("discussion", "خلاصه گفت‌وگو", length=20_000, required=False),),
            outcome=lambda item, step: {"discussion": step.asked["discussion"] or ""},
            untold=("discussion",),
            follows=True,
            quiet=True,
            says="خلاصه گفت‌وگوی «{subject}» را نوشت",
        ),
        Removal(
            "remove",
            label="برداشتن از دستور",
            blockers=agenda.change_gaps,
            effect=agenda.close_up,
            words=agenda.words("برداشته شد"),
            done="«{item}» از دستور جلسه برداشته شد.",
            **CHANGED,
        ),
    ],
    gone="این دستور پیش از این برداشته شده است.",
)

# --- invitations, with the call and after it -----------------------------------------------------------------------------

INVITATION = _table(
    Invitation,
    "invitation",
    "دعوت‌نامه",
    [
        Creation(
            "send",
            stores=("meeting", "seating", "sent_at"),
            by=rules.SIGN_CALL,
            label="ارسال دعوت‌نامه",
            asks=(SEATING,),
            outcome=meetings.invitation_of,
            follows=True,
            quiet=True,
            says="برای {subject} دعوت‌نامه فرستاد",
        ),
        Creation(
            "invite",
            stores=("meeting", "seating", "sent_at"),
            by=rules.HAND_OVER,
            event="meeting.invited",
            label="دعوت عضو تازه",
            asks=(Ask("seating", "عضو", "record", required=False),),
            blockers=meetings.inviting_gaps,
            outcome=meetings.invitation_of,
            effect=lambda invitation, step: {"seat": invitation.seating.seat_code},
            words=meetings.newcomer_words,
            says="{subject} را به جلسه دعوت کرد",
            done="عضو تازه به جلسه دعوت شد.",
            tell=(
                To.field(
                    "seating.person",
                    "به {meeting} دعوت شدید: {when}، {place}. دستور جلسه و پیوست‌ها در صفحه جلسه است.",
                    mail=True,
                    sms=True,
                ),
            ),
        ),
        Act(
            "hand_over",
            stores=("handed_over_on", "handed_over_note", "handed_over_by"),
            by=rules.HAND_OVER,
            event="meeting.handed_over",
            label="ثبت تحویل",
            event_label="تحویل دستی دعوت‌نامه",
            asks=(
                Ask.date("handed_over_on", "تاریخ تحویل", initial=lambda invitation, on: on),
                Ask.text(
                    "handed_over_note",
                    "شرح",
                    required=False,
                    length=200,
                    help="مانند نام گیرنده یا شماره رسید.",
                ),
            ),
            blockers=meetings.handing_gaps,
            outcome=meetings.handed,
            words=meetings.handing_words,
            says="دعوت‌نامه را دستی به {subject} تحویل داد",
            done="تحویل دعوت‌نامه به {subject} ثبت شد.",
        ),
    ],
    reads=("seating__person", "meeting"),
)
guard(INVITATION, "c4_invitation_kept", final="handed_over_on")
frozen(
    Meeting,
    "meeting_id",
    states=[state for state in MeetingState if state not in meetings.LIVE_STATES],
    constraint="c4_invitation_kept",
).register(Invitation)  # type: ignore[arg-type]

# --- who is in the room -------------------------------------------------------------------------------------

PRESENCE_ROW: dict[str, Any] = {
    "stores": ("meeting", "seating", "kind", "at", "recorded_by"),
    "asks": (SEATING,),
    "by": rules.RECORD_PRESENCE,
    "effect": attendance.presence_follows,
    "words": attendance.presence_words,
}
LEAVING: dict[str, Any] = {
    **PRESENCE_ROW,
    "event": "meeting.left",
    "event_label": "خروج از جلسه",
    "label": "ثبت خروج",
    "says": "خروج {subject} را ثبت کرد",
    "done": "خروج {name} ثبت شد.",
}
PRESENCE = _table(
    Presence,
    "presence",
    "حضور",
    [
        Creation(
            "arrive",
            event="meeting.arrived",
            label="ثبت ورود",
            event_label="ورود به جلسه",
            blockers=attendance.presence_gaps(PresenceKind.ARRIVED),
            outcome=attendance.arrived,
            says="ورود {subject} را ثبت کرد",
            done="ورود {name} ثبت شد.",
            **PRESENCE_ROW,
        ),
        Creation(
            "leave",
            blockers=attendance.presence_gaps(PresenceKind.LEFT),
            outcome=attendance.left,
            **LEAVING,
        ),
        Creation("depart", outcome=attendance.departed, follows=True, **LEAVING),
    ],
)

ABSENCE_ROW: dict[str, Any] = {
    "by": rules.RECORD_ABSENCE,
    "event": "meeting.absence",
    "label": "ثبت غیبت",
    "effect": lambda absence, step: {"seat": absence.seating.seat_code},
    "words": attendance.absence_words,
    "says": "غیبت {subject} را ثبت کرد: {note}",
    "done": "غیبت {subject} ثبت شد.",
    "tell": (To.role(Role.SECRETARY, "{actor} غیبت {subject} را ثبت کرد: {note}"),),
}
REASON = Ask.text("reason", "علت")
ABSENCE = _table(
    Absence,
    "absence",
    "غیبت",
    [
        Creation(
            "announce",
            stores=("meeting", "seating", "reason", "recorded_by", "recorded_at"),
            asks=(SEATING, REASON),
            blockers=attendance.announcing_gaps,
            outcome=attendance.announced,
            **ABSENCE_ROW,
        ),
        Act(
            "correct",
            stores=("reason", "recorded_by", "recorded_at"),
            asks=(REASON,),
            blockers=attendance.correcting_gaps,
            outcome=lambda absence, step: attendance.why(step),
            **ABSENCE_ROW,
        ),
    ],
    reads=("seating__person",),
)
guard(ABSENCE, "c4_absence_kept")
frozen(
    Meeting, "meeting_id", states=(MeetingState.MINUTED, MeetingState.CANCELLED), constraint="c4_absence_kept"
).register(Absence)  # type: ignore[arg-type]

WAIVER = _table(
    NoticeWaiver,
    "waiver",
    "گذشت از مهلت دعوت",
    [
        Creation(
            "waive",
            stores=("meeting", "seating", "waived_by", "waived_at"),
            by=rules.WAIVE_NOTICE,
            event="meeting.waived",
            label="گذشت از مهلت دعوت",
            blockers=attendance.waiving_gaps,
            outcome=attendance.waived,
            effect=lambda row, step: {"seat": row.seating.seat_code},
            named=attendance.waiver_name,
            says="از مهلت دعوت گذشت",
            done="گذشت شما از مهلت دعوت ثبت شد.",
        )
    ],
)
