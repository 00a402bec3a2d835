"""C8, C9 on real commits: of colliding calls each signature counts once, and there is one letter."""

from datetime import timedelta
from typing import Any

from committee.models import ActionItem, Minutes, Resolution
from committee.workflow.minutes import MINUTES
from committee.workflow.resolutions import RESOLUTION
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import AuditEntry, Letter, User
from staff_portal.kernel.workflow import sweeps
from tests.committee import acts
from tests.committee.outcomes.world import NOW, World


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_both_heads_at_once_give_one_letter(committed_db: Any) -> None:
    world = World.make()
    made, people = world.resolution(), world.committee

    def sign(head: User) -> Any:
        return lambda: RESOLUTION.apply(made, "sign", actor=fresh(head), at=NOW)

    heads = [people.hq_manager, people.deputy_manager] * 2
    results = committed_db.together([sign(head) for head in heads])
    done = [row for row in results if isinstance(row, Resolution)]
    assert len(done) == 2
    assert all(isinstance(row, Refusal) for row in results if row not in done)
    made.refresh_from_db()
    assert made.state == "announced"
    assert Letter.objects.filter(kind="announcement").count() == 1
    assert AuditEntry.objects.filter(event="resolution.announced").count() == 1


def test_one_member_on_four_phones_signs_once(committed_db: Any) -> None:
    world = World.make()
    minutes, member = world.minutes("signing"), world.committee.hq1
    results = committed_db.together(
        [lambda: MINUTES.apply(minutes, "sign", actor=fresh(member), at=NOW) for _ in range(4)]
    )
    assert sum(isinstance(row, Minutes) for row in results) == 1
    assert sum(isinstance(row, Refusal) for row in results) == 3
    assert minutes.signatures.count() == 1


def test_producers_that_run_twice_at_once_do_their_work_once(committed_db: Any) -> None:
    world = World.make()
    minutes = world.minutes("circulated")
    world.action(Resolution.objects.get(), days=1)
    late = NOW + timedelta(days=12)
    results = committed_db.together([lambda: acts.advance_minutes(late), lambda: sweeps.run(late)] * 2)
    assert not [row for row in results if isinstance(row, Exception)]
    assert Minutes.objects.get(pk=minutes.pk).state == "signing"
    assert AuditEntry.objects.filter(event="minutes.signing_started").count() == 1
    assert AuditEntry.objects.filter(event="action.chased").count() == 1
    assert ActionItem.objects.get().last_chased_on == late.date()


def test_sealing_against_the_last_signature_loses_neither(committed_db: Any) -> None:
    world = World.make()
    minutes, people = world.minutes("signing"), world.committee
    for person in world.present[:-1]:
        MINUTES.apply(minutes, "sign", actor=person, at=NOW)
    last, late = world.present[-1], NOW + timedelta(days=12)
    signed, sealed = committed_db.together(
        [
            lambda: MINUTES.apply(minutes, "sign", actor=fresh(last), at=late),
            lambda: MINUTES.apply(minutes, "seal", actor=fresh(people.secretary), at=late),
        ]
    )
    assert isinstance(sealed, Minutes)
    grid = Letter.objects.get(kind="minutes").content["signatures"]
    was_signed = isinstance(signed, Minutes)
    assert [cell["is_signed"] for cell in grid] == [True, True, True, was_signed]
    assert minutes.signatures.count() == (4 if was_signed else 3)
