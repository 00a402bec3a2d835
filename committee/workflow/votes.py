"""Rows of a motion's vote: opened, ballots, recusals, closed with its outcome (C4-C7).

A ballot waits for each seat that has neither voted nor stood aside. Neither row, entry nor notice names a choice.
"""

from datetime import date

from django.db.models import QuerySet

from committee import rules
from committee.enums import Choice, SeatCode
from committee.enums import MotionState as S
from committee.models import AgendaItem, Meeting, Motion, Presence, Recusal, Seating
from committee.operations import motions, open_votes, voting
from committee.workflow.addresses import seats
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.audience import PERSON, ROLE, Address, To
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Transition, Waits
from staff_portal.kernel.workflow.table import Table

TASK = "committee.motion"
CLOSED = (S.CARRIED, S.LOST, S.LAPSED)
MOVED_BY = {
    Presence: open_votes.running,
    Seating: open_votes.running,
    AgendaItem: open_votes.on_an_agenda,
    Meeting: open_votes.on_an_agenda,
}
"""Who is in the room, who sits and whose vote is on hold: on these the waits of an open vote depend; on agendas and
meetings those of a tabled motion."""

SECRETARY = Address(ROLE, str(Role.SECRETARY))


def members(motion: Motion) -> list[Address]:
    """Whoever sits."""
    return seats(SeatCode.values)


def concerned(motion: Motion) -> list[Address]:
    """Members, secretary and whoever wrote it."""
    proposer = [Address(PERSON, str(motion.proposed_by_id))] if motion.proposed_by_id else []
    return [*members(motion), SECRETARY, *proposer]


def _secretary_of_circulation(motion: Motion) -> list[Address]:
    """In a meeting the secretary sees who has voted; by circulation it is worth a line."""
    return [SECRETARY] if open_votes.is_circulated(motion) else []


# --- opened -----------------------------------------------------------------------------------------------------

WAY = ("mode", "meeting", "opened_at", "opened_presence", "circulation_days")
TOLD_OPENED = (To(members, "رأی‌گیری «{subject}» باز شد و در انتظار رأی شماست.", mail=True, sms=True),)

OPEN_VOTE = Transition(
    "open_vote",
    sources=(S.TABLED,),
    targets=(S.OPEN,),
    stores=WAY,
    by=rules.OPEN_VOTE,
    event="motion.vote_opened",
    event_label="آغاز رأی‌گیری",
    label="آغاز رأی‌گیری در جلسه",
    confirm="رأی‌گیری برای حاضران جلسه باز می‌شود؛ رأی‌ها تا پایان رأی‌گیری پنهان است.",
    locks=motions.lock_room,
    blockers=voting.opening_gaps,
    outcome=voting.open_in_meeting,
    effect=voting.set_aside_interested,
    says="رأی‌گیری «{subject}» را آغاز کرد",
    shade="wait",
    done="رأی‌گیری آغاز شد.",
    tone="main",
    tell=TOLD_OPENED,
)
CIRCULATE = Transition(
    "circulate",
    sources=(S.TABLED,),
    targets=(S.OPEN,),
    stores=WAY,
    by=rules.OPEN_VOTE,
    event="motion.vote_opened",
    label="آغاز رأی‌گیری مکاتبه‌ای",
    confirm=(
        "همه اعضا تا پایان مهلت از راه دور رأی می‌دهند. هر عضو می‌تواند به جای آن جلسه بخواهد؛ "
        "دست‌کم سه رأی، از هر دو طرف، لازم است."
    ),
    asks=(
        Ask.integer(
            "days",
            "مهلت (روز کاری)",
            required=False,
            help="اگر خالی بماند، مهلت ثبت‌شده در تنظیم‌ها به کار می‌رود.",
        ),
    ),
    blockers=voting.circulation_gaps,
    outcome=voting.open_by_circulation,
    effect=voting.set_aside_interested,
    says="رأی‌گیری «{subject}» را آغاز کرد",
    done="رأی‌گیری مکاتبه‌ای آغاز شد و اعضا آگاه می‌شوند.",
    tell=TOLD_OPENED,
)

