"""Action items [پیگیری مصوبه]: who does what until when, and chasing those that are late (C8)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from committee import settings as committee_settings
from committee.enums import ActionState
from committee.models import ActionItem, Resolution
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.people.people_order import by_name
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow.rows import Step

#: who may be given work: everybody who works with the committee's files; the auditor and the administrator do not
OWNER_ROLES = tuple(role for role in Role if role not in {Role.ADMIN, Role.AUDITOR})
NO_ROLE = "پیگیری به کسی سپرده می‌شود که در سامانه نقشی دارد؛ ناظر و راهبر سامانه پیگیری نمی‌پذیرند."
PAST = "مهلت گذشته است؛ تاریخ دیگری برگزینید."


def possible_owners(resolution: Resolution, on: date) -> QuerySet[User]:
    """Active people with a role in force by which they can be given work."""
    found: QuerySet[User] = by_name(
        User.objects.filter(
            access.role_in_force(on, "role_assignments__"),
            is_active=True,
            role_assignments__role__in=OWNER_ROLES,
        ).distinct()
    )
    return found


def due_is_ahead(resolution: Resolution, step: Step) -> Iterable[str]:
    """Work is given for a day to come."""
    due = step.asked.get("due_on")
    if due is not None and due < step.on:
        yield PAST


def new_action(resolution: Resolution, step: Step) -> dict[str, Any]:
    """The columns of a piece of work that carries out a resolution (C8)."""
    return {
        **step.asked,
        "resolution": resolution,
        "created_by": step.actor,
        "created_at": step.at,
    }


def facts_of(action: ActionItem) -> list[dict[str, Any]]:
    """What a piece of work is: shown before a step on it is taken."""
    return [
        {"label": "کار", "value": action.title},
        {"label": "عهده‌دار", "value": action.owner.full_name},
        {"label": "مهلت کنونی", "value": format_jalali(action.due_on, "medium")},
    ]


def due_is_later(action: ActionItem, step: Step) -> Iterable[str]:
    """A prolonged clock ends later than it did, and not in the past."""
    due = step.asked.get("due_on")
    if due is not None and due <= action.due_on:
        yield "مهلت تازه باید پس از مهلت کنونی باشد."
    elif due is not None and due < step.on:
        yield PAST


def result_of(action: ActionItem, step: Step) -> dict[str, Any]:
    """What was done, or why it is not needed any more."""
    return {"result": step.note}


# --- chasing ------------------------------------------------------------------------------------------------


def late_actions(at: datetime) -> QuerySet[ActionItem]:
    """Open work that is late and was not chased within the set days."""
    on = local_date(at)
    due = Q(last_chased_on__isnull=True) | Q(last_chased_on__lte=on - timedelta(days=_pause(on)))
    return ActionItem.objects.filter(due, state=ActionState.OPEN, due_on__lt=on).order_by("id")


def _pause(on: date) -> int:
    return max(int(settings_store.value(committee_settings.CHASE_DAYS, on)), 1)


def chased_already(action: ActionItem, step: Step) -> Iterable[str]:
    """Asked again under the lock: two beats chase nobody twice."""
    last = action.last_chased_on
    if action.due_on >= step.on or (last is not None and last > step.on - timedelta(days=_pause(step.on))):
        yield "این پیگیری اکنون یادآوری نمی‌خواهد."


def chased_today(action: ActionItem, step: Step) -> dict[str, Any]:
    """When the owner was last reminded."""
    return {"last_chased_on": step.on}
