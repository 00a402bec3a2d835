"""Meetings, motions, resolutions and minutes of the demo, in every state."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from committee.enums import Choice, ClauseParty, ItemKind, MotionKind, PolicyKind
from committee.models import AgendaItem, Meeting, Motion, PolicyArticle, Resolution, Seating
from committee.operations import agenda, attendance, motions, policies
from committee.queries import chair_of, sitting
from committee.workflow.meetings import MEETING
from committee.workflow.minutes import AMENDMENT, MINUTES
from committee.workflow.motions import MOTION
from committee.workflow.resolutions import ACTION, RESOLUTION
from committee.workflow.sittings import PRESENCE
from staff_portal.demo.schedule import Story
from staff_portal.demo.stories import World
from staff_portal.kernel.models import Unit, User
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.jalali import TEHRAN

FOR, AGAINST, ABSTAIN = Choice.FOR, Choice.AGAINST, Choice.ABSTAIN
PLACE = "تالار گفت‌وگو، ساختمان معاونت"


@dataclass(frozen=True)
class Vote:
    """A motion of a meeting: its words, the ballots in the order of the seats (None: not cast), and what HQ and
    the deputy are to do once it is carried."""

    kind: str
    title: str
    text: str
    ballots: tuple[str | None, ...] = (FOR, FOR, FOR, FOR, FOR)
    articles: tuple[int, ...] = ()
    tasks: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Sitting:
    """One meeting: when it is held, and how far it gets (planned, awaiting, called, cancelled, open, closed,
    circulated, signing, sealed)."""

    day: int
    until: str
    title: str = ""
    votes: tuple[Vote, ...] = ()
    absent: tuple[int, ...] = ()
    called_before: int = 13
    discussion: str = "اعضا گزارش دبیر را شنیدند و درباره شیوه پیگیری گفت‌وگو کردند."


QUARTERLY = Vote(
    MotionKind.POLICY,
    "گزارش فصلی مشترک به شورای اسلامی شهر",
    "ستاد سمن‌ها و معاونت هر فصل گزارش مشترکی از پیشرفت بندهای تفاهم‌نامه به شورای اسلامی شهر می‌دهند.",
    articles=(0,),
    tasks=("تهیه پیش‌نویس نخستین گزارش فصلی", "گردآوری آمار واحدهای معاونت برای گزارش فصلی"),
)
SITTINGS = (
    Sitting(
        120,
        "sealed",
        "آغاز به کار",
        (
            QUARTERLY,
            Vote(
                MotionKind.OTHER,
                "برگزاری جلسه‌ها در روزهای پنجشنبه",
                "جلسه‌های کمیته پنجشنبه‌ها برگزار می‌شود.",
                (FOR, AGAINST, AGAINST, ABSTAIN, FOR),
            ),
        ),
    ),
    Sitting(
        45,
        "signing",
        "برنامه نیمه دوم سال",
        (
            Vote(
                MotionKind.OVERSIGHT,
                "بازدید فصلی از دبیرخانه‌های منطقه‌ای",
                "هر فصل دو نماینده از دو طرف از دست‌کم پنج دبیرخانه منطقه‌ای بازدید می‌کنند و به کمیته گزارش می‌دهند.",
                (FOR, FOR, FOR, None, AGAINST),
                tasks=("تعیین دبیرخانه‌های بازدید پاییز", "معرفی نمایندگان معاونت برای بازدیدها"),
            ),
        ),
        absent=(3,),
    ),
    Sitting(
        9,
        "circulated",
        "شبکه‌های تخصصی",
        (
            Vote(
                MotionKind.POLICY,
                "تشکیل کارگروه‌های تخصصی در پنج حوزه",
                "در پنج حوزه اجتماعی و فرهنگی کارگروه تخصصی سمن‌ها با حضور واحدهای معاونت تشکیل می‌شود.",
                (FOR, FOR, FOR, FOR, ABSTAIN),
                articles=(1,),
                tasks=("فراخوان سمن‌ها برای عضویت در کارگروه‌ها", "معرفی واحدهای معاونت به کارگروه‌ها"),
            ),
        ),
        called_before=10,
    ),
    Sitting(3, "closed", "بررسی پیشنهادهای مناطق", ()),
    Sitting(
        0,
        "open",
        "مشارکت سمن‌ها در برنامه‌های محله",
        (
            Vote(
                MotionKind.PROGRAMME,
                "مشارکت سمن‌ها در برنامه‌های محله‌محور زمستان",
                "سمن‌های دارای سطح معتبر در برنامه‌های محله‌محور زمستان با معرفی ستاد سمن‌ها همکاری می‌کنند.\n\n"
                "معاونت فهرست برنامه‌ها را تا پایان آذر اعلام می‌کند.",
                (FOR, None, FOR, FOR, None),
                articles=(0,),
            ),
        ),
    ),
    Sitting(-12, "called", "بودجه مشترک و گزارش بازدیدها", (), called_before=16),
    Sitting(-20, "awaiting", "آیین‌نامه داخلی", ()),
    Sitting(-40, "planned", "", ()),
    Sitting(12, "cancelled", "نشست فوق‌العاده", ()),
)


@dataclass
class Papers:
    """What the meetings share: the policy articles that motions cite."""

    articles: list[PolicyArticle] = field(default_factory=list)


def policy_story(world: World, papers: Papers) -> Story:
    """Two documents of the Council with their articles (M2)."""
    clock, secretary = world.clock, world.people["secretary"]
    yield clock.at(200, 9)
    at = clock.at(200, 9)
    founding = policies.record_policy(
        actor=secretary,
        at=at,
        kind=PolicyKind.COUNCIL,
        title="مصوبه تشکیل ستاد توان‌افزایی سمن‌های شهر تهران",
        number="۱۶۰/۱۰۰",
        dated_on=clock.on - timedelta(days=2600),
    )
    plan = policies.record_policy(
        actor=secretary,
        at=at,
        kind=PolicyKind.PLAN,
        title="برنامه پنج‌ساله دوم شهرداری تهران، مواد مربوط به سمن‌ها",
        number="۱۶۰/۲۰۰",
        dated_on=clock.on - timedelta(days=2100),
    )
    for document, code, text, party in (
        (founding, "۳", "گزارش عملکرد ستاد سمن‌ها هر فصل به شورا داده می‌شود.", ClauseParty.BOTH),
        (plan, "۴۱", "شبکه‌های تخصصی سمن‌ها در حوزه‌های اجتماعی و فرهنگی شکل می‌گیرد.", ClauseParty.HQ),
        (plan, "۴۲", "در هر منطقه مکانی دائمی برای دبیرخانه سمن‌ها فراهم و تجهیز می‌شود.", ClauseParty.DEPUTY),
        (plan, "۴۳", "شهرداری در طرح‌های اجتماعی تنها سمن‌های عضو را به کار می‌گیرد.", ClauseParty.DEPUTY),
    ):
        papers.articles.append(
            policies.record_article(document, actor=secretary, at=at, code=code, text=text, party=party)
        )
    for place, state, note in (
        (0, "under_way", "نخستین گزارش فصلی ارائه شد."),
        (2, "under_way", "در شش منطقه مکان تعیین شده است."),
        (3, "not_started", "در انتظار دستورالعمل."),
    ):
        if state != "not_started":
            policies.set_article_state(
                papers.articles[place], actor=secretary, at=clock.at(120, 14), state=state, note=note
            )


def meeting_story(world: World, plan: Sitting, papers: Papers) -> Story:
    """One meeting from its plan as far as ``plan.until`` says."""
    clock, secretary = world.clock, world.people["secretary"]
    begins = plan.day + plan.called_before
    if plan.until in {"awaiting", "planned"}:
        begins = 3 if plan.until == "awaiting" else 2
    yield clock.at(begins, 9)
    starts_at = clock.at(plan.day, 8 if plan.until == "open" else 14)
    starts = starts_at.astimezone(TEHRAN)
    meeting = MEETING.apply(
        None,
        "plan",
        actor=secretary,
        at=clock.at(begins, 9),
        day=starts.date(),
        starts=starts.time(),
        ends=(starts + timedelta(hours=2)).time(),
        place=PLACE,
        title=plan.title,
    )
    listed = [_tabled(world, vote, meeting, papers, clock.at(begins, 10)) for vote in plan.votes]
    if not listed:
        agenda.add_item(
            meeting,
            actor=secretary,
            at=clock.at(begins, 10),
            kind=ItemKind.REPORT,
            title="گزارش دبیر از پیگیری مصوبه‌ها",
        )
    if plan.until == "planned":
        return
    yield clock.at(begins - 1, 10)
    MEETING.apply(meeting, "submit_call", actor=secretary, at=clock.at(begins - 1, 10))
    if plan.until == "awaiting":
        return
    called_at = clock.at(begins - 1, 13)
    yield called_at
    MEETING.apply(meeting, "call", actor=_chair(called_at), at=called_at)
    if plan.until == "called":
        return
    if plan.until == "cancelled":
        moment = clock.at(plan.day + 2, 9)
        yield moment
        MEETING.apply(meeting, "cancel", actor=secretary, at=moment, note="هم‌زمانی با نشست شورای اسلامی شهر.")
        return
    yield from _session(world, plan, meeting, listed, starts_at)
    if plan.until not in {"open", "closed"}:
        yield from _after(world, plan, meeting)


def _chair(at: datetime) -> User:
    found = chair_of(local_date(at))
    if found is None:
        raise ValueError("the demo's committee has no chair")
    return found.person


def _tabled(world: World, vote: Vote, meeting: Meeting, papers: Papers, at: datetime) -> Motion:
    secretary = world.people["secretary"]
    motion = motions.propose_motion(
        actor=world.people["hq.member1"],
        at=at,
        kind=vote.kind,
        title=vote.title,
        text=vote.text,
        articles=[papers.articles[place] for place in vote.articles],
    )
    MOTION.apply(motion, "table", actor=secretary, at=at)
    motion.refresh_from_db()
    agenda.add_item(meeting, actor=secretary, at=at, kind=ItemKind.MOTION, motion=motion)
    return motion


def _session(
    world: World, plan: Sitting, meeting: Meeting, listed: list[Motion], starts_at: datetime
) -> Story:
    secretary = world.people["secretary"]
    yield starts_at
    MEETING.apply(meeting, "open", actor=secretary, at=starts_at)
    seated = sitting(local_date(starts_at))
    for place, seating in enumerate(seated):
        if place in plan.absent:
            attendance.record_absence(meeting, seating, reason="مأموریت اداری", actor=secretary, at=starts_at)
        else:
            PRESENCE.apply(meeting, "arrive", actor=seating.person, at=starts_at, seating=seating)
    for place, (motion, vote) in enumerate(zip(listed, plan.votes, strict=True)):
        moment = starts_at + timedelta(minutes=10 + 20 * place)
        yield moment
        _vote(motion, vote, seated, secretary, moment, close=plan.until != "open")
    if plan.until != "open":
        moment = starts_at + timedelta(minutes=95)
        yield moment
        MEETING.apply(meeting, "close", actor=secretary, at=moment)


def _vote(
    motion: Motion, vote: Vote, seated: list[Seating], secretary: User, at: datetime, *, close: bool
) -> None:
    MOTION.apply(motion, "open_vote", actor=secretary, at=at)
    for place, (seating, choice) in enumerate(zip(seated, vote.ballots, strict=False)):
        if choice is not None:
            reason = "با اولویت‌های معاونت هم‌خوان نیست." if choice == AGAINST else ""
            MOTION.apply(
                motion,
                "cast",
                actor=seating.person,
                at=at + timedelta(minutes=1 + place),
                choice=choice,
                reason=reason,
            )
    if close:
        MOTION.apply(motion, "close_vote", actor=secretary, at=at + timedelta(minutes=8))


def _after(world: World, plan: Sitting, meeting: Meeting) -> Story:
    """Announcements, actions and the minutes of a meeting that is over."""
    clock, secretary = world.clock, world.people["secretary"]
    resolutions = list(Resolution.objects.filter(motion__meeting=meeting))
    tasks = {vote.title: vote.tasks for vote in plan.votes}
    day = plan.day - 5 if plan.until == "circulated" else plan.day - 1
    yield clock.at(day, 10)
    for resolution in resolutions:
        at = clock.at(day, 10)
        RESOLUTION.apply(
            resolution,
            "address",
            actor=secretary,
            at=at,
            units=list(Unit.objects.order_by("id")[:3]),
            ngos="all",
        )
        RESOLUTION.apply(resolution, "sign", actor=world.people["hq.manager"], at=at)
        if plan.until != "circulated":
            RESOLUTION.apply(resolution, "sign", actor=world.people["deputy.manager"], at=at)
        _actions(world, resolution, tasks[resolution.title], at)
    own = meeting.minutes
    texts = {item.pk: plan.discussion for item in AgendaItem.objects.filter(meeting=meeting)}
    MINUTES.apply(own, "write", actor=secretary, at=clock.at(day, 11), texts=texts)
    MINUTES.apply(own, "circulate", actor=secretary, at=clock.at(day, 12))
    if plan.until == "circulated":
        AMENDMENT.apply(
            own,
            "ask",
            actor=world.people["deputy.member2"],
            at=clock.at(day - 1, 9),
            text="در دستور دوم نام واحدهای همکار نیز نوشته شود.",
        )
        return
    late = clock.at(day - 12, 9) if plan.until == "sealed" else clock.at(4, 9)
    yield late
    MINUTES.apply(own, "start_signing", actor=secretary, at=late)
    present = [
        row.person for row in sitting(local_date(meeting.starts_at)) if row.seat_code not in {"deputy2"}
    ]
    for user in present[:4] if plan.until == "sealed" else present[:2]:
        MINUTES.apply(own, "sign", actor=user, at=late + timedelta(hours=2))
    if plan.until == "sealed":
        final = clock.at(day - 26, 9)
        yield final
        MINUTES.apply(own, "seal", actor=None, at=final)


def _actions(world: World, resolution: Resolution, tasks: tuple[str, str], at: datetime) -> None:
    on = local_date(at)
    first = ACTION.apply(
        resolution,
        "add",
        actor=world.people["secretary"],
        at=at,
        title=tasks[0],
        owner=world.people["hq.expert"],
        due_on=on + timedelta(days=14),
    )
    ACTION.apply(
        resolution,
        "add",
        actor=world.people["secretary"],
        at=at,
        title=tasks[1],
        owner=world.people["deputy.expert"],
        due_on=on + timedelta(days=30),
    )
    if on < world.clock.on - timedelta(days=60):
        ACTION.apply(
            first,
            "finish",
            actor=world.people["hq.expert"],
            at=at + timedelta(days=9),
            note="پیش‌نویس به هر دو طرف داده شد.",
        )
