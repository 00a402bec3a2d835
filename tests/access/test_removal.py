"""The application's role takes no record away that no row takes away: raw SQL against every table of the registry."""

from collections.abc import Callable

import psycopg2.errorcodes
import pytest
from django.db import IntegrityError, connection, models, transaction

from committee.models import NoticeWaiver, Presence, Recusal
from staff_portal.kernel.base import constraints
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.models import DatedSetting
from staff_portal.kernel.workflow.holds import place_hold
from staff_portal.kernel.workflow.registry import TABLES
from staff_portal.kernel.workflow.rows import Removal
from tests.factories.access import Scene
from tests.factories.people import NOW, TODAY

KEPT = sorted(
    label
    for label, table in TABLES.items()
    if not any(isinstance(row, Removal) for row in table.rows.values())
)
REMOVED = {"committee.agendaitem", "committee.nominee", "kernel.holiday", "ngos.moderatedvalue"}


def _waiver(scene: Scene) -> None:
    here = Presence.objects.filter(meeting=scene.things["meeting_session"]).select_related("seating")[0]
    NoticeWaiver.objects.create(
        meeting=here.meeting, seating=here.seating, waived_by_id=here.seating.person_id, waived_at=NOW
    )


def _recusal(scene: Scene) -> None:
    seating = scene.things["seating_hq"]
    Recusal.objects.create(
        motion=scene.things["motion_listed"],
        seating=seating,
        seat_code=seating.seat_code,
        reason="ذی‌نفع",
        source="declared",
        declared_by=seating.person,
        declared_at=NOW,
    )


def _setting(scene: Scene) -> None:
    DatedSetting.objects.create(
        key=settings_store.THURSDAY_OFF.code, value=False, effective_on=TODAY, set_at=NOW
    )


def _hold(scene: Scene) -> None:
    place_hold(scene.things["member"], reason="رسیدگی", actor=None, at=NOW)


#: what the scene has none of
RARE: dict[str, Callable[[Scene], None]] = {
    "committee.noticewaiver": _waiver,
    "committee.recusal": _recusal,
    "kernel.datedsetting": _setting,
    "kernel.hold": _hold,
}


def delete_all(model: type[models.Model]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_only_these_are_taken_away_by_rows() -> None:
    assert set(TABLES) - set(KEPT) == REMOVED


@pytest.mark.parametrize("label", KEPT)
def test_a_record_that_no_row_takes_away_stays(scene: Scene, label: str) -> None:
    model = TABLES[label].model
    if label in RARE:
        RARE[label](scene)
    there = model._default_manager.count()
    assert there, "the scene has no such record; make one in RARE"
    with pytest.raises(IntegrityError) as refused:
        delete_all(model)
    assert getattr(refused.value.__cause__, "pgcode", "") == psycopg2.errorcodes.CHECK_VIOLATION
    assert constraints.constraint_name(refused.value) in constraints.SENTENCES
    assert model._default_manager.count() == there
