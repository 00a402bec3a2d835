"""Motions before and around the vote: written, edited, copied, tabled, withdrawn, amended in the sitting (C5)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import connection, models
from django.db.models import Max

from committee import chain
from committee.enums import ItemKind, MeetingState, MotionKind, MotionState
from committee.models import Meeting, Motion, MotionArticle, PolicyArticle
from committee.motion_subjects import SUBJECTS, subject_of
from committee.operations import agenda, meetings
from ngos.models import Ngo
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.letters.attachments import attach
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

NUMBER_LOCK = 4_826_105  # advisory lock of the transaction that takes the next number
ONLY_DRAFTS = "متنی که در دستور نهاده شده است تغییر نمی‌کند؛ متن اصلاح‌شده را در پیشنهاد تازه‌ای بنویسید."
NOT_ITS_PAPER = "این فایل پیوست این پیشنهاد نیست."
SUBJECT_GONE = "موضوع این پیشنهاد یافت نشد؛ آن را پس بگیرید و پیشنهاد تازه‌ای بنویسید."
SUBJECT_BUSY = "پیشنهاد دیگری درباره همین موضوع در دستور یا در رأی‌گیری است؛ نخست باید نتیجه آن روشن شود."
NOTHING_CHANGED = "متن اصلاح‌شده همان متن پیشین است."
NOT_IN_A_SITTING = "این پیشنهاد در دستور جلسه‌ای نیست که اکنون برگزار می‌شود."
NO_DIRECTIVE = "پیشنهاد دستورالعمل با خود دستورالعمل نوشته می‌شود؛ نوع دیگری برگزینید."
NOT_COPIED = "تنها پیشنهادی رونوشت می‌شود که رأی نیاورده، پس گرفته شده یا منتفی است."
COPIED_FROM = (MotionState.LOST, MotionState.WITHDRAWN, MotionState.LAPSED)


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
    if subject is not None and subject._meta.label_lower not in SUBJECTS:
        raise ValueError(f"no motion can be about {subject._meta.label_lower}")
    answers: dict[str, Any] = {
        "kind": kind,
        "title": title,
        "text": text,
        "concerns_ngo": concerns_ngo,
        "subject": subject,
    }
    made: Motion = table_for(Motion).apply(
        None, "draft", actor=actor, at=at, articles=list(articles), papers=list(papers), **answers
    )
    return made


# --- drafts ---------------------------------------------------------------------------------------------


def kinds(_: Any, on: date) -> Iterable[tuple[str, Any]]:
    """The kinds of motions."""
    return MotionKind.choices


def every_ngo(_: Any, on: date) -> models.QuerySet[Ngo]:
    """The NGOs of which a motion may concern one."""
    return Ngo.objects.all()


def every_article(_: Any, on: date) -> models.QuerySet[PolicyArticle]:
    """The articles of policy that a motion may cite."""
    return PolicyArticle.objects.select_related("document")


def staged(_: Any, on: date) -> models.QuerySet[Attachment]:
    """Files that belong to no record yet; whose they are is asked when they are attached."""
    return Attachment.objects.filter(root_id__isnull=True)


def papers_of(motion: Motion, on: date | None = None) -> models.QuerySet[Attachment]:
    """The papers that belong to a motion, oldest first."""
    return Attachment.objects.filter(root_type=audit.type_label(Motion), root_id=motion.pk).order_by("id")


def _next_number() -> int:
    """The next number, counted under a lock that is held until the commit: no gap, no repeat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBER_LOCK])
    return int(Motion.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _folded(number: int, title: str, text: str) -> str:
    return search_fold(f"{number} {title} {text}")


def _new(step: Step, *, title: str, text: str, **columns: Any) -> dict[str, Any]:
    """The columns of a new draft with the next number."""
    number = _next_number()
    return {
        "number": number,
        "title": title,
        "text": text,
        "search_text": _folded(number, title, text),
        "proposed_by": step.actor,
        "proposed_at": step.at,
        **columns,
    }


def drafted(_: None, step: Step) -> dict[str, Any]:
    """What was written, and the record it is about."""
    asked, subject = step.asked, step.asked["subject"]
    return _new(
        step,
        kind=asked["kind"],
        title=asked["title"],
        text=asked["text"],
        concerns_ngo=asked["concerns_ngo"],
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
    )


def drafting_gaps(motion: Motion | None, step: Step) -> Iterator[str]:
    """A motion of the kind «directive» has its directive behind it: it is laid before the committee with it (F1)."""
    is_bound = motion.subject_type if motion is not None else step.asked.get("subject")
    if step.asked.get("kind") == MotionKind.DIRECTIVE and not is_bound:
        yield NO_DIRECTIVE


def edited(motion: Motion, step: Step) -> dict[str, Any]:
    """The draft as it reads now."""
    written = {name: step.asked[name] for name in ("kind", "title", "text", "concerns_ngo")}
    return {**written, "search_text": _folded(motion.number, written["title"], written["text"])}


def take_along(motion: Motion, step: Step) -> dict[str, Any]:
    """The articles cited, and the files that came along: they are added to those it has."""
    motion.articles.set(step.asked["articles"] or [])
    if step.actor is None:
        return {"papers": []}
    papers = step.asked["papers"] or []
    return {"papers": [attach(paper, root=motion, actor=step.actor).name for paper in papers]}


def take_off(motion: Motion, step: Step) -> dict[str, Any]:
    """The paper is staged for its uploader again; the entry names it."""
    found = papers_of(motion).select_for_update(of=("self",), no_key=True).get(pk=step.asked["paper"].pk)
    found.root_type, found.root_id = "", None
    found.save(update_fields=["root_type", "root_id"])
    return {"paper_removed": found.name, "sha256": found.sha256}


# --- copies and successors --------------------------------------------------------------------------------


def copying_gaps(motion: Motion, step: Step) -> Iterator[str]:
    """Only what came to nothing is written again."""
    if motion.state not in COPIED_FROM:
        yield NOT_COPIED


def copied(motion: Motion, step: Step) -> dict[str, Any]:
    """A draft of the actor's own that starts as the other one (C5)."""
    return _like(motion, step)


def succeeding(motion: Motion, step: Step) -> dict[str, Any]:
    """The same text again, of the same proposer: a meeting was asked for."""
    return _like(motion, step, proposed_by=motion.proposed_by)


def amended(motion: Motion, step: Step) -> dict[str, Any]:
    """The amended text, of the same proposer."""
    return _like(motion, step, proposed_by=motion.proposed_by, is_amendment=True, **step.asked)


def _like(motion: Motion, step: Step, **changes: Any) -> dict[str, Any]:
    return _new(
        step,
        **{
            "title": motion.title,
            "text": motion.text,
            "kind": motion.kind,
            "origin": motion,
            "concerns_ngo": motion.concerns_ngo,
            "subject_type": motion.subject_type,
            "subject_id": motion.subject_id,
            "meeting_only": motion.meeting_only,
            **changes,
        },
    )


def like_its_origin(motion: Motion, step: Step) -> dict[str, Any]:
    """Articles and papers of a copy are those of its origin."""
    assert motion.origin is not None  # noqa: S101 - a copy has one
    motion.articles.set(motion.origin.articles.all())
    names = []
    for paper in papers_of(motion.origin):
        paper.pk, paper.root_id = None, motion.pk
        paper._state.adding = True
        paper.save()
        names.append(paper.name)
    return {"papers": names}


def put_again(motion: Motion, step: Step, row: str = "again", **asked: Any) -> Motion:
    """The successor of a motion, tabled at once by the system: amended in the sitting, or asked into a meeting."""
    table = table_for(motion)
    made = table.apply(motion, row, actor=step.actor, at=step.at, within=step, **asked)
    tabled: Motion = table.apply(made, "carry_over", actor=None, at=step.at)
    return tabled


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

    A text for which a meeting was asked before is decided in a meeting only, whoever proposes it again. The articles
    cited are kept as they read now.
    """
    _keep_citations(motion)
    found = subject_of(motion)
    motion.subject_hash = found[0].content_hash(found[1]) if found else ""
    motion.text_hash = chain.text_hash(motion.title, motion.text, motion.subject_hash)
    return {
        "subject_hash": motion.subject_hash,
        "text_hash": motion.text_hash,
        "meeting_only": motion.meeting_only or asked_into_meeting(motion).exists(),
    }


def _keep_citations(motion: Motion) -> None:
    """The words of the articles cited, before the motion is frozen with them (C5, M2)."""
    kept = list(motion.citations.select_related("article__document"))
    for row in kept:
        row.document, row.code, row.text = str(row.article.document), row.article.code, row.article.text
    MotionArticle.objects.bulk_update(kept, ["document", "code", "text"])


def cited(motion: Motion) -> list[dict[str, str]]:
    """The articles that a motion cites: of a draft as they read now, of a tabled one as they read then."""
    rows = motion.citations.select_related("article__document").order_by("article")
    return [
        {
            "document": row.document or str(row.article.document),
            "code": row.code or row.article.code,
            "text": row.text or row.article.text,
        }
        for row in rows
    ]


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


def why_withdrawn(motion: Motion, step: Step) -> dict[str, Any]:
    """The proposer's reason."""
    return {"outcome_reason": step.note[:400]}


def tell_subject_withdrawn(motion: Motion, step: Step) -> None:
    """The record of a tabled motion is free again; a draft's was never bound."""
    found = subject_of(motion)
    if motion.text_hash and found is not None and found[0].failed is not None:
        found[0].failed(found[1], motion, step)


# --- amended in the sitting -------------------------------------------------------------------------------


def sitting_of(motion: Motion) -> Meeting | None:
    """The meeting in session that has the motion on its agenda."""
    return Meeting.objects.filter(state=MeetingState.IN_SESSION, items__motion=motion).first()


def called_for(motion: Motion) -> Meeting | None:
    """The meeting to which the members were called, or are being called, with the motion on its agenda."""
    states = (MeetingState.AWAITING_CHAIR, MeetingState.CALLED)
    return Meeting.objects.filter(state__in=states, items__motion=motion).order_by("starts_at").first()


def lock_room(motion: Motion) -> None:
    """Lock the sitting that has the motion before it, so that nobody comes or goes while the room is counted.

    Written order: meeting, motion. Whoever records an arrival holds the meeting and moves the motion's work items.
    """
    found = Meeting.objects.filter(state=MeetingState.IN_SESSION, items__motion=motion).values("pk")
    list(Meeting.objects.select_for_update(no_key=True).filter(pk__in=found).order_by("pk").only("pk"))


def amendment_gaps(motion: Motion, step: Step) -> list[str]:
    """The motion is before a meeting in session and its text changes; each one present is asked to agree (C5)."""
    if sitting_of(motion) is None:
        return [NOT_IN_A_SITTING]
    if not step.asked:
        return []
    is_same = (step.asked["title"], step.asked["text"]) == (motion.title, motion.text)
    return [NOTHING_CHANGED] if is_same else []


def replaced(motion: Motion, step: Step) -> dict[str, Any]:
    """Why the earlier text is voted on no more."""
    return {"outcome_reason": "متن اصلاح‌شده آن در همان جلسه به رأی رفت."}


def put_amended(motion: Motion, step: Step) -> dict[str, Any]:
    """The amended text is a new motion with its own hash on the same agenda; each one present is asked to agree (C5)."""
    meeting = sitting_of(motion)
    if meeting is None:
        raise Refusal(NOT_IN_A_SITTING)
    if step.actor is None:
        raise NotPermitted("این کار با دبیر است و سامانه آن را خودکار انجام نمی‌دهد.")
    present = meetings.present_seats(meeting, step.on)
    made = put_again(motion, step, "amended", title=step.asked["title"], text=step.asked["text"])
    agenda.add_item(meeting, actor=step.actor, at=step.at, kind=ItemKind.MOTION, motion=made)
    return {
        "successor": made.pk,
        "meeting": meeting.pk,
        "asked": [f"{row.get_seat_code_display()}: {row.person.full_name}" for row in present],
    }
