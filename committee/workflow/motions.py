"""Transitions of a motion (C5): written, tabled, voted on, closed; withdrawn, amended, asked into a meeting.

``close_vote`` names no target: the tally decides between carried, lost and lapsed. The operations of the vote that
concern many motions or need the table stand at the end.
"""

from datetime import datetime

import structlog

from committee import events, rules
from committee.enums import Choice, MotionState, VotingMode
from committee.enums import MotionState as S
from committee.models import Ballot, Motion
from committee.operations import effects, motions, voting
from staff_portal.kernel.access import local_date, permission
from staff_portal.kernel.models import User
from staff_portal.kernel.refusals import Refusal
from staff_portal.kernel.workflow import Ask, Transition, Workflow

log = structlog.get_logger(__name__)
CARRY_OVER = permission("motion.carry_over", "در دستور نهادن متن جایگزین", [], system=True)

MOTION = Workflow(
    Motion,
    title="پیشنهاد و رأی‌گیری",
    transitions=[
        Transition(
            name="table",
            sources=(S.DRAFT,),
            target=S.TABLED,
            permission=rules.TABLE_MOTION,
            event=events.MOTION_TABLED,
            label="در دستور نهادن",
            blockers=motions.tabling_gaps,
            changes=motions.fingerprint,
            effect=motions.tell_subject_tabled,
            tone="main",
            confirm="متن از این پس تغییر نمی‌کند و اثر انگشت آن ثبت می‌شود؛ متن اصلاح‌شده پیشنهاد تازه‌ای است.",
        ),
        Transition(
            name="carry_over",
            sources=(S.DRAFT,),
            target=S.TABLED,
            permission=CARRY_OVER,
            event=events.MOTION_TABLED,
            label="در دستور نهادن متن جایگزین",
            changes=motions.fingerprint,
            effect=motions.tell_subject_tabled,
            system_only=True,
        ),
        Transition(
            name="open_vote",
            sources=(S.TABLED,),
            target=S.OPEN,
            permission=rules.OPEN_VOTE,
            event=events.VOTE_OPENED,
            label="آغاز رأی‌گیری در جلسه",
            blockers=voting.opening_gaps,
            changes=voting.open_in_meeting,
            effect=voting.set_aside_interested,
            tone="main",
            confirm="رأی‌گیری برای حاضران جلسه باز می‌شود؛ رأی‌ها تا پایان رأی‌گیری پنهان است.",
        ),
        Transition(
            name="circulate",
            sources=(S.TABLED,),
            target=S.OPEN,
            permission=rules.OPEN_VOTE,
            event=events.VOTE_OPENED,
            label="آغاز رأی‌گیری مکاتبه‌ای",
            asks=(
                Ask(
                    "days",
                    "مهلت (روز کاری)",
                    kind="integer",
                    required=False,
                    help="اگر خالی بماند، مهلت ثبت‌شده در تنظیم‌ها به کار می‌رود.",
                ),
            ),
            blockers=voting.circulation_gaps,
            changes=voting.open_by_circulation,
            effect=voting.set_aside_interested,
            confirm=(
                "همه اعضا تا پایان مهلت از راه دور رأی می‌دهند. هر عضو می‌تواند به جای آن جلسه بخواهد؛ "
                "دست‌کم سه رأی، از هر دو طرف، لازم است."
            ),
        ),
        Transition(
            name="cast",
            sources=(S.OPEN,),
            target=None,
            permission=rules.CAST,
            event=events.BALLOT_CAST,
            label="رأی‌دادن",
            asks=(
                Ask("choice", "رأی", kind="choice", choices=lambda motion: Choice.choices),
                Ask("reason", "دلیل", required=False),
            ),
            blockers=voting.casting_gaps,
            effect=voting.add_ballot,
            tone="main",
        ),
        Transition(
            name="recuse",
            sources=(S.OPEN,),
            target=None,
            permission=rules.RECUSE,
            event=events.RECUSED_SELF,
            label="کناره‌گیری به سبب ذی‌نفع‌بودن",
            needs_note=True,
            note_label="نفع شما در این پرونده",
            blockers=voting.recusal_gaps,
            effect=voting.stand_aside,
            confirm=(
                "کناره‌گیری بازگشت‌پذیر نیست و در صورتجلسه می‌آید. شما برای حد نصاب رسمیت حاضر به شمار می‌آیید "
                "و مبنای تصویب یک کرسی کمتر می‌شود."
            ),
        ),
        Transition(
            name="close_vote",
            sources=(S.OPEN,),
            target=None,
            permission=rules.CLOSE_VOTE,
            event=events.VOTE_CLOSED,
            label="پایان رأی‌گیری",
            blockers=voting.closing_gaps,
            changes=voting.close,
            effect=voting.announce,
            tone="main",
            confirm="رأی‌ها شمرده و نتیجه ثبت می‌شود؛ پس از آن رأیی پذیرفته نمی‌شود.",
        ),
        Transition(
            name="ask_meeting",
            sources=(S.OPEN,),
            target=S.LAPSED,
            permission=rules.ASK_MEETING,
            event=events.MEETING_ASKED,
            label="درخواست جلسه به جای مکاتبه",
            needs_note=True,
            note_label="دلیل نیاز به جلسه",
            blockers=voting.asking_gaps,
            changes=voting.lapse_for_meeting,
            effect=lambda motion, step: {"successor": motions.put_again(motion, step).pk},
            confirm=(
                "این رأی‌گیری مکاتبه‌ای منتفی می‌شود و رأی‌هایی که داده شده است برای همیشه پنهان می‌ماند. "
                "همین متن از این پس تنها در جلسه به رأی می‌رود."
            ),
        ),
        Transition(
            name="amend",
            sources=(S.TABLED,),
            target=S.WITHDRAWN,
            permission=rules.AMEND_MOTION,
            event=events.MOTION_REPLACED,
            label="ثبت متن اصلاح‌شده در همین جلسه",
            asks=(
                Ask("title", "عنوان"),
                Ask("text", "متن"),
                Ask("agreed", "همه حاضران موافق‌اند", required=False),
            ),
            blockers=motions.amendment_gaps,
            changes=lambda motion, step: {"outcome_reason": "متن اصلاح‌شده آن در همان جلسه به رأی رفت."},
            effect=motions.put_amended,
        ),
        Transition(
            name="withdraw",
            sources=(S.DRAFT, S.TABLED),
            target=S.WITHDRAWN,
            permission=rules.WITHDRAW_MOTION,
            event=events.MOTION_WITHDRAWN,
            label="پس‌گرفتن پیشنهاد",
            needs_note=True,
            note_label="سبب پس‌گرفتن",
            changes=lambda motion, step: {"outcome_reason": step.note.strip()[:400]},
            effect=motions.tell_subject_withdrawn,
            tone="danger",
            confirm="پیشنهاد از دستور بیرون می‌رود؛ بعدها می‌توان از آن رونوشت گرفت.",
        ),
        Transition(
            name="retry_effect",
            sources=(S.CARRIED, S.LOST, S.LAPSED),
            target=None,
            permission=rules.RETRY_EFFECT,
            event=events.EFFECT_DONE,
            label="اجرای دوباره پیامد",
            blockers=effects.retry_gaps,
            effect=effects.retry,
            tone="main",
        ),
    ],
)


def cast(motion: Motion, *, actor: User, at: datetime, choice: str, reason: str = "") -> Ballot:
    """Cast the seat's one ballot and return it with its receipt code (C5, C7)."""
    MOTION.apply(motion, "cast", actor=actor, at=at, choice=choice, reason=reason)
    return Ballot.objects.get(motion=motion, voter=actor)


def close_due_votes(at: datetime) -> int:
    """Close every circulation whose deadline has passed; running it twice does no harm (C5)."""
    running = Motion.objects.filter(state=MotionState.OPEN, mode=VotingMode.CIRCULATION).order_by("id")
    closed = 0
    for motion in running:
        if not voting.is_over(motion, local_date(at)):
            continue
        try:
            MOTION.apply(motion, "close_vote", actor=None, at=at)
        except Refusal as refusal:  # somebody closed it meanwhile
            log.info("vote_not_closed", motion=motion.pk, reason=refusal.sentence)
            continue
        closed += 1
    return closed
