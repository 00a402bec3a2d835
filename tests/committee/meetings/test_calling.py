"""Planning, agenda, call and cancelling of a meeting through the operations (C4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from committee.enums import ItemKind, MeetingState
from committee.models import AgendaItem, Invitation, Meeting, Motion, Term
from committee.operations import agenda, attendance, meetings, seats
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.delivery.outbox import relay_outbox
from staff_portal.kernel.delivery.sending import mail_message
from staff_portal.kernel.letters.attachments import stage_file
from staff_portal.kernel.models import AuditEntry, Delivery, LetterEventKind, Notification, User
from tests.committee import acts
from tests.committee.meetings.world import SEATS, World
from tests.factories.people import NOW, TODAY, make_user

PDF = b"%PDF-1.4\n%test"


def staged(user: User, name: str = "گزارش.pdf") -> Any:
    return stage_file(SimpleUploadedFile(name, PDF), actor=user, at=NOW)


def told(meeting: Meeting, event: str) -> set[int]:
    relay_outbox(at=NOW)
    found = Notification.objects.filter(entry__event=event, entry__root_id=meeting.pk)
    return set(found.values_list("recipient_id", flat=True))


def add(world: World, meeting: Meeting, title: str, **more: Any) -> AgendaItem:
    data = {"kind": ItemKind.REPORT, "title": title} | more
    return agenda.add_item(meeting, actor=world.secretary, at=NOW, **data)


def titles(meeting: Meeting) -> list[str]:
    return list(meeting.items.order_by("position").values_list("title", flat=True))


# --- planning ----------------------------------------------------------------------------------------------------


def test_numbers_run_through_the_term_and_the_first_item_is_the_follow_up(world: World) -> None:
    first = world.plan()
    world.apply(first, "cancel", note="به تعویق افتاد")
    second = world.plan()
    assert (first.number, second.number) == (1, 2)
    item = second.items.get()
    assert (item.position, item.kind, item.title) == (1, ItemKind.FOLLOW_UP, "پیگیری مصوبه‌های پیشین")
    assert AuditEntry.objects.filter(event="meeting.planned").count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts_at": NOW - timedelta(hours=1)}, "گذشته است"),
        ({"ends_at": NOW}, "پس از آغاز"),
        ({"place": "  "}, "«مکان» را وارد کنید"),
    ],
)
def test_what_cannot_be_planned(world: World, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        world.plan(**changes)
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.SECRETARY])
def test_only_the_secretary_plans(world: World, role: str) -> None:
    with pytest.raises(NotPermitted):
        acts.plan_meeting(
            actor=make_user(role), at=NOW, starts_at=NOW + timedelta(1), ends_at=NOW + timedelta(2), place="x"
        )


@pytest.mark.django_db
def test_without_a_term_there_is_no_meeting() -> None:
    assert not Term.objects.exists()
    with pytest.raises(Refusal, match="دوره‌ای"):
        acts.plan_meeting(
            actor=make_user(Role.SECRETARY),
            at=NOW,
            starts_at=NOW + timedelta(1),
            ends_at=NOW + timedelta(2),
            place="سالن",
        )


def test_time_and_place_change_while_it_is_planned(world: World) -> None:
    meeting = world.plan()
    change = {
        "starts_at": meeting.starts_at + timedelta(days=1),
        "ends_at": meeting.ends_at + timedelta(days=1),
        "place": "سالن دیگر",
    }
    changed = acts.change_meeting(meeting, actor=world.secretary, at=NOW, **change)
    assert changed.place == "سالن دیگر"
    entry = AuditEntry.objects.get(event="meeting.changed")
    assert set(entry.after) == {"state", "title", "starts_at", "ends_at", "place"}
    world.apply(meeting, "submit_call")
    with pytest.raises(Refusal, match="پیش از ارسال دعوت"):
        acts.change_meeting(meeting, actor=world.secretary, at=NOW, **change)


# --- the agenda --------------------------------------------------------------------------------------------------


def motion(world: World, **changes: Any) -> Motion:
    number = Motion.objects.count() + 1
    made = Motion.objects.create(
        number=number,
        kind="other",
        title=f"پیشنهاد {number}",
        text="متن",
        state_since=NOW,
        proposed_by=world.secretary,
        proposed_at=NOW,
        is_amendment=changes.pop("is_amendment", False),
    )
    Motion.objects.filter(pk=made.pk).update(**({"state": "tabled", "text_hash": "a" * 64} | changes))
    made.refresh_from_db()
    return made


def test_items_are_added_ordered_reworded_and_removed(world: World) -> None:
    meeting = world.plan()
    one, two, three = (add(world, meeting, title) for title in ("الف", "ب", "پ"))
    acts.move_item(three, actor=world.secretary, at=NOW, up=True)
    assert titles(meeting)[1:] == ["الف", "پ", "ب"]
    acts.move_item(one, actor=world.secretary, at=NOW, up=False)
    assert titles(meeting)[1:] == ["پ", "الف", "ب"]
    acts.change_item(two, actor=world.secretary, at=NOW, title="ت", note="شرح")
    acts.remove_item(three, actor=world.secretary, at=NOW)
    assert titles(meeting) == ["پیگیری مصوبه‌های پیشین", "الف", "ت"]
    assert list(meeting.items.order_by("position").values_list("position", flat=True)) == [1, 2, 3]


def test_the_follow_up_stays_the_first(world: World) -> None:
    meeting = world.plan()
    item = add(world, meeting, "الف")
    first = meeting.items.get(kind=ItemKind.FOLLOW_UP)
    with pytest.raises(Refusal, match="از این سو جابه‌جا نمی‌شود"):
        acts.move_item(item, actor=world.secretary, at=NOW, up=True)
    for run in (
        lambda: acts.move_item(first, actor=world.secretary, at=NOW, up=False),
        lambda: acts.remove_item(first, actor=world.secretary, at=NOW),
        lambda: acts.change_item(first, actor=world.secretary, at=NOW, title="x", note=""),
    ):
        with pytest.raises(Refusal, match="نخستین دستور"):
            run()
    with pytest.raises(Refusal, match="نوع دستور"):
        add(world, meeting, "دوم", kind=ItemKind.FOLLOW_UP)


def test_a_tabled_motion_stands_on_an_agenda_once(world: World) -> None:
    meeting = world.plan()
    row = motion(world)
    assert list(agenda.motions_to_choose(meeting)) == [row]
    item = add(world, meeting, "", kind=ItemKind.MOTION, motion=row)
    assert (item.title, item.motion) == (row.title, row)
    assert not agenda.motions_to_choose(meeting).exists()
    with pytest.raises(Refusal, match="در دستور همین جلسه هست"):
        add(world, meeting, "", kind=ItemKind.MOTION, motion=row)
    draft = motion(world, state="withdrawn")
    with pytest.raises(Refusal, match="در دستور نهاده"):
        add(world, meeting, "", kind=ItemKind.MOTION, motion=draft)
    with pytest.raises(Refusal, match="از فهرست"):
        add(world, meeting, "", kind=ItemKind.MOTION)


def test_before_the_chair_and_in_session_the_agenda_stands_still(world: World) -> None:
    waiting = world.submitted()
    with pytest.raises(Refusal, match="در انتظار امضای رئیس"):
        add(world, waiting, "الف")
    running = world.opened()
    with pytest.raises(Refusal, match="پس از آغاز"):
        add(world, running, "الف")
    with pytest.raises(Refusal, match="پس از آغاز"):
        add(world, running, "", kind=ItemKind.MOTION, motion=motion(world))
    amended = motion(world, is_amendment=True)
    assert add(world, running, "", kind=ItemKind.MOTION, motion=amended).position == 2


def test_members_hear_of_a_changed_agenda_once_they_are_invited(world: World) -> None:
    planned = world.plan()
    add(world, planned, "الف")
    acts.add_papers(planned, [staged(world.secretary)], actor=world.secretary, at=NOW)
    assert told(planned, "meeting.agenda_changed") == told(planned, "committee.paper_added") == set()
    called = world.called()
    add(world, called, "ب")
    acts.add_papers(called, [staged(world.secretary)], actor=world.secretary, at=NOW)
    members = {user.pk for user in world.people.values()}
    assert told(called, "meeting.agenda_changed") == told(called, "committee.paper_added") == members
    called.refresh_from_db()
    assert called.sequence == 2


def test_papers_come_from_their_uploader_before_the_end(world: World) -> None:
    meeting = world.plan()
    with pytest.raises(Refusal, match="دوباره بارگذاری"):
        acts.add_papers(meeting, [staged(world.chair)], actor=world.secretary, at=NOW)
    with pytest.raises(NotPermitted):
        acts.add_papers(meeting, [staged(world.chair)], actor=world.chair, at=NOW)
    closed = world.closed()
    with pytest.raises(Refusal):
        acts.add_papers(closed, [staged(world.secretary)], actor=world.secretary, at=closed.closed_at)


# --- the call ----------------------------------------------------------------------------------------------------


def test_the_call_is_a_signed_letter_with_agenda_and_papers(world: World) -> None:
    meeting = world.plan()
    add(world, meeting, "گزارش دبیرخانه‌ها", note="سه ماه نخست")
    acts.add_papers(meeting, [staged(world.secretary)], actor=world.secretary, at=NOW)
    world.apply(meeting, "submit_call")
    meeting = world.apply(meeting, "call", actor=world.chair)
    letter = meeting.invitation_letter
    text = "\n".join(letter.content["paragraphs"])
    assert letter.number.text == "1405/د/1" and letter.kind == "invitation"
    assert letter.content["addressee_name"] == letter.addressee == "اعضای محترم کمیته مشترک"
    assert letter.content["signature"]["post"] == "رئیس کمیته مشترک"
    assert letter.signed_by == meeting.called_by == world.chair
    for words in (
        "جمعه ۱۳ آذر ۱۴۰۵",
        "۱۰:۰۰ تا ۱۲:۰۰",
        "طبقه ۲",
        "۲. گزارش دبیرخانه‌ها؛ سه ماه نخست",
        "گزارش.pdf",
    ):
        assert words in text, words
    assert letter.content["attachment"] == "۱ پیوست"
    assert {row.seating.seat_code for row in Invitation.objects.filter(meeting=meeting)} == set(SEATS)


def test_everybody_is_told_on_the_page_by_mail_and_by_sms(world: World) -> None:
    for place, user in enumerate(world.people.values()):
        User.objects.filter(pk=user.pk).update(email=f"m{place}@example.ir", mobile=f"0912000000{place}")
    meeting = world.called()
    members = {user.pk for user in world.people.values()} - {world.chair.pk}
    assert told(meeting, "meeting.called") == members | {world.secretary.pk}
    notice = Notification.objects.get(entry__event="meeting.called", recipient=world.people["ngo"])
    assert "دعوت شدید" in notice.text and notice.url == meeting.get_absolute_url()
    sent = {row.channel: row for row in Delivery.objects.filter(notification=notice)}
    assert set(sent) == {"email", "sms"}
    assert meeting.get_absolute_url() in mail_message(sent["email"]).body


def test_the_chair_hears_of_a_call_to_sign_and_the_secretary_of_a_returned_one(world: World) -> None:
    meeting = world.submitted()
    assert told(meeting, "meeting.call_submitted") == {world.chair.pk}
    meeting = world.apply(meeting, "return", actor=world.chair, note="ساعت دیگری")
    assert meeting.state == MeetingState.PLANNED
    assert told(meeting, "meeting.call_returned") == {world.secretary.pk}


def test_a_vacant_chair_says_what_to_do(world: World) -> None:
    from committee.workflow.meetings import MEETING

    waiting, planned = world.submitted(), world.plan()
    seats.recall(
        world.seat("hq1"), actor=world.committee.hq_manager, at=NOW, last_day=TODAY, note="پایان حکم"
    )
    later = NOW + timedelta(days=2)
    hq2 = User.objects.get(pk=world.people["hq2"].pk)
    option = next(row for row in MEETING.options(waiting, hq2, later) if row.name == "call")
    assert not option.allowed and "کرسی رئیس کمیته خالی است" in option.reasons[0]
    option = next(
        row for row in MEETING.options(planned, world.secretary, later) if row.name == "submit_call"
    )
    assert "توافق کنند" in option.reasons[0]


def test_a_call_for_the_past_is_not_sent(world: World) -> None:
    planned, waiting = world.plan(), world.submitted()
    late = planned.starts_at + timedelta(minutes=1)
    with pytest.raises(Refusal, match="گذشته است"):
        world.apply(planned, "submit_call", at=late)
    with pytest.raises(Refusal, match="گذشته است"):
        world.apply(waiting, "call", actor=world.chair, at=late)


def test_a_member_who_took_the_seat_after_the_call_is_invited_then(world: World) -> None:
    meeting = world.called()
    with pytest.raises(Refusal, match="همه اعضا"):
        meetings.invite_newcomers(meeting, actor=world.secretary, at=NOW)
    seats.recall(
        world.seat("hq2"), actor=world.committee.hq_manager, at=NOW, last_day=TODAY, note="پایان حکم"
    )
    newcomer, later = make_user(Role.HQ_MEMBER), NOW + timedelta(days=2)
    seats.appoint(
        world.committee.seats["hq2"],
        actor=world.committee.hq_manager,
        at=later,
        person=newcomer,
        starts_on=later.date() + timedelta(days=1),
        reference="۱/۲",
    )
    with pytest.raises(Refusal, match="همه اعضا"):
        meetings.invite_newcomers(meeting, actor=world.secretary, at=later)
    made = meetings.invite_newcomers(meeting, actor=world.secretary, at=later + timedelta(days=1))
    assert [row.seating.person for row in made] == [newcomer]
    assert told(meeting, "meeting.invited") == {newcomer.pk}


# --- cancelling --------------------------------------------------------------------------------------------------


def test_cancelling_tells_those_invited_and_voids_the_letter(world: World) -> None:
    meeting = world.apply(world.called(), "cancel", note="تعطیلی ناگهانی")
    members = {user.pk for user in world.people.values()}
    assert told(meeting, "meeting.cancelled") == members
    assert meeting.invitation_letter.events.get().kind == LetterEventKind.REVOKED
    assert (meeting.sequence, meeting.cancel_reason) == (1, "تعطیلی ناگهانی")
    text = Notification.objects.filter(entry__event="meeting.cancelled").first().text
    assert "لغو شد: تعطیلی ناگهانی" in text


def test_a_plan_that_is_cancelled_concerns_nobody_but_the_chair_who_had_it(world: World) -> None:
    planned = world.apply(world.plan(), "cancel", note="نشد")
    waiting = world.apply(world.submitted(), "cancel", note="نشد")
    assert told(planned, "meeting.cancelled") == set()
    assert told(waiting, "meeting.cancelled") == {world.chair.pk}


# --- absence -----------------------------------------------------------------------------------------------------


def test_absences_are_announced_corrected_and_kept_from_those_who_came(world: World) -> None:
    meeting = world.called()
    seating = world.seat("ngo")
    own = world.people["ngo"]
    attendance.record_absence(meeting, seating, reason="سفر", actor=own, at=NOW)
    attendance.record_absence(meeting, seating, reason="بیماری", actor=world.secretary, at=NOW)
    assert meeting.absences.get().reason == "بیماری"
    assert told(meeting, "meeting.absence") == {world.secretary.pk}
    with pytest.raises(NotPermitted, match="غیبت خود"):
        attendance.record_absence(meeting, world.seat("hq1"), reason="x", actor=own, at=NOW)
    with pytest.raises(Refusal, match="«علت» را وارد کنید"):
        attendance.record_absence(meeting, seating, reason=" ", actor=own, at=NOW)
    meeting = world.apply(meeting, "open", at=meeting.starts_at)
    world.arrive(meeting, "hq1")
    with pytest.raises(Refusal, match="نمی‌توان غیبت ثبت کرد"):
        attendance.record_absence(
            meeting, world.seat("hq1"), reason="x", actor=world.secretary, at=meeting.starts_at
        )
    with pytest.raises(Refusal, match="از هنگام دعوت"):
        attendance.record_absence(world.plan(), seating, reason="x", actor=own, at=NOW)


# --- presence ----------------------------------------------------------------------------------------------------


def test_a_meeting_opens_on_its_day(world: World) -> None:
    meeting = world.called()
    with pytest.raises(Refusal, match="در آن روز آغاز می‌شود"):
        world.apply(meeting, "open", at=meeting.starts_at - timedelta(days=1))
    assert world.apply(meeting, "open", at=meeting.starts_at).opened_at is not None


def test_arriving_twice_and_leaving_first_are_refused_in_a_sentence(world: World) -> None:
    meeting = world.opened()
    name = world.people["ngo"].full_name
    with pytest.raises(Refusal, match=f"ورود {name} هنوز"):
        world.leave(meeting, "ngo")
    world.arrive(meeting, "ngo")
    with pytest.raises(Refusal, match=f"ورود {name} پیش از این"):
        world.arrive(meeting, "ngo")
    world.leave(meeting, "ngo")
    with pytest.raises(Refusal, match=f"خروج {name} پیش از این"):
        world.leave(meeting, "ngo")
    world.arrive(meeting, "ngo", at=meeting.ends_at)
    assert meetings.present_codes(meeting, meeting.ends_at.date()) == ["ngo"]


def test_a_member_records_the_own_arrival_only(world: World) -> None:
    meeting = world.opened()
    world.arrive(meeting, "ngo", actor=world.people["ngo"])
    with pytest.raises(NotPermitted, match="تنها ورود و خروج خود"):
        world.arrive(meeting, "hq1", actor=world.people["ngo"])
    for actor in (world.committee.hq_manager, world.committee.auditor, make_user(Role.HQ_MEMBER)):
        with pytest.raises(NotPermitted):
            world.arrive(meeting, "hq1", actor=actor)
    assert meetings.present_codes(meeting, meeting.starts_at.date()) == ["ngo"]
    assert [row.seat_code for row in meetings.present_seats(meeting, meeting.starts_at.date())] == ["ngo"]


def test_closing_begins_the_minutes(world: World) -> None:
    meeting = world.closed()
    assert meeting.state == MeetingState.CLOSED and meeting.minutes.state == "draft"
