"""The joint committee of the demo: past and running terms, a decided and an open round, the memorandum."""

from datetime import timedelta
from typing import cast

from django.core.files.uploadedfile import SimpleUploadedFile

from committee.enums import SeatCode
from committee.models import Memorandum, NominationRound, Seat, Term
from committee.operations import seats, terms
from committee.workflow.nominations import ROUND
from committee.workflow.nominees import NOMINEE
from committee.workflow.terms import TERM
from ngos.enums import DocumentKind, MembershipState
from ngos.models import Ngo, NgoAccount
from ngos.operations.accounts import link_account
from ngos.workflow import DOCUMENT
from staff_portal.demo.schedule import Story
from staff_portal.demo.stories import World, small_pdf
from staff_portal.kernel.letters.attachments import stage_file
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow import sweeps

REPRESENTATIVES = ("ngo.user2", "ngo.member", "ngo.user", "ngo.user3", "ngo.user4")
WHY = (
    "هم‌افزایی با خانه‌های محله و گزارش‌دهی منظم",
    "سابقه کار مشترک با سه منطقه و شبکه داوطلبان فعال",
    "تجربه گفت‌وگو با سمن‌های هم‌حوزه و پوشش همه مناطق",
)
#: Days before the demo's day on which each term begins.
FIRST, SECOND, THIRD = 390, 150, 20


def candidates(world: World) -> list[Ngo]:
    """Five long-standing members of social and cultural fields; the third has a level, for the demo's NGO user."""
    rows = list(
        Ngo.objects.filter(
            state=MembershipState.MEMBER,
            primary_field__is_social_cultural=True,
            member_since__lte=world.clock.on - timedelta(days=FIRST - 130),
        ).order_by("member_since", "id")
    )
    graded = next((ngo for ngo in rows if ngo.level_rank), None)
    if graded is None or len(rows) < len(REPRESENTATIVES):
        return []
    others = [ngo for ngo in rows if ngo != graded][:4]
    return [*others[:2], graded, *others[2:]]


def seats_and_rounds(world: World, chosen: list[Ngo]) -> Story:
    """Memorandum, three terms, the appointments, two decided rounds, a void one and an open one."""
    clock, people = world.clock, world.people
    hq, deputy = people["hq.manager"], people["deputy.manager"]
    yield clock.at(FIRST + 10)
    memorandum = terms.record_memorandum(
        actor=hq,
        at=clock.at(FIRST + 10),
        number="۱۴۰۴/ت/۳",
        title="تفاهم‌نامه مشترک ستاد سمن‌ها و معاونت امور اجتماعی و فرهنگی",
        signed_on=clock.on - timedelta(days=FIRST + 12),
        last_day=clock.on + timedelta(days=1000),
        hq_signatory="زهرا کریمی، رئیس ستاد سمن‌ها",
        deputy_signatory="سهراب نیک‌نام، معاون امور اجتماعی و فرهنگی",
        extension="با توافق کتبی دو طرف برای دوره‌ای برابر",
    )
    if chosen:
        yield clock.at(FIRST - 125)
        _represent(world, chosen)
    yield from _term(world, memorandum, FIRST, hq, deputy, SeatCode.HQ1)
    if chosen:
        yield from _round(
            world, chosen[0:3], 250, cast=[("hq.member1", 1), ("deputy.member1", 0), ("deputy.member2", 0)]
        )
    yield from _term(world, memorandum, SECOND, deputy, hq, SeatCode.DEPUTY1)
    if chosen:
        yield from _round(
            world,
            chosen[1:4],
            SECOND - 2,
            cast=[("hq.member2", 0), ("deputy.member2", 1), ("deputy.member1", 0)],
            picked=0,
        )
        moment = clock.at(SECOND - 7, 6)  # the day after the decision: the last of the five sits
        yield moment
        sweeps.run(moment)
    yield from _term(world, memorandum, THIRD, hq, deputy, SeatCode.HQ1)
    if chosen:
        yield from _round(
            world,
            chosen[2:5],
            16,
            cast=[("hq.member2", 0), ("deputy.member1", 2)],
            void="مدرک پذیرش یکی از سه سمن کامل نبود.",
        )
        yield from _round(world, chosen[2:5], 6, cast=[("hq.member1", 2), ("deputy.member1", 0)])


def _represent(world: World, chosen: list[Ngo]) -> None:
    at = world.clock.at(FIRST - 125)
    for ngo, username in zip(chosen, REPRESENTATIVES, strict=True):
        user = world.people[username]
        if not NgoAccount.objects.filter(ngo=ngo, user=user).exists():
            link_account(
                ngo,
                actor=world.people["hq.expert"],
                at=at,
                user=user,
                letter_reference="۱۴۰۵/۱۸",
                starts_on=at.date(),
            )


