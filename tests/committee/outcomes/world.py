"""A closed meeting with its vote, by the operations of meetings and motions, up to resolution and minutes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from committee.enums import Choice, ItemKind, MotionKind, PresenceKind
from committee.models import Meeting, Minutes, Motion, Resolution
from committee.operations import agenda, attendance, motions
from committee.workflow.meetings import MEETING
from committee.workflow.minutes import MINUTES
from committee.workflow.motions import MOTION
from committee.workflow.resolutions import ACTION, RESOLUTION
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import SYSTEM, Authority, local_date
from staff_portal.kernel.workflow.rows import Step
from tests.committee import acts
from tests.factories.committee import Committee, committee_of_five
from tests.factories.people import NOW, TODAY

__all__ = ["FOUR", "NOW", "TEXT", "TODAY", "World", "step"]

TEXT = "فضاهای محله‌ای با معرفی ستاد سمن‌ها در اختیار سمن‌های عضو گذاشته می‌شود."
FOUR = ("hq1", "hq2", "deputy1", "ngo")


def step(actor: User | None, at: datetime = NOW, role: str = Role.SECRETARY) -> Step:
    """A step as a transition would give it."""
    return Step(actor, at, Authority(role) if actor else SYSTEM)


@dataclass
class World:
    """A committee and what it has decided; the deputy's second member was absent."""

    committee: Committee

    @classmethod
    def make(cls, **changes: Any) -> "World":
        return cls(committee_of_five(**changes))

    # --- meeting and vote ------------------------------------------------------------------------------

    def motion(self, *, at: datetime = NOW, **changes: Any) -> Motion:
        """A tabled motion of HQ's expert."""
        values: dict[str, Any] = {"kind": MotionKind.POLICY, "title": "سیاست واگذاری فضاها", "text": TEXT}
        draft = motions.propose_motion(actor=self.committee.hq_expert, at=at, **(values | changes))
        return MOTION.apply(draft, "table", actor=self.committee.secretary, at=at)

    def sitting(
        self, *listed: Motion, at: datetime = NOW, present: Iterable[str] = FOUR, discussion: bool = False
    ) -> Meeting:
        """A meeting in session since two hours before ``at``, with these motions on its agenda."""
        people, opened = self.committee, at - timedelta(hours=2)
        early = at - timedelta(days=20)
        meeting = acts.plan_meeting(
            actor=people.secretary, at=early, starts_at=opened, ends_at=at, place="سالن جلسه طبقه 2"
        )
        for motion in listed:
            agenda.add_item(meeting, actor=people.secretary, at=early, kind=ItemKind.MOTION, motion=motion)
        if discussion:
            agenda.add_item(
                meeting, actor=people.secretary, at=early, kind=ItemKind.DISCUSSION, title="نشست سالانه"
            )
        MEETING.apply(meeting, "submit_call", actor=people.secretary, at=early)
        meeting = MEETING.apply(meeting, "call", actor=people.hq1, at=early)
        for invitation in meeting.invitations.all():
            acts.hand_over(invitation, actor=people.secretary, at=early, on=early.date())
        meeting = MEETING.apply(meeting, "open", actor=people.secretary, at=opened)
        for code, seating in people.seatings.items():
            if code in present:
                acts.record_presence(
                    meeting, seating, kind=PresenceKind.ARRIVED, actor=people.secretary, at=opened
                )
            else:
                attendance.record_absence(
                    meeting, seating, reason="مأموریت", actor=people.secretary, at=opened
                )
        return meeting

    def vote(self, motion: Motion, choices: dict[str, str] | None = None, *, at: datetime = NOW) -> Motion:
        """Open, cast, close (default: three for, one against: carried)."""
        people = self.committee
        cast = choices or {"hq1": Choice.FOR, "hq2": Choice.FOR, "deputy1": Choice.FOR, "ngo": Choice.AGAINST}
        motion = MOTION.apply(motion, "open_vote", actor=people.secretary, at=at - timedelta(minutes=60))
        for code, choice in cast.items():
            person = people.seatings[code].person
            MOTION.apply(motion, "cast", actor=person, at=at - timedelta(minutes=55), choice=choice)
        return MOTION.apply(motion, "close_vote", actor=people.secretary, at=at - timedelta(minutes=50))

    def close(self, meeting: Meeting, *, at: datetime = NOW) -> Minutes:
        """End the meeting, which begins its minutes."""
        MEETING.apply(meeting, "close", actor=self.committee.secretary, at=at)
        return Minutes.objects.get(meeting=meeting)

    # --- outcomes --------------------------------------------------------------------------------------

    def carried(self, *, at: datetime = NOW, **changes: Any) -> Motion:
        """A carried motion; its meeting is over."""
        motion = self.motion(at=at - timedelta(days=21), **changes)
        meeting = self.sitting(motion, at=at)
        motion = self.vote(motion, at=at)
        self.close(meeting, at=at)
        return motion

    def lost(self, *, at: datetime = NOW, **changes: Any) -> Motion:
        """A motion with one vote for it and one against."""
        motion = self.motion(at=at - timedelta(days=21), **changes)
        meeting = self.sitting(motion, at=at)
        motion = self.vote(motion, {"hq1": Choice.FOR, "deputy1": Choice.AGAINST}, at=at)
        self.close(meeting, at=at)
        return motion

    def resolution(self, *, at: datetime = NOW, **changes: Any) -> Resolution:
        """The resolution of a carried motion, not announced yet; it is addressed to the deputy's expert."""
        return self.addressed(Resolution.objects.get(motion=self.carried(at=at, **changes)), at=at)

    def addressed(self, resolution: Resolution, *, at: datetime = NOW) -> Resolution:
        people = self.committee
        return RESOLUTION.apply(
            resolution, "address", actor=people.secretary, at=at, persons=[people.deputy_expert]
        )

    def announced(self, *, at: datetime = NOW, **changes: Any) -> Resolution:
        made = self.resolution(at=at, **changes)
        for head in (self.committee.hq_manager, self.committee.deputy_manager):
            made = RESOLUTION.apply(made, "sign", actor=head, at=at)
        return made

    def action(self, resolution: Resolution, *, at: datetime = NOW, days: int = 10, **changes: Any) -> Any:
        values: dict[str, Any] = {"owner": self.committee.deputy_expert, "title": "تهیه فهرست فضاها"}
        values |= changes
        return ACTION.apply(
            resolution,
            "add",
            actor=self.committee.secretary,
            at=at,
            due_on=local_date(at) + timedelta(days=days),
            **values,
        )

    def minutes(self, state: str = "draft", *, at: datetime = NOW) -> Minutes:
        """Minutes of a meeting with one carried motion, in the wanted state."""
        motion = self.motion(at=at - timedelta(days=21))
        meeting = self.sitting(motion, at=at, discussion=True)
        self.vote(motion, at=at)
        self.addressed(Resolution.objects.get(motion=motion), at=at)
        made = self.close(meeting, at=at)
        secretary = self.committee.secretary
        if state == "draft":
            return made
        made = MINUTES.apply(made, "circulate", actor=secretary, at=at)
        if state == "circulated":
            return made
        for person in self.present:
            acts.want_no_amendment(made, actor=person, at=at)
        made = MINUTES.apply(made, "start_signing", actor=secretary, at=at)
        if state == "signing":
            return made
        for person in self.present:
            made = MINUTES.apply(made, "sign", actor=person, at=at)
        return MINUTES.apply(made, "seal", actor=secretary, at=at)

    @property
    def present(self) -> list[User]:
        return [self.committee.seatings[code].person for code in FOUR]

    @property
    def absent(self) -> User:
        return self.committee.deputy2
