"""Rows of a motion: written, tabled, withdrawn, replaced by its amended text, and what follows its vote (C5, C8).

The rows of the vote itself stand in :mod:`committee.workflow.votes`. No notice says how anybody voted.
"""

from datetime import date, datetime

from django.db.models import QuerySet

from committee import rules
from committee.enums import MotionState as S
from committee.models import Ballot, Motion, MotionArticle
from committee.operations import effects, motions, open_votes, supplements
from committee.workflow.addresses import seats
from committee.workflow.votes import CLOSED, MOVED_BY, TASK, VOTE_ROWS, concerned
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import permission
from staff_portal.kernel.workflow.audience import Address, To
from staff_portal.kernel.workflow.guards import frozen, guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Transition, Waits
from staff_portal.kernel.workflow.table import Table

NOT_FOR_YOU = "پیشنهادهای کمیته برای نقش شما باز نیست."
READS = ("proposed_by", "concerns_ngo", "meeting", "origin")
CARRY_OVER = permission("motion.carry_over", "در دستور نهادن متن جایگزین", [], system=True)


def visible_motions(user: User, on: date) -> QuerySet[Motion]:
    """The motions a person may see."""
    return Motion.objects.filter(rules.motions_visible_to(user, on))


def open_motions(user: User, on: date) -> QuerySet[Motion]:
    """The same for a page, with what every page names; a refusal for whom motions are closed altogether."""
    if not rules.reads_committee(user, on):
        raise NotPermitted(NOT_FOR_YOU)
    return visible_motions(user, on).select_related(*READS)


def _if_tabled(motion: Motion) -> list[Address]:
    """A draft that is withdrawn concerns nobody; what stood on the agenda concerns all."""
    return concerned(motion) if motion.text_hash else []


# --- drafts -------------------------------------------------------------------------------------------------

WRITTEN = (
    Ask.choice("kind", "نوع", motions.kinds, wrong="نوع پیشنهاد را برگزینید."),
    Ask.text("title", "عنوان", length=200),
    Ask.long("text", "متن", length=20000),
    Ask.record("concerns_ngo", "سمن موضوع پیشنهاد", motions.every_ngo, required=False),
    Ask.records_of("articles", "مواد اسناد بالادستی", motions.every_article),
    Ask.records_of(
        "papers",
        "پیوست‌ها",
        motions.staged,
        wrong="این فایل پیش از این پیوست شده است؛ آن را دوباره بارگذاری کنید.",
    ),
)
COLUMNS = ("number", "kind", "title", "text", "search_text", "concerns_ngo", "proposed_by", "proposed_at")
SUBJECT = ("subject_type", "subject_id")
OF_A_COPY = (*COLUMNS, *SUBJECT, "origin", "meeting_only")

DRAFT = Creation(
    "draft",
    targets=(S.DRAFT,),
    stores=(*COLUMNS, *SUBJECT),
    by=rules.PROPOSE_MOTION,
    event="motion.drafted",
    label="نوشتن پیشنهاد",
    asks=(*WRITTEN, Ask("subject", "موضوع", "record", required=False)),
    blockers=motions.drafting_gaps,
    outcome=motions.drafted,
    effect=motions.take_along,
    says="پیشنهاد «{subject}» را نوشت",
    done="پیشنهاد {number} نوشته شد و در انتظار دبیر است.",
)
EDIT = Act(
    "edit",
    sources=(S.DRAFT,),
    stores=("kind", "title", "text", "search_text", "concerns_ngo"),
    by=rules.EDIT_MOTION,
    event="motion.edited",
    event_label="ویرایش پیشنهاد",
    label="ویرایش",
    asks=WRITTEN,
    blockers=motions.drafting_gaps,
    outcome=motions.edited,
    effect=motions.take_along,
    elsewhere=motions.ONLY_DRAFTS,
    says="پیشنهاد «{subject}» را ویرایش کرد",
    done="پیشنهاد ذخیره شد.",
    page="committee:motion_edit",
)
TAKE_OFF = Act(
    "take_off",
    sources=(S.DRAFT,),
    by=rules.EDIT_MOTION,
    event="motion.edited",
    label="برداشتن پیوست",
    asks=(Ask.record("paper", "پیوست", motions.papers_of, wrong=motions.NOT_ITS_PAPER),),
    effect=motions.take_off,
    elsewhere=motions.ONLY_DRAFTS,
    says="پیشنهاد «{subject}» را ویرایش کرد",
    page="committee:motion_edit",
)
COPY = Creation(
    "copy",
    targets=(S.DRAFT,),
    stores=OF_A_COPY,
    by=rules.COPY_MOTION,
    event="motion.copied",
    event_label="رونوشت پیشنهاد",
    label="پیشنهاد تازه از روی این",
    blockers=motions.copying_gaps,
    outcome=motions.copied,
    effect=motions.like_its_origin,
    says="از «{subject}» پیشنهاد تازه‌ای ساخت",
    done="پیشنهاد {number} از روی این پیشنهاد ساخته شد.",
)
AGAIN = Creation(
    "again",
    targets=(S.DRAFT,),
    stores=OF_A_COPY,
    by=rules.ASK_MEETING,
    event="motion.copied",
    label="نهادن همان متن در دستور",
    outcome=motions.succeeding,
    effect=motions.like_its_origin,
    follows=True,
    says="از «{subject}» پیشنهاد تازه‌ای ساخت",
)
AMENDED = Creation(
    "amended",
    targets=(S.DRAFT,),
    stores=(*OF_A_COPY, "is_amendment"),
    by=rules.AMEND_MOTION,
    event="motion.amended",
    label="اصلاح پیشنهاد",
    asks=(Ask.text("title", "عنوان", length=200), Ask.long("text", "متن", length=20000)),
    outcome=motions.amended,
    effect=motions.like_its_origin,
    follows=True,
    says="متن اصلاح‌شده «{subject}» را برای رأی‌گیری آماده کرد",
    done="پیشنهاد {number} با متن اصلاح‌شده پس از موافقت همه حاضران به رأی می‌رود.",
    tell=(To(concerned, "متن اصلاح‌شده «{subject}» آماده است و با موافقت همه حاضران به رأی می‌رود."),),
)

