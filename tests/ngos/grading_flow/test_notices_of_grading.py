"""Who hears of what in grading: every notified event reaches the people concerned and nobody else."""

import pytest

from ngos.workflow import ASSESSMENT, FRAMEWORK
from staff_portal.kernel.delivery.notices import expand
from staff_portal.kernel.models import AuditEntry, User
from tests.ngos.grading_flow.world import NOW, World

pytestmark = pytest.mark.django_db


def _told(event: str) -> set[str]:
    """Names of those who hear of the newest entry of the event."""
    entry = AuditEntry.objects.filter(event=event, subject_type="ngos.assessment").latest("id")
    return set(
        User.objects.filter(pk__in=[draft.recipient_id for draft in expand(entry)]).values_list(
            "username", flat=True
        )
    )


def test_every_row_that_people_hear_of_says_it_in_a_sentence() -> None:
    told = {name: row.tell for name, row in ASSESSMENT.rows.items() if ASSESSMENT.event_of(name).notify}
    assert set(ASSESSMENT.rows) - set(told) == {"save_scores"}
    assert all(to.text.strip() for tell in told.values() for to in tell)
    assert FRAMEWORK.event_of("publish").notify


def test_each_step_tells_those_concerned(world: World) -> None:
    assessment = world.plan()
    assert _told("assessment.planned") == {"assessor1", "assessor2", "ngo.user"}
    ASSESSMENT.apply(assessment, "start", actor=world.expert, at=NOW)
    assert _told("assessment.started") == {"assessor1", "assessor2"}
    first, second = world.halves()
    world.submit(assessment, world.first, {**first, "g1": 1})
    assert _told("assessment.scores_submitted") == {"expert"}
    world.submit(assessment, world.second, second)
    assert _told("assessment.moderation_opened") == {"expert", "expert2"}
    world.moderate(assessment, "g1", "3")
    single = AuditEntry.objects.filter(event="assessment.moderated").latest("id")
    assert expand(single) == []
    ASSESSMENT.apply(assessment, "moderate", actor=world.expert, at=NOW)
    assert _told("assessment.moderated") == {"manager"}
    keys = world.keys()
    ASSESSMENT.apply(
        assessment, "send_back", actor=world.manager, at=NOW, note="بازبینی", indicators=[str(keys["g1"])]
    )
    assert _told("assessment.sent_back") == {"assessor1", "assessor2"}
    world.submit(assessment, world.first, {"g1": 4})
    world.submit(assessment, world.second, {"g1": 4})
    assert _told("assessment.confirmation_awaited") == {"manager"}
    ASSESSMENT.apply(assessment, "confirm", actor=world.manager, at=NOW)
    assert _told("assessment.confirmed") == {"assessor1", "assessor2", "expert", "ngo.user"}


def test_a_cancellation_is_told(world: World) -> None:
    ASSESSMENT.apply(world.started(), "cancel", actor=world.manager, at=NOW, note="سمن خواست")
    assert _told("assessment.cancelled") == {"assessor1", "assessor2", "expert", "ngo.user"}
    entry = AuditEntry.objects.get(event="assessment.cancelled")
    texts = {draft.recipient_id: draft.text for draft in expand(entry)}
    assert "سمن خواست" not in texts[world.ngo_user.pk]
    assert "سمن خواست" in texts[world.expert.pk]


def test_the_notice_leads_to_a_page_its_reader_may_open(world: World, signed_in: object) -> None:
    assessment = world.scored()
    ASSESSMENT.apply(assessment, "confirm", actor=world.manager, at=NOW)
    for entry in AuditEntry.objects.filter(subject_type="ngos.assessment"):
        for draft in expand(entry):
            client = signed_in(User.objects.get(pk=draft.recipient_id))  # type: ignore[operator]
            assert client.get(draft.url, follow=True).status_code in {200, 409}, (entry.event, draft.url)
