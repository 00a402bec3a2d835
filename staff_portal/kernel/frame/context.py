"""What every page's frame shows: navigation, today, who is signed in and in which role."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.people import access


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of ``base.html``; nothing is read for anonymous visitors."""
    at = getattr(request, "at", None) or timezone.now()
    on = access.local_date(at)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"today": on, "now": at}
    roles = [authority.role for authority in access.authorities(user, on)]
    counted = contributions.frame(user, at, request)
    return {
        "today": on,
        "now": at,
        "acting_role_label": Role(roles[0]).label if roles else user.get_side_display(),
        "nav": contributions.navigation(user, on, request.path, counted.waiting),
        "inbox_count": counted.total,
        "unread_count": counted.unread,
    }
