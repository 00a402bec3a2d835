"""Who may record the documents that bind the committee, and who sees them."""

from datetime import date
from typing import Any

from django.db.models import Q

from committee.rules.readers import NOTHING, reads_committee
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import permission

EDIT_POLICY = permission(
    "policy.edit", "ثبت اسناد بالادستی", [Role.SECRETARY, Role.HQ_EXPERT, Role.DEPUTY_EXPERT]
)


def policies_visible_to(user: User, on: date) -> Q:
    """Condition on :class:`PolicyDocument`: the committee's readers see all."""
    return Q() if reads_committee(user, on) else NOTHING


def can_view_policy(user: User, document: Any, on: date) -> bool:
    """The object form of :func:`policies_visible_to`."""
    return reads_committee(user, on)
