"""Action items [پیگیری مصوبه]: who does what until when, and chasing those that are late (C8)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from committee import events, rules
from committee import settings as committee_settings
from committee.enums import ActionState
from committee.models import ActionItem, Resolution
from staff_portal.kernel import access, audit, settings_store
from staff_portal.kernel.access import local_date
from staff_portal.kernel.models import User
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.refusals import Refusal
from staff_portal.kernel.roles import Role
from staff_portal.kernel.workflow import Step

#: who may be given work: everybody who works with the committee's files; the auditor and the administrator do not
OWNER_ROLES = tuple(role for role in Role if role not in {Role.ADMIN, Role.AUDITOR})
NO_ROLE = "پیگیری به کسی سپرده می‌شود که در سامانه نقشی دارد؛ ناظر و راهبر سامانه پیگیری نمی‌پذیرند."


def possible_owners(on: date) -> Any:
    """Active people with a role in force by which they can be given work."""
    return (
        User.objects.filter(
            is_active=True,
            role_assignments__role__in=OWNER_ROLES,
            role_assignments__period__contains=on,
            role_assignments__confirmed_at__isnull=False,
        )
        .distinct()
        .order_by("last_name", "first_name", "id")
    )


def add_action(
    resolution: Resolution, *, actor: User, at: datetime, title: str, owner: User, due_on: date
) -> ActionItem:
    """Give somebody a piece of work that carries out a resolution (C8)."""
    on = local_date(at)
    with one_step():
        locked = Resolution.objects.select_for_update(of=("self",), no_key=True).get(pk=resolution.pk)
        authority = require(rules.ADD_ACTION, actor, locked, at)
        text = require_text(title, "عنوان کار را بنویسید.")
        if due_on < on:
            raise Refusal("مهلت گذشته است؛ تاریخ دیگری برگزینید.")
        if not owner.is_active or not access.has_role(owner, on, *OWNER_ROLES):
            raise Refusal(NO_ROLE)
        action = ActionItem.objects.create(
            resolution=locked,
            title=text[:300],
            owner=owner,
            due_on=due_on,
            state_since=at,
            created_by=actor,
            created_at=at,
        )
        audit.record(
            events.ACTION_ADDED,
            action,
            actor=actor,
            at=at,
            authority=authority,
            after={"title": text, "owner": owner.pk, "due_on": due_on.isoformat()},
            root=locked,
        )
    return action


def result_of(action: ActionItem, step: Step) -> dict[str, Any]:
    """What was done, or why it is not needed any more."""
    return {"result": step.note.strip()}


def chase_overdue(at: datetime) -> int:
    """Remind the owner and the secretary of every item that is late, every few days; running it twice does no harm."""
    on = local_date(at)
    days = int(settings_store.value(committee_settings.CHASE_DAYS, on))
    due = Q(last_chased_on__isnull=True) | Q(last_chased_on__lte=on - timedelta(days=max(days, 1)))
    with transaction.atomic():
        late = list(
            ActionItem.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
            .filter(due, state=ActionState.OPEN, due_on__lt=on)
            .select_related("resolution")
            .order_by("id")
        )
        for action in late:
            action.last_chased_on = on
        ActionItem.objects.bulk_update(late, ["last_chased_on"])
        audit.record_many(
            [
                audit.EntryDraft(
                    events.ACTION_CHASED,
                    action,
                    after={"due_on": action.due_on.isoformat(), "last_chased_on": on.isoformat()},
                    root=action.resolution,
                )
                for action in late
            ],
            actor=None,
            at=at,
            authority=access.SYSTEM,
        )
    return len(late)
