"""A meeting opens before its time only if all sitting members are there and agree (C4, P13)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse

from committee.enums import MeetingState
from committee.models import EarlyConsent, Meeting
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.workflow import work
from tests.access.hidden import text_of
from tests.committee.meetings.world import SEATS, World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def _agree(world: World, meeting: Meeting, *codes: str, at: Any = None) -> None:
    for code in codes:
        world.apply(meeting, "agree_early", actor=world.people[code], at=at or meeting.starts_at - HOUR)


def test_it_does_not_open_before_its_time_while_somebody_has_not_agreed(
    world: World, client_for: Any
) -> None:
    meeting = world.called()
    early = meeting.starts_at - HOUR
    with pytest.raises(Refusal, match="زودتر از آن تنها با حضور و موافقت همه اعضا"):
        world.apply(meeting, "open", at=early)
    _agree(world, meeting, *SEATS[:4])
    with pytest.raises(Refusal, match=world.people["ngo"].full_name):
        world.apply(meeting, "open", at=early)
    with time_machine.travel(early, tick=False):
        url = reverse("committee:meeting_do", args=[meeting.pk, "open"])
        page = client_for(world.secretary).post(url, follow=True)
        assert "زودتر از آن تنها با حضور و موافقت همه اعضا" in text_of(page)
        meeting.refresh_from_db()
        assert meeting.state == MeetingState.CALLED
        own = reverse("committee:meeting_do", args=[meeting.pk, "agree_early"])
        assert client_for(world.people["ngo"]).get(own).status_code == 200
        assert client_for(world.people["ngo"]).post(own).status_code == 302
    assert world.apply(meeting, "open", at=early).state == MeetingState.IN_SESSION
    assert work.rebuild(at=early, mend=False).total == 0


def test_consent_is_ones_own_once_on_the_day_and_before_the_time(world: World) -> None:
    meeting = world.called()
    for at, sentence in ((meeting.starts_at - timedelta(days=1), "در روز خود جلسه"),):
        with pytest.raises(NotPermitted, match=sentence):
            _agree(world, meeting, "hq1", at=at)
    with pytest.raises(Refusal, match="زمان جلسه رسیده است"):
        _agree(world, meeting, "hq1", at=meeting.starts_at)
    _agree(world, meeting, "hq1")
    with pytest.raises(Refusal, match="پیش از این ثبت شده"):
        _agree(world, meeting, "hq1")
    for stranger in (world.secretary, world.committee.hq_manager):
        with pytest.raises(NotPermitted):
            world.apply(meeting, "agree_early", actor=stranger, at=meeting.starts_at - HOUR)
    assert EarlyConsent.objects.count() == 1


def test_at_its_time_nobody_need_agree(world: World) -> None:
    meeting = world.called()
    assert world.apply(meeting, "open", at=meeting.starts_at).state == MeetingState.IN_SESSION


def test_by_sql_it_opens_neither_early_nor_with_anothers_consent(world: World, raw_sql: Any) -> None:
    meeting = world.called()
    early = meeting.starts_at - HOUR
    opened = (
        "UPDATE committee_meeting SET state = 'in_session', opened_at = %s, state_since = %s WHERE id = %s"
    )
    consent = (
        "INSERT INTO committee_earlyconsent (meeting_id, seating_id, agreed_by_id, agreed_at)"
        " VALUES (%s, %s, %s, %s)"
    )

    def refused(statement: str, sent: list[Any]) -> str:
        with pytest.raises(IntegrityError) as error:
            raw_sql(statement, sent)
        return constraints.constraint_name(error.value)

    assert refused(opened, [early, early, meeting.pk]) == "c4_not_before_its_time"
    hq1 = world.seat("hq1")
    assert refused(consent, [meeting.pk, hq1.pk, world.secretary.pk, early]) == "c4_own_consent"
    late = [meeting.pk, hq1.pk, hq1.person_id, meeting.starts_at]
    assert refused(consent, late) == "c4_not_before_its_time"
    for code in SEATS[:4]:
        seat = world.seat(code)
        raw_sql(consent, [meeting.pk, seat.pk, seat.person_id, early])
    assert refused(opened, [early, early, meeting.pk]) == "c4_not_before_its_time"
    assert refused("UPDATE committee_earlyconsent SET agreed_at = now()", []) == "c4_presence_kept"
    assert refused("DELETE FROM committee_earlyconsent", []) == "c4_presence_kept"
