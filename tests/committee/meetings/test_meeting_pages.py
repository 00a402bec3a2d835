"""The pages of meetings: planning, agenda, call, the sitting, the part that refreshes itself, refusals (C4)."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from committee.enums import ItemKind, MeetingState
from committee.models import ActionItem, AgendaItem, Invitation, Meeting, Presence, Resolution
from committee.operations import agenda
from committee.workflow.meetings import MEETING
from committee.workflow.motions import MOTION, cast
from committee.workflow.resolutions import ACTION
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import Attachment, AuditEntry
from staff_portal.kernel.pages.fields import TimeField
from staff_portal.kernel.pages.questions import StepForm
from staff_portal.kernel.persian.digits import to_persian_text
from tests.committee.meetings.conftest import Browse
from tests.committee.meetings.test_calling import motion
from tests.committee.meetings.test_meetings_in_database import open_vote
from tests.committee.meetings.world import SEATS, World
from tests.factories.people import NOW, make_user

LIST = "/committee/meetings/"
PLAN = {
    "day": "۱۴۰۵/۹/۱۵",
    "starts": "۱۴:۳۰",
    "ends": "16:00",
    "place": "سالن جلسات",
    "title": "برنامه فصل",
}


def text(response: Any) -> str:
    return str(response.content.decode())


# --- planning ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("۱۴:۳۰", "14:30"),
        ("14.30", "14:30"),
        ("۱۴۳۰", "14:30"),
        ("۹", "09:00"),
        ("٩:٥", "09:05"),
        ("ساعت ۸:۰۰", "08:00"),
        ("۰۰:۰۰", "00:00"),
    ],
)
def test_times_are_read_in_any_digits(typed: str, clock: str) -> None:
    assert TimeField().clean(typed).strftime("%H:%M") == clock


@pytest.mark.parametrize("typed", ["۲۵:۰۰", "۱۲:۶۰", "ظهر", "۱۲:", "-1:00", "²"])
def test_times_that_are_none_are_refused(typed: str) -> None:
    form = StepForm(MEETING.rows["plan"], None, NOW.date(), PLAN | {"starts": typed})
    assert not form.is_valid() and "۱۴:۳۰" in form.errors["starts"][0]


def test_a_meeting_is_planned_from_the_page(world: World, browse: Browse) -> None:
    client = browse(world.secretary)
    assert client.get(f"{LIST}new/").status_code == 200
    response = client.post(f"{LIST}new/", PLAN)
    meeting = Meeting.objects.get()
    assert response.status_code == 302 and response.url == f"{LIST}{meeting.pk}/agenda/"
    starts = timezone.localtime(meeting.starts_at)
    assert (starts.date(), starts.hour, starts.minute) == (date(2026, 12, 6), 14, 30)
    edited = client.post(f"{LIST}{meeting.pk}/edit/", PLAN | {"place": "سالن شورا", "ends": "۱۷"})
    assert edited.status_code == 302
    meeting.refresh_from_db()
    assert meeting.place == "سالن شورا" and timezone.localtime(meeting.ends_at).hour == 17


@pytest.mark.parametrize(
    ("changes", "sentence", "status"),
    [
        ({"day": "۱۴۰۵/۹/۱"}, "زمان جلسه گذشته است", 409),
        ({"ends": "۱۳:۰۰"}, "پس از آغاز", 409),
        ({"place": ""}, "این خانه را پر کنید", 422),
        ({"starts": "۲۶:۰۰"}, "این ساعت وجود ندارد", 422),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(
    world: World, browse: Browse, changes: dict[str, str], sentence: str, status: int
) -> None:
    response = browse(world.secretary).post(f"{LIST}new/", PLAN | changes)
    assert response.status_code == status and sentence in text(response)
    assert 'value="برنامه فصل"' in text(response) and not Meeting.objects.exists()


def test_only_the_secretary_opens_the_planning_pages(world: World, browse: Browse) -> None:
    meeting = world.plan()
    others = [world.chair, world.people["ngo"], world.committee.auditor, world.committee.hq_manager]
    for user in others:
        client = browse(user)
        for name in ("edit/", "agenda/"):
            assert client.get(f"{LIST}{meeting.pk}/{name}").status_code == 403
        assert client.get(f"{LIST}new/").status_code == 403
        assert client.post(f"{LIST}{meeting.pk}/agenda/", {"kind": "report", "title": "x"}).status_code == 403
    assert meeting.items.count() == 1


def test_a_meeting_that_is_called_is_not_edited(world: World, browse: Browse) -> None:
    meeting = world.called()
    client = browse(world.secretary)
    assert "تنها پیش از ارسال دعوت" in text(client.get(f"{LIST}{meeting.pk}/edit/"))
    response = client.post(f"{LIST}{meeting.pk}/edit/", PLAN)
    assert response.status_code == 409 and "تنها پیش از ارسال دعوت" in text(response)


# --- the agenda --------------------------------------------------------------------------------------------------


def test_the_agenda_is_written_without_javascript(world: World, browse: Browse) -> None:
    meeting, row = world.plan(), motion(world)
    client, url = browse(world.secretary), f"{LIST}{meeting.pk}/agenda/"
    assert row.title in text(client.get(url))
    for data in (
        {"kind": "motion", "motion": row.pk},
        {"kind": "report", "title": "گزارش", "note": "سطر یک\nسطر دو"},
        {"kind": "discussion", "title": "گفت‌وگو"},
    ):
        assert client.post(url, data).status_code == 302
    items = list(meeting.items.order_by("position"))
    client.post(f"{url}{items[3].pk}/move/", {"direction": "up"})
    client.post(f"{url}{items[1].pk}/remove/")
    client.post(f"{url}{items[2].pk}/edit/", {"title": "گزارش فصل", "remark": ""})
    assert [item.title for item in meeting.items.order_by("position")] == [
        "پیگیری مصوبه‌های پیشین",
        "گفت‌وگو",
        "گزارش فصل",
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"kind": "motion"}, "پیشنهاد را از فهرست برگزینید"),
        ({"kind": "report", "title": " "}, "عنوان دستور را بنویسید"),
        ({"kind": "follow_up", "title": "x"}, "از فهرست برگزینید"),
        ({}, "یکی را برگزینید"),
    ],
)
def test_an_item_that_is_not_whole_is_refused(
    world: World, browse: Browse, data: dict[str, str], sentence: str
) -> None:
    meeting = world.plan()
    response = browse(world.secretary).post(f"{LIST}{meeting.pk}/agenda/", data)
    assert response.status_code == 422 and sentence in text(response) and meeting.items.count() == 1


def test_the_first_item_has_no_buttons_and_no_way_round_them(world: World, browse: Browse) -> None:
    meeting = world.plan()
    first = meeting.items.get()
    client, url = browse(world.secretary), f"{LIST}{meeting.pk}/agenda/"
    assert f"agenda/{first.pk}/" not in text(client.get(url))
    for name in ("move", "remove"):
        response = client.post(f"{url}{first.pk}/{name}/", {"direction": "down"}, follow=True)
        assert "نخستین دستور است" in text(response)
    assert "نخستین دستور است" in text(client.get(f"{url}{first.pk}/edit/"))
    assert client.post(f"{url}{first.pk}/edit/", {"title": "x", "remark": ""}).status_code == 409
    other = world.plan()
    assert client.post(f"{LIST}{other.pk}/agenda/{first.pk}/remove/").status_code == 404
    assert meeting.items.get().position == 1


def test_a_paper_is_attached_and_a_refused_one_says_why(world: World, browse: Browse) -> None:
    meeting = world.plan()
    client, url = browse(world.secretary), f"{LIST}{meeting.pk}/papers/"
    assert client.post(url, {}).status_code == 422
    bad = client.post(url, {"file": SimpleUploadedFile("x.exe", b"MZ")})
    assert bad.status_code == 422 and "این نوع فایل پذیرفته نمی‌شود" in text(bad)
    good = client.post(url, {"file": SimpleUploadedFile("گزارش.pdf", b"%PDF-1.4")})
    paper = Attachment.objects.get(root_type="committee.meeting")
    assert good.status_code == 302 and paper.root_id == meeting.pk
    address = reverse("attachment", args=[paper.pk])
    for user in (world.people["ngo"], world.committee.auditor):
        assert address in text(browse(user).get(f"{LIST}{meeting.pk}/"))
        assert browse(user).get(address).status_code == 200
    assert browse(make_user(Role.UNIT_EXPERT)).get(address).status_code == 404


# --- the call ----------------------------------------------------------------------------------------------------


def test_from_the_plan_to_the_signed_call(world: World, browse: Browse) -> None:
    meeting = world.plan()
    page = f"{LIST}{meeting.pk}/"
    assert "مهلت دعوت" in text(browse(world.secretary).get(page))
    assert browse(world.secretary).post(f"{page}do/submit_call/").status_code == 302
    for code in ("hq2", "deputy1"):
        assert browse(world.people[code]).post(f"{page}do/call/").status_code == 403
    assert browse(world.secretary).post(f"{page}do/call/").status_code == 403
    assert "امضای دعوت" in text(browse(world.chair).get(page))
    signed = text(browse(world.chair).get(f"{page}do/call/"))  # what is signed stands on the page
    assert "پیگیری مصوبه‌های پیشین" in signed
    assert to_persian_text(meeting.place) in signed
    assert browse(world.chair).post(f"{page}do/call/").status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CALLED
    shown = text(browse(world.people["ngo"]).get(page))
    assert "دعوت به جلسه ۱ کمیته مشترک" in shown and "افزودن به تقویم" in shown


def test_the_page_shows_how_each_invitation_was_proven(world: World, browse: Browse) -> None:
    meeting = world.called(deliver=False)
    page = f"{LIST}{meeting.pk}/"
    shown = text(browse(world.secretary).get(page))
    assert "ثابت نیست" in shown and "امضای دعوت به دست خود او" in shown
    invitation = Invitation.objects.get(meeting=meeting, seating=world.seat("ngo"))
    address = f"{page}hand-over/{invitation.pk}/"
    assert address in shown and address not in text(browse(world.chair).get(page))
    future = browse(world.secretary).post(address, {"handed_over_on": "۱۴۰۵/۹/۲۰"})
    assert future.status_code == 409 and "در آینده" in text(future)
    assert browse(world.chair).post(address, {"handed_over_on": "۱۴۰۵/۹/۳"}).status_code == 403
    given = {"handed_over_on": "۱۴۰۵/۹/۳", "handed_over_note": "رسید"}
    assert browse(world.secretary).post(address, given).status_code == 302
    assert "تحویل دستی" in text(browse(world.secretary).get(page))
    elsewhere = f"{LIST}{world.called().pk}/hand-over/{invitation.pk}/"
    assert browse(world.secretary).get(elsewhere).status_code == 404


def test_too_late_a_call_is_said_before_it_is_sent(world: World, browse: Browse) -> None:
    meeting = world.plan(call_in=timedelta(days=2))
    shown = text(browse(world.secretary).get(f"{LIST}{meeting.pk}/"))
    assert "مهلت دعوت رعایت نمی‌شود" in shown


# --- the sitting -------------------------------------------------------------------------------------------------


def test_the_banner_says_whether_the_meeting_may_decide(world: World, browse: Browse) -> None:
    meeting = world.called()
    page, at = f"{LIST}{meeting.pk}/", meeting.starts_at
    assert "مهلت دعوت رعایت شده است" in text(browse(world.chair).get(page))
    assert browse(world.secretary, at).post(f"{page}do/open/").status_code == 302
    shown = text(browse(world.chair, at).get(page))
    assert "جلسه نمی‌تواند تصمیم بگیرد" in shown and "رسمیت ندارد" in shown
    for code in ("hq1", "deputy1", "ngo"):
        browse(world.people[code], at).post(
            f"{page}presence/", {"seating": world.seat(code).pk, "kind": "arrived"}
        )
    assert "جلسه می‌تواند تصمیم بگیرد" in text(browse(world.chair, at).get(page))


def test_arrivals_by_the_secretary_and_by_the_own_phone(world: World, browse: Browse) -> None:
    meeting = world.opened()
    page, at = f"{LIST}{meeting.pk}/", meeting.starts_at
    url, data = f"{page}presence/", {"seating": world.seat("ngo").pk, "kind": "arrived"}
    assert "حضور خود را ثبت می‌کنم" in text(browse(world.people["ngo"], at).get(page))
    assert browse(world.people["hq2"], at).post(url, data).status_code == 403
    assert browse(world.committee.auditor, at).post(url, data).status_code == 403
    assert browse(world.people["ngo"], at).post(url, data).status_code == 302
    again = browse(world.secretary, at).post(url, data, follow=True)
    assert "پیش از این ثبت شده است" in text(again)
    left = browse(world.secretary, at).post(url, data | {"kind": "left"}, follow=True)
    assert "خروج" in text(left)
    nobody = browse(world.secretary, at).post(url, {"seating": "x", "kind": "arrived"}, follow=True)
    assert "کرسی ندارد" in text(nobody)
    neither = browse(world.secretary, at).post(url, data | {"kind": "x"}, follow=True)
    assert "ورود یا خروج را برگزینید" in text(neither)
    assert Presence.objects.count() == 2


def test_presence_before_the_session_is_refused_by_the_page(world: World, browse: Browse) -> None:
    meeting = world.called()
    data = {"seating": world.seat("ngo").pk, "kind": "arrived"}
    response = browse(world.people["ngo"]).post(f"{LIST}{meeting.pk}/presence/", data, follow=True)
    assert "جلسه در حال برگزاری نیست" in text(response) and not Presence.objects.exists()


def test_the_waiver_from_the_phone(world: World, browse: Browse) -> None:
    meeting = world.opened("hq1", "hq2", "deputy1", "deputy2", call_in=timedelta(days=1))
    page, at = f"{LIST}{meeting.pk}/", meeting.starts_at
    own = text(browse(world.chair, at).get(page))
    assert "از مهلت دعوت می‌گذرم" in own and "تنها با حضور همه اعضا" in own
    assert browse(world.secretary, at).post(f"{page}waive/").status_code == 403
    refused = browse(world.people["ngo"], at).post(f"{page}waive/", follow=True)
    assert "نخست ورود خود را ثبت کنید" in text(refused)
    world.arrive(meeting, "ngo")
    for code in SEATS:
        assert browse(world.people[code], at).post(f"{page}waive/").status_code == 302
    assert "جلسه می‌تواند تصمیم بگیرد" in text(browse(world.chair, at).get(page))
    assert meeting.waivers.count() == 5


def test_absences_from_the_page(world: World, browse: Browse) -> None:
    meeting = world.called()
    page = f"{LIST}{meeting.pk}/"
    own = {"seating": world.seat("ngo").pk, "reason": "مأموریت"}
    assert "اعلام غیبت" in text(browse(world.people["ngo"]).get(page))
    assert browse(world.people["ngo"]).get(f"{page}absence/").status_code == 200
    other = browse(world.people["ngo"]).post(f"{page}absence/", own | {"seating": world.seat("hq1").pk})
    assert other.status_code == 422
    empty = browse(world.people["ngo"]).post(f"{page}absence/", own | {"reason": " "})
    assert empty.status_code == 422
    assert browse(world.people["ngo"]).post(f"{page}absence/", own).status_code == 302
    assert browse(world.committee.auditor).post(f"{page}absence/", own).status_code == 403
    secretary = text(browse(world.secretary).get(page))
    assert "غیبت اعلام شده: مأموریت" in secretary and f'href="{page}absence/"' in secretary
    assert "غیبت شما اعلام شده است: مأموریت" in text(browse(world.people["ngo"]).get(page))
    assert meeting.absences.get().reason == "مأموریت"


def test_closing_with_an_open_vote_is_greyed_and_refused(world: World, browse: Browse) -> None:
    meeting = world.opened(*SEATS)
    open_vote(world, meeting)
    page, at = f"{LIST}{meeting.pk}/", meeting.ends_at
    assert "نخست به آن پایان دهید" in text(browse(world.secretary, at).get(page))
    assert browse(world.secretary, at).post(f"{page}do/close/").status_code == 409
    shown = text(browse(world.people["ngo"], at).get(page))
    assert "رأی دهید" in shown and "/cast/" in shown
    assert 'id="own-vote"' in shown  # the open vote stands beside the own presence, above everything else
    world.leave(meeting, "ngo", at=at)
    assert 'id="own-vote"' not in text(browse(world.people["ngo"], at).get(page))
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.IN_SESSION


def test_two_meetings_do_not_run_at_once(world: World, browse: Browse) -> None:
    world.opened()
    second = world.called()
    page = f"{LIST}{second.pk}/"
    assert "نخست به آن پایان دهید" in text(browse(world.secretary, second.starts_at).get(page))
    browse(world.secretary, second.starts_at).post(f"{page}do/open/")
    assert Meeting.objects.filter(state=MeetingState.IN_SESSION).count() == 1


def test_the_sitting_refreshes_itself_only_when_something_changed(world: World, browse: Browse) -> None:
    meeting = world.opened("hq1")
    at, url = meeting.starts_at, f"{LIST}{meeting.pk}/live/"
    page = text(browse(world.chair, at).get(f"{LIST}{meeting.pk}/"))
    assert "hx-get" in page and '"X-Background": "1"' in page
    first = browse(world.chair, at).get(f"{url}?state=in_session&v=x")
    assert first.status_code == 200 and "حاضران" in text(first) and "<html" not in text(first)
    version = first.context["version"]
    same = browse(world.chair, at).get(f"{url}?state=in_session&v={version}")
    assert same.status_code == 204 and "HX-Refresh" not in same
    world.arrive(meeting, "deputy1")
    changed = browse(world.chair, at).get(f"{url}?state=in_session&v={version}")
    assert changed.status_code == 200 and "۲ از ۵" in text(changed)
    world.apply(meeting, "close", at=meeting.ends_at)
    ended = browse(world.chair, at).get(f"{url}?state=in_session&v={version}")
    assert ended.status_code == 204 and ended["HX-Refresh"] == "true"


def test_refreshing_keeps_no_session_alive(world: World, browse: Browse) -> None:
    meeting = world.opened()
    client = browse(world.chair, meeting.starts_at)
    page = f"{LIST}{meeting.pk}/"
    client.get(page)
    later = meeting.starts_at + timedelta(minutes=29)
    with time_machine.travel(later, tick=False):
        client.get(f"{page}live/?state=in_session&v=x", headers={"X-Background": "1"})
    with time_machine.travel(later + timedelta(minutes=2), tick=False):
        assert client.get(page).status_code == 302


# --- what became of the last resolutions -------------------------------------------------------------------------


def carried(world: World, meeting: Meeting) -> Resolution:
    """What a motion became that all five carried in that meeting, through its own workflow."""
    row = motion(world)
    AgendaItem.objects.create(
        meeting=meeting,
        position=meeting.items.count() + 1,
        kind=ItemKind.MOTION,
        title=row.title,
        motion=row,
    )
    at = meeting.starts_at
    row = MOTION.apply(row, "open_vote", actor=world.secretary, at=at)
    for code in SEATS:
        cast(row, actor=world.people[code], at=at, choice="for")
    MOTION.apply(row, "close_vote", actor=world.secretary, at=at)
    return Resolution.objects.get(motion=row)


def test_the_first_item_shows_what_became_of_the_last_resolutions(world: World, browse: Browse) -> None:
    last = world.opened(*SEATS)
    made = carried(world, last)
    for title in ("گزارش فصل", "بازدید"):
        item = ActionItem.objects.create(
            resolution=made,
            title=title,
            owner=world.committee.hq_expert,
            due_on="2026-11-20",
            state_since=NOW,
            created_at=NOW,
        )
    ACTION.apply(item, "finish", actor=world.committee.hq_expert, at=NOW, note="رفتیم")
    world.apply(last, "close", at=last.ends_at)
    coming = world.plan(call_in=timedelta(days=30), at=last.ends_at)
    response = browse(world.chair, last.ends_at).get(f"{LIST}{coming.pk}/")
    (row,) = response.context["follow_up"]["rows"]
    assert (row["title"], row["state"]) == (made.title, "در انتظار ابلاغ")
    assert [(action["title"], action["is_late"]) for action in row["actions"]] == [
        ("گزارش فصل", True),
        ("بازدید", False),
    ]
    shown = text(response)
    assert str(last) in shown and "مهلت گذشته" in shown and made.get_absolute_url() in shown


def test_open_work_of_older_resolutions_is_followed_as_in_the_minutes(world: World, browse: Browse) -> None:
    first = world.opened(*SEATS)
    made = carried(world, first)
    world.apply(first, "close", at=first.ends_at)
    work = ActionItem.objects.create(
        resolution=made,
        title="گزارش فصل",
        owner=world.committee.hq_expert,
        due_on="2026-11-20",
        state_since=NOW,
        created_at=NOW,
    )
    world.closed(call_in=timedelta(days=30))
    coming = world.plan(call_in=timedelta(days=60))
    page = f"{LIST}{coming.pk}/"
    response = browse(world.chair, first.ends_at).get(page)
    (row,) = response.context["follow_up"]["rows"]
    assert row["url"] == made.get_absolute_url() and "مصوبه‌ای نداشت" not in text(response)
    ActionItem.objects.filter(pk=work.pk).update(state="done", state_since=NOW)
    assert browse(world.chair, first.ends_at).get(page).context["follow_up"]["rows"] == []


def test_the_first_meeting_says_that_there_is_nothing_to_follow(world: World, browse: Browse) -> None:
    shown = text(browse(world.chair).get(f"{LIST}{world.plan().pk}/"))
    assert "پیش از این جلسه‌ای برگزار نشده است" in shown


def test_a_meeting_without_resolutions_is_said_to_have_had_none(world: World, browse: Browse) -> None:
    world.closed()
    shown = text(browse(world.chair).get(f"{LIST}{world.plan(call_in=timedelta(days=30)).pk}/"))
    assert "جلسه پیشین مصوبه‌ای نداشت" in shown


# --- who sees it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role", [Role.ADMIN, Role.UNIT_EXPERT, Role.NGO_USER, Role.HQ_ASSESSOR, Role.REGION_OFFICER]
)
def test_the_meetings_are_the_committees(world: World, browse: Browse, role: str) -> None:
    meeting = world.called()
    client = browse(make_user(role))
    for name in ("", f"{meeting.pk}/", f"{meeting.pk}/live/?state=called"):
        assert client.get(f"{LIST}{name}").status_code == 403


def test_refused_attempts_stand_in_the_auditors_timeline_only(world: World, browse: Browse) -> None:
    meeting = world.submitted()
    page = f"{LIST}{meeting.pk}/"
    browse(world.people["hq2"]).post(f"{page}do/call/")
    assert AuditEntry.objects.filter(event="kernel.refused").exists()
    assert "کوشید" in text(browse(world.committee.auditor).get(page))
    assert "کوشید" not in text(browse(world.people["deputy1"]).get(page))


def test_papers_and_agenda_of_a_called_meeting_warn_the_secretary(world: World, browse: Browse) -> None:
    meeting = world.called()
    agenda.add_item(meeting, actor=world.secretary, at=NOW, kind=ItemKind.REPORT, title="گزارش")
    assert "به آگاهی همه اعضا می‌رسد" in text(browse(world.secretary).get(f"{LIST}{meeting.pk}/agenda/"))
    waiting = world.submitted()
    assert "در انتظار امضای رئیس" in text(browse(world.secretary).get(f"{LIST}{waiting.pk}/agenda/"))