def _term(world: World, memorandum: Memorandum, day: int, proposer: User, other: User, chair: str) -> Story:
    """One head proposes, the other opens, each appoints its own two."""
    clock = world.clock
    starts_on = clock.on - timedelta(days=day)
    yield clock.at(day + 4, 9)
    term = terms.propose_term(
        actor=proposer,
        at=clock.at(day + 4, 9),
        memorandum=memorandum,
        starts_on=starts_on,
        planned_end_on=starts_on + timedelta(days=FIRST - SECOND),
        chair_code=chair,
        conduct="جلسه‌ها ماهی یک بار برگزار می‌شود. پیشنهادها دست‌کم یک هفته پیش از جلسه به دبیر می‌رسد.",
    )
    yield clock.at(day + 3, 11)
    TERM.apply(term, "agree", actor=other, at=clock.at(day + 3, 11))
    yield clock.at(day + 2, 10)
    for code, username in (
        (SeatCode.HQ1, "hq.member1"),
        (SeatCode.HQ2, "hq.member2"),
        (SeatCode.DEPUTY1, "deputy.member1"),
        (SeatCode.DEPUTY2, "deputy.member2"),
    ):
        head = "hq.manager" if code.startswith("hq") else "deputy.manager"
        seats.appoint(
            term.seats.get(code=code),
            actor=world.people[head],
            at=clock.at(day + 2, 10),
            person=world.people[username],
            starts_on=starts_on,
            reference=f"۱۴۰۵/{day}",
        )


def _round(
    world: World,
    three: list[Ngo],
    day: int,
    *,
    cast: list[tuple[str, int]],
    picked: int | None = None,
    void: str = "",
) -> Story:
    """Prepared with three, sealed two days later, voted; ``picked`` by the deputy's head or ``void`` when that is wanted."""
    clock, people = world.clock, world.people
    yield clock.at(day, 9)
    for ngo in three:
        _report(world, ngo, day)
    term = cast_term(world, day)
    nomination = ROUND.apply(_ngo_seat(term), "prepare", actor=people["hq.expert"], at=clock.at(day, 10))
    for ngo, why in zip(three, WHY, strict=True):
        nominee = NOMINEE.apply(
            nomination, "add", actor=people["hq.expert"], at=clock.at(day, 10), ngo=ngo, why=why
        )
        account = ngo.accounts.select_related("user").get()
        NOMINEE.apply(
            nominee,
            "consent",
            actor=people["hq.expert"],
            at=clock.at(day, 12),
            representative=account.user,
            reference="۱۴۰۵/۲۷",
        )
    yield clock.at(day - 2, 9)
    ROUND.apply(nomination, "seal", actor=world.manager, at=clock.at(day - 2, 9))
    listed = {row.ngo_id: row for row in nomination.nominees.all()}
    for place, (username, number) in enumerate(cast):
        moment = clock.at(day - 3, 10 + place)
        yield moment
        nominee = listed[three[number].pk]
        ROUND.apply(nomination, "cast", actor=people[username], at=moment, nominee=nominee)
    if void:
        moment = clock.at(day - 5, 9)
        yield moment
        ROUND.apply(nomination, "void", actor=world.manager, at=moment, note=void)
    if picked is not None:
        moment = clock.at(day - 4, 9)
        yield moment
        ROUND.apply(
            nomination,
            "decide",
            actor=people["deputy.manager"],
            at=moment,
            nominee=listed[three[picked].pk],
            note="پوشش گسترده‌تر در محله‌ها و گزارش‌دهی منظم در دو سال گذشته.",
        )


def cast_term(world: World, day: int) -> Term:
    """The newest term that has been opened by that day."""
    term = (
        Term.objects.filter(starts_on__lte=world.clock.on - timedelta(days=day - 1))
        .order_by("-number")
        .first()
    )
    return cast(Term, term)


def _ngo_seat(term: Term) -> Seat:
    return term.seats.get(code=SeatCode.NGO)


def _report(world: World, ngo: Ngo, day: int) -> None:
    """This year's report of activity, accepted: the NGO is active (N5)."""
    upload = SimpleUploadedFile(
        "گزارش عملکرد.pdf", small_pdf(f"report {ngo.national_id}"), content_type="application/pdf"
    )
    expert, other = world.people["hq.expert"], world.people["hq.expert2"]
    kept = stage_file(upload, actor=expert, at=world.clock.at(day, 9))
    document = DOCUMENT.apply(
        ngo,
        "upload",
        actor=expert,
        at=world.clock.at(day, 9),
        kind=DocumentKind.ACTIVITY_REPORT,
        attachment=kept,
    )
    DOCUMENT.apply(document, "accept", actor=other, at=world.clock.at(day, 9))


def last_round() -> NominationRound | None:
    """The newest round."""
    return NominationRound.objects.order_by("-id").first()
