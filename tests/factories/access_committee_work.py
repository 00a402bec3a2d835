"""What the committee of the access matrix works on: rounds, meetings, motions, resolutions, minutes, documents."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from committee.enums import ArticleState, Choice, ClauseParty, ItemKind, MotionKind, PolicyKind, RoundState
from committee.models import NominationRound, Nominee
from committee.operations import agenda, motions, policies
from committee.workflow.meetings import MEETING
from committee.workflow.motions import MOTION
from committee.workflow.resolutions import ACTION, RESOLUTION
from ngos.models import Ngo
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.jalali import format_jalali
from tests.committee import acts
from tests.committee.outcomes.world import World
from tests.factories.committee import Committee
from tests.factories.ngos import PDF
from tests.factories.people import NOW, TODAY

DAY = format_jalali(TODAY)
SOON = NOW + timedelta(days=20)
NOTE = {"note": "سبب آزمون"}


def build_work(scene: Any, five: Committee) -> None:
    """One record for every address of the committee."""
    world, things = World(five), scene.things
    _rounds(scene, five)
    _outcomes(scene, five, world)
    _sittings(scene, five, world)
    _motions(scene, world)
    document = policies.record_policy(
        actor=five.secretary, at=NOW, kind=PolicyKind.COUNCIL, title="مصوبه آزمون", number="۷/۷"
    )
    things["policy"] = document
    things["article"] = policies.record_article(
        document, actor=five.secretary, at=NOW, code="۱", text="متن ماده", party=ClauseParty.HQ
    )


def _round(seat: Any, number: int, five: Committee) -> NominationRound:
    return NominationRound.objects.create(
        seat=seat, number=number, state_since=NOW, prepared_by=five.hq_expert, prepared_at=NOW
    )


def _nominee(nomination: NominationRound, ngo: Ngo, five: Committee, person: User | None = None) -> Nominee:
    return Nominee.objects.create(
        round=nomination,
        ngo=ngo,
        why="دلیل آزمون",
        representative=person,
        consented_on=TODAY if person else None,
        consent_reference="۱" if person else "",
        added_by=five.hq_expert,
        added_at=NOW,
    )


def _rounds(scene: Any, five: Committee) -> None:
    things = scene.things
    preparing = _round(five.seats["ngo"], 2, five)
    things["round_preparing"] = preparing
    things["nominee"] = _nominee(preparing, things["member"], five)
    waiting = _round(things["term_proposed"].seats.get(code="ngo"), 3, five)
    three = (things["member"], things["foreign"], things["free"])
    listed = [_nominee(waiting, ngo, five, scene.people[Role.NGO_USER]) for ngo in three]
    waiting.state, waiting.sealed_on, waiting.sealed_by = RoundState.OPEN, TODAY, five.hq_manager
    waiting.save()
    things["round_open"], things["round_nominee"] = waiting, listed[0]


def _outcomes(scene: Any, five: Committee, world: World) -> None:
    things = scene.things
    carried = world.carried(at=NOW - timedelta(days=38))
    things["motion_carried"], things["meeting_closed"] = carried, carried.meeting
    things["resolution"] = world.addressed(carried.resolution)
    things["motion_lost"] = world.lost(at=NOW - timedelta(days=37))
    announced = world.announced(at=NOW - timedelta(days=36))
    things["resolution_announced"] = announced
    reader = scene.people[Role.DEPUTY_EXPERT]
    RESOLUTION.apply(announced, "address", actor=five.secretary, at=NOW, persons=[reader])
    things["addressee"] = announced.addressees.latest("id")
    things["action"] = ACTION.apply(
        announced,
        "add",
        actor=five.secretary,
        at=NOW,
        title="کار آزمون",
        owner=scene.people[Role.HQ_EXPERT],
        due_on=TODAY + timedelta(days=9),
    )
    circulated = world.minutes("circulated", at=NOW - timedelta(days=1))
    things["meeting_circulated"] = circulated.meeting
    things["amendment"] = acts.ask_amendment(circulated, actor=five.hq2, at=NOW, text="اصلاح آزمون")
    things["meeting_signing"] = world.minutes("signing", at=NOW - timedelta(days=2)).meeting


def _sittings(scene: Any, five: Committee, world: World) -> None:
    things, secretary = scene.things, five.secretary

    def plan() -> Any:
        return acts.plan_meeting(
            actor=secretary, at=NOW, starts_at=SOON, ends_at=SOON + timedelta(hours=2), place="سالن آزمون"
        )

    planned = plan()
    things["meeting_planned"] = planned
    for title in ("گزارش نخست", "گزارش دوم"):
        things["agenda_item"] = agenda.add_item(
            planned, actor=secretary, at=NOW, kind=ItemKind.REPORT, title=title
        )
    things["meeting_awaiting"] = MEETING.apply(plan(), "submit_call", actor=secretary, at=NOW)
    called = MEETING.apply(plan(), "submit_call", actor=secretary, at=NOW)
    things["meeting_called"] = MEETING.apply(called, "call", actor=five.hq1, at=NOW)
    things["invitation"] = called.invitations.order_by("id").first()
    listed = world.motion(at=NOW - timedelta(days=21), title="پیشنهاد در دستور جلسه")
    things["motion_listed"] = listed
    opened = world.motion(at=NOW - timedelta(days=21), title="پیشنهاد در رأی‌گیری")
    sitting = world.sitting(listed, opened, at=NOW + timedelta(hours=1), present=tuple(five.seatings))
    things["meeting_session"] = sitting
    things["motion_open"] = MOTION.apply(opened, "open_vote", actor=secretary, at=NOW)


def _motions(scene: Any, world: World) -> None:
    draft = motions.propose_motion(
        actor=scene.people[Role.HQ_MEMBER],
        at=NOW,
        kind=MotionKind.OTHER,
        title="پیش‌نویس آزمون",
        text="متن پیش‌نویس",
    )
    scene.things["motion_draft"] = draft
    scene.things["motion_tabled"] = world.motion(title="پیشنهاد برای مکاتبه")


def _pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("سند.pdf", PDF, content_type="application/pdf")


def _own_seating(scene: Any, row: Any) -> dict[str, Any]:
    return {"seating": scene.things["committee"].seatings["hq1"].pk}


def _meeting(scene: Any, row: Any) -> dict[str, Any]:
    return {
        "day": format_jalali(TODAY + timedelta(days=25)),
        "starts": "۱۴:۰۰",
        "ends": "۱۶:۰۰",
        "place": "سالن دیگر",
        "title": "",
    }


def _round_step(scene: Any, row: Any) -> dict[str, Any]:
    return NOTE | {"nominee": scene.things["round_nominee"].pk}


def _discussion(scene: Any, row: Any) -> dict[str, Any]:
    item = scene.things[row.args["meeting"]].items.order_by("id").last()
    return {f"texts-{item.pk}": "گفت‌وگوی آزمون"}


def _answer(scene: Any, row: Any) -> dict[str, Any]:
    return {"decision": "decline", "answer": "در جلسه گفته نشد."}


def _policy(scene: Any, row: Any) -> dict[str, Any]:
    return {"kind": "plan", "title": "سند دیگر", "number": "۹/۸", "dated_on": "1400/01/01", "note": ""}


BODIES: dict[str, Any] = {
    "committee:nomination_new": lambda scene, row: {"seat": scene.things["seat_ngo"].pk},
    "committee:nominee_add": lambda scene, row: {"ngo": scene.things["free"].pk, "why": "دلیل آزمون"},
    "committee:nomination_do": _round_step,
    "committee:nominee_consent": lambda scene, row: {
        "representative": scene.people[Role.NGO_USER].pk,
        "reference": "۱/۳",
    },
    "committee:nominee_withdraw": lambda scene, row: NOTE | {"reference": "۱/۴"},
    "committee:nominee_remove": lambda scene, row: NOTE,
    "committee:meeting_new": _meeting,
    "committee:meeting_edit": _meeting,
    "committee:meeting_do": lambda scene, row: NOTE,
    "committee:meeting_agenda": lambda scene, row: {"kind": "report", "title": "گزارش دیگر", "note": ""},
    "committee:agenda_item_edit": lambda scene, row: {"title": "عنوان تازه", "remark": ""},
    "committee:agenda_item_move": lambda scene, row: {"direction": "up"},
    "committee:agenda_item_remove": lambda scene, row: {},
    "committee:meeting_papers": lambda scene, row: {"file": _pdf()},
    "committee:meeting_presence": lambda scene, row: _own_seating(scene, row) | {"kind": "left"},
    "committee:meeting_absence": lambda scene, row: {"seating": "0", "reason": "مأموریت"},
    "committee:meeting_waive": lambda scene, row: {},
    "committee:meeting_invite": lambda scene, row: {},
    "committee:meeting_hand_over": lambda scene, row: {"handed_over_on": DAY, "handed_over_note": "دفتر"},
    "committee:motion_new": lambda scene, row: {"kind": "other", "title": "پیشنهاد تازه", "text": "متن"},
    "committee:motion_edit": lambda scene, row: {"kind": "other", "title": "عنوان تازه", "text": "متن تازه"},
    "committee:motion_copy": lambda scene, row: {},
    "committee:motion_do": lambda scene, row: NOTE | {"days": "7"},
    "committee:motion_amend": lambda scene, row: {"title": "متن اصلاح‌شده", "text": "متن"},
    "committee:motion_cast": lambda scene, row: {"choice": Choice.FOR, "reason": "", "confirm": "on"},
    # a code that belongs to nobody: it is refused on the page
    "committee:motion_receipt": lambda scene, row: {"code": "XXXXXXXXXX"},
    "committee:resolution_do": lambda scene, row: NOTE | {"ngos": "all"},
    "committee:action_add": lambda scene, row: {
        "title": "کار دیگر",
        "owner": scene.people[Role.HQ_EXPERT].pk,
        "due_on": format_jalali(TODAY + timedelta(days=9)),
    },
    "committee:addressee_do": lambda scene, row: {},
    "committee:action_do": lambda scene, row: NOTE | {"due_on": format_jalali(TODAY + timedelta(days=90))},
    "committee:minutes_write": _discussion,
    "committee:minutes_do": lambda scene, row: NOTE,
    "committee:minutes_sign": lambda scene, row: {"choice": "sign", "dissent": ""},
    "committee:amendment_ask": lambda scene, row: {"text": "اصلاحی دیگر"},
    "committee:amendment_none": lambda scene, row: {},
    "committee:amendment_answer": _answer,
    "committee:policy_new": _policy,
    "committee:policy_edit": _policy,
    "committee:article_new": lambda scene, row: {"code": "۲", "text": "ماده دیگر", "party": "hq"},
    "committee:article_edit": lambda scene, row: {"code": "۱", "text": "متن تازه", "party": "both"},
    "committee:article_state": lambda scene, row: {"state": ArticleState.DONE, "note": "انجام شد."},
}
#: No seat calls for a round, the seat is nobody's, the code belongs to nobody: the form comes back with that sentence.
ANSWERED = {
    "committee:nomination_new": 422,
    "committee:meeting_absence": 422,
    "committee:motion_receipt": 422,
}
#: Besides these: the notice is in time and nobody is new, so there is nothing to waive and nobody to invite.
UNRECORDED = {*ANSWERED, "committee:meeting_waive", "committee:meeting_invite"}
#: The nominees are not complete; a general rule is no conflict of interest.
REFUSED_BY_STATE = {"committee:nomination_do نهایی‌کردن", "committee:motion_do کناره"}
