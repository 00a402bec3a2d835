"""Motions before and around the vote: written, edited, copied, tabled, withdrawn, amended in the sitting (C5)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Max

from committee import chain, events, rules
from committee.carried import SUBJECTS, subject_of
from committee.enums import ItemKind, MeetingState, MotionKind, MotionState
from committee.models import Meeting, Motion, PolicyArticle
from committee.operations import agenda, meetings
from ngos.models import Ngo
from staff_portal.kernel import audit
from staff_portal.kernel.access import Authority
from staff_portal.kernel.events import Event
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.operations.attachments import attach
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.workflow import Step, workflow_for

NUMBER_LOCK = 4_826_105  # advisory lock of the transaction that takes the next number
TITLE_MISSING = "عنوان پیشنهاد را بنویسید."
TEXT_MISSING = "متن پیشنهاد را بنویسید."
ONLY_DRAFTS = "متنی که در دستور نهاده شده است تغییر نمی‌کند؛ متن اصلاح‌شده را در پیشنهاد تازه‌ای بنویسید."
SUBJECT_GONE = "موضوع این پیشنهاد یافت نشد؛ آن را پس بگیرید و پیشنهاد تازه‌ای بنویسید."
SUBJECT_BUSY = "پیشنهاد دیگری درباره همین موضوع در دستور یا در رأی‌گیری است؛ نخست باید نتیجه آن روشن شود."
NOTHING_CHANGED = "متن اصلاح‌شده همان متن پیشین است."
ALL_AGREE = "متن تازه در همین جلسه تنها با موافقت همه حاضران به رأی می‌رود؛ موافقت آنان را علامت بزنید."
NOT_IN_A_SITTING = "این پیشنهاد در دستور جلسه‌ای نیست که اکنون برگزار می‌شود."
COPIED_FROM = (MotionState.LOST, MotionState.WITHDRAWN, MotionState.LAPSED)
FIELDS = ("kind", "title", "text", "concerns_ngo")


def _next_number() -> int:
    """The next number, counted under a lock that is held until the commit: no gap, no repeat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBER_LOCK])
    return int(Motion.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _folded(number: int, title: str, text: str) -> str:
    return search_fold(f"{number} {title} {text}")


# --- drafts ---------------------------------------------------------------------------------------------


def propose_motion(
    *,
    actor: User,
    at: datetime,
    kind: str,
    title: str,
    text: str,
    concerns_ngo: Ngo | None = None,
    articles: Iterable[PolicyArticle] = (),
    papers: Iterable[Attachment] = (),
    subject: models.Model | None = None,
) -> Motion:
    """A draft with the next number (C5). ``subject`` is the record of a registered kind it is about, or None."""
    authority = require(rules.PROPOSE_MOTION, actor, None, at)
    if subject is not None and subject._meta.label_lower not in SUBJECTS:
        raise ValueError(f"no motion can be about {subject._meta.label_lower}")
    with one_step():
        return _write(
            actor=actor,
            at=at,
            authority=authority,
            kind=kind,
            title=title,
            text=text,
            concerns_ngo=concerns_ngo,
            articles=articles,
            papers=papers,
            subject_type=subject._meta.label_lower if subject else "",
            subject_id=subject.pk if subject else None,
        )


def _write(
    *,
    actor: User | None,
    at: datetime,
    authority: Authority,
    kind: str,
    title: str,
    text: str,
    articles: Iterable[PolicyArticle],
    papers: Iterable[Attachment] = (),
    event: Event = events.MOTION_DRAFTED,
    proposer: User | None = None,
    **columns: Any,
) -> Motion:
    if kind not in MotionKind.values:
        raise Refusal("نوع پیشنهاد را برگزینید.")
    title = require_text(title, TITLE_MISSING)[:200]
    text = require_text(text, TEXT_MISSING)
    number = _next_number()
    motion = Motion.objects.create(
        number=number,
        kind=kind,
        title=title,
        text=text,
        search_text=_folded(number, title, text),
        state_since=at,
        proposed_by=proposer or actor,
        proposed_at=at,
        **columns,
    )
    motion.articles.set(articles)
    names = _take_papers(motion, papers, actor)
    audit.record(
        event,
        motion,
        actor=actor,
        at=at,
        authority=authority,
        after={**audit.snapshot(motion, ["number", "origin", *FIELDS]), "papers": names},
    )
    return motion


def _take_papers(motion: Motion, papers: Iterable[Attachment], actor: User | None) -> list[str]:
    if actor is None:
        return []
    return [attach(paper, root=motion, actor=actor).name for paper in papers]


def edit_motion(
    motion: Motion,
    *,
    actor: User,
    at: datetime,
    kind: str,
    title: str,
    text: str,
    concerns_ngo: Ngo | None = None,
    articles: Iterable[PolicyArticle] = (),
    papers: Iterable[Attachment] = (),
) -> Motion:
    """Change the own draft; ``papers`` are added to those it has."""
    authority = require(rules.EDIT_MOTION, actor, motion, at)
    title = require_text(title, TITLE_MISSING)[:200]
    text = require_text(text, TEXT_MISSING)
    with one_step():
        locked = Motion.objects.select_for_update(of=("self",), no_key=True).get(pk=motion.pk)
        if locked.state != MotionState.DRAFT:
            raise Refusal(ONLY_DRAFTS)
        before = audit.snapshot(locked, FIELDS)
        locked.kind, locked.title, locked.text, locked.concerns_ngo = kind, title, text, concerns_ngo
        locked.search_text = _folded(locked.number, title, text)
        locked.save(update_fields=[*FIELDS, "search_text"])
        locked.articles.set(articles)
        names = _take_papers(locked, papers, actor)
        old, new = audit.difference(before, audit.snapshot(locked, FIELDS))
        audit.record(
            events.MOTION_EDITED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before=old,
            after={**new, "papers": names} if names else new,
        )
    return locked


def remove_paper(motion: Motion, paper: Attachment, *, actor: User, at: datetime) -> None:
    """Take a paper off the own draft; the file is staged for its uploader again, and the audit names it."""
    authority = require(rules.EDIT_MOTION, actor, motion, at)
    with one_step():
        locked = Motion.objects.select_for_update(of=("self",), no_key=True).get(pk=motion.pk)
        if locked.state != MotionState.DRAFT:
            raise Refusal(ONLY_DRAFTS)
        found = papers_of(locked).select_for_update(of=("self",), no_key=True).filter(pk=paper.pk).first()
        if found is None:
            raise Refusal("این فایل پیوست این پیشنهاد نیست.")
        found.root_type, found.root_id = "", None
        found.save(update_fields=["root_type", "root_id"])
        audit.record(
            events.MOTION_EDITED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before={"paper": found.name, "sha256": found.sha256},
            after={"paper": ""},
        )


def copy_motion(motion: Motion, *, actor: User, at: datetime) -> Motion:
    """A draft of the actor's own that starts as a lost, withdrawn or lapsed one, with its papers (C5)."""
    authority = require(rules.COPY_MOTION, actor, motion, at)
    if motion.state not in COPIED_FROM:
        raise Refusal("تنها پیشنهادی رونوشت می‌شود که رأی نیاورده، پس گرفته شده یا منتفی است.")
    with one_step():
        return _copy(motion, actor=actor, at=at, authority=authority, event=events.MOTION_COPIED)


def _copy(
    motion: Motion,
    *,
    actor: User | None,
    at: datetime,
    authority: Authority,
    title: str = "",
    text: str = "",
    **more: Any,
) -> Motion:
    made = _write(
        actor=actor,
        at=at,
        authority=authority,
        kind=motion.kind,
        title=title or motion.title,
        text=text or motion.text,
        articles=motion.articles.all(),
        origin=motion,
        concerns_ngo=motion.concerns_ngo,
        subject_type=motion.subject_type,
        subject_id=motion.subject_id,
        meeting_only=motion.meeting_only,
        **more,
    )
    for paper in papers_of(motion):
        paper.pk, paper.root_id = None, made.pk
        paper._state.adding = True
        paper.save()
    return made


def papers_of(motion: Motion) -> models.QuerySet[Attachment]:
    """The papers that belong to a motion, oldest first."""
    return Attachment.objects.filter(root_type=audit.type_label(Motion), root_id=motion.pk).order_by("id")


# --- tabling and withdrawing ------------------------------------------------------------------------------


def tabling_gaps(motion: Motion, step: Step) -> list[str]:
    """What stands against tabling: the record it is about is gone, not ready, or before the committee already."""
    if not motion.subject_type:
        return []
    found = subject_of(motion)
    if found is None:
        return [SUBJECT_GONE]
    subject, record = found
    gaps = [str(sentence) for sentence in subject.gaps(record)]
    busy = Motion.objects.filter(
        subject_type=motion.subject_type,
        subject_id=motion.subject_id,
        state__in=[MotionState.TABLED, MotionState.OPEN],
    ).exclude(pk=motion.pk)
    return [*gaps, SUBJECT_BUSY] if busy.exists() else gaps


def fingerprint(motion: Motion, step: Step) -> dict[str, Any]:
    """The hash of title, text and subject as they are put before the committee; frozen from now on (C5, F1).

    A text for which a meeting was asked before is decided in a meeting only, whoever proposes it again.
    """
    found = subject_of(motion)
    motion.subject_hash = found[0].content_hash(found[1]) if found else ""
    motion.text_hash = chain.text_hash(motion.title, motion.text, motion.subject_hash)
    return {
        "subject_hash": motion.subject_hash,
        "text_hash": motion.text_hash,
        "meeting_only": motion.meeting_only or asked_into_meeting(motion).exists(),
    }


def of_same_text(motion: Motion) -> models.QuerySet[Motion]:
    """Other motions once tabled with the very text, or about the very content of the same record (C5)."""
    same = models.Q(text_hash=motion.text_hash)
    if motion.subject_hash:
        same |= models.Q(subject_hash=motion.subject_hash)
    return Motion.objects.filter(same).exclude(pk=motion.pk).exclude(text_hash="")


def asked_into_meeting(motion: Motion) -> models.QuerySet[Motion]:
    """Those of the same text for which a meeting was asked: the text is decided in a meeting only (C5)."""
    return of_same_text(motion).filter(meeting_only=True)


def tell_subject_tabled(motion: Motion, step: Step) -> dict[str, Any]:
    """The record it is about follows: it is frozen from tabling on (F1). The papers' hashes are kept."""
    found = subject_of(motion)
    if found is not None and found[0].tabled is not None:
        found[0].tabled(found[1], motion, step)
    return {"papers": [paper.sha256 for paper in papers_of(motion)]}


def tell_subject_withdrawn(motion: Motion, step: Step) -> dict[str, Any]:
    """The record of a tabled motion is free again; a draft's was never bound."""
    found = subject_of(motion)
    if motion.text_hash and found is not None and found[0].failed is not None:
        found[0].failed(found[1], motion, step)
    return {}


def put_again(
    motion: Motion, step: Step, *, title: str = "", text: str = "", amended: bool = False
) -> Motion:
    """The successor of a motion, tabled at once by the system: amended in the sitting, or asked into a meeting."""
    made = _copy(
        motion,
        actor=step.actor,
        at=step.at,
        authority=step.authority,
        title=title,
        text=text,
        event=events.MOTION_AMENDED if amended else events.MOTION_COPIED,
        proposer=motion.proposed_by,
        is_amendment=amended,
    )
    tabled: Motion = workflow_for(made).apply(made, "carry_over", actor=None, at=step.at)
    return tabled


# --- amended in the sitting -------------------------------------------------------------------------------


def sitting_of(motion: Motion) -> Meeting | None:
    """The meeting in session that has the motion on its agenda."""
    return Meeting.objects.filter(state=MeetingState.IN_SESSION, items__motion=motion).first()


def amendment_gaps(motion: Motion, step: Step) -> list[str]:
    """The motion is before a meeting in session, its text changes, and all present agree (C5)."""
    if sitting_of(motion) is None:
        return [NOT_IN_A_SITTING]
    if not step.asked:
        return []
    found = [] if step.asked.get("agreed") else [ALL_AGREE]
    if (step.asked.get("title"), step.asked.get("text")) == (motion.title, motion.text):
        found.append(NOTHING_CHANGED)
    return found


def _person(step: Step) -> User:
    if step.actor is None:
        raise NotPermitted("این کار با دبیر است و سامانه آن را خودکار انجام نمی‌دهد.")
    return step.actor


def put_amended(motion: Motion, step: Step) -> dict[str, Any]:
    """The amended text is a new motion with its own hash on the same agenda; who agreed is kept (C5)."""
    meeting = sitting_of(motion)
    if meeting is None:
        raise Refusal(NOT_IN_A_SITTING)
    meeting = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    present = meetings.present_seats(meeting, step.on)
    made = put_again(motion, step, title=step.asked["title"], text=step.asked["text"], amended=True)
    agenda.add_item(meeting, actor=_person(step), at=step.at, kind=ItemKind.MOTION, motion=made)
    return {
        "successor": made.pk,
        "meeting": meeting.pk,
        "agreed": [f"{row.get_seat_code_display()}: {row.person.full_name}" for row in present],
    }


def amend_in_sitting(
    motion: Motion, *, actor: User, at: datetime, title: str, text: str, agreed: bool = True
) -> Motion:
    """Replace a tabled motion by its amended text in the same sitting; ``agreed`` says that all present agree."""
    title = require_text(title, TITLE_MISSING)
    text = require_text(text, TEXT_MISSING)
    workflow_for(motion).apply(motion, "amend", actor=actor, at=at, title=title, text=text, agreed=agreed)
    return Motion.objects.get(origin=motion, is_amendment=True)
