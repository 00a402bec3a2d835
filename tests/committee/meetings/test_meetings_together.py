"""Several people at once: two phones record the same arrival, two steps collide, numbers never repeat (C4)."""

from datetime import timedelta

from committee.enums import MeetingState, PresenceKind
from committee.models import Invitation, Meeting, NoticeWaiver, Presence
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import AuditEntry, Letter, User
from tests.committee import acts
from tests.committee.meetings.world import SEATS, World
from tests.support.committed import CommittedDatabase


def fresh(user: User) -> User:
    """The person as another request reads them."""
    return User.objects.get(pk=user.pk)


def test_two_phones_record_the_same_arrival(committed_db: CommittedDatabase, committed_world: World) -> None:
    world = committed_world
    meeting = world.opened()
    people = [fresh(world.secretary), fresh(world.people["ngo"]), fresh(world.secretary)]

    def arrive(actor: User) -> Presence:
        return acts.record_presence(
            meeting, world.seat("ngo"), kind=PresenceKind.ARRIVED, actor=actor, at=meeting.starts_at
        )

    results = committed_db.together([lambda actor=actor: arrive(actor) for actor in people])  # type: ignore[misc]
    refused = [result for result in results if isinstance(result, Refusal)]
    assert len(refused) == 2 and all("پیش از این ثبت شده است" in result.sentence for result in refused)
    assert Presence.objects.count() == 1
    assert AuditEntry.objects.filter(event="meeting.arrived").count() == 1


def test_one_call_is_signed_once(committed_db: CommittedDatabase, committed_world: World) -> None:
    world = committed_world
    meeting = world.submitted()
    chairs = [fresh(world.chair) for _ in range(4)]
    results = committed_db.together(
        [lambda chair=chair: world.apply(meeting, "call", actor=chair) for chair in chairs]  # type: ignore[misc]
    )
    assert sum(isinstance(result, Meeting) for result in results) == 1
    assert Letter.objects.filter(kind="invitation").count() == 1 and Invitation.objects.count() == 5


def test_two_meetings_opened_at_once(committed_db: CommittedDatabase, committed_world: World) -> None:
    world = committed_world
    meetings = [world.called(), world.called()]
    results = committed_db.together(
        [
            lambda row=row: world.apply(row, "open", actor=fresh(world.secretary), at=row.starts_at)  # type: ignore[misc]
            for row in meetings
        ]
    )
    refused = [result for result in results if isinstance(result, Refusal)]
    assert len(refused) == 1 and "نخست به آن پایان دهید" in refused[0].sentence
    assert Meeting.objects.filter(state=MeetingState.IN_SESSION).count() == 1


def test_plans_at_once_get_numbers_of_their_own(
    committed_db: CommittedDatabase, committed_world: World
) -> None:
    world = committed_world
    results = committed_db.together([world.plan] * 4)
    assert sorted(row.number for row in results) == [1, 2, 3, 4]


def test_the_last_waivers_come_together(committed_db: CommittedDatabase, committed_world: World) -> None:
    world = committed_world
    meeting = world.opened(*SEATS, call_in=timedelta(days=1))
    calls = [
        lambda code=code: acts.waive_notice(  # type: ignore[misc]
            meeting, actor=fresh(world.people[code]), at=meeting.starts_at
        )
        for code in (*SEATS, "ngo")
    ]
    results = committed_db.together(calls)
    assert sum(isinstance(result, NoticeWaiver) for result in results) == 5
    assert NoticeWaiver.objects.count() == 5
