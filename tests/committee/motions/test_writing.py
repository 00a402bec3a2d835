"""Motions before the vote: drafts, numbers, papers, tabling, withdrawing, copies, the amended text (C5)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from committee import chain, motion_subjects
from committee.enums import MotionKind, MotionState
from committee.models import AgendaItem, Meeting, Motion, PolicyArticle, PolicyDocument
from committee.operations import motions
from committee.workflow.motions import MOTION
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.letters.attachments import stage_file
from staff_portal.kernel.models import AuditEntry
from tests.committee.motions.world import World, votes
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db


def paper(actor, name="نمودار.pdf"):
    return stage_file(SimpleUploadedFile(name, b"%PDF-1.7 x"), actor=actor, at=NOW)


@pytest.fixture
def subject(world, monkeypatch):
    """A meeting plays the record a motion is about; what was called stands in the list."""
    calls: list[str] = []
    gaps: list[str] = []
    monkeypatch.setattr(motion_subjects, "SUBJECTS", {})
    monkeypatch.setattr(motions, "SUBJECTS", motion_subjects.SUBJECTS)
    motion_subjects.register(
        motion_subjects.MotionSubject(
            model=Meeting,
            label="جلسه",
            content_hash=lambda record: f"hash of {record.place}",
            gaps=lambda record: gaps,
            tabled=lambda record, motion, step: calls.append(f"tabled {motion.number}"),
            carried=lambda record, motion, step: calls.append(f"carried {motion.number}"),
            failed=lambda record, motion, step: calls.append(f"failed {motion.number}"),
        )
    )
    return calls, gaps


def test_numbers_follow_one_another(world: World):
    assert [world.draft().number for _ in range(3)] == [1, 2, 3]


def test_who_may_propose_and_who_may_not(world: World):
    for name, user in world.everybody().items():
        if name in ("auditor", "ngo_user"):
            with pytest.raises(NotPermitted):
                world.draft(user)
        else:
            assert world.draft(user).proposed_by == user


def test_an_empty_title_or_text_is_refused(world: World):
    with pytest.raises(Refusal, match="عنوان"):
        world.draft(title="  ")
    with pytest.raises(Refusal, match="متن"):
        world.draft(text="\n ")
    with pytest.raises(Refusal, match="نوع"):
        world.draft(kind="secret")


def test_a_draft_with_papers_and_articles(world: World):
    document = PolicyDocument.objects.create(kind="council", title="مصوبه تأسیس", recorded_at=NOW)
    article = PolicyArticle.objects.create(
        document=document, code="3", text="حمایت", party="hq", state_since=NOW
    )
    author = world.committee.hq1
    motion = world.draft(author, articles=[article], papers=[paper(author)])
    assert list(motion.articles.all()) == [article]
    assert [row.name for row in motions.papers_of(motion)] == ["نمودار.pdf"]
    entry = AuditEntry.objects.get(event="motion.drafted")
    assert (entry.actor, entry.after["papers"], entry.role) == (author, ["نمودار.pdf"], "hq_member")


def test_editing_ones_own_draft_only(world: World):
    motion = world.draft()
    data = {"kind": MotionKind.POLICY, "title": "عنوان تازه", "text": "متن تازه"}
    with pytest.raises(NotPermitted, match="شخص دیگری"):
        MOTION.apply(motion, "edit", actor=world.committee.hq1, at=NOW, **data)
    edited = MOTION.apply(motion, "edit", actor=world.committee.hq_expert, at=NOW, **data)
    assert (edited.title, edited.kind) == ("عنوان تازه", "policy")
    entry = AuditEntry.objects.get(event="motion.edited")
    assert entry.before["title"] == "گزارش فصلی دبیرخانه‌ها"
    MOTION.apply(motion, "table", actor=world.secretary, at=NOW)
    with pytest.raises(Refusal, match="تغییر نمی‌کند"):
        MOTION.apply(motion, "edit", actor=world.committee.hq_expert, at=NOW, **data)


def test_tabling_keeps_the_fingerprint(world: World):
    motion = world.tabled()
    assert motion.text_hash == chain.text_hash(motion.title, motion.text, "")
    assert len(motion.text_hash) == 64


def test_the_subject_stands_in_the_fingerprint_and_is_told(world: World, subject):
    calls, gaps = subject
    motion = world.draft(subject=world.meeting)
    gaps.append("شبیه‌سازی لازم است.")
    with pytest.raises(Refusal, match="شبیه‌سازی"):
        MOTION.apply(motion, "table", actor=world.secretary, at=NOW)
    gaps.clear()
    tabled = MOTION.apply(motion, "table", actor=world.secretary, at=NOW)
    assert tabled.subject_hash == "hash of تالار شورا"
    assert tabled.text_hash == chain.text_hash(motion.title, motion.text, tabled.subject_hash)
    other = world.draft(subject=world.meeting)
    with pytest.raises(Refusal, match="همین موضوع"):
        MOTION.apply(other, "table", actor=world.secretary, at=NOW)
    MOTION.apply(tabled, "withdraw", actor=world.committee.hq_expert, at=NOW, note="زود است")
    assert calls == ["tabled 1", "failed 1"]


def test_a_vanished_subject_is_said(world: World, subject):
    motion = world.draft(subject=Meeting(pk=9_999_999))
    with pytest.raises(Refusal, match="یافت نشد"):
        MOTION.apply(motion, "table", actor=world.secretary, at=NOW)


def test_only_registered_records_can_be_voted_on(world: World):
    with pytest.raises(ValueError, match="no motion can be about"):
        world.draft(subject=world.committee.ngo)


@pytest.mark.parametrize("tabled", [False, True])
def test_the_proposer_withdraws_with_a_reason(world: World, tabled):
    motion = world.tabled() if tabled else world.draft()
    with pytest.raises(NotPermitted):
        MOTION.apply(motion, "withdraw", actor=world.committee.hq1, at=NOW, note="x")
    with pytest.raises(Refusal, match="سبب"):
        MOTION.apply(motion, "withdraw", actor=world.committee.hq_expert, at=NOW)
    done = MOTION.apply(motion, "withdraw", actor=world.committee.hq_expert, at=NOW, note="کامل نیست")
    assert (done.state, done.outcome_reason) == (MotionState.WITHDRAWN, "کامل نیست")


def test_a_lost_one_is_copied_to_a_draft_with_its_papers(world: World):
    author = world.committee.hq_expert
    motion = world.opened(papers=[paper(author)])
    world.vote(motion, **votes("aaaaa"))
    with pytest.raises(Refusal, match="رونوشت"):
        MOTION.apply(motion, "copy", actor=author, at=NOW)
    lost = world.close(motion)
    made = MOTION.apply(lost, "copy", actor=world.committee.hq1, at=NOW)
    assert (made.state, made.origin, made.title, made.text) == ("draft", lost, lost.title, lost.text)
    assert made.proposed_by == world.committee.hq1
    assert [row.name for row in motions.papers_of(made)] == ["نمودار.pdf"]
    assert [row.name for row in motions.papers_of(lost)] == ["نمودار.pdf"]
    assert made.is_amendment is False


# --- amended in the sitting -------------------------------------------------------------------------------


def amended(world: World, motion: Motion, **changes):
    data = {"title": motion.title, "text": "هر ماه به جای هر فصل.", **changes}
    MOTION.apply(motion, "amend", actor=world.secretary, at=NOW, **data)
    return Motion.objects.get(origin=motion, is_amendment=True)


def test_the_amended_text_is_a_new_motion_in_the_same_sitting(world: World):
    motion = world.on_agenda(world.tabled())
    world.arrive("hq1", "deputy1", "deputy2")
    made = amended(world, motion)
    motion.refresh_from_db()
    assert (motion.state, made.state, made.origin, made.is_amendment) == (
        "withdrawn",
        "tabled",
        motion,
        True,
    )
    assert motion.outcome_reason == "متن اصلاح‌شده آن در همان جلسه به رأی رفت."
    assert made.text_hash not in ("", motion.text_hash)
    assert made.proposed_by == motion.proposed_by
    assert AgendaItem.objects.get(motion=made).meeting == world.meeting
    present = ("hq1", "deputy1", "deputy2")
    for code in present:
        with pytest.raises(Refusal, match="موافقت همه حاضران"):
            MOTION.apply(made, "open_vote", actor=world.secretary, at=NOW)
        MOTION.apply(made, "agree_item", actor=world.people[code], at=NOW)
    kept = AuditEntry.objects.filter(event="motion.item_agreed", subject_id=made.pk).order_by("id")
    assert [(row.actor, row.after["seat"]) for row in kept] == [
        (world.people[code], code) for code in present
    ]
    opened = MOTION.apply(made, "open_vote", actor=world.secretary, at=NOW)
    assert opened.meeting == world.meeting


def test_without_agreement_or_a_sitting_or_a_change_it_is_refused(world: World):
    motion = world.tabled()
    with pytest.raises(Refusal, match="دستور جلسه"):
        amended(world, motion)
    world.on_agenda(motion)
    world.arrive("hq1", "deputy1", "deputy2")
    with pytest.raises(Refusal, match="همان متن"):
        amended(world, motion, text=motion.text)
    with pytest.raises(NotPermitted):
        MOTION.apply(motion, "amend", actor=world.committee.hq1, at=NOW, title="x", text="y")
    assert Motion.objects.count() == 1


def test_an_open_vote_is_not_amended(world: World):
    motion = world.opened()
    with pytest.raises(Refusal, match="رأی‌گیری باز"):
        amended(world, motion)


def test_the_subject_goes_over_to_the_amended_motion(world: World, subject):
    calls, _ = subject
    meeting = world.meeting
    motion = world.on_agenda(world.tabled(subject=meeting))
    world.arrive("hq1", "deputy1", "deputy2")
    made = amended(world, motion)
    assert (made.subject_type, made.subject_id) == ("committee.meeting", meeting.pk)
    assert calls == ["tabled 1", "tabled 2"]
