"""Who no longer sits reads and writes nothing as a member, whatever role an administrator gave by hand (C1, C5, X9)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from committee import rules, secrecy
from committee.models import Motion
from committee.operations import motions, seats
from committee.workflow.minutes import MINUTES
from committee.workflow.motions import MOTION
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import RoleAssignment, User
from staff_portal.kernel.people import access
from staff_portal.kernel.workflow import work
from tests.committee.outcomes.world import World
from tests.factories.people import NOW, TODAY

pytestmark = pytest.mark.django_db
AFTER = NOW + timedelta(days=1)


@pytest.fixture
def gone(db: Any) -> tuple[World, User, Motion]:
    """A member who sat in a meeting, voted there, and whose last day is today; a motion was carried in it."""
    world = World.make()
    carried = world.carried()
    people = world.committee
    seats.recall(people.seatings["hq2"], actor=people.hq_manager, at=NOW, last_day=TODAY, note="انتقال")
    person = User.objects.get(pk=people.hq2.pk)
    RoleAssignment.objects.filter(user=person).update(period="[2020-01-01,)")
    assert access.has_role(person, AFTER.date(), Role.HQ_MEMBER), "the role was given by hand"
    return world, person, Motion.objects.get(pk=carried.pk)


def test_a_former_member_reads_nothing_of_the_committee(
    gone: tuple[World, User, Motion], client_for: Any
) -> None:
    world, person, motion = gone
    assert secrecy.may_read_choices(person, motion, TODAY)
    assert rules.reads_committee(person, TODAY)
    day = AFTER.date()
    assert not secrecy.may_read_choices(person, motion, day)
    assert not rules.reads_committee(person, day)
    assert secrecy.may_read_choices(world.committee.hq1, motion, day)
    assert secrecy.may_read_choices(world.committee.auditor, motion, day)
    with time_machine.travel(AFTER, tick=False):
        browser = client_for(person)
        for url in (
            motion.get_absolute_url(),
            reverse("committee:motion_list"),
            reverse("committee:home"),
            reverse("committee:meeting_detail", args=[motion.meeting_id]),
            reverse("committee:nomination_list"),
            reverse("committee:minutes_detail", args=[motion.meeting_id]),
        ):
            assert browser.get(url).status_code in {403, 404}, url
        home = browser.get(reverse("home")).content.decode()
        assert f'href="{reverse("committee:motion_list")}"' not in home
        assert f'href="{reverse("committee:motion_new")}"' not in home
        assert f'href="{reverse("committee:home")}"' not in home


def test_a_former_member_writes_no_motion_and_signs_no_minutes(gone: tuple[World, User, Motion]) -> None:
    world, person, motion = gone
    with pytest.raises(NotPermitted, match="کرسی ندارید"):
        motions.propose_motion(actor=person, at=AFTER, kind="policy", title="عنوان", text="متن")
    with pytest.raises(NotPermitted, match="کرسی ندارید"):
        MOTION.apply(motion, "copy", actor=person, at=AFTER)
    minutes = motion.meeting.minutes
    MINUTES.apply(minutes, "circulate", actor=world.committee.secretary, at=AFTER)

    def waits() -> bool:
        fresh = User.objects.get(pk=person.pk)
        return any(task.kind == "committee.minutes" for task in contributions.inbox(fresh, AFTER))

    assert not waits()
    late = AFTER + timedelta(days=10)
    MINUTES.apply(minutes, "start_signing", actor=world.committee.secretary, at=late)
    with pytest.raises(NotPermitted, match="کرسی ندارید"):
        MINUTES.apply(minutes, "sign", actor=person, at=late)
    assert not waits()
    assert work.rebuild(at=late, mend=False).total == 0
