"""The application's role takes no record away that no row takes away: raw SQL against every table of the registry."""

from collections.abc import Callable

import psycopg2.errorcodes
import pytest
from django.db import IntegrityError, connection, models, transaction

from committee.models import EligibilityCheck, NoticeWaiver, Presence, Recusal
from committee.workflow.minutes import MINUTES
from ngos.workflow import ASSESSMENT, MEMBERSHIP
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.models import DatedSetting
from staff_portal.kernel.workflow.holds import place_hold
from staff_portal.kernel.workflow.registry import TABLES
from staff_portal.kernel.workflow.rows import Removal
from tests.factories import ngos as made
from tests.factories.access import Scene
from tests.factories.people import NOW, TODAY, make_user

KEPT = sorted(
    label
    for label, table in TABLES.items()
    if not any(isinstance(row, Removal) for row in table.rows.values())
)
REMOVED = {"committee.agendaitem", "committee.nominee", "kernel.holiday", "ngos.moderatedvalue", "ngos.score"}


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


def _check(scene: Scene) -> None:
    EligibilityCheck.objects.create(
        nominee=scene.things["nominee"], moment="sealing", is_eligible=True, findings=[], checked_at=NOW
    )


def _signature(scene: Scene) -> None:
    MINUTES.apply(
        scene.things["meeting_signing"].minutes, "sign", actor=scene.things["committee"].hq1, at=NOW
    )


def _grade(scene: Scene) -> None:
    others = scene.others
    two = [others["assessor2"], make_user(Role.HQ_ASSESSOR)]
    item = made.scoring(scene.things["free"], others["registrar"], two)
    for assessor in two:
        made.score(item, assessor, {"g1": 3, "g2": 3, "f1": 3})
    ASSESSMENT.apply(item, "confirm", actor=others["manager2"], at=NOW)


def _grade_end(scene: Scene) -> None:
    _grade(scene)
    MEMBERSHIP.apply(scene.things["free"], "end", actor=scene.others["manager2"], at=NOW, note="انحلال")


#: what the scene has none of
RARE: dict[str, Callable[[Scene], None]] = {
    "committee.eligibilitycheck": _check,
    "committee.minutessignature": _signature,
    "committee.noticewaiver": _waiver,
    "committee.recusal": _recusal,
    "kernel.datedsetting": _setting,
    "kernel.hold": _hold,
    "ngos.grade": _grade,
    "ngos.gradeend": _grade_end,
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