# --- tabled, withdrawn, replaced ------------------------------------------------------------------------------

FINGERPRINT = ("text_hash", "subject_hash", "meeting_only")
TOLD_TABLED = (To(concerned, "پیشنهاد «{subject}» در دستور کمیته نهاده شد."),)

TABLE = Transition(
    "table",
    sources=(S.DRAFT,),
    targets=(S.TABLED,),
    stores=FINGERPRINT,
    by=rules.TABLE_MOTION,
    event="motion.tabled",
    label="در دستور نهادن",
    confirm="متن از این پس تغییر نمی‌کند و اثر انگشت آن ثبت می‌شود؛ متن اصلاح‌شده پیشنهاد تازه‌ای است.",
    blockers=motions.tabling_gaps,
    outcome=motions.fingerprint,
    effect=motions.tell_subject_tabled,
    says="«{subject}» را در دستور نهاد",
    shade="go",
    done="پیشنهاد در دستور نهاده شد؛ از این پس متن آن تغییر نمی‌کند.",
    tone="main",
    tell=TOLD_TABLED,
    waits=(
        Waits(
            to=To.power(rules.TABLE_MOTION),
            kind=TASK,
            title="در دستور نهادن «{subject}»",
            detail="پیشنهاد نوشته شده است و هنوز در دستور نیست",
            page=Motion.get_absolute_url,
            rank=60,
        ),
    ),
)
CARRY_OVER_ROW = Transition(
    "carry_over",
    sources=(S.DRAFT,),
    targets=(S.TABLED,),
    stores=FINGERPRINT,
    by=CARRY_OVER,
    event="motion.tabled",
    label="در دستور نهادن متن جایگزین",
    outcome=motions.fingerprint,
    effect=motions.tell_subject_tabled,
    says="«{subject}» را در دستور نهاد",
    tell=TOLD_TABLED,
)
AGREE_ITEM = Act(
    "agree_item",
    sources=(S.TABLED,),
    by=rules.AGREE_ITEM,
    event="motion.item_agreed",
    event_label="موافقت با رأی‌گیری در همین جلسه",
    label="موافقم در همین جلسه به رأی برود",
    confirm="موافقت شما، نه رأی شما، ثبت می‌شود و در صورتجلسه می‌آید.",
    blockers=supplements.consent_gaps,
    effect=supplements.keep_consent,
    says="با رأی‌گیری «{subject}» در همین جلسه موافقت کرد",
    done="موافقت شما ثبت شد.",
    tone="main",
    waits=(
        Waits(
            to=To(lambda motion: seats(supplements.seats_asked(motion))),
            when=supplements.awaits_consent,
            kind=TASK,
            title="موافقت با رأی‌گیری «{subject}» در همین جلسه",
            detail="پس از دعوت به دستور آمده یا تغییر کرده است",
            page=Motion.get_absolute_url,
            rank=8,
        ),
    ),
)
AMEND = Transition(
    "amend",
    sources=(S.TABLED,),
    targets=(S.WITHDRAWN,),
    stores=("outcome_reason",),
    by=rules.AMEND_MOTION,
    event="motion.replaced",
    event_label="جایگزینی با متن اصلاح‌شده",
    label="ثبت متن اصلاح‌شده در همین جلسه",
    asks=(
        Ask.text("title", "عنوان", length=200),
        Ask.long("text", "متن", length=20000),
    ),
    locks=motions.lock_room,
    blockers=motions.amendment_gaps,
    outcome=motions.replaced,
    effect=motions.put_amended,
    says="متن اصلاح‌شده «{subject}» را به جای آن گذاشت",
    page="committee:motion_amend",
)
WITHDRAW = Transition(
    "withdraw",
    sources=(S.DRAFT, S.TABLED),
    targets=(S.WITHDRAWN,),
    stores=("outcome_reason",),
    by=rules.WITHDRAW_MOTION,
    event="motion.withdrawn",
    label="پس‌گرفتن پیشنهاد",
    confirm="پیشنهاد از دستور بیرون می‌رود؛ بعدها می‌توان از آن رونوشت گرفت.",
    note="سبب پس‌گرفتن",
    outcome=motions.why_withdrawn,
    effect=motions.tell_subject_withdrawn,
    says="«{subject}» را پس گرفت: {note}",
    done="پیشنهاد پس گرفته شد.",
    tone="danger",
    tell=(To(_if_tabled, "{actor} پیشنهاد «{subject}» را پس گرفت: {note}"),),
)

