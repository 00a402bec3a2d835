"""What a carried motion does: the registry through which other apps put their records to the vote.

An app registers the model a motion may be about (a directive, a programme). The committee asks here and knows none of
those models: what is missing before tabling, the hash of the record's present text and rules, and what follows when
the motion is carried, lost, tabled or lapsed. What follows runs in the transaction of the closing, within a savepoint:
if it fails the vote is not lost and the secretary sees why.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from staff_portal.kernel.workflow.rows import Step

Follows = Callable[[Any, Any, Step], None]


@dataclass(frozen=True)
class MotionSubject:
    """One kind of record a motion may be about.

    ``gaps(record)`` are the sentences that stand against tabling; ``content_hash(record)`` fixes what is voted on;
    ``tabled``, ``carried``, ``failed`` (lost, lapsed, withdrawn) get the record, the motion and the step. When a
    motion gives way to its successor (amended in the sitting, a meeting asked for) ``tabled`` is called again with the
    successor; ``failed`` for a lapsed circulation is not.
    """

    model: type[models.Model]
    label: str
    content_hash: Callable[[Any], str]
    gaps: Callable[[Any], Iterable[str]] = lambda record: ()
    tabled: Follows | None = None
    carried: Follows | None = None
    failed: Follows | None = None
    is_individual: bool = False


SUBJECTS: dict[str, MotionSubject] = {}


def register(subject: MotionSubject) -> None:
    """Let motions be about this model, once."""
    label = subject.model._meta.label_lower
    if label in SUBJECTS:
        raise ValueError(f"subject of motions given twice: {label}")
    SUBJECTS[label] = subject


def subject_of(motion: Any) -> tuple[MotionSubject, Any] | None:
    """The registered subject of a motion and its record, or None for a motion about nothing but its text."""
    subject = SUBJECTS.get(motion.subject_type)
    if subject is None or motion.subject_id is None:
        return None
    record = apps.get_model(motion.subject_type)._default_manager.filter(pk=motion.subject_id).first()
    return None if record is None else (subject, record)
