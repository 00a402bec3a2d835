"""A new member reads the own letter from the appointment on, before and after the days in the seat (P27)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from committee.operations import seats
from staff_portal.kernel.delivery.notices import expand
from staff_portal.kernel.models import AuditEntry
from tests.committee.nominations.world import cast, put_forward, seal, with_vacant_seat
from tests.factories.committee import Committee
from tests.factories.people import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def _pages_of(event: str) -> set[str]:
    entry = AuditEntry.objects.filter(event=event).latest("id")
    return {draft.url for draft in expand(entry)}


def test_the_appointed_person_reads_the_letter_before_and_after(five: Committee, client_for: Any) -> None:
    person = make_user(None, side="hq")
    seating = seats.appoint(
        five.seats["hq2"], actor=five.hq_manager, at=NOW, person=person, starts_on=TOMORROW, reference="۲"
    )
    url = reverse("letter_detail", args=[seating.letter_id])
    assert _pages_of("seat.appointed") == {url}
    with time_machine.travel(NOW, tick=False):
        assert client_for(person).get(url).status_code == 200
        assert client_for(make_user(None, side="hq")).get(url).status_code == 404
    last = TOMORROW + timedelta(days=2)
    seats.recall(seating, actor=five.hq_manager, at=NOW + timedelta(days=1), last_day=last, note="انتقال")
    with time_machine.travel(NOW + timedelta(days=9), tick=False):
        assert client_for(person).get(url).status_code == 200
        assert client_for(person).get(reverse("committee:home")).status_code == 403


def test_the_ngos_person_reads_by_what_the_ngo_was_chosen(five: Committee, client_for: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        world = seal(put_forward(with_vacant_seat(five)))
        cast(world, five.deputy1, 1)
        decided = cast(world, five.deputy2, 1)
        url = reverse("letter_detail", args=[decided.proof_id])
        assert url in _pages_of("seat.appointed")
        assert client_for(world.people[1]).get(url).status_code == 200
        assert client_for(world.people[0]).get(url).status_code == 404
