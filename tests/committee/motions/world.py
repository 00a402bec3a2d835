"""A committee of five with a meeting in session and motions before it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from committee.enums import ItemKind, MeetingState, MotionKind, PresenceKind, SeatCode
from committee.models import AgendaItem, Invitation, Meeting, Motion, Presence
from committee.operations import motions
from committee.workflow.motions import MOTION, cast
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow import work
from tests.factories.committee import Committee, committee_of_five
from tests.factories.people import NOW

SEATS = ("hq1", "hq2", "deputy1", "deputy2", "ngo")


class World:
    """People, one meeting in session with everybody invited in time, and the short ways to a motion."""

    def __init__(self, committee: Committee | None = None) -> None:
        self.committee: Committee = committee or committee_of_five()
        c = self.committee
        self.people: dict[str, User] = {
            SeatCode.HQ1: c.hq1,
            SeatCode.HQ2: c.hq2,
            SeatCode.DEPUTY1: c.deputy1,
            SeatCode.DEPUTY2: c.deputy2,
            SeatCode.NGO: c.ngo_member,
        }
        self.secretary = c.secretary
        self.auditor = c.auditor
        self._meeting: Meeting | None = None

    def everybody(self) -> dict[str, User]:
        """One person of every role that reads the committee's papers, and one that does not."""
        c = self.committee
        return {
            **self.people,
            "secretary": c.secretary,
            "auditor": c.auditor,
            "hq_manager": c.hq_manager,
            "deputy_manager": c.deputy_manager,
            "hq_expert": c.hq_expert,
            "deputy_expert": c.deputy_expert,
            "ngo_user": c.ngo_user,
        }

    # --- the meeting ---------------------------------------------------------------------------------

    @property
    def meeting(self) -> Meeting:
        """The meeting in session, with every sitting member invited long before."""
        if self._meeting is None:
            self._meeting = self.meeting_in_session()
            for seating in self.committee.seatings.values():
                self.invite(seating.seat_code)
        return self._meeting

    def meeting_in_session(self, number: int = 14) -> Meeting:
        """A meeting that has gone its way to the sitting, with nobody invited yet."""
        began = NOW - timedelta(minutes=30)
        meeting = Meeting.objects.create(
            term=self.committee.term,
            number=number,
            starts_at=began,
            ends_at=NOW + timedelta(hours=2),
            place="تالار شورا",
            state_since=began,
            planned_by=self.secretary,
        )
        AgendaItem.objects.create(
            meeting=meeting, position=1, kind=ItemKind.FOLLOW_UP, title="پیگیری مصوبه‌های پیشین"
        )
        chair = self.people[SeatCode.HQ1]
        for step in (
            {"state": MeetingState.AWAITING_CHAIR},
            {"state": MeetingState.CALLED, "called_by": chair, "called_at": began},
            {"state": MeetingState.IN_SESSION, "opened_at": began},
        ):
            Meeting.objects.filter(pk=meeting.pk).update(**step)
        return Meeting.objects.get(pk=meeting.pk)

    def invite(self, code: str) -> Invitation:
        return Invitation.objects.create(
            meeting=self.meeting,
            seating=self.committee.seatings[code],
            sent_at=NOW - timedelta(days=30),
            handed_over_on=(NOW - timedelta(days=30)).date(),
            handed_over_note="تحویل دفتر",
            handed_over_by=self.secretary,
        )

    def arrive(self, *codes: str, at: datetime = NOW - timedelta(minutes=20)) -> None:
        self._presence(codes, PresenceKind.ARRIVED, at)

    def leave(self, *codes: str, at: datetime = NOW) -> None:
        self._presence(codes, PresenceKind.LEFT, at)

    def _presence(self, codes: Iterable[str], kind: str, at: datetime) -> None:
        for code in codes:
            Presence.objects.create(
                meeting=self.meeting,
                seating=self.committee.seatings[code],
                kind=kind,
                at=at,
                recorded_by=self.secretary,
            )

    def on_agenda(self, motion: Motion) -> Motion:
        AgendaItem.objects.create(
            meeting=self.meeting, position=2, kind=ItemKind.MOTION, title=motion.title, motion=motion
        )
        work.settle([motion], actor=self.secretary, at=NOW)  # the item came beside its row
        return motion

    # --- motions -------------------------------------------------------------------------------------

    def draft(self, actor: User | None = None, **changes: Any) -> Motion:
        data = {
            "kind": MotionKind.OTHER,
            "title": "گزارش فصلی دبیرخانه‌ها",
            "text": "گزارش هر فصل پیش از جلسه به اعضا داده شود.\n\nدبیر آن را گرد می‌آورد.",
            **changes,
        }
        return motions.propose_motion(actor=actor or self.committee.hq_expert, at=NOW, **data)

    def tabled(self, actor: User | None = None, *, kind: str = MotionKind.OTHER, **changes: Any) -> Motion:
        """On no agenda yet; a directive's as if its directive had come with it."""
        is_directive = kind == MotionKind.DIRECTIVE
        draft = self.draft(actor, **changes, kind=MotionKind.OTHER if is_directive else kind)
        if is_directive:
            Motion.objects.filter(pk=draft.pk).update(kind=kind)
        return MOTION.apply(draft, "table", actor=self.secretary, at=NOW)

    def opened(self, *present: str, at: datetime = NOW, **changes: Any) -> Motion:
        """Open in the meeting; everybody is present unless somebody is named."""
        motion = self.on_agenda(self.tabled(**changes))
        self.arrive(*(present or SEATS))
        return MOTION.apply(motion, "open_vote", actor=self.secretary, at=at)

    def circulated(self, *, days: int | None = None, at: datetime = NOW, **changes: Any) -> Motion:
        return MOTION.apply(self.tabled(**changes), "circulate", actor=self.secretary, at=at, days=days)

    def vote(self, motion: Motion, *, at: datetime = NOW, **choices: str) -> None:
        """``hq1="for", ngo="against"``"""
        for code, choice in choices.items():
            cast(motion, actor=self.people[code], at=at, choice=choice)

    def recuse(self, motion: Motion, *codes: str, at: datetime = NOW) -> None:
        for code in codes:
            MOTION.apply(motion, "recuse", actor=self.people[code], at=at, note="در این پرونده ذی‌نفعم.")

    def close(self, motion: Motion, *, at: datetime = NOW) -> Motion:
        return MOTION.apply(motion, "close_vote", actor=self.secretary, at=at)


def votes(text: str) -> dict[str, str]:
    """``"fffaa"`` in the order of the seats: f for, a against, n abstain, - none."""
    words = {"f": "for", "a": "against", "n": "abstain"}
    return {code: words[sign] for code, sign in zip(SEATS, text, strict=True) if sign in words}
