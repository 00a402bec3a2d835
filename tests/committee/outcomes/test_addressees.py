"""C8: a resolution is announced to chosen addressees, who each get it and confirm; who is silent is chased (P12)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse

from committee.enums import AddresseeState, ResolutionState
from committee.models import Addressee, Resolution
from committee.workflow.addressees import ADDRESSEE
from committee.workflow.resolutions import RESOLUTION
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.delivery.notices import expand
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import AuditEntry, Unit, User
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.workflow import sweeps, work
from tests.access.hidden import text_of
from tests.committee.outcomes.world import NOW, World
from tests.factories import ngos as made
from tests.factories.people import make_user


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def _told(event: str) -> set[int]:
    entry = AuditEntry.objects.filter(event=event).latest("id")
    return {draft.recipient_id for draft in expand(entry)}


def _waiting(user: User, at: Any = NOW) -> list[str]:
    return [task.title for task in contributions.inbox(User.objects.get(pk=user.pk), at)]


def _signed(world: World, resolution: Resolution, at: Any = NOW) -> Resolution:
    for head in (world.committee.hq_manager, world.committee.deputy_manager):
        resolution = RESOLUTION.apply(resolution, "sign", actor=head, at=at)
    return resolution


def test_nothing_is_announced_to_nobody(world: World, client_for: Any) -> None:
    resolution, people = Resolution.objects.get(motion=world.carried()), world.committee
    title = f"گزینش گیرندگان ابلاغ «{resolution}»"
    assert title in _waiting(people.secretary)
    with pytest.raises(Refusal, match="نخست دبیر گیرندگان را برمی‌گزیند"):
        RESOLUTION.apply(resolution, "sign", actor=people.hq_manager, at=NOW)
    page = client_for(people.hq_manager).post(
        reverse("committee:resolution_do", args=[resolution.pk, "sign"])
    )
    assert page.status_code == 409
    with pytest.raises(Refusal, match="دست‌کم یک گیرنده"):
        RESOLUTION.apply(resolution, "address", actor=people.secretary, at=NOW)
    world.addressed(resolution)
    assert title not in _waiting(people.secretary)
    with pytest.raises(Refusal, match="پیش از این گیرنده"):
        world.addressed(resolution)
    assert work.rebuild(at=NOW, mend=False).total == 0


def test_each_of_units_ngos_and_persons_gets_it_and_confirms(world: World, client_for: Any) -> None:
    people = world.committee
    unit = Unit.objects.filter(district__isnull=True).order_by("id").first()
    region = Unit.objects.filter(district__isnull=False).order_by("id").first()
    at_unit = make_user(Role.UNIT_EXPERT, scope_id=unit.pk)
    at_region = make_user(Role.REGION_OFFICER, scope_id=region.district_id)
    elsewhere = make_user(Role.UNIT_EXPERT, scope_id=unit.pk + 1)
    ngo = made.member(people.hq_expert, people.hq_expert2, people.hq_manager, at=NOW - timedelta(days=1))
    speaker = made_account(ngo)
    resolution = Resolution.objects.get(motion=world.carried())
    url = reverse("committee:resolution_do", args=[resolution.pk, "address"])
    sent = {"units": [unit.pk, region.pk], "ngos": "all", "persons": [people.hq_expert.pk]}
    assert client_for(people.hq_manager).post(url, sent).status_code == 403
    assert client_for(people.secretary).post(url, sent).status_code == 302
    rows = {str(row): row for row in resolution.addressees.all()}
    assert set(rows) >= {str(unit), str(region), ngo.name, people.hq_expert.full_name}
    with pytest.raises(Refusal, match="هنوز ابلاغ نشده"):
        ADDRESSEE.apply(rows[ngo.name], "receive", actor=speaker, at=NOW)
    resolution = _signed(world, resolution)
    assert resolution.state == ResolutionState.ANNOUNCED
    addressed = (at_unit, at_region, speaker, people.hq_expert)
    assert {user.pk for user in addressed} <= _told("resolution.announced")
    title = f"تأیید دریافت ابلاغ «{resolution}»"
    for user in addressed:
        assert title in _waiting(user), user
    assert title not in _waiting(elsewhere)
    with pytest.raises(NotPermitted, match="خود گیرنده"):
        ADDRESSEE.apply(rows[str(unit)], "receive", actor=elsewhere, at=NOW)
    browser = client_for(speaker)
    assert "دریافت شد" in text_of(browser.get(resolution.get_absolute_url()))
    done = reverse("committee:addressee_do", args=[rows[ngo.name].pk, "receive"])
    assert browser.post(done).status_code == 302
    ADDRESSEE.apply(rows[str(unit)], "receive", actor=at_unit, at=NOW)
    ADDRESSEE.apply(rows[str(region)], "receive", actor=at_region, at=NOW)
    received = {str(row): row.received_by for row in Addressee.objects.filter(state=AddresseeState.RECEIVED)}
    assert received == {ngo.name: speaker, str(unit): at_unit, str(region): at_region}
    assert title not in _waiting(speaker)
    listed = text_of(client_for(people.secretary).get(resolution.get_absolute_url()))
    assert all(to_persian_digits(name) in listed for name in rows), "the list stands on the resolution"
    assert work.rebuild(at=NOW, mend=False).total == 0


def made_account(ngo: Any) -> User:
    person = make_user(Role.NGO_USER)
    ngo.accounts.create(user=person, period="[2020-01-01,)", letter_reference="۱", created_at=NOW)
    return person


def test_who_does_not_confirm_is_chased_with_a_pause(world: World) -> None:
    resolution, people = world.announced(), world.committee
    row = resolution.addressees.get()
    title = f"تأیید دریافت ابلاغ «{resolution}»"
    assert title in _waiting(people.deputy_expert)
    sweeps.run(NOW + timedelta(days=3))
    row.refresh_from_db()
    assert row.last_chased_on is None
    late = NOW + timedelta(days=10)
    sweeps.run(late)
    row.refresh_from_db()
    assert row.last_chased_on == late.date()
    assert {people.deputy_expert.pk, people.secretary.pk} <= _told("resolution.receipt_chased")
    chased = AuditEntry.objects.filter(event="resolution.receipt_chased")
    sweeps.run(late + timedelta(days=1))
    assert chased.count() == 1
    sweeps.run(late + timedelta(days=3))
    assert chased.count() == 2
    ADDRESSEE.apply(row, "receive", actor=people.deputy_expert, at=late + timedelta(days=3))
    sweeps.run(late + timedelta(days=9))
    assert chased.count() == 2


def test_who_is_added_to_an_announced_resolution_hears_at_once(world: World) -> None:
    resolution, people = world.announced(), world.committee
    RESOLUTION.apply(resolution, "address", actor=people.secretary, at=NOW, persons=[people.hq_expert])
    assert _told("resolution.addressee_added") == {people.hq_expert.pk}
    assert f"تأیید دریافت ابلاغ «{resolution}»" in _waiting(people.hq_expert)


def test_what_the_database_refuses_of_addressees(world: World, raw_sql: Any) -> None:
    resolution = world.resolution()

    def refused(statement: str) -> str:
        with pytest.raises(IntegrityError) as error:
            raw_sql(statement)
        return constraints.constraint_name(error.value)

    received = (
        "UPDATE committee_addressee SET state = 'received', state_since = now(), received_by_id = person_id"
    )
    assert refused(received) == "c8_received_once_announced"
    assert refused("DELETE FROM committee_addressee") == "c8_addressee_kept"
    assert refused("UPDATE committee_addressee SET person_id = added_by_id") == "c8_addressee_kept"
    twice = (
        "INSERT INTO committee_addressee (resolution_id, person_id, state, state_since)"
        " SELECT resolution_id, person_id, 'waiting', now() FROM committee_addressee"
    )
    assert refused(twice) == "c8_person_addressed_once"
    nobody = twice.replace("person_id, 'waiting'", "NULL, 'waiting'")
    assert refused(nobody) == "c8_one_addressee"
    _signed(world, resolution)
    no_name = "UPDATE committee_addressee SET state = 'received', state_since = now()"
    assert refused(no_name) == "c8_received_once_announced"
