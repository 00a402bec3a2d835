"""A committee of five and the short ways to a meeting in any state."""

from datetime import datetime, timedelta
from typing import Any

from committee.enums import MeetingState, PresenceKind, SeatCode
from committee.models import Meeting, Seating
from committee.workflow.meetings import MEETING
from staff_portal.kernel.delivery.outbox import relay_outbox
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import SYSTEM
from staff_portal.kernel.workflow.rows import Step
from tests.committee import acts
from tests.factories.committee import Committee, committee_of_five
from tests.factories.people import NOW

SEATS = ("hq1", "hq2", "deputy1", "deputy2", "ngo")
IN_TIME = timedelta(days=10)
NEXT_DAY = timedelta(days=1)


class World:
    """Everything happens at ``at``; ``call_in`` is how long after it the meeting takes place."""

    def __init__(self, at: datetime = NOW, committee: Committee | None = None, *, since: int = 60) -> None:
        self.at = at
        self.committee: Committee = committee or committee_of_five(at=at, since=since)
        c = self.committee
        self.people: dict[str, User] = {
            SeatCode.HQ1: c.hq1,
            SeatCode.HQ2: c.hq2,
            SeatCode.DEPUTY1: c.deputy1,
            SeatCode.DEPUTY2: c.deputy2,
            SeatCode.NGO: c.ngo_member,
        }
        self.secretary, self.chair = c.secretary, c.hq1

    def seat(self, code: str) -> Seating:
        return self.committee.seatings[code]

    def plan(self, *, call_in: timedelta = IN_TIME, at: datetime | None = None, **changes: Any) -> Meeting:
        starts = self.at + call_in
        data = {
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2),
            "place": "سالن جلسات، طبقه ۲",
            "title": "برنامه فصل",
        }
        return acts.plan_meeting(actor=self.secretary, at=at or self.at, **(data | changes))

    def submitted(self, **more: Any) -> Meeting:
        return self.apply(self.plan(**more), "submit_call")

    def called(self, *, deliver: bool = True, **more: Any) -> Meeting:
        """Signed by the chair; the notices lie in the inboxes unless ``deliver`` is false."""
        meeting = self.apply(self.submitted(**more), "call", actor=self.chair)
        if deliver:
            relay_outbox(at=self.at)
        return meeting

    def opened(self, *codes: str, **more: Any) -> Meeting:
        """In session at its own time; ``codes`` have arrived."""
        meeting = self.called(**more)
        meeting = self.apply(meeting, "open", at=meeting.starts_at)
        self.arrive(meeting, *codes)
        return meeting

    def in_state(self, state: str) -> Meeting:
        """A meeting in that state, by the steps of the table."""
        if state == MeetingState.PLANNED:
            return self.plan()
        if state == MeetingState.AWAITING_CHAIR:
            return self.submitted()
        if state == MeetingState.CALLED:
            return self.called()
        if state == MeetingState.IN_SESSION:
            return self.opened()
        if state == MeetingState.CANCELLED:
            return self.apply(self.called(), "cancel", note="به تعویق افتاد")
        closed = self.closed()
        if state == MeetingState.CLOSED:
            return closed
        sealing = Step(None, closed.closed_at, SYSTEM)
        return MEETING.apply(closed, "minute", actor=None, at=closed.closed_at, within=sealing)

    def closed(self, **more: Any) -> Meeting:
        meeting = self.opened(*SEATS, **more)
        return self.apply(meeting, "close", at=meeting.ends_at)

    def apply(
        self,
        meeting: Meeting,
        name: str,
        *,
        actor: User | None = None,
        at: datetime | None = None,
        **asked: Any,
    ) -> Meeting:
        return MEETING.apply(meeting, name, actor=actor or self.secretary, at=at or self.at, **asked)

    def arrive(
        self, meeting: Meeting, *codes: str, at: datetime | None = None, actor: User | None = None
    ) -> None:
        self._presence(meeting, codes, PresenceKind.ARRIVED, at, actor)

    def leave(
        self, meeting: Meeting, *codes: str, at: datetime | None = None, actor: User | None = None
    ) -> None:
        self._presence(meeting, codes, PresenceKind.LEFT, at, actor)

    def _presence(
        self, meeting: Meeting, codes: tuple[str, ...], kind: str, at: datetime | None, actor: User | None
    ) -> None:
        for code in codes:
            acts.record_presence(
                meeting,
                self.seat(code),
                kind=kind,
                actor=actor or self.secretary,
                at=at or meeting.starts_at,
            )

    def waive(self, meeting: Meeting, *codes: str) -> None:
        for code in codes:
            acts.waive_notice(meeting, actor=self.people[code], at=meeting.starts_at)
