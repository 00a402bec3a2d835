"""What comes on the agenda after the call is decided only after a supplement with its own notice, or with everybody's
consent (C4, P8)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse

from committee.enums import ItemKind, MotionKind, MotionState
from committee.models import ItemConsent, Meeting, Motion, Supplement
from committee.operations import agenda, motions
from committee.operations.minutes import content_of
from committee.workflow.meetings import MEETING
from committee.workflow.motions import MOTION
from committee.workflow.sittings import AGENDA
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.delivery.outbox import relay_outbox
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow import work
from tests.access.hidden import text_of
from tests.committee.meetings.world import SEATS, World
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db


def _motion(world: World) -> Motion:
    draft = motions.propose_motion(
        actor=world.committee.hq_expert,
        at=NOW,
        kind=MotionKind.POLICY,
        title="واگذاری فضا",
        text="متن پیشنهاد",
    )
    return MOTION.apply(draft, "table", actor=world.secretary, at=NOW)


def _add(world: World, meeting: Meeting, motion: Motion, *, at: Any = NOW) -> Any:
    return agenda.add_item(meeting, actor=world.secretary, at=at, kind=ItemKind.MOTION, motion=motion)


def _sign(world: World, meeting: Meeting, *, at: Any = NOW) -> None:
    MEETING.apply(meeting, "sign_supplement", actor=world.chair, at=at)
    relay_outbox(at=at)


def _open(world: World, meeting: Meeting, *codes: str) -> Meeting:
    meeting = world.apply(meeting, "open", at=meeting.starts_at)
    world.arrive(meeting, *codes)
    return meeting


def _vote(world: World, motion: Motion, meeting: Meeting) -> Motion:
    return MOTION.apply(motion, "open_vote", actor=world.secretary, at=meeting.starts_at)


def _tasks(user: User, at: Any) -> list[str]:
    return [task.title for task in contributions.inbox(User.objects.get(pk=user.pk), at)]


def test_what_was_added_after_the_call_is_not_put_to_the_vote(world: World, client_for: Any) -> None:
    meeting, motion = world.called(), _motion(world)
    _add(world, meeting, motion)
    meeting = _open(world, meeting, *SEATS)
    with pytest.raises(Refusal, match="در مهلت اعلام نشده است"):
        _vote(world, motion, meeting)
    with time_machine.travel(meeting.starts_at, tick=False):
        url = reverse("committee:motion_do", args=[motion.pk, "open_vote"])
        page = client_for(world.secretary).post(url)
        assert (page.status_code, "در مهلت اعلام نشده است" in text_of(page)) == (409, True)
    motion.refresh_from_db()
    assert motion.state == MotionState.TABLED


def test_what_stood_in_the_call_and_was_changed_after_it_neither(world: World) -> None:
    meeting, motion = world.plan(), _motion(world)
    item = _add(world, meeting, motion)
    meeting = world.apply(world.apply(meeting, "submit_call"), "call", actor=world.chair)
    relay_outbox(at=NOW)
    AGENDA.apply(item, "annotate", actor=world.secretary, at=NOW, remark="شرحی دیگر")
    meeting = _open(world, meeting, *SEATS)
    with pytest.raises(Refusal, match="در مهلت اعلام نشده است"):
        _vote(world, motion, meeting)


def test_the_chairs_supplement_with_its_own_notice_covers_it(world: World, client_for: Any) -> None:
    meeting, motion = world.called(), _motion(world)
    with pytest.raises(Refusal, match="تغییری نکرده است"):
        _sign(world, meeting)
    _add(world, meeting, motion)
    title = f"امضای متمم دستور {meeting}"
    assert title in _tasks(world.chair, NOW)
    with pytest.raises(NotPermitted):
        MEETING.apply(meeting, "sign_supplement", actor=world.people["deputy1"], at=NOW)
    with time_machine.travel(NOW, tick=False):
        url = reverse("committee:meeting_do", args=[meeting.pk, "sign_supplement"])
        assert "واگذاری فضا" in text_of(client_for(world.chair).get(url)), "the chair reads what is signed"
        assert client_for(world.chair).post(url).status_code == 302
        relay_outbox(at=NOW)
    supplement = Supplement.objects.get()
    assert (supplement.signed_by, supplement.letter.root_id) == (world.chair, meeting.pk)
    assert title not in _tasks(world.chair, NOW)
    assert work.rebuild(at=NOW, mend=False).total == 0
    meeting = _open(world, meeting, *SEATS[:4])
    assert _vote(world, motion, meeting).state == MotionState.OPEN


def test_a_supplement_whose_notice_is_too_short_does_not(world: World) -> None:
    meeting, motion = world.called(), _motion(world)
    late = meeting.starts_at - timedelta(days=2)
    _add(world, meeting, motion, at=late)
    _sign(world, meeting, at=late)
    meeting = _open(world, meeting, *SEATS)
    with pytest.raises(Refusal, match="در مهلت اعلام نشده است"):
        _vote(world, motion, meeting)


def test_a_change_after_the_supplement_wants_another(world: World) -> None:
    meeting, motion = world.called(), _motion(world)
    item = _add(world, meeting, motion)
    _sign(world, meeting)
    AGENDA.apply(item, "annotate", actor=world.secretary, at=NOW, remark="شرحی دیگر")
    meeting = _open(world, meeting, *SEATS)
    with pytest.raises(Refusal, match="در مهلت اعلام نشده است"):
        _vote(world, motion, meeting)


def test_everybody_agrees_in_the_sitting_each_on_the_own_phone(world: World, client_for: Any) -> None:
    meeting, motion = world.called(), _motion(world)
    _add(world, meeting, motion)
    meeting = _open(world, meeting, *SEATS[:4])
    at = meeting.starts_at
    title = f"موافقت با رأی‌گیری «{motion}» در همین جلسه"
    for code in SEATS[:4]:
        assert title in _tasks(world.people[code], at)
        MOTION.apply(motion, "agree_item", actor=world.people[code], at=at)
        assert title not in _tasks(world.people[code], at)
    with pytest.raises(Refusal, match=world.people["ngo"].full_name):
        _vote(world, motion, meeting)
    with pytest.raises(Refusal, match="ورود خود را ثبت کنید"):
        MOTION.apply(motion, "agree_item", actor=world.people["ngo"], at=at)
    with pytest.raises(Refusal, match="پیش از این ثبت شده"):
        MOTION.apply(motion, "agree_item", actor=world.people["hq1"], at=at)
    with pytest.raises(NotPermitted):
        MOTION.apply(motion, "agree_item", actor=world.secretary, at=at)
    world.arrive(meeting, "ngo")
    with time_machine.travel(at, tick=False):
        url = reverse("committee:motion_do", args=[motion.pk, "agree_item"])
        assert client_for(world.people["ngo"]).post(url).status_code == 302
    assert ItemConsent.objects.count() == 5
    assert work.rebuild(at=at, mend=False).total == 0
    opened = _vote(world, motion, meeting)
    assert opened.state == MotionState.OPEN
    for code in SEATS:
        MOTION.apply(opened, "cast", actor=world.people[code], at=at, choice="for", reason="")
    MOTION.apply(opened, "close_vote", actor=world.secretary, at=at)
    minutes = world.apply(meeting, "close", at=meeting.ends_at).minutes
    told = [
        line for item in content_of(minutes)["items"] for vote in item["votes"] for line in vote["presence"]
    ]
    assert "در همین جلسه به رأی گذاشته شد" in told[0]
    assert all(person.full_name in told[0] for person in world.people.values())


def test_by_sql_nobody_signs_for_the_chair_or_agrees_for_another(world: World, raw_sql: Any) -> None:
    meeting, motion = world.called(), _motion(world)
    item = _add(world, meeting, motion)

    def refused(statement: str, *sent: Any) -> str:
        with pytest.raises(IntegrityError) as error:
            raw_sql(statement, sent)
        return constraints.constraint_name(error.value)

    sign = (
        "INSERT INTO committee_supplement (meeting_id, signed_by_id, signed_at, letter_id)"
        " VALUES (%s, %s, %s, %s)"
    )
    letter = meeting.invitation_letter_id
    assert refused(sign, meeting.pk, world.secretary.pk, NOW, letter) == "c4_called_by_chair"
    agree = (
        "INSERT INTO committee_itemconsent (item_id, seating_id, agreed_by_id, agreed_at)"
        " VALUES (%s, %s, %s, %s)"
    )
    hq1 = world.seat("hq1")
    assert refused(agree, item.pk, hq1.pk, hq1.person_id, NOW) == "c4_not_in_session"
    meeting = _open(world, meeting, *SEATS)
    assert refused(sign, meeting.pk, world.chair.pk, NOW, letter) == "c4_supplement_of_a_call"
    assert refused(agree, item.pk, hq1.pk, world.secretary.pk, meeting.starts_at) == "c4_own_consent"
    raw_sql(agree, [item.pk, hq1.pk, hq1.person_id, meeting.starts_at])
    assert refused("DELETE FROM committee_itemconsent") == "c4_presence_kept"
    assert refused("UPDATE committee_itemconsent SET seating_id = seating_id + 1") == "c4_presence_kept"