# --- what follows the vote --------------------------------------------------------------------------------------

EFFECT = ("effect_state", "effect_note")
FAIL_EFFECT = Act(
    "fail_effect",
    sources=CLOSED,
    stores=EFFECT,
    by=rules.CLOSE_VOTE,
    event="motion.effect_failed",
    label="اجرانشدن پیامد",
    outcome=effects.failed,
    follows=True,
    says="نتوانست پیامد «{subject}» را اجرا کند: {note}",
    shade="no",
    tell=(To.role(Role.SECRETARY, "پیامد «{subject}» اجرا نشد: {note}", mail=True),),
)
DO_EFFECT = Act(
    "do_effect",
    sources=CLOSED,
    stores=EFFECT,
    by=rules.CLOSE_VOTE,
    event="motion.effect_done",
    label="اجرای پیامد مصوبه",
    outcome=effects.done,
    follows=True,
    says="پیامد «{subject}» را به اجرا گذاشت",
    shade="ok",
)
RETRY_EFFECT = Act(
    "retry_effect",
    sources=CLOSED,
    stores=EFFECT,
    by=rules.RETRY_EFFECT,
    event="motion.effect_done",
    label="اجرای دوباره پیامد",
    blockers=effects.retry_gaps,
    outcome=effects.retried,
    then=effects.settle_cases,
    says="پیامد «{subject}» را به اجرا گذاشت",
    tone="main",
    waits=(
        Waits(
            to=To.power(rules.RETRY_EFFECT),
            when=effects.has_failed,
            kind=TASK,
            title="پیامد «{subject}» اجرا نشد",
            detail=lambda motion: motion.effect_note,
            page=Motion.get_absolute_url,
            rank=5,
        ),
    ),
)

MOTION = Table(
    Motion,
    code="motion",
    title="پیشنهاد و رأی‌گیری",
    rows=[
        *(DRAFT, EDIT, TAKE_OFF, COPY, AGAIN, AMENDED, TABLE, CARRY_OVER_ROW),
        AGREE_ITEM,
        *VOTE_ROWS,
        *(AMEND, WITHDRAW, FAIL_EFFECT, DO_EFFECT, RETRY_EFFECT),
    ],
    visible=open_motions,
    address=Motion.get_absolute_url,
    do="committee:motion_do",
    gathers=open_votes.gathered,
    moved_by=MOVED_BY,
    waits=[
        Waits(
            key="agenda",
            to=To.power(rules.OPEN_VOTE),
            when=open_votes.is_on_no_agenda,
            due=open_votes.agenda_due,
            kind=TASK,
            title="«{subject}» در دستور هیچ جلسه‌ای نیست",
            detail="آن را به دستور جلسه‌ای بیفزایید یا به رأی‌گیری مکاتبه‌ای بگذارید",
            page=Motion.get_absolute_url,
            rank=55,
        ),
    ],
    rests=(S.TABLED,),  # what is on an agenda comes with its meeting
)
guard(MOTION, "c5_motion_kept")
frozen(
    Motion, "motion_id", states=[state for state in S if state != S.DRAFT], constraint="c5_text_frozen"
).register(MotionArticle)  # type: ignore[arg-type]


def cast(motion: Motion, *, actor: User, at: datetime, choice: str, reason: str = "") -> Ballot:
    """Cast the seat's one ballot and return it with its receipt code (C5, C7)."""
    MOTION.apply(motion, "cast", actor=actor, at=at, choice=choice, reason=reason)
    return Ballot.objects.get(motion=motion, voter=actor)