# --- ballots and recusals ---------------------------------------------------------------------------------------

CAST = Act(
    "cast",
    sources=(S.OPEN,),
    by=rules.CAST,
    event="motion.cast",
    label="رأی‌دادن",
    asks=(
        Ask.choice(
            "choice",
            "رأی",
            lambda motion, on: Choice.choices,
            wrong="یکی از سه رأی را برگزینید: موافق، مخالف یا ممتنع.",
        ),
        Ask.long("reason", "دلیل", length=600, required=False),
    ),
    blockers=voting.casting_gaps,
    effect=voting.add_ballot,
    says="رأی خود را داد",
    tone="main",
    page="committee:motion_cast",
    tell=(To(_secretary_of_circulation, "{actor} به «{subject}» رأی داد."),),
    waits=(
        Waits(
            to=To(lambda motion: seats(open_votes.silent_seats(motion))),
            but=open_votes.who_voted_and_left,
            due=open_votes.ballot_due,
            ends=voting.deadline,
            kind=TASK,
            title="رأی شما به «{subject}»",
            detail=open_votes.ballot_detail,
            page=Motion.get_absolute_url,
            rank=10,
        ),
    ),
)
RECUSE = Act(
    "recuse",
    sources=(S.OPEN,),
    by=rules.RECUSE,
    event="motion.recused_self",
    event_label="کناره‌گیری از رأی",
    label="کناره‌گیری به سبب ذی‌نفع‌بودن",
    confirm=(
        "کناره‌گیری بازگشت‌پذیر نیست و در صورتجلسه می‌آید. شما برای حد نصاب رسمیت حاضر به شمار می‌آیید "
        "و مبنای تصویب یک کرسی کمتر می‌شود."
    ),
    note="نفع شما در این پرونده",
    blockers=voting.recusal_gaps,
    effect=voting.stand_aside,
    says="به سبب ذی‌نفع‌بودن از رأی کناره گرفت: {note}",
    done="کناره‌گیری شما ثبت شد.",
    tell=(To.role(Role.SECRETARY, "{actor} از رأی به «{subject}» کناره گرفت: {note}"),),
)

# --- closed -----------------------------------------------------------------------------------------------------

RESULT = (
    *("closed_at", "closed_presence", "votes_for", "votes_against", "votes_abstain"),
    *("recused_count", "base", "ballot_count", "last_hash", "outcome_reason"),
)
CLOSE_VOTE = Transition(
    "close_vote",
    sources=(S.OPEN,),
    targets=CLOSED,
    stores=RESULT,
    by=rules.CLOSE_VOTE,
    event="motion.vote_closed",
    label="پایان رأی‌گیری",
    about=open_votes.closing_facts,
    confirm="رأی‌ها شمرده و نتیجه ثبت می‌شود؛ پس از آن رأیی پذیرفته نمی‌شود.",
    locks=motions.lock_room,
    blockers=voting.closing_gaps,
    outcome=voting.close,
    then=voting.announce,
    sweep=voting.overdue,
    says="به رأی‌گیری پایان داد",
    done="رأی‌گیری پایان یافت؛ نتیجه در همین صفحه است.",
    tone="main",
    waits=(
        Waits(
            key="late",
            to=To.power(rules.CLOSE_VOTE),
            when=open_votes.is_circulated,
            due=voting.deadline,
            opens=open_votes.after_deadline,
            kind=TASK,
            title="پایان رأی‌گیری «{subject}»",
            detail="مهلت آن گذشته است",
            rank=10,
        ),
        Waits(
            key="all",
            to=To.power(rules.CLOSE_VOTE),
            when=open_votes.is_all_in,
            opens=open_votes.all_in_from,
            ends=voting.deadline,
            kind=TASK,
            title="پایان رأی‌گیری «{subject}»",
            detail=open_votes.all_in_detail,
            rank=15,
        ),
    ),
)


def _outcome(
    state: str, label: str, says: str, text: str, *, shade: str = "neutral", mail: bool = False
) -> Act:
    """What became of the vote: a sentence of its own in the trail."""
    return Act(
        state,
        sources=(state,),
        by=rules.CLOSE_VOTE,
        event=f"motion.{state}",
        label=label,
        follows=True,
        says=says,
        shade=shade,
        tell=(To(concerned, text, mail=mail),),
    )


