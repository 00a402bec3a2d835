"""What a tabled motion keeps, where it waits, and by which way it may not be voted on (C5, M2, X7, P16, P25, P37)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse

from committee.enums import ClauseParty, ItemKind, MotionState, PolicyKind
from committee.models import Motion, PolicyArticle
from committee.operations import agenda, policies
from committee.workflow.meetings import MEETING
from committee.workflow.motions import MOTION
from committee.workflow.policies import ARTICLE
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import User, WorkItem
from staff_portal.kernel.workflow import work
from tests.access.hidden import text_of
from tests.committee import acts
from tests.committee.motions.world import World
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db
THEN, LATER = "سالی دو نشست با سمن‌ها.", "سالی یک نشست با سمن‌ها."


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


# --- the articles it cites (F2-H7) -------------------------------------------------------------------------------


def _article(world: World) -> PolicyArticle:
    secretary = world.secretary
    document = policies.record_policy(actor=secretary, at=NOW, kind=PolicyKind.PLAN, title="برنامه پنج‌ساله")
    return policies.record_article(
        document, actor=secretary, at=NOW, code="۷", text=THEN, party=ClauseParty.BOTH
    )


def test_a_tabled_motion_keeps_the_words_of_the_articles_it_cites(world: World, client_for: Any) -> None:
    article = _article(world)
    draft = world.draft(articles=[article])
    tabled = world.tabled(articles=[article])
    ARTICLE.apply(
        article, "change", actor=world.secretary, at=NOW, code="۷", text=LATER, party=ClauseParty.BOTH
    )
    browser = client_for(world.secretary)
    shown = text_of(browser.get(tabled.get_absolute_url()))
    assert (THEN in shown, LATER in shown) == (True, False)
    assert LATER in text_of(browser.get(draft.get_absolute_url())), "a draft reads as the article reads now"
    MOTION.apply(draft, "table", actor=world.secretary, at=NOW)
    assert draft.citations.get().text == LATER


def test_what_is_kept_of_an_article_does_not_change_by_sql(world: World, raw_sql: Any) -> None:
    world.tabled(articles=[_article(world)])
    for change in ("text = 'x'", "code = 'x'", "document = 'x'"):
        with pytest.raises(IntegrityError) as error:
            raw_sql(f"UPDATE committee_motionarticle SET {change}")
        assert constraints.constraint_name(error.value) == "c5_text_frozen"


# --- a tabled motion waits for somebody (P15, P16) ---------------------------------------------------------------


def _agenda_items(user: User, at: Any = NOW) -> list[str]:
    rows = work.open_items(User.objects.get(pk=user.pk), at.date()).filter(
        row="", subject_type="committee.motion"
    )
    return [row.title for row in rows if "در دستور هیچ جلسه‌ای نیست" in row.title]


def test_a_motion_on_no_agenda_waits_for_the_secretary_with_a_clock(world: World) -> None:
    motion = world.tabled()
    assert MotionState.TABLED.label == "مطرح‌شده"
    assert _agenda_items(world.secretary) == [f"«{motion}» در دستور هیچ جلسه‌ای نیست"]
    item = WorkItem.objects.get(subject_id=motion.pk, closed_at=None, title__contains="هیچ جلسه‌ای")
    assert item.due_on == NOW.date() + timedelta(days=14), "ten working days"
    assert _agenda_items(world.people["hq1"]) == []
    meeting = _planned(world)
    listed = agenda.add_item(meeting, actor=world.secretary, at=NOW, kind=ItemKind.MOTION, motion=motion)
    assert _agenda_items(world.secretary) == []
    acts.remove_item(listed, actor=world.secretary, at=NOW)
    assert len(_agenda_items(world.secretary)) == 1
    agenda.add_item(meeting, actor=world.secretary, at=NOW, kind=ItemKind.MOTION, motion=motion)
    assert _agenda_items(world.secretary) == []
    MEETING.apply(meeting, "cancel", actor=world.secretary, at=NOW, note="نشد")
    assert len(_agenda_items(world.secretary)) == 1
    assert work.rebuild(at=NOW, mend=False).total == 0
    MOTION.apply(motion, "circulate", actor=world.secretary, at=NOW, days=3)
    assert _agenda_items(world.secretary) == []
    assert work.rebuild(at=NOW, mend=False).total == 0


# --- not by circulation while a meeting is called for it (P25) ----------------------------------------------------


def _planned(world: World) -> Any:
    starts = NOW + timedelta(days=20)
    return acts.plan_meeting(
        actor=world.secretary,
        at=NOW,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        place="سالن",
    )


def test_what_stands_on_a_called_agenda_is_not_circulated(
    world: World, client_for: Any, raw_sql: Any
) -> None:
    motion, meeting = world.tabled(), _planned(world)
    agenda.add_item(meeting, actor=world.secretary, at=NOW, kind=ItemKind.MOTION, motion=motion)
    meeting = MEETING.apply(meeting, "submit_call", actor=world.secretary, at=NOW)
    by_sql = (
        "UPDATE committee_motion SET state = 'open', mode = 'circulation', circulation_days = 3,"
        " opened_at = now(), state_since = now() WHERE id = %s"
    )
    for step in (None, "call"):
        if step is not None:
            MEETING.apply(meeting, step, actor=world.people["hq1"], at=NOW)
        with pytest.raises(Refusal, match="در همان جلسه به رأی می‌رود"):
            MOTION.apply(motion, "circulate", actor=world.secretary, at=NOW, days=3)
        page = client_for(world.secretary).post(
            reverse("committee:motion_do", args=[motion.pk, "circulate"]), {"days": "3"}
        )
        assert (page.status_code, "در همان جلسه به رأی می‌رود" in text_of(page)) == (409, True)
        with pytest.raises(IntegrityError) as error:
            raw_sql(by_sql, [motion.pk])
        assert constraints.constraint_name(error.value) == "c5_on_a_called_agenda"
    motion.refresh_from_db()
    assert motion.state == MotionState.TABLED


# --- a directive's motion has its directive (P37) ------------------------------------------------------------------


def test_the_kind_of_a_directive_is_not_chosen_by_hand(world: World, client_for: Any) -> None:
    browser, url = client_for(world.people["hq1"]), reverse("committee:motion_new")
    assert 'value="directive"' not in browser.get(url).content.decode()
    assert browser.post(url, {"kind": "directive", "title": "عنوان", "text": "متن"}).status_code == 422
    with pytest.raises(Refusal, match="با خود دستورالعمل نوشته می‌شود"):
        world.draft(kind="directive")
    draft = world.draft()
    with pytest.raises(Refusal, match="با خود دستورالعمل نوشته می‌شود"):
        MOTION.apply(
            draft,
            "edit",
            actor=world.committee.hq_expert,
            at=NOW,
            kind="directive",
            title="عنوان",
            text="متن",
            concerns_ngo=None,
            articles=[],
            papers=[],
        )
    assert Motion.objects.count() == 1
