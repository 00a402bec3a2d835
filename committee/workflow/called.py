"""Rows of a meeting between its call and its opening: the supplement of its agenda, and the consent to open early (C4)."""

from committee import rules
from committee.enums import MeetingState as M
from committee.enums import SeatCode
from committee.models import Meeting
from committee.operations import meetings, supplements
from committee.workflow.addresses import chair, seats
from staff_portal.kernel.workflow.audience import PERSON, Address, To
from staff_portal.kernel.workflow.rows import Act, Waits

TASK = "committee.meeting"


def everybody(meeting: Meeting) -> list[Address]:
    """Everybody invited to the meeting, with those who took a seat since."""
    invited = meeting.invitations.values_list("seating__person_id", flat=True)
    return [*(Address(PERSON, str(pk)) for pk in invited), *seats(SeatCode.values)]


SIGN_SUPPLEMENT = Act(
    "sign_supplement",
    sources=(M.CALLED,),
    by=rules.SIGN_SUPPLEMENT,
    event=supplements.SIGNED,
    event_label="امضای متمم دستور",
    label="امضای متمم دستور",
    confirm="متمم با شماره و امضای شما صادر و برای همه اعضا فرستاده می‌شود و مهلت خود را دارد.",
    about=supplements.facts,
    blockers=supplements.signing_gaps,
    effect=supplements.sign,
    words=supplements.signed_words,
    says="متمم دستور {subject} را امضا کرد: {items}",
    shade="go",
    done="متمم دستور صادر و برای اعضا فرستاده شد.",
    tone="main",
    tell=(To(everybody, "به دستور {subject} افزوده شد یا در آن تغییر کرد: {items}.", mail=True, sms=True),),
    waits=(
        Waits(
            to=To(chair),
            when=lambda meeting: bool(supplements.unsigned(meeting)),
            kind=TASK,
            title="امضای متمم دستور {subject}",
            detail="دستور جلسه پس از دعوت تغییر کرده است",
            due=meetings.last_day_to_call,
            ends=meetings.meeting_day,
            page=Meeting.get_absolute_url,
            rank=15,
        ),
    ),
)
AGREE_EARLY = Act(
    "agree_early",
    sources=(M.CALLED,),
    by=rules.AGREE_EARLY,
    event="meeting.agreed_early",
    event_label="موافقت با آغاز زودتر",
    label="حاضرم و با آغاز زودتر موافقم",
    about=meetings.facts,
    confirm="اگر همه اعضا حاضر و موافق باشند، دبیر جلسه را پیش از ساعت آن آغاز می‌کند.",
    blockers=meetings.early_gaps,
    effect=meetings.keep_early_consent,
    says="حضور و موافقت خود را با آغاز زودتر {subject} اعلام کرد",
    done="موافقت شما با آغاز زودتر جلسه ثبت شد.",
)
#: the acts between the call and the opening
BETWEEN = (SIGN_SUPPLEMENT, AGREE_EARLY)