OUTCOMES = (
    _outcome(
        S.CARRIED,
        "تصویب پیشنهاد",
        "«{subject}» را تصویب‌شده اعلام کرد",
        "پیشنهاد «{subject}» تصویب شد.",
        shade="ok",
        mail=True,
    ),
    _outcome(
        S.LOST,
        "رأی‌نیاوردن پیشنهاد",
        "«{subject}» را رأی‌نیاورده اعلام کرد",
        "پیشنهاد «{subject}» رأی نیاورد.",
        shade="no",
    ),
    _outcome(
        S.LAPSED,
        "منتفی‌شدن پیشنهاد",
        "«{subject}» را منتفی اعلام کرد: {note}",
        "رأی‌گیری «{subject}» منتفی شد: {note}",
    ),
)
ASK_MEETING = Transition(
    "ask_meeting",
    sources=(S.OPEN,),
    targets=(S.LAPSED,),
    stores=(*RESULT, "meeting_only", "meeting_asked_by"),
    by=rules.ASK_MEETING,
    event="motion.meeting_asked",
    event_label="درخواست جلسه",
    label="درخواست جلسه به جای مکاتبه",
    confirm=(
        "این رأی‌گیری مکاتبه‌ای منتفی می‌شود و رأی‌هایی که داده شده است برای همیشه پنهان می‌ماند. "
        "همین متن از این پس تنها در جلسه به رأی می‌رود."
    ),
    note="دلیل نیاز به جلسه",
    blockers=voting.asking_gaps,
    outcome=voting.lapse_for_meeting,
    effect=voting.again_in_a_meeting,
    says="خواست درباره «{subject}» به جای مکاتبه در جلسه رأی گرفته شود: {note}",
    done="رأی‌گیری مکاتبه‌ای منتفی شد و همین متن برای جلسه در دستور آمد.",
    tell=(
        To(
            concerned,
            "{actor} خواست درباره «{subject}» به جای مکاتبه در جلسه رأی گرفته شود: {note}",
            mail=True,
        ),
    ),
)
VOTE_ROWS = (OPEN_VOTE, CIRCULATE, CAST, RECUSE, CLOSE_VOTE, *OUTCOMES, ASK_MEETING)

# --- whom the system sets aside -----------------------------------------------------------------------------------


def _visible(user: User, on: date) -> QuerySet[Recusal]:
    """The recusals of the motions a person may see."""
    return Recusal.objects.filter(motion__in=Motion.objects.filter(rules.motions_visible_to(user, on)))


SET_ASIDE = Creation(
    "set_aside",
    stores=("motion", "seating", "seat_code", "reason", "source", "declared_by", "declared_at"),
    by=rules.BY_SYSTEM,
    event="motion.recused",
    label="کناره‌گیری از رأی",
    note="سبب",
    asks=(Ask.record("seating", "عضو", voting.members),),
    outcome=voting.set_aside,
    named=lambda recusal: recusal.seating.person.full_name,
    says="کناره‌گیری {subject} را ثبت کرد: {note}",
    tell=(
        To.field(
            "seating.person",
            "سامانه شما را در یک رأی‌گیری ذی‌نفع شناخت و رأی شما گرفته نمی‌شود: {note}",
        ),
    ),
)
DECLARE = Creation(
    "declare",
    stores=SET_ASIDE.stores,
    by=rules.RECUSE,
    label="کناره‌گیری به سبب ذی‌نفع‌بودن",
    note="سبب",
    asks=SET_ASIDE.asks,
    outcome=voting.declared,
    named=SET_ASIDE.named,
    follows=True,
    quiet=True,
    says="کناره‌گیری {subject} را نوشت",
)
RECUSAL = Table(
    Recusal,
    code="recusal",
    title="کناره‌گیری از رأی",
    rows=[SET_ASIDE, DECLARE],
    visible=_visible,
    address=lambda recusal: recusal.motion.get_absolute_url(),
    within="motion",
    state="",
)
