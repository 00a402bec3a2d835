"""What follows a vote: the resolution (C8), and what the subject's app registered (F1).

What the subject does runs within a savepoint: if it fails, the vote stands, the secretary has a case and may retry.
"""

from collections.abc import Iterator
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction

from committee.enums import EffectState, MotionState
from committee.models import Motion, Resolution
from committee.motion_subjects import subject_of
from committee.operations import resolutions
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import Case
from staff_portal.kernel.operations.cases import open_case, settle_case
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

log = structlog.get_logger(__name__)
SUBJECT_GONE = "موضوع این پیشنهاد یافت نشد."
UNFORESEEN = "اجرای پیامد با خطایی پیش‌بینی‌نشده ناتمام ماند؛ راهبر سامانه آن را در گزارش خطا می‌بیند."
NOTHING_TO_RETRY = "پیامد ناتمامی برای اجرای دوباره نیست."
CASE_TITLE = "پیامد مصوبه اجرا نشد"


def adopt(motion: Motion, step: Step) -> Resolution:
    """The resolution of a motion just carried, in the same transaction (C8)."""
    return resolutions.adopt(motion, step=step)


def follow(motion: Motion, step: Step) -> None:
    """Let the subject follow the outcome; a failure is kept with its sentence and the vote is not lost."""
    if not motion.subject_type:
        return
    sentence = _attempt(motion, step)
    row = "fail_effect" if sentence else "do_effect"
    table_for(motion).apply(motion, row, actor=step.actor, at=step.at, note=sentence, within=step)
    if sentence:
        open_case(
            motion,
            title=CASE_TITLE,
            url=motion.get_absolute_url(),
            detail=sentence,
            role=Role.SECRETARY,
            actor=step.actor,
            at=step.at,
            authority=step.authority,
        )


def _attempt(motion: Motion, step: Step) -> str:
    """Run what the subject registered; the sentence that says what stood against it, or nothing."""
    found = subject_of(motion)
    if found is None:
        return SUBJECT_GONE
    subject, record = found
    hook = subject.carried if motion.state == MotionState.CARRIED else subject.failed
    if hook is None:
        return ""
    try:
        with transaction.atomic():
            hook(record, motion, step)
            connection.check_constraints()  # what is deferred must not fail the vote at its commit
    except Refusal as refusal:
        return refusal.sentence
    except IntegrityError as error:
        return constraints.sentence_for(error)
    except Exception:  # a fault of the subject's app must not lose the vote
        log.exception("motion_effect_failed", motion=motion.pk)
        return UNFORESEEN
    return ""


def failed(motion: Motion, step: Step) -> dict[str, Any]:
    """What stood against it is kept for the secretary."""
    return {"effect_state": EffectState.FAILED, "effect_note": step.note[:600]}


def done(motion: Motion, step: Step) -> dict[str, Any]:
    """The subject has followed."""
    return {"effect_state": EffectState.DONE, "effect_note": ""}


def has_failed(motion: Motion) -> bool:
    """Whether the subject has not followed the outcome."""
    return motion.effect_state == EffectState.FAILED


def retry_gaps(motion: Motion, step: Step) -> Iterator[str]:
    """Only what failed is tried again."""
    if not has_failed(motion):
        yield NOTHING_TO_RETRY


def retried(motion: Motion, step: Step) -> dict[str, Any]:
    """Try again; refused with the sentence when it still fails."""
    sentence = _attempt(motion, step)
    if sentence:
        raise Refusal(sentence)
    return done(motion, step)


def settle_cases(motion: Motion, step: Step) -> None:
    """Success settles the secretary's case."""
    waiting = Case.objects.filter(
        root_type=audit.type_label(motion), root_id=motion.pk, title=CASE_TITLE, settled_at__isnull=True
    )
    for case in waiting if step.actor else ():
        settle_case(case, note="پیامد دوباره اجرا شد و انجام گرفت.", actor=step.actor, at=step.at)  # type: ignore[arg-type]
