"""Reads of the roof: what the home page shows, gathered from the apps' registries."""

from datetime import datetime
from typing import Any

from staff_portal.kernel import access, panels
from staff_portal.kernel.models import User


def home_figures(user: User, at: datetime, tasks: list[panels.Task]) -> dict[str, Any]:
    """Context of the home page for one person at one moment."""
    on = access.local_date(at)
    return {
        "waiting": tasks,
        "overdue": [task for task in tasks if task.due_on is not None and task.due_on < on],
        "figures": panels.figures(user, at),
    }
